"""What tests of redemptions ask again and again."""

import pytest
from sqlalchemy.orm import Session

from core import clock as core_clock
from core.errors import Conflict
from loyalty.vouchers import books, queries
from tests.builders.points import PROGRAMME
from tests.conftest import KEY


def state_of(session: Session, code: str) -> str:
    found = queries.find_by_code(session, PROGRAMME, code, now=core_clock.now(), key=KEY)
    assert found is not None
    return found.state


def why(refusal: pytest.ExceptionInfo[Conflict]) -> list[str]:
    return [one["reason"] for one in refusal.value.data["refused"]]


def check(session: Session) -> None:
    assert books.verify(session) == []
