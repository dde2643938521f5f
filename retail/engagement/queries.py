"""Reads of engaged likes, from the rows of other rooms as they stand: nothing is counted apart.

What counts beside a like is one line in `_acts`: a room says when a member first did it after an
instant.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from retail.consent import queries as consent
from retail.consent.rules import LEAGUE
from retail.engagement import rules
from retail.engagement.rules import Counted, Engagement, StylistEngagement
from retail.receipts import queries as receipts
from retail.saves import queries as saves
from retail.sharing import queries as sharing
from retail.social import queries as social

_like = social.LIKES.subquery("given")
_key = (_like.c.outfit_id, _like.c.member_id, _like.c.counted_at)
_acts = (
    saves.first_saved_after(*_key),
    sharing.first_shared_after(*_key),
    receipts.first_bought_after(_like.c.member_id, _like.c.counted_at),
)
_LIKES = select(*_key, _like.c.stylist_id, *_acts)


@dataclass(frozen=True)
class _Like:
    outfit_id: str
    member_id: str
    stylist_id: str
    is_engaged: bool


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
) -> list[StylistEngagement]:
    """The likes given in [starts_at, ends_at) to each stylist in the league, for marketers.

    Of looks of one store, or of all: whoever shows both lets a held back row be subtracted. The
    most liked first; suppressed as `rules.for_marketers` says.
    """
    likes: dict[str, list[_Like]] = defaultdict(list)
    for like in _likes(
        session,
        _like.c.brand_id == brand_id,
        _like.c.counted_at >= starts_at,
        _like.c.counted_at < ends_at,
        consent.agrees(_like.c.stylist_id, LEAGUE),
        *([_like.c.store_id == store_id] if store_id else []),
    ):
        likes[like.stylist_id].append(like)
    return rules.for_marketers([_counted(stylist, given) for stylist, given in likes.items()])


def _likes(session: Session, *where: ColumnElement[bool]) -> Iterator[_Like]:
    for row in session.execute(_LIKES.where(*where)):
        outfit_id, member_id, liked_at, stylist_id, *acts = row
        yield _Like(outfit_id, member_id, stylist_id, rules.is_engaged(liked_at, acts))


def _counted(stylist_id: str, given: list[_Like]) -> Counted:
    return Counted(
        stylist_id,
        people=frozenset(like.member_id for like in given),
        engaged_people=frozenset(like.member_id for like in given if like.is_engaged),
        likes=len(given),
        engaged=sum(like.is_engaged for like in given),
    )
