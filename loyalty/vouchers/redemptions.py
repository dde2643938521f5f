"""Putting vouchers to baskets: reserved or redeemed at once, then redeemed, released or lapsed.

A state only moves forward. One source has one redemption for ever: repeated, it answers.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from core.errors import Conflict, Invalid
from core.ids import new_id
from core.sql import execute, insert_ignore
from loyalty.baskets.rules import Basket, check_basket
from loyalty.vouchers import standing, written
from loyalty.vouchers.models import Redemption, VoucherUse
from loyalty.vouchers.pricing import Priced, Withheld, nothing, price, withholding
from loyalty.vouchers.rules import SOURCE_LENGTH, Quote, RedemptionView

MOST_VOUCHERS = 20
AHEAD = timedelta(minutes=5)
_USES = insert(VoucherUse.__table__)  # type: ignore[arg-type]


def quote(
    session: Session,
    *,
    programme_id: str,
    basket: Basket,
    codes: tuple[str, ...],
    now: datetime,
    key: bytes,
    withheld: Withheld = nothing,
) -> Quote:
    """What vouchers would take off a basket now, and why others would not; nothing is kept.

    `withheld` says for which vouchers the shop has nothing to give. Raises Invalid for a basket
    that makes no sense.
    """
    _check(basket, codes)
    shown = standing.look_up(session, programme_id, codes, now=now, key=key)
    offers = standing.standing(session, programme_id, shown, basket, now=now)
    priced = price(basket, withholding(offers, withheld))
    return written.quote_of(basket, _with(priced, shown))


def reserve(
    session: Session,
    *,
    programme_id: str,
    source: str,
    basket: Basket,
    codes: tuple[str, ...],
    until: datetime,
    now: datetime,
    key: bytes,
    withheld: Withheld = nothing,
) -> RedemptionView:
    """Hold one use of each voucher that counts, until `until`; those that do not, are named.

    Raises Invalid for a basket that makes no sense, Conflict where no voucher counts, or where
    the source put other vouchers to another basket. Nothing is then kept.
    """
    asked = _Asked(programme_id, source, basket, codes, withheld, until=until)
    return _put(session, asked, now, key)


def redeem_now(
    session: Session,
    *,
    programme_id: str,
    source: str,
    basket: Basket,
    codes: tuple[str, ...],
    not_before: datetime | None = None,
    now: datetime,
    key: bytes,
    withheld: Withheld = nothing,
) -> RedemptionView:
    """Redeem in one step. A sale of earlier says so by `not_before`: how far back it may lie.

    Validity is judged as of `basket.at`. Raises Invalid for a sale of earlier that lies before
    that, or in the future, and otherwise as `reserve`.
    """
    asked = _Asked(programme_id, source, basket, codes, withheld, not_before=not_before)
    return _put(session, asked, now, key)


def redeem(
    session: Session, redemption_id: str, *, programme_id: str, now: datetime
) -> RedemptionView:
    """Redeem what is reserved; repeated, it answers.

    Raises NotFound, and Conflict where it was released or its time is over.
    """
    written.get_redemption(session, redemption_id, programme_id=programme_id, now=now)
    standing.lock_vouchers(session, redemption_id)
    # A use that went back when its time was over is somebody else's, whatever our clock says.
    gone = select(VoucherUse.id).where(
        VoucherUse.redemption_id == redemption_id, VoucherUse.returned_at.is_not(None)
    )
    is_open = (Redemption.reserved_until > now, ~gone.exists())
    moved = _move(session, redemption_id, "redeemed", now, *is_open)
    view = written.get_redemption(session, redemption_id, programme_id=programme_id, now=now)
    if not moved and view.state != "redeemed":
        raise Conflict("reservation_over", "This reservation is over.", state=view.state)
    return view


def release(
    session: Session, redemption_id: str, *, programme_id: str, now: datetime
) -> RedemptionView:
    """Let go of what is reserved, so that others may use it; repeated, it answers.

    Raises NotFound, and Conflict where it was redeemed: that can only be rolled back.
    """
    written.get_redemption(session, redemption_id, programme_id=programme_id, now=now)
    standing.lock_vouchers(session, redemption_id)
    if _move(session, redemption_id, "released", now):
        _free(session, redemption_id, programme_id, now)
    view = written.get_redemption(session, redemption_id, programme_id=programme_id, now=now)
    if view.state == "redeemed":
        raise Conflict("redeemed_already", "This was redeemed. Roll it back instead.")
    return view


def lapse(session: Session, redemption_id: str, *, now: datetime) -> bool:
    """Let go of what is reserved if its time is over; tells whether this call did it."""
    standing.lock_vouchers(session, redemption_id)
    if not _move(session, redemption_id, "lapsed", now, Redemption.reserved_until <= now):
        return False
    programme_id = session.scalars(
        select(Redemption.programme_id).where(Redemption.id == redemption_id)
    ).one()
    _free(session, redemption_id, programme_id, now)
    return True


def _check(basket: Basket, codes: tuple[str, ...]) -> None:
    check_basket(basket)
    if not 1 <= len(codes) <= MOST_VOUCHERS:
        sentence = f"Show 1 to {MOST_VOUCHERS} vouchers."
        raise Invalid("vouchers_unclear", sentence, fields={"vouchers": [sentence]})


def _check_time(asked: "_Asked", now: datetime) -> None:
    if asked.not_before is not None and not asked.not_before <= asked.basket.at <= now + AHEAD:
        sentence = "This is too long ago, or yet to come. Check the till's clock."
        raise Invalid("sale_out_of_time", sentence, fields={"sold_at": [sentence]})


@dataclass(frozen=True)
class _Asked:
    """What is to be done once for a source: held `until` then, or redeemed without."""

    programme_id: str
    source: str
    basket: Basket
    codes: tuple[str, ...]
    withheld: Withheld
    until: datetime | None = None
    not_before: datetime | None = None


def _put(session: Session, asked: _Asked, now: datetime, key: bytes) -> RedemptionView:
    programme_id, source = asked.programme_id, asked.source
    _check(asked.basket, asked.codes)
    if not 1 <= len(source) <= SOURCE_LENGTH:
        raise Invalid("source_unclear", f"A source has 1 to {SOURCE_LENGTH} characters.")
    mark = _fingerprint(asked)
    shown = standing.look_up(session, programme_id, asked.codes, now=now, key=key, locks=True)
    try:
        priced = _price(session, asked, shown, now)
    except (Invalid, Conflict):
        # Looked for only now: a twin that held the vouchers has written its row by the time we
        # have. Whatever became of them since, a repetition is answered.
        before = _find(session, programme_id, source, mark, now)
        if before is None:
            raise
        return before
    view = _write(session, asked, mark, priced, now)
    if view is None:
        return _replay(session, programme_id, source, mark, now)
    for one in priced.applied:
        standing.take(session, programme_id, one.offer, one.discount_minor)
    return view


def _price(session: Session, asked: _Asked, shown: standing.Shown, now: datetime) -> Priced:
    _check_time(asked, now)
    programme_id, basket = asked.programme_id, asked.basket
    offers = standing.standing(session, programme_id, shown, basket, now=now, locks=True)
    priced = _with(price(basket, withholding(offers, asked.withheld)), shown)
    if not priced.applied:
        refused = [asdict(one) for one in priced.refused]
        raise Conflict("no_voucher_counts", "No voucher counts for this basket.", refused=refused)
    return priced


def _with(priced: Priced, shown: standing.Shown) -> Priced:
    return Priced(priced.applied, shown.refused + priced.refused)


def _fingerprint(asked: _Asked) -> str:
    """A hash over all that is asked for, codes in any order; equal requests have equal ones."""
    basket = asked.basket
    lines = [
        [line.id, str(line.quantity.normalize()), line.total_minor, sorted(line.labels)]
        for line in basket.lines
    ]
    plain = {"".join(code.upper().split()).replace("-", "") for code in asked.codes}
    content = {
        "codes": sorted(plain),
        "lines": lines,
        "about": [basket.currency, basket.zone, sorted(basket.labels), basket.owner_id],
        "is_held": asked.until is not None,
        # Without a time of its own a sale is of when it is sent, and so is its repetition.
        "at": None if asked.not_before is None else basket.at.isoformat(),
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _write(
    session: Session, asked: _Asked, mark: str, priced: Priced, now: datetime
) -> RedemptionView | None:
    """Write a redemption and its uses, and show it; None where the source has one."""
    basket, until = asked.basket, asked.until
    view = written.new_redemption(new_id(), basket, priced, reserved_until=until, now=now)
    is_new = insert_ignore(
        session,
        Redemption,
        id=view.id,
        programme_id=asked.programme_id,
        source=asked.source,
        fingerprint=mark,
        state="redeemed" if until is None else "reserved",
        owner_id=basket.owner_id,
        currency=basket.currency,
        lines=[[line.id, str(line.quantity), line.total_minor] for line in basket.lines],
        refused=[asdict(one) for one in priced.refused],
        total_minor=view.total_minor,
        discount_minor=view.discount_minor,
        sold_at=view.sold_at,
        recorded_at=now,
        reserved_until=until,
        settled_at=view.settled_at,
    )
    if not is_new:
        return None
    execute(session, _USES, written.new_uses(view.id, basket, priced))
    return view


def _find(
    session: Session, programme_id: str, source: str, mark: str, now: datetime
) -> RedemptionView | None:
    row = session.execute(
        select(Redemption.id, Redemption.fingerprint).where(
            Redemption.programme_id == programme_id, Redemption.source == source
        )
    ).one_or_none()
    if row is None:
        return None
    if row.fingerprint != mark:
        raise Conflict("source_differs", "This sale already had other vouchers or lines.")
    return written.get_redemption(session, row.id, programme_id=programme_id, now=now)


def _replay(
    session: Session, programme_id: str, source: str, mark: str, now: datetime
) -> RedemptionView:
    found = _find(session, programme_id, source, mark, now)
    assert found is not None
    return found


def _move(
    session: Session, redemption_id: str, state: str, now: datetime, *conditions: Any
) -> bool:
    moved = session.execute(
        update(Redemption)
        .where(Redemption.id == redemption_id, Redemption.state == "reserved", *conditions)
        .values(state=state, settled_at=now)
        .returning(Redemption.id),
        execution_options={"synchronize_session": False},
    )
    return moved.one_or_none() is not None


def _free(session: Session, redemption_id: str, programme_id: str, now: datetime) -> None:
    uses = select(VoucherUse.id).where(VoucherUse.redemption_id == redemption_id)
    for use_id in session.scalars(uses.order_by(VoucherUse.id)).all():
        standing.give_back(session, programme_id, use_id, now=now)
