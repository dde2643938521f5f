"""What is shown of an offer follows who its member turns out to be."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from core.clock import FixedClock
from core.errors import NotFound
from retail.accounts import queries as accounts
from retail.journeys.holds.hold_piece import hold_offered
from retail.journeys.offers.show_offer import facts_of
from retail.offers import rules
from tests.builders.offers import new_boutique, set_birth_date
from tests.builders.receipts import SETTINGS


def test_who_turns_out_to_be_a_minor_is_shown_and_held_no_offer_and_keeps_its_voucher(
    session: Session, clock: FixedClock
) -> None:
    shop = new_boutique(session)
    offer = shop.made(session)
    age: dict[str, Any] = {"now": clock.now(), "minimum_age": 18}
    for born in (None, date(2012, 1, 1)):
        set_birth_date(session, shop.sarah, born)
        shown = [facts_of(session, offer, channel=one, **age) for one in rules.CHANNELS]
        assert shown == [None, None]
        minor = accounts.get_member(session, shop.sarah.id, **age)
        with pytest.raises(NotFound, match="isn’t here"):
            hold_offered(session, offer.id, member=minor, now=clock.now(), settings=SETTINGS)
    (voucher,) = shop.vouchers(session, shop.sarah)
    assert voucher.state == "issued"
