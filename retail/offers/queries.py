"""Reads of offers, of what members refused, and of the credit that friends have for them."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from core.days import day_after
from retail.offers.models import Offer, OfferRefusal, OfferTermsVersion
from retail.offers.rules import Kind, offer_not_found
from retail.offers.terms import OfferTerms

_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class OfferView:
    """An offer as it was made, valid in [offered_at, ends_at), and what became of it."""

    id: str
    brand_id: str
    store_id: str
    member_id: str
    receipt_id: str
    anchor_id: str
    style_id: str
    variant_id: str
    kind: Kind
    friend_id: str | None
    crowd: int
    percent: int
    reason: dict[str, Any]
    voucher_id: str | None
    state: str
    offered_at: datetime
    ends_at: datetime
    redeemed_at: datetime | None
    credited_at: datetime | None

    def is_open(self, now: datetime) -> bool:
        """Whether it can still be used."""
        return self.state == "offered" and self.ends_at > now


@dataclass(frozen=True)
class TermsView:
    """A version of a brand’s terms, since when it was held to, and which colleague set it.

    Where it `is_installations`, what the installation says holds; `terms` are what it said then.
    """

    version: int
    terms: OfferTerms
    set_at: datetime
    set_by: str
    is_installations: bool = False


@dataclass(frozen=True)
class Refusals:
    """What a member does not want offered: styles, and friends."""

    styles: frozenset[str]
    friends: frozenset[str]


@dataclass(frozen=True)
class Credit:
    """How many offers thanks to a friend were used and kept, the last at `reached_at`."""

    owner_id: str
    purchases: int
    reached_at: datetime


@dataclass(frozen=True)
class Span:
    """Where and when credit is counted: a brand, or one store of it, in [starts_at, ends_at)."""

    brand_id: str
    store_id: str | None
    starts_at: datetime
    ends_at: datetime


_OFFERS: Select[*tuple[Any, ...]] = select(
    *(getattr(Offer, name) for name in OfferView.__dataclass_fields__)
)


# Offers that followed a friend's taste and were used and kept; for other rooms to build on.
USED_WITH_FRIENDS = select(
    Offer.id, Offer.brand_id, Offer.member_id, Offer.friend_id, Offer.style_id, Offer.offered_at
).where(Offer.friend_id.is_not(None), Offer.state == "redeemed")


def find_terms(session: Session, brand_id: str) -> TermsView | None:
    """The terms that a brand set last, if it set any."""
    return next(iter(terms_versions(session, brand_id, most=1)), None)


def terms_versions(session: Session, brand_id: str, *, most: int = 50) -> list[TermsView]:
    """The latest terms that a brand set, those that hold first."""
    rows = session.scalars(
        select(OfferTermsVersion)
        .where(OfferTermsVersion.brand_id == brand_id)
        .order_by(OfferTermsVersion.version.desc())
        .limit(most)
    )
    return [
        TermsView(row.version, _terms(row), row.set_at, row.set_by, row.is_installations)
        for row in rows
    ]


def made_since(
    session: Session, brand_id: str, since: datetime, *, most: int
) -> list[tuple[str, str, int, bool, datetime]]:
    """Member, variant, per cent, whether it was used and when, of a brand’s newest offers."""
    rows = session.execute(
        select(
            Offer.member_id,
            Offer.variant_id,
            Offer.percent,
            Offer.state == "redeemed",
            Offer.offered_at,
        )
        .where(Offer.brand_id == brand_id, Offer.offered_at >= since)
        .order_by(Offer.offered_at.desc(), Offer.id.desc())
        .limit(most)
    )
    return [(*row[:3], bool(row[3]), row[4]) for row in rows]


def get_offer(session: Session, offer_id: str, *, member_id: str) -> OfferView:
    """An offer made to this member. Raises NotFound."""
    return _one(session, _OFFERS.where(Offer.id == offer_id, Offer.member_id == member_id))


def get_of_brand(session: Session, offer_id: str, *, brand_id: str) -> OfferView:
    """An offer of this brand. Raises NotFound."""
    return _one(session, _OFFERS.where(Offer.id == offer_id, Offer.brand_id == brand_id))


def find_offer(session: Session, offer_id: str) -> OfferView | None:
    """An offer, or None."""
    return next(iter(_all(session, _OFFERS.where(Offer.id == offer_id))), None)


def offers_of(session: Session, member_id: str, *, limit: int = 50) -> list[OfferView]:
    """The offers made to a member, the newest first."""
    mine = _OFFERS.where(Offer.member_id == member_id)
    return _all(session, mine.order_by(Offer.offered_at.desc(), Offer.id.desc()).limit(limit))


def newest_with_friend(session: Session, brand_id: str, *, now: datetime) -> OfferView | None:
    """The newest offer of a brand that names a friend and can still be used, if there is one."""
    named = _OFFERS.where(Offer.brand_id == brand_id, Offer.kind == "friend")
    usable = named.where(Offer.state == "offered", Offer.ends_at > now)
    newest = usable.order_by(Offer.offered_at.desc(), Offer.id.desc()).limit(1)
    return next(iter(_all(session, newest)), None)


def offers_on(session: Session, receipt_id: str) -> list[OfferView]:
    """The offers that a receipt brought."""
    return _all(session, _OFFERS.where(Offer.receipt_id == receipt_id).order_by(Offer.id))


def offers_by_voucher(session: Session, voucher_ids: Sequence[str]) -> list[OfferView]:
    """The offers whose vouchers these are."""
    return _all(session, _OFFERS.where(Offer.voucher_id.in_(voucher_ids)).order_by(Offer.id))


def redeemed_for(
    session: Session, member_id: str, style_ids: Sequence[str], *, since: datetime, until: datetime
) -> list[OfferView]:
    """The offers of these styles that a member used in [since, until)."""
    mine = _OFFERS.where(
        Offer.member_id == member_id,
        Offer.style_id.in_(style_ids),
        Offer.state == "redeemed",
        Offer.redeemed_at >= since,
        Offer.redeemed_at < until,
    )
    return _all(session, mine.order_by(Offer.id))


def made_lately(session: Session, member_id: str, *, zone: str, now: datetime) -> tuple[int, int]:
    """How many offers a member had today, by a zone's clock, and within the last seven days."""
    today = day_after(now, zone, -1)
    count = select(func.count()).where(Offer.member_id == member_id)
    days, weeks = (
        session.execute(count.where(Offer.offered_at >= since)).scalar_one()
        for since in (today, now - _WEEK)
    )
    return days, weeks


