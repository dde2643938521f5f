"""Reserve, redeem, release, lapse, roll back: forward only; no use is lost or doubled."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError, IntegrityError
from sqlalchemy.orm import Session

from core.clock import FixedClock
from core.errors import Conflict, Invalid, NotFound
from loyalty.vouchers import redemptions, service, written
from tests.builders.points import PROGRAMME
from tests.builders.vouchers import (
    basket,
    line,
    new_code,
    new_voucher,
    quote,
    redeem,
    redeem_now,
    release,
    reserve,
    roll_back,
    uses_left,
)
from tests.conftest import KEY, NOON, both_databases
from tests.loyalty.vouchers.asking import check, state_of, why


@both_databases
def test_a_quote_keeps_nothing(session: Session) -> None:
    code = new_code(session)
    for _ in range(2):
        found = quote(session, code)
        assert (found.discount_minor, found.pays_minor) == (500, 1500)
    assert uses_left(session, code) == 1
    assert [one.ends_in for one in found.vouchers] == [code[-4:]]


@both_databases
def test_a_reservation_holds_the_voucher_until_it_is_redeemed(session: Session) -> None:
    code = new_code(session)
    held = reserve(session, code)
    assert (held.state, held.discount_minor, uses_left(session, code)) == ("reserved", 500, 0)
    assert state_of(session, code) == "reserved"
    with pytest.raises(Conflict) as refusal:
        redeem_now(session, code)
    assert why(refusal) == ["used_up"]
    assert redeem(session, held.id).state == "redeemed"
    assert redeem(session, held.id) == written.get_redemption(
        session, held.id, programme_id=PROGRAMME, now=NOON
    )
    assert state_of(session, code) == "redeemed"
    check(session)


@both_databases
def test_a_use_that_lapsed_is_not_redeemed_by_a_clock_that_lags(
    session: Session, clock: FixedClock
) -> None:
    code = new_code(session)
    left = reserve(session, code)
    clock.advance(minutes=15)
    redeem_now(session, code)
    clock.advance(minutes=-1)
    with pytest.raises(Conflict, match="over"):
        redeem(session, left.id)
    check(session)


@both_databases
def test_a_released_voucher_can_be_used_again_but_its_reservation_not(session: Session) -> None:
    code = new_code(session)
    held = reserve(session, code)
    assert release(session, held.id).state == "released"
    assert release(session, held.id).state == "released"
    assert uses_left(session, code) == 1
    with pytest.raises(Conflict, match="over"):
        redeem(session, held.id)
    assert redeem_now(session, code).discount_minor == 500
    check(session)


@both_databases
def test_returns_piece_by_piece_give_back_exactly_what_was_given(session: Session) -> None:
    code = new_code(session, value=1000, campaign_id="may")
    lines = (line(1, 1000, quantity="3"), line(2, 2000))
    sold = redeem_now(session, code, basket=basket(lines=lines))
    assert [one.discount_minor for one in sold.lines] == [333, 667]
    pieces = [roll_back(session, sold.id, ("1", "1")) for _ in range(3)]
    assert sum(one.discount_minor for one in pieces) == 333
    assert sum(one.paid_minor for one in pieces) == 667
    assert uses_left(session, code) == 0
    check(session)
    with pytest.raises(Conflict, match="than was sold"):
        roll_back(session, sold.id, ("1", "0.1"))
    rest = roll_back(session, sold.id)
    assert (rest.discount_minor, rest.paid_minor, uses_left(session, code)) == (667, 1333, 1)
    check(session)


def test_what_was_not_sold_or_not_redeemed_does_not_come_back(session: Session) -> None:
    held = reserve(session, new_code(session))
    with pytest.raises(Conflict, match="not redeemed"):
        roll_back(session, held.id)
    redeem(session, held.id)
    with pytest.raises(Invalid):
        roll_back(session, held.id, ("9", "1"))
    with pytest.raises(NotFound):
        roll_back(session, "01UNKNOWN")
    roll_back(session, held.id, ("1", "0.5"), source="r")
    with pytest.raises(Conflict, match="other goods"):
        roll_back(session, held.id, ("1", "0.4"), source="r")


@both_databases
def test_the_same_sale_again_is_answered_the_same(session: Session) -> None:
    codes = new_code(session), new_code(session, value=600)
    first = reserve(session, *codes, source="till:1:A")
    assert reserve(session, *reversed(codes), source="till:1:A") == first
    with pytest.raises(Conflict, match="other vouchers"):
        reserve(session, *codes, source="till:1:A", basket=basket(2100))
    with pytest.raises(Conflict, match="other vouchers"):
        reserve(session, codes[0], source="till:1:A")
    check(session)


@both_databases
def test_a_limit_is_how_often_a_voucher_can_be_used(session: Session) -> None:
    code = new_code(session, uses=3)
    for _ in range(3):
        redeem_now(session, code)
    with pytest.raises(Conflict) as refusal:
        redeem_now(session, code)
    assert why(refusal) == ["used_up"]
    without = new_code(session, uses=None)
    assert [redeem_now(session, without).discount_minor for _ in range(4)] == [500] * 4
    check(session)


@both_databases
def test_a_reservation_that_lapsed_frees_what_its_owner_may_use(
    session: Session, clock: FixedClock
) -> None:
    code = new_code(session, uses=None, uses_per_owner=1)
    mine = basket(2000, owner_id="nina")
    reserve(session, code, basket=mine)
    with pytest.raises(Conflict):
        reserve(session, code, basket=mine)
    clock.advance(minutes=15)
    assert quote(session, code, basket=mine).discount_minor == 500
    assert redeem_now(session, code, basket=mine).discount_minor == 500
    check(session)


@both_databases
def test_a_campaign_gives_away_no_more_than_its_budget(session: Session) -> None:
    codes = [new_code(session, campaign_id="may") for _ in range(3)]
    budget: dict[str, Any] = {"programme_id": PROGRAMME, "campaign_id": "may", "currency": "GBP"}
    service.set_budget(session, **budget, limit_minor=1200)
    sold = redeem_now(session, codes[0])
    held = reserve(session, codes[1])
    with pytest.raises(Conflict) as refusal:
        redeem_now(session, codes[2])
    assert why(refusal) == ["budget_used_up"]
    release(session, held.id)
    redeem_now(session, codes[2])
    roll_back(session, sold.id)
    assert redeem_now(session, codes[0]).discount_minor == 500
    check(session)
    with pytest.raises(Conflict, match="another currency"):
        service.set_budget(session, **budget | {"currency": "EUR"}, limit_minor=1)


@both_databases
def test_a_reservation_that_lapsed_frees_the_money_of_its_campaign(
    session: Session, clock: FixedClock
) -> None:
    codes = [new_code(session, campaign_id="may") for _ in range(3)]
    budget: dict[str, Any] = {"programme_id": PROGRAMME, "campaign_id": "may", "currency": "GBP"}
    service.set_budget(session, **budget, limit_minor=1000)
    left = reserve(session, codes[0])
    clock.advance(minutes=14)
    reserve(session, codes[1])
    assert [one.reason for one in quote(session, codes[2]).refused] == ["budget_used_up"]
    clock.advance(minutes=1)
    assert quote(session, codes[2]).discount_minor == 500
    assert redeem_now(session, codes[2]).discount_minor == 500
    assert (uses_left(session, codes[0]), uses_left(session, codes[1])) == (1, 0)
    check(session)
    with pytest.raises(Conflict, match="over"):
        redeem(session, left.id)
    assert redemptions.lapse(session, left.id, now=clock.now())
    check(session)
    with pytest.raises(Conflict):
        redeem_now(session, codes[0])


@both_databases
def test_a_reservation_that_lapsed_frees_its_owner_for_other_vouchers_of_the_terms(
    session: Session, clock: FixedClock
) -> None:
    first, second = (new_code(session, uses=None, uses_per_owner=1) for _ in range(2))
    mine = basket(2000, owner_id="nina")
    left = reserve(session, first, basket=mine)
    clock.advance(minutes=15)
    assert quote(session, second, basket=mine).discount_minor == 500
    assert redeem_now(session, second, basket=mine).discount_minor == 500
    clock.advance(minutes=-1)
    with pytest.raises(Conflict, match="over"):
        redeem(session, left.id)
    check(session)


@both_databases
def test_a_sale_may_be_sent_later_and_is_judged_as_of_then(
    session: Session, clock: FixedClock
) -> None:
    code = new_code(session, valid_until=NOON + timedelta(hours=2))
    clock.advance(hours=30)
    service.expire(session, now=clock.now())
    asked = {"now": clock.now(), "not_before": clock.now() - timedelta(days=2)}
    sold_at = {"basket": basket(2000, at=NOON + timedelta(hours=1))}
    late = {"basket": basket(2000, at=NOON + timedelta(hours=2))}
    early = {"basket": basket(2000, at=NOON - timedelta(hours=1))}
    for other, reason in ((late, "expired"), (early, "not_yet_issued")):
        with pytest.raises(Conflict) as refusal:
            redeem_now(session, code, **asked, **other)
        assert why(refusal) == [reason]
    with pytest.raises(Invalid):
        redeem_now(session, code, **asked | {"not_before": clock.now()}, **sold_at)
    with pytest.raises(Invalid):
        redeem_now(session, code, **asked, basket=basket(at=clock.now() + timedelta(hours=1)))
    assert redeem_now(session, code, **asked, **sold_at).state == "redeemed"


def test_wrong_codes_are_named_by_their_ending_and_the_rest_counts(session: Session) -> None:
    code = new_code(session)
    found = quote(
        session, "hello", code, "0000-0000-0000-0000", new_code(session, "nina", is_bound=True)
    )
    assert [one.reason for one in found.refused] == ["unknown", "unknown", "not_theirs"]
    assert found.refused[0].ends_in == "ELLO"
    assert found.discount_minor == 500
    with pytest.raises(Conflict):
        reserve(session, "hello")


def test_a_voucher_that_was_voided_can_still_be_redeemed_where_a_till_holds_it(
    session: Session,
) -> None:
    voucher = new_voucher(session).voucher_id
    code = service.codes.code_of(voucher, KEY)
    held = reserve(session, code)
    service.void(session, voucher, programme_id=PROGRAMME)
    assert redeem(session, held.id).state == "redeemed"
    with pytest.raises(Conflict):
        reserve(session, code)


@both_databases
@pytest.mark.parametrize(
    "statement", ["UPDATE voucher_terms SET value = 1", "DELETE FROM voucher_rollback"]
)
def test_what_was_promised_and_given_back_cannot_be_changed(
    session: Session, statement: str
) -> None:
    roll_back(session, redeem_now(session, new_code(session)).id)
    with (
        pytest.raises((IntegrityError, DatabaseError), match="append-only"),
        session.begin_nested(),
    ):
        session.execute(text(statement))


def test_letting_go_of_an_owner_leaves_the_sums(session: Session) -> None:
    code = new_code(session, "nina", uses=2)
    redeem_now(session, code, basket=basket(2000, owner_id="nina"))
    assert len(written.export(session, PROGRAMME, "nina")) == 1
    service.disown(session, PROGRAMME, "nina")
    assert written.export(session, PROGRAMME, "nina") == []
    assert state_of(session, code) == "void"
    check(session)
