"""Vouchers put to a basket once for each source: priced, written, and answered again."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from core.errors import Conflict, Invalid
from core.ids import new_id
from core.sql import close_gate, execute, insert_ignore
from loyalty.baskets.rules import Basket, check_basket
from loyalty.vouchers import lapsed, opened, standing, written
from loyalty.vouchers.models import Redemption, VoucherUse
from loyalty.vouchers.opened import Shown
from loyalty.vouchers.pricing import (
    Offer,
    Priced,
    Refused,
    Withheld,
    nothing,
    price,
    withholding,
)
from loyalty.vouchers.rules import SOURCE_LENGTH, Quote, RedemptionView

MOST_VOUCHERS = 20
AHEAD = timedelta(minutes=5)
_USES = insert(VoucherUse.__table__)  # type: ignore[arg-type]
# What somebody may not learn of a voucher that is not their own, beyond that it opens nothing.
_UNTOLD = frozenset({"void", "expired", "not_yet_issued", "used_up"})


@dataclass(frozen=True)
class Asked:
    """What is to be done once for a source: held `until` then, or redeemed without.

    `with_held` puts to the basket what its owner holds. `is_hold` is what the owner does
    themselves, away from any till: it gives way to tills, and knows no voucher of others.
    `withheld` says for which vouchers the shop has nothing to give.
    """

    programme_id: str
    source: str
    basket: Basket
    codes: tuple[str, ...]
    until: datetime | None = None
    not_before: datetime | None = None
    with_held: bool = False
    is_hold: bool = False
    withheld: Withheld = nothing

    @property
    def asker(self) -> lapsed.Asker:
        """Before whom other holds give way."""
        return lapsed.Asker(self.basket.owner_id, not self.is_hold, self.with_held)


def quote(session: Session, asked: Asked, now: datetime, key: bytes) -> Quote:
    """What would be taken off; nothing is kept. Raises Invalid for what makes no sense."""
    _check(asked, least=0 if asked.is_hold or asked.with_held else 1)
    who: Any = {"asker": asked.asker, "now": now, "key": key}
    shown = opened.look_up(session, asked.programme_id, asked.codes, **who)
    offers = standing.standing(session, asked.programme_id, shown, asked.basket, now=now)
    return written.quote_of(asked.basket, _priced(asked, offers, shown))


def put(session: Session, asked: Asked, now: datetime, key: bytes) -> RedemptionView:
    """Put vouchers to a basket, or answer what was put under its source.

    Raises Invalid for what makes no sense, and Conflict where nothing counts, or the source put
    other vouchers to another basket.
    """
    programme_id, source = asked.programme_id, asked.source
    _check(asked, least=0 if asked.with_held else 1)
    if not 1 <= len(source) <= SOURCE_LENGTH:
        raise Invalid("source_unclear", f"A source has 1 to {SOURCE_LENGTH} characters.")
    if asked.basket.owner_id is not None:
        # Nobody's own hold begins while a till looks for it, nor a second one beside it.
        close_gate(session, standing.gate_of(f"hold:{programme_id}:{asked.basket.owner_id}"))
    mark = _fingerprint(asked)
    who: Any = {"asker": asked.asker, "now": now, "key": key, "locks": True}
    shown = opened.look_up(session, programme_id, asked.codes, **who)
    if any(one.gives_way for one in shown.lapsed):
        # A repetition must not end a hold that began since.
        before = _find(session, asked, mark, now)
        if before is not None:
            return before
    try:
        priced = _price(session, asked, shown, now)
    except (Invalid, Conflict):
        # Looked for only now: a twin that held the vouchers has written its row by the time we
        # have. Whatever became of them since, a repetition is answered.
        before = _find(session, asked, mark, now)
        if before is None:
            raise
        return before
    _close_emptied(session, asked, shown, now)
    view = _write(session, asked, mark, priced, now)
    if view is None:
        return _replay(session, asked, mark, now)
    for one in priced.applied:
        standing.take(session, programme_id, one.offer, one.discount_minor)
    return view


def _close_emptied(session: Session, asked: Asked, shown: Shown, now: datetime) -> None:
    """End the holds that had to give way; the owner's own, even where others emptied it."""
    emptied = {one.redemption_id for one in shown.lapsed if one.gives_way}
    if emptied or asked.is_hold:
        holder_id = asked.basket.owner_id
        lapsed.close_emptied(session, asked.programme_id, emptied, holder_id=holder_id, now=now)


