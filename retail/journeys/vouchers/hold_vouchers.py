"""A member's vouchers from their phone: ask what a basket comes to, hold them for the till.

Prices are the catalogue's, with the store's own label on the basket; the till prices anew. See
`redeem_vouchers` for what happens there.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any

from sqlalchemy.orm import Session

from core.config import Settings
from core.errors import Invalid
from core.outbox import emit, enqueue
from loyalty.baskets.rules import Basket
from loyalty.vouchers import holds, queries, redemptions
from loyalty.vouchers.once import MOST_VOUCHERS
from loyalty.vouchers.pricing import Refused
from loyalty.vouchers.rules import Quote, RedemptionView, UseView, VoucherView
from retail.accounts.queries import MemberView
from retail.journeys.baskets.as_basket import Goods, basket_shown
from retail.journeys.vouchers.fill_phone_basket import Carried, Piece
from retail.journeys.vouchers.redeem_vouchers import LAPSE_JOB

_OPEN = ("issued", "reserved")


@dataclass(frozen=True)
class VouchersHeld:
    """A member held vouchers on their phone, for longer, or let them go."""

    redemption_id: str


@dataclass(frozen=True)
class QuotedLine:
    """A line of a member's basket: the piece, and what is paid for all of it; minor units."""

    line: str
    variant_id: str
    sku: str
    gtin: str | None
    name: str
    details: str
    pieces: int
    total_minor: int
    discount_minor: int
    pays_minor: int


@dataclass(frozen=True)
class MemberQuote:
    """What a member's basket would come to in a store just now. The till's price counts.

    `unpriced` are the SKUs that only the till can price.
    """

    store: str
    currency: str
    total_minor: int
    discount_minor: int
    pays_minor: int
    lines: tuple[QuotedLine, ...]
    unpriced: tuple[str, ...]
    vouchers: tuple[UseView, ...]
    refused: tuple[Refused, ...]


def own_vouchers(
    session: Session, member: MemberView, *, now: datetime, settings: Settings
) -> list[VoucherView]:
    """The vouchers that a member can use or holds, the soonest to end first."""
    whose: Any = {"now": now, "key": settings.key}
    found = queries.vouchers_of(session, member.brand_id, member.id, **whose)
    return [one for one in found if one.state in _OPEN]


def quote(
    session: Session,
    carried: Carried,
    codes: tuple[str, ...] | None,
    *,
    member: MemberView,
    now: datetime,
    settings: Settings,
) -> MemberQuote:
    """What vouchers would take off; without `codes`, all the member's own. Nothing is kept.

    Raises Invalid for a basket without a piece that has a price.
    """
    asked = _asked(session, carried, codes, member=member, now=now, settings=settings)
    return _quoted(carried, holds.quote(session, **asked))


def hold(
    session: Session,
    carried: Carried,
    codes: tuple[str, ...] | None,
    *,
    wish: str,
    member: MemberView,
    now: datetime,
    settings: Settings,
) -> RedemptionView:
    """Hold vouchers for the till, instead of what the member held before; once for each wish.

    Raises Invalid for a basket without a piece that has a price, Conflict where nothing counts.
    """
    asked = _asked(session, carried, codes, member=member, now=now, settings=settings)
    source = sha256(f"{member.id} {wish}".encode()).hexdigest()
    until = now + timedelta(minutes=settings.voucher_hold_minutes)
    view = holds.hold(session, source=f"phone:{source}", until=until, **asked)
    return _told(session, view, member, is_news=view.sold_at == now)


def extend(
    session: Session, hold_id: str, *, member: MemberView, now: datetime, settings: Settings
) -> RedemptionView:
    """Hold it for as long again from now. Raises NotFound, Conflict where it cannot be."""
    until = now + timedelta(minutes=settings.voucher_hold_minutes)
    view = holds.extend(session, hold_id, until=until, **_whose(member), now=now)
    return _told(session, view, member, is_news=True)


def let_go(session: Session, hold_id: str, *, member: MemberView, now: datetime) -> RedemptionView:
    """Hold it no more; repeated, it answers. Raises NotFound."""
    view = redemptions.release(session, hold_id, **_whose(member), now=now)
    return _told(session, view, member, is_news=view.settled_at == now)


def _whose(member: MemberView) -> dict[str, Any]:
    return {"programme_id": member.brand_id, "holder_id": member.id}


def _told(
    session: Session, view: RedemptionView, member: MemberView, *, is_news: bool
) -> RedemptionView:
    if not is_news:
        return view
    if view.state == "reserved" and view.reserved_until is not None:
        # Another end is another job: the one before finds that it came too early.
        key = f"{LAPSE_JOB}:{view.id}:{view.reserved_until.timestamp():.6f}"
        payload = {"redemption_id": view.id}
        enqueue(session, LAPSE_JOB, payload, due_at=view.reserved_until, key=key)
    emit(session, VouchersHeld(view.id), topics=[f"member:{member.id}"])
    return view


def _asked(
    session: Session,
    carried: Carried,
    codes: tuple[str, ...] | None,
    *,
    member: MemberView,
    now: datetime,
    settings: Settings,
) -> dict[str, Any]:
    if codes is None:
        own = own_vouchers(session, member, now=now, settings=settings)
        codes = tuple(one.code for one in own)[:MOST_VOUCHERS]
    about = {"programme_id": member.brand_id, "now": now, "key": settings.key}
    return about | {"basket": _basket(session, carried, member, now), "codes": codes}


def _basket(session: Session, carried: Carried, member: MemberView, now: datetime) -> Basket:
    if not carried.pieces:
        sentence = "Put something into the basket first."
        raise Invalid("basket_empty", sentence, fields={"lines": [sentence]})
    goods = [
        Goods(Decimal(one.pieces), one.total_minor, sku=one.variant.sku) for one in carried.pieces
    ]
    where: Any = {"store": carried.store, "at": now, "member_id": member.id}
    return basket_shown(session, goods, **where)[0]


def _quoted(carried: Carried, found: Quote) -> MemberQuote:
    return MemberQuote(
        store=carried.store.slug,
        currency=found.currency,
        total_minor=found.total_minor,
        discount_minor=found.discount_minor,
        pays_minor=found.pays_minor,
        lines=tuple(
            _line(piece, line.line, line.discount_minor)
            for piece, line in zip(carried.pieces, found.lines, strict=True)
        ),
        unpriced=tuple(one.variant.sku for one in carried.unpriced),
        vouchers=found.vouchers,
        refused=found.refused,
    )


def _line(piece: Piece, number: str, discount_minor: int) -> QuotedLine:
    variant = piece.variant
    return QuotedLine(
        line=number,
        variant_id=variant.id,
        sku=variant.sku,
        gtin=variant.gtin,
        name=variant.style_name,
        details=", ".join(filter(None, (variant.colour_name, variant.size))),
        pieces=piece.pieces,
        total_minor=piece.total_minor,
        discount_minor=discount_minor,
        pays_minor=piece.total_minor - discount_minor,
    )
