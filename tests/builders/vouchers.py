"""Vouchers for tests."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any

from sqlalchemy.orm import Session

from core import clock
from core.ids import new_id
from loyalty.baskets.rules import Basket, Line
from loyalty.vouchers import codes, holds, queries, redemptions, rollbacks, service
from loyalty.vouchers.models import Voucher
from loyalty.vouchers.rules import Issued, Quote, RedemptionView, RollbackView
from loyalty.vouchers.terms import Terms
from tests.builders.points import PROGRAMME
from tests.conftest import KEY

_TERMS = {one.name for one in fields(Terms)}
QUARTER = timedelta(minutes=15)


def new_voucher(session: Session, owner_id: str | None = "nina", **overrides: Any) -> Issued:
    """A voucher over £5.00, once, valid for 30 days from now; terms are shared by their source."""
    now = clock.now()
    values: dict[str, Any] = {
        "programme_id": PROGRAMME,
        "source": f"test:{new_id()}",
        "valid_from": now,
        "valid_until": now + timedelta(days=30),
        "now": now,
        "key": KEY,
    } | {name: value for name, value in overrides.items() if name not in _TERMS}
    terms: dict[str, Any] = {"kind": "amount", "value": 500, "currency": "GBP"}
    terms |= {name: value for name, value in overrides.items() if name in _TERMS}
    source = sha256(repr(sorted(terms.items())).encode()).hexdigest()
    terms_id = service.agree(
        session,
        programme_id=values["programme_id"],
        source=source,
        terms=Terms(**terms),
        now=now,
    )
    return service.issue(session, owner_id=owner_id, terms_id=terms_id, **values)


def new_code(session: Session, owner_id: str | None = None, **overrides: Any) -> str:
    """The code of a new bearer voucher, or of one with other terms."""
    voucher_id = new_voucher(session, owner_id, **overrides).voucher_id
    return codes.shown(codes.code_of(voucher_id, overrides.get("key", KEY)))


def uses_left(session: Session, code: str) -> int | None:
    """How many uses of a voucher are free, as it is stored."""
    plain = codes.read(code)
    assert plain is not None
    row = session.query(Voucher).filter_by(code_hash=codes.hash_of(plain, KEY)).one()
    session.refresh(row)
    return row.uses_left


def basket(*totals: int, **overrides: Any) -> Basket:
    """A basket in pounds with a line of one piece for each total, `1` the first one's id."""
    values: dict[str, Any] = {"currency": "GBP", "zone": "Europe/London", "at": clock.now()}
    lines = tuple(line(number, total) for number, total in enumerate(totals or (2000,), start=1))
    return Basket(**{"lines": lines} | values | overrides)


def line(number: int, total: int, *labels: str, quantity: str = "1") -> Line:
    """A line of a basket."""
    return Line(str(number), frozenset(labels), Decimal(quantity), total)


def _asked(shown: Sequence[str], values: dict[str, Any]) -> dict[str, Any]:
    asked: dict[str, Any] = {"programme_id": PROGRAMME, "now": clock.now(), "key": KEY}
    asked |= {"basket": basket(), "codes": tuple(shown)}
    return asked | values


def quote(session: Session, *shown: str, **values: Any) -> Quote:
    """What the vouchers would take off one piece for £20.00."""
    return redemptions.quote(session, **_asked(shown, values))


def reserve(session: Session, *shown: str, **values: Any) -> RedemptionView:
    """Hold the vouchers for a quarter of an hour."""
    asked = {"source": new_id(), "until": clock.now() + QUARTER} | _asked(shown, values)
    return redemptions.reserve(session, **asked)


def redeem_now(session: Session, *shown: str, **values: Any) -> RedemptionView:
    """Redeem the vouchers at once."""
    asked = {"source": new_id()} | _asked(shown, values)
    return redemptions.redeem_now(session, **asked)


def hold(session: Session, *shown: str, owner: str = "nina", **values: Any) -> RedemptionView:
    """Hold the vouchers as their owner does, away from any till, for a quarter of an hour."""
    whose = {"basket": basket(owner_id=owner)} | values
    asked = {"source": new_id(), "until": clock.now() + QUARTER} | _asked(shown, whose)
    return holds.hold(session, **asked)


def redeem(session: Session, redemption_id: str) -> RedemptionView:
    """Redeem what is reserved."""
    return redemptions.redeem(session, redemption_id, programme_id=PROGRAMME, now=clock.now())


def release(session: Session, redemption_id: str) -> RedemptionView:
    """Let go of what is reserved."""
    return redemptions.release(session, redemption_id, programme_id=PROGRAMME, now=clock.now())


def roll_back(
    session: Session,
    redemption_id: str,
    *lines: tuple[str, str],
    source: str | None = None,
    programme_id: str = PROGRAMME,
) -> RollbackView:
    """Take back so much of each line, or all where none is named."""
    return rollbacks.roll_back(
        session,
        redemption_id,
        programme_id=programme_id,
        source=source or new_id(),
        lines=tuple((name, Decimal(quantity)) for name, quantity in lines) or None,
        now=clock.now(),
    )


def agree_on(session: Session, name: str, *, programme_id: str = PROGRAMME) -> str:
    """Terms of a voucher over £5.00 that campaigns give by name."""
    terms = Terms("amount", 500, "GBP")
    how = {"source": f"{queries.NAMED}{name}", "terms": terms, "now": clock.now()}
    return service.agree(session, programme_id=programme_id, **how)