def _check(asked: Asked, *, least: int) -> None:
    check_basket(asked.basket)
    if not least <= len(asked.codes) <= MOST_VOUCHERS:
        sentence = f"Show 1 to {MOST_VOUCHERS} vouchers."
        raise Invalid("vouchers_unclear", sentence, fields={"vouchers": [sentence]})


def _check_time(asked: Asked, now: datetime) -> None:
    if asked.not_before is not None and not asked.not_before <= asked.basket.at <= now + AHEAD:
        sentence = "This is too long ago, or yet to come. Check the till’s clock."
        raise Invalid("sale_out_of_time", sentence, fields={"sold_at": [sentence]})


def _price(session: Session, asked: Asked, shown: Shown, now: datetime) -> Priced:
    _check_time(asked, now)
    programme_id, basket = asked.programme_id, asked.basket
    offers = standing.standing(session, programme_id, shown, basket, now=now, locks=True)
    priced = _priced(asked, offers, shown)
    if not priced.applied:
        refused = [asdict(one) for one in priced.refused]
        raise Conflict("no_voucher_counts", "No voucher counts for this basket.", refused=refused)
    return priced


def _priced(asked: Asked, offers: Sequence[Offer], shown: Shown) -> Priced:
    priced = price(asked.basket, withholding(offers, asked.withheld))
    refused = priced.refused
    if asked.is_hold:
        theirs = {one.voucher_id for one in shown.offers if one.owner_id is not None}
        refused = tuple(one if one.voucher_id in theirs else _untold(one) for one in refused)
    return Priced(priced.applied, shown.refused + refused)


def _untold(refused: Refused) -> Refused:
    is_secret = refused.reason in _UNTOLD
    return replace(refused, reason="unknown", voucher_id=None) if is_secret else refused


def _fingerprint(asked: Asked) -> str:
    """A hash over all that is asked for, codes in any order; equal requests have equal ones."""
    basket = asked.basket
    lines = [
        [line.id, str(line.quantity.normalize()), line.total_minor, sorted(line.labels)]
        for line in basket.lines
    ]
    plain = {"".join(code.upper().split()).replace("-", "") for code in asked.codes}
    content: dict[str, Any] = {
        "codes": sorted(plain),
        "lines": lines,
        "about": [basket.currency, basket.zone, sorted(basket.labels), basket.owner_id],
        "is_held": asked.until is not None,
        # Without a time of its own a sale is of when it is sent, and so is its repetition.
        "at": None if asked.not_before is None else basket.at.isoformat(),
    }
    if asked.with_held:
        content["with_held"] = True
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _write(
    session: Session, asked: Asked, mark: str, priced: Priced, now: datetime
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
        gives_way=asked.is_hold,
        labels=sorted(basket.labels),
    )
    if not is_new:
        return None
    execute(session, _USES, written.new_uses(view.id, basket, priced))
    return view


def _find(session: Session, asked: Asked, mark: str, now: datetime) -> RedemptionView | None:
    programme_id, source = asked.programme_id, asked.source
    row = session.execute(
        select(Redemption.id, Redemption.fingerprint).where(
            Redemption.programme_id == programme_id, Redemption.source == source
        )
    ).one_or_none()
    if row is None:
        return None
    if row.fingerprint != mark:
        raise Conflict("source_differs", "This sale already had other vouchers or lines.")
    holder_id = asked.basket.owner_id if asked.is_hold else None
    whose: Any = {"programme_id": programme_id, "holder_id": holder_id}
    return written.get_redemption(session, row.id, **whose, now=now)


def _replay(session: Session, asked: Asked, mark: str, now: datetime) -> RedemptionView:
    found = _find(session, asked, mark, now)
    if found is None:
        raise Conflict("hold_differs", "Another hold of yours began just now. Look again.")
    return found
