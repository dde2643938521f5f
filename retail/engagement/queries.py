"""Reads of engaged likes, from the rows of other rooms as they stand: nothing is counted apart.

What counts beside a like is a line in `rules.DEEDS`; `_FIRST` says in which room it shows when a
member first did it after an instant.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from core.sql import earliest, execute
from retail.consent import queries as consent
from retail.consent.rules import LEAGUE
from retail.engagement import rules
from retail.engagement.batches import batches, within
from retail.engagement.rules import Counted, Engagement, Told
from retail.outfits import queries as outfits
from retail.outfits.queries import OutfitView
from retail.receipts import queries as receipts
from retail.saves import queries as saves
from retail.sharing import queries as sharing
from retail.social import queries as social
from retail.visits import queries as visits

_like = social.LIKES.subquery("given")
_key = (_like.c.outfit_id, _like.c.member_id, _like.c.counted_at)
_FIRST: Mapping[str, ColumnElement[Any]] = {
    rules.SAVE: saves.first_saved_after(*_key),
    rules.SHARE: sharing.first_shared_after(*_key),
    rules.SCAN: saves.first_piece_saved_after(_like.c.member_id, _like.c.counted_at),
    rules.VISIT: visits.first_checked_in_after(*_key),
    rules.PURCHASE: receipts.first_bought_after(_like.c.member_id, _like.c.counted_at),
}
_LIKES = select(
    *_key,
    _like.c.stylist_id,
    _like.c.verdict,
    earliest(*(_FIRST[deed.kind] for deed in rules.DEEDS)),
)
# What review holds back or took out shows on looks, and moves nobody.
_SET_ASIDE = ("held", "removed")


@dataclass(frozen=True)
class StylistsLikes:
    """A stylist in the league, and what may be told of the likes of her looks."""

    stylist_id: str
    told: Told


@dataclass(frozen=True)
class LooksLikes:
    """A look that everyone may see, and what may be told of its likes."""

    look: OutfitView
    told: Told


@dataclass(frozen=True)
class Engagements:
    """The likes of a store or a brand in a span, for marketers.

    Every stylist has a row, and every look of which there is a number. `set_aside` are likes that
    look arranged and are in no row; None where that is held back.
    """

    stylists: list[StylistsLikes]
    looks: list[LooksLikes]
    set_aside: int | None


class _Like(NamedTuple):
    outfit_id: str
    member_id: str
    stylist_id: str
    at: datetime
    is_set_aside: bool
    is_engaged: bool

    @property
    def id(self) -> str:
        """Whose like of which look."""
        return self.outfit_id + self.member_id


def engagement_of_looks(session: Session, outfit_ids: Iterable[str]) -> dict[str, Engagement]:
    """How many like each of a stylist's outfits, and how many of them went further."""
    ids = list(outfit_ids)
    found: dict[str, list[bool]] = defaultdict(list)
    for like in _likes(session, _like.c.outfit_id.in_(ids)):
        found[like.outfit_id].append(like.is_engaged)
    return {
        outfit_id: rules.for_stylist(len(found[outfit_id]), sum(found[outfit_id]))
        for outfit_id in ids
    }


def engagement_of(
    session: Session,
    brand_id: str,
    *,
    store_id: str | None = None,
    starts_at: datetime,
    ends_at: datetime,
) -> Engagements:
    """The likes given in [starts_at, ends_at) to stylists in the league and to their looks.

    Of looks of one store, or of all: whoever shows both lets a held back row be subtracted.
    Suppressed as `rules.for_marketers` and `rules.of_looks` say; in no order.
    """
    given = list(
        _likes(
            session,
            _like.c.brand_id == brand_id,
            _like.c.counted_at >= starts_at,
            _like.c.counted_at < ends_at,
            consent.agrees(_like.c.stylist_id, LEAGUE),
            *([_like.c.store_id == store_id] if store_id else []),
        )
    )
    aside = [like for like in given if like.is_set_aside]
    looks = _looks_by_stylist(like for like in given if not like.is_set_aside)
    counted = [rules.together(of_her, stylist_id) for stylist_id, of_her in looks.items()]
    told = rules.for_marketers(counted)
    return Engagements(
        [StylistsLikes(stylist_id, of_her) for stylist_id, of_her in told.items()],
        _told_looks(session, brand_id, looks, told),
        rules.count_of_many({like.member_id for like in aside}, len(aside)),
    )


