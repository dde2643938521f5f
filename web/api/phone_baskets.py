"""A member's basket on the phone, and their vouchers for it: ask, hold, let go."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from flask_smorest import Blueprint

from core import clock
from loyalty.vouchers import holds, written
from loyalty.vouchers.rules import Quote, RedemptionState, RedemptionView
from retail.journeys.vouchers import fill_phone_basket as filling
from retail.journeys.vouchers import hold_vouchers as holding
from retail.journeys.vouchers.fill_phone_basket import Carried, Piece, carried_by
from retail.journeys.vouchers.hold_vouchers import MemberQuote
from retail.phone_baskets import service
from web.auth import current_member, guarded, settings
from web.limits import count_wrong_codes, refuse_guesser, wrong_codes_counted
from web.openapi import schema_of
from web.schemas import phone_baskets as schemas
from web.schemas.phone_baskets import AskedFromPhone
from web.write import key_sent, read, write


@dataclass(frozen=True)
class PhonePiece:
    """So many of one piece, at the catalogue's price; minor units. The till's price counts."""

    variant_id: str
    sku: str
    gtin: str | None
    name: str
    colour: str
    size: str
    pieces: int
    currency: str
    price_minor: int
    total_minor: int


@dataclass(frozen=True)
class PhoneBasketReply:
    """What a member carries in a store; without one, they have not begun."""

    store: str | None
    lines: tuple[PhonePiece, ...]


@dataclass(frozen=True)
class MemberHold(Quote):
    """Vouchers that a member holds for the till until `reserved_until`, excluded.

    It can be made to last until `extends_until`. Once `state` is not reserved, it is over: a till
    took them, they were let go, or the time was.
    """

    id: str
    state: RedemptionState
    held_at: datetime
    reserved_until: datetime | None
    extends_until: datetime
    settled_at: datetime | None


@dataclass(frozen=True)
class HeldReply:
    """What a member holds just now: one basket's vouchers, or nothing."""

    reservations: tuple[MemberHold, ...]


phone_baskets = guarded(
    Blueprint("phone_baskets", __name__, description="A member's basket, and vouchers held for it"),
    "member",
)


@phone_baskets.get("/me/basket")
@read
@phone_baskets.response(200, schema_of(PhoneBasketReply))
def show(session: Any) -> PhoneBasketReply:
    """The basket of this visit: kept for twelve hours after its last change."""
    return _basket(session)


@phone_baskets.put("/me/basket/store")
@write
@phone_baskets.arguments(schemas.PhoneStore)
@phone_baskets.response(200, schema_of(PhoneBasketReply))
def move(session: Any, where: dict[str, str]) -> PhoneBasketReply:
    """Fill the basket in this store from now on."""
    filling.move_to(session, where["store"], member=current_member(), now=clock.now())
    return _basket(session)


@phone_baskets.post("/me/basket/lines")
@write
@phone_baskets.arguments(schemas.PhoneGoods)
@phone_baskets.response(200, schema_of(PhoneBasketReply))
def add(session: Any, goods: dict[str, Any]) -> PhoneBasketReply:
    """Put pieces in by what their label says; the store is the basket's, or a check-in's."""
    who = {"member": current_member(), "now": clock.now(), "store_slug": goods.get("store")}
    filling.put_in(session, goods["item"], goods["pieces"], **who)
    return _basket(session)


@phone_baskets.put("/me/basket/lines/<variant_id>")
@write
@phone_baskets.arguments(schemas.PhonePieces)
@phone_baskets.response(200, schema_of(PhoneBasketReply))
def change(session: Any, wanted: dict[str, int], variant_id: str) -> PhoneBasketReply:
    """Say how many of a piece there are; 0 takes it out."""
    filling.change(session, variant_id, wanted["pieces"], member=current_member())
    return _basket(session)


@phone_baskets.delete("/me/basket")
@write
@phone_baskets.response(200, schema_of(PhoneBasketReply))
def empty(session: Any) -> PhoneBasketReply:
    """Leave nothing of the basket; what is held is held still."""
    service.forget(session, current_member().id)
    return _basket(session)


