"""What members get for points, and points for money, is in money that some store takes."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from core import clock
from core.errors import Invalid
from loyalty.vouchers.terms import Terms
from retail.journeys.points.set_terms import set_terms
from retail.journeys.vouchers.make_vouchers import WantedBatch, begin_batch
from tests.builders.brands import new_store
from tests.builders.rewards import new_reward
from tests.builders.terms import terms_document

DAYS = (date(2026, 11, 22), date(2026, 12, 22))


def earn_in(session: Session, brand_id: str, currency: str) -> None:
    set_terms(session, brand_id, terms_document() | {"currency": currency}, now=clock.now())


def reward_in(session: Session, brand_id: str, currency: str) -> None:
    new_reward(session, brand_id, terms=Terms("amount", 500, currency))


def batch_in(session: Session, brand_id: str, currency: str) -> None:
    wanted = WantedBatch("may", 5, Terms("amount", 500, currency), *DAYS)
    begin_batch(session, wanted, brand_id=brand_id, now=clock.now())


@pytest.mark.parametrize("promise", [earn_in, reward_in, batch_in])
def test_nothing_is_promised_in_a_currency_in_which_no_store_sells(
    session: Session, promise: Callable[[Session, str, str], Any]
) -> None:
    brand_id = new_store(session).brand_id
    with pytest.raises(Invalid) as refused:
        promise(session, brand_id, "EUR")
    assert ["None of your stores sells in EUR."] in refused.value.data["fields"].values()
    new_store(session, brand_id=brand_id, currency="EUR")
    promise(session, brand_id, "EUR")