def engagement_in_part(
    session: Session,
    brand_id: str,
    *,
    store_id: str,
    month: tuple[datetime, datetime],
    part: tuple[datetime, datetime],
    is_over: bool,
) -> dict[str, Told]:
    """The likes of a part of a month, of stylists in the league and looks of one store.

    In batches, so that two parts never differ by the likes of fewer than ten people; of nobody of
    whom the month itself would not tell. All instants are [from, until).
    """
    given: dict[str, list[_Like]] = defaultdict(list)
    for like in _likes(
        session,
        _like.c.brand_id == brand_id,
        _like.c.store_id == store_id,
        _like.c.counted_at >= month[0],
        _like.c.counted_at < month[1],
        consent.agrees(_like.c.stylist_id, LEAGUE),
    ):
        if not like.is_set_aside:
            given[like.stylist_id].append(like)
    whole = rules.for_marketers([_counted(one, likes) for one, likes in given.items()])
    return {
        stylist_id: _in_part(likes, whole[stylist_id], part, is_over=is_over)
        for stylist_id, likes in given.items()
        if whole[stylist_id].likes is not None
    }


def _in_part(
    likes: list[_Like], whole: Told, part: tuple[datetime, datetime], *, is_over: bool
) -> Told:
    """What of one stylist's likes lies in a part; engaged ones where the month tells of them."""
    if whole.engaged is None:
        found = within(batches(likes, is_over=is_over), *part)
        return Told(sum(map(len, found)), None) if found else rules.NOTHING
    further = {like.member_id for like in likes if like.is_engaged}

    def side(like: _Like) -> tuple[str, ...]:
        if like.is_engaged:
            return ("engaged",)
        return () if like.member_id in further else ("empty",)

    cut = batches(likes, keys=side, needed=("engaged", "empty"), is_over=is_over)
    inside = [like for batch in within(cut, *part) for like in batch]
    engaged = sum(like.is_engaged for like in inside)
    return Told(len(inside), engaged) if inside else rules.NOTHING


def _looks_by_stylist(likes: Iterable[_Like]) -> dict[str, list[Counted]]:
    found: dict[tuple[str, str], list[_Like]] = defaultdict(list)
    for like in likes:
        found[like.stylist_id, like.outfit_id].append(like)
    looks = defaultdict(list)
    for (stylist_id, outfit_id), given in found.items():
        looks[stylist_id].append(_counted(outfit_id, given))
    return looks


def _told_looks(
    session: Session,
    brand_id: str,
    looks: Mapping[str, list[Counted]],
    stylists: Mapping[str, Told],
) -> list[LooksLikes]:
    ids = [
        look.key
        for stylist_id, of_her in looks.items()
        if stylists[stylist_id].likes is not None
        for look in of_her
        if len(look.people) >= rules.FEWEST_PEOPLE
    ]
    named = {view.id: view for view in outfits.public_outfits(session, brand_id, ids)}
    unnamed = set(ids) - set(named)
    return [
        LooksLikes(named[outfit_id], told)
        for stylist_id, of_her in looks.items()
        for outfit_id, told in rules.of_looks(of_her, stylists[stylist_id], unnamed=unnamed).items()
        if told.likes is not None
    ]


def _likes(session: Session, *where: ColumnElement[bool]) -> Iterator[_Like]:
    rows: Sequence[Any] = execute(session, _LIKES.where(*where), {}).all()
    for row in rows:
        outfit_id, member_id, liked_at, stylist_id, verdict, first_act = row
        is_further = rules.is_engaged(liked_at, first_act)
        yield _Like(outfit_id, member_id, stylist_id, liked_at, verdict in _SET_ASIDE, is_further)


def _counted(outfit_id: str, given: list[_Like]) -> Counted:
    return Counted(
        outfit_id,
        people=frozenset(like.member_id for like in given),
        engaged_people=frozenset(like.member_id for like in given if like.is_engaged),
        likes=len(given),
        engaged=sum(like.is_engaged for like in given),
    )