@phone_baskets.post("/me/vouchers/validate")
@read
@phone_baskets.arguments(schemas.PhoneAsk)
@phone_baskets.response(200, schema_of(MemberQuote))
def validate(session: Any, asked: AskedFromPhone) -> MemberQuote:
    """What a basket would come to, line by line, and why vouchers don't count; nothing changes."""
    refuse_guesser()
    found = holding.quote(session, _carried(session, asked), asked.vouchers, **_who())
    count_wrong_codes(sum(one.reason == "unknown" for one in found.refused))
    return found


@phone_baskets.post("/me/voucher-reservations")
@write
@phone_baskets.arguments(schemas.PhoneAsk)
@phone_baskets.response(201, schema_of(MemberHold))
def hold(session: Any, asked: AskedFromPhone) -> MemberHold:
    """Hold vouchers for the till, instead of what was held; an Idempotency-Key has to be sent."""
    refuse_guesser()
    with wrong_codes_counted():
        carried, who = _carried(session, asked), {"wish": key_sent()} | _who()
        return _reply(holding.hold(session, carried, asked.vouchers, **who))


@phone_baskets.get("/me/voucher-reservations")
@read
@phone_baskets.response(200, schema_of(HeldReply))
def list_held(session: Any) -> HeldReply:
    """What one holds just now."""
    member = current_member()
    found = holds.find_hold(session, member.brand_id, member.id, now=clock.now())
    return HeldReply((_reply(found),) if found else ())


@phone_baskets.get("/me/voucher-reservations/<hold_id>")
@read
@phone_baskets.response(200, schema_of(MemberHold))
def show_held(session: Any, hold_id: str) -> MemberHold:
    """A hold of one's own as it stands."""
    member = current_member()
    whose = {"programme_id": member.brand_id, "holder_id": member.id}
    return _reply(written.get_redemption(session, hold_id, **whose, now=clock.now()))


@phone_baskets.post("/me/voucher-reservations/<hold_id>/extend")
@write
@phone_baskets.response(200, schema_of(MemberHold))
def extend(session: Any, hold_id: str) -> MemberHold:
    """Hold it for as long again from now, an hour from its beginning at most."""
    return _reply(holding.extend(session, hold_id, **_who()))


@phone_baskets.delete("/me/voucher-reservations/<hold_id>")
@write
@phone_baskets.response(200, schema_of(MemberHold))
def let_go(session: Any, hold_id: str) -> MemberHold:
    """Hold it no more; again, it is answered the same."""
    gone = holding.let_go(session, hold_id, member=current_member(), now=clock.now())
    return _reply(gone)


def _who() -> dict[str, Any]:
    return {"member": current_member(), "now": clock.now(), "settings": settings()}


def _carried(session: Any, asked: AskedFromPhone) -> Carried:
    """The basket that is asked about: the one that was sent, else the one on the phone."""
    member, now = current_member(), clock.now()
    if asked.lines is None:
        carried = carried_by(session, member, now=now)
        if carried is not None and asked.store in (None, carried.store.slug):
            return carried
    store = filling.find_store(session, asked.store, member=member, now=now)
    found = [
        Piece(filling.find_piece(session, member.brand_id, item), pieces)
        for item, pieces in asked.lines or ()
    ]
    return filling.carried_in(store, found)


def _reply(held: RedemptionView) -> MemberHold:
    return MemberHold(
        **{one.name: getattr(held, one.name) for one in fields(Quote)},
        id=held.id,
        state=held.state,
        held_at=held.sold_at,
        reserved_until=held.reserved_until,
        extends_until=held.sold_at + holds.HELD_AT_MOST,
        settled_at=held.settled_at,
    )


def _basket(session: Any) -> PhoneBasketReply:
    carried = carried_by(session, current_member(), now=clock.now())
    if carried is None:
        return PhoneBasketReply(None, ())
    pieces = (*carried.pieces, *carried.unpriced)
    return PhoneBasketReply(carried.store.slug, tuple(map(_piece, pieces)))


def _piece(one: Piece) -> PhonePiece:
    variant = one.variant
    return PhonePiece(
        variant_id=variant.id,
        sku=variant.sku,
        gtin=variant.gtin,
        name=variant.style_name,
        colour=variant.colour_name,
        size=variant.size,
        pieces=one.pieces,
        currency=variant.currency,
        price_minor=variant.price_minor,
        total_minor=one.total_minor,
    )
