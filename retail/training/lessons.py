"""What a brand's recommender may learn from, read from other rooms as they stand.

Only here is it decided whose deeds count: members of this brand who have not left, agreed to
`OFFERS`, and are not known to be too young. They stand under a name that only this installation
can work out, and that differs from brand to brand. Goods that are never shared teach nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session

from core.ids import keyed_hash
from recommender.interactions import Event
from retail.accounts import queries as accounts
from retail.accounts import rules as account_rules
from retail.catalogue import queries as catalogue
from retail.consent import queries as consent
from retail.consent.rules import OFFERS
from retail.outfits import queries as outfits
from retail.receipts import kept
from retail.saves import queries as saves
from retail.social import queries as social

_CHUNK = 1_000
# Likes that look arranged teach nothing, as they score nothing.
_SET_ASIDE = ("held", "removed")


@dataclass(frozen=True)
class Basket:
    """The styles of one purchase that were kept, and when that was, in POSIX seconds."""

    at: float
    styles: tuple[str, ...]


@dataclass(frozen=True)
class Lessons:
    """What a brand's shoppers did, in a fixed order; `events` name nobody.

    `kinds` is the category of each style that may be spoken of.
    """

    events: tuple[Event, ...]
    baskets: tuple[Basket, ...]
    kinds: Mapping[str, str] = field(default_factory=dict)

    @property
    def shoppers(self) -> int:
        """How many people there is something of."""
        return len({event.user for event in self.events})

    @property
    def items(self) -> int:
        """How many styles there is something of."""
        return len({event.item for event in self.events})


def learners(
    session: Session, brand_id: str, *, now: datetime, minimum_age: int = account_rules.ADULT_AGE
) -> set[str]:
    """The members of a brand from whom its recommender may learn just now."""
    known = accounts.AGES.selected_columns
    agreed = accounts.AGES.where(known.brand_id == brand_id, consent.agrees(known.id, OFFERS))
    return {
        member_id
        for member_id, _brand, birth_on in session.execute(agreed)
        if account_rules.is_adult(birth_on, now.date(), minimum_age) is not False
    }


def has_anyone_left(session: Session, brand_id: str, since: datetime) -> bool:
    """Whether somebody from whom was learned may be gone: left, or took their agreement back."""
    return accounts.has_anyone_left(session, brand_id, since) or consent.has_anyone_withdrawn(
        session, brand_id, OFFERS, since
    )


def shopper_name(key: bytes, brand_id: str, member_id: str) -> str:
    """What a member is called in lessons: 64 characters that lead back to nobody without `key`."""
    return keyed_hash(bytes(key), f"shopper:{brand_id}", member_id)


def lessons_of(
    session: Session,
    brand_id: str,
    *,
    now: datetime,
    key: bytes,
    minimum_age: int = account_rules.ADULT_AGE,
) -> Lessons:
    """All that a brand may learn from at `now`; what happens later is not in it."""
    names = {
        member_id: shopper_name(key, brand_id, member_id)
        for member_id in learners(session, brand_id, now=now, minimum_age=minimum_age)
    }
    goods, kinds = _goods(session, brand_id)
    bought = list(_rows(session, kept.KEPT, brand_id))
    deeds = [(who, what, "purchase", at) for who, what, at, _receipt, _brand in bought]
    deeds += _on_looks(session, brand_id)
    deeds += [
        (who, what, "save", at) for who, what, at, _brand in _rows(session, saves.PIECES, brand_id)
    ]
    events = (
        Event(names[who], goods[what], kind, at.timestamp())
        for who, what, kind, at in deeds
        if who in names and what in goods and at <= now
    )
    mine = ((r, w, a) for m, w, a, r, _b in bought if m in names and w in goods and a <= now)
    ordered = sorted(events, key=lambda one: (one.at, one.user, one.item, one.kind))
    return Lessons(tuple(ordered), tuple(_baskets(mine, goods)), kinds)


def _goods(session: Session, brand_id: str) -> tuple[dict[str, str], dict[str, str]]:
    """The style of every variant that may be spoken of, and the category of every such style."""
    columns = catalogue.GOODS.selected_columns
    lean = catalogue.GOODS.with_only_columns(columns.id, columns.style_id, columns.category_code)
    told = lean.where(columns.brand_id == brand_id, columns.is_never_shareable.is_(False))
    rows = session.execute(told).all()
    return {row[0]: row[1] for row in rows}, {row[1]: row[2] for row in rows}


def _on_looks(session: Session, brand_id: str) -> Iterator[tuple[str, str, str, datetime]]:
    """Likes and saves of looks that everyone may see, once for each piece on them."""
    pieces = defaultdict(list)
    for outfit_id, variant_id, _brand in _rows(session, outfits.PUBLIC_PIECES, brand_id):
        pieces[outfit_id].append(variant_id)
    likes = social.LIKES.where(social.LIKES.selected_columns.verdict.not_in(_SET_ASIDE))
    for like in _rows(session, likes, brand_id):
        for variant_id in pieces[like.outfit_id]:
            yield like.member_id, variant_id, "like", like.counted_at
    for who, outfit_id, at, _brand in _rows(session, saves.LOOKS, brand_id):
        for variant_id in pieces[outfit_id]:
            yield who, variant_id, "save", at


def _baskets(
    bought: Iterable[tuple[str, str, datetime]], goods: dict[str, str]
) -> Iterator[Basket]:
    styles: dict[tuple[float, str], set[str]] = defaultdict(set)
    for receipt_id, variant_id, sold_at in bought:
        styles[sold_at.timestamp(), receipt_id].add(goods[variant_id])
    for (at, _receipt), found in sorted(styles.items()):
        yield Basket(at, tuple(sorted(found)))


def _rows(session: Session, known: Select[*tuple[Any, ...]], brand_id: str) -> Any:
    mine = known.where(known.selected_columns.brand_id == brand_id)
    return session.execute(mine.execution_options(yield_per=_CHUNK))