def waiting_for(session: Session, member_id: str, *, now: datetime) -> frozenset[str]:
    """The styles that a member was offered, in offers that are good still."""
    mine = select(Offer.style_id).where(Offer.member_id == member_id)
    return frozenset(session.scalars(mine.where(Offer.state == "offered", Offer.ends_at > now)))


def refusals_of(session: Session, member_id: str) -> Refusals:
    """What a member does not want offered."""
    rows = session.execute(
        select(OfferRefusal.style_id, OfferRefusal.friend_id).where(
            OfferRefusal.member_id == member_id
        )
    ).all()
    return Refusals(
        frozenset(row.style_id for row in rows if row.style_id),
        frozenset(row.friend_id for row in rows if row.friend_id),
    )


def credits_in(session: Session, span: Span, owner_id: str | None = None) -> list[Credit]:
    """What friends are credited with: everybody, or this one."""
    where = [
        Offer.brand_id == span.brand_id,
        Offer.friend_id.is_not(None) if owner_id is None else Offer.friend_id == owner_id,
        Offer.state == "redeemed",
        Offer.credited_at >= span.starts_at,
        Offer.credited_at < span.ends_at,
    ]
    if span.store_id is not None:
        where.append(Offer.store_id == span.store_id)
    rows = session.execute(
        select(Offer.friend_id, func.count(), func.max(Offer.credited_at))
        .where(*where)
        .group_by(Offer.friend_id)
        .order_by(Offer.friend_id)
    )
    return [Credit(*row) for row in rows]  # type: ignore[arg-type]


def stores_with_credit(session: Session, owner_id: str, *, since: datetime | None) -> set[str]:
    """The stores whose offers a friend is credited with since then, or ever for None."""
    where = [Offer.friend_id == owner_id, Offer.credited_at.is_not(None)]
    if since is not None:
        where.append(Offer.credited_at >= since)
    return set(session.scalars(select(Offer.store_id).where(*where).distinct()))


def export(session: Session, member_id: str) -> dict[str, Any]:
    """All that this room keeps about a member, for themselves; others stay unnamed."""
    made = [
        {
            "offered_at": one.offered_at,
            "ends_at": one.ends_at,
            "style_id": one.style_id,
            "variant_id": one.variant_id,
            "kind": one.kind,
            "percent": one.percent,
            "state": one.state,
            "redeemed_at": one.redeemed_at,
        }
        for one in offers_of(session, member_id, limit=1_000_000)
    ]
    credited = session.scalars(
        select(Offer.credited_at)
        .where(Offer.friend_id == member_id, Offer.credited_at.is_not(None))
        .order_by(Offer.credited_at)
    )
    refused = session.execute(
        select(OfferRefusal.style_id, OfferRefusal.refused_at)
        .where(OfferRefusal.member_id == member_id)
        .order_by(OfferRefusal.refused_at, OfferRefusal.id)
    )
    return {
        "made_to_me": made,
        "thanked_at": list(credited),
        "refused": [dict(row._mapping) for row in refused],
    }


def _terms(row: OfferTermsVersion) -> OfferTerms:
    values = {one.name: getattr(row, one.name) for one in fields(OfferTerms)}
    return OfferTerms(**values | {"quiet": frozenset(row.quiet)})


def _one(session: Session, statement: Select[*tuple[Any, ...]]) -> OfferView:
    found = _all(session, statement)
    if not found:
        raise offer_not_found()
    return found[0]


def _all(session: Session, statement: Select[*tuple[Any, ...]]) -> list[OfferView]:
    return [OfferView(*row) for row in session.execute(statement)]
