"""Vouchers for tests."""

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from core import clock
from core.ids import new_id
from loyalty.vouchers import service
from loyalty.vouchers.rules import Issued
from tests.builders.points import PROGRAMME
from tests.conftest import KEY


def new_voucher(session: Session, owner_id: str | None = "nina", **overrides: Any) -> Issued:
    """A voucher over £5.00, valid for 30 days from now."""
    now = clock.now()
    values: dict[str, Any] = {
        "programme_id": PROGRAMME,
        "source": f"test:{new_id()}",
        "kind": "amount",
        "value": 500,
        "currency": "GBP",
        "valid_from": now,
        "valid_until": now + timedelta(days=30),
        "now": now,
        "key": KEY,
    }
    return service.issue(session, owner_id=owner_id, **(values | overrides))
