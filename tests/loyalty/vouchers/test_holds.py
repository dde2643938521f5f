"""What owners hold themselves: for a while, one basket's, and never in a till's way."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from core import clock as core_clock
from core.clock import FixedClock
from core.errors import Conflict, NotFound
from loyalty.vouchers import holds, redemptions, service
from tests.builders.points import PROGRAMME
from tests.builders.vouchers import (
    QUARTER,
    basket,
    hold,
    new_code,
    quote,
    redeem,
    redeem_now,
    release,
    reserve,
    uses_left,
)
from tests.conftest import KEY, NOON, both_databases
from tests.loyalty.vouchers.asking import check, state_of, why

NINA: dict[str, Any] = {"basket": basket(owner_id="nina", at=NOON)}


def held(session: Session, owner: str = "nina") -> Any:
    return holds.find_hold(session, PROGRAMME, owner, now=core_clock.now())


def asked(session: Session, *codes: str, owner: str = "nina") -> Any:
    what = {"programme_id": PROGRAMME, "now": core_clock.now(), "key": KEY}
    return holds.quote(session, basket=basket(owner_id=owner), codes=codes, **what)


def extend(session: Session, hold_id: str, minutes: int, owner: str = "nina") -> Any:
    now = core_clock.now()
    how = {"programme_id": PROGRAMME, "holder_id": owner, "now": now}
    return holds.extend(session, hold_id, until=now + timedelta(minutes=minutes), **how)


@both_databases
def test_a_hold_keeps_others_from_a_voucher_and_its_owner_from_nothing(session: Session) -> None:
    code = new_code(session)
    kept = hold(session, code)
    assert (kept.state, kept.discount_minor, uses_left(session, code)) == ("reserved", 500, 0)
    assert held(session) == kept
    with pytest.raises(Conflict) as refusal:
        hold(session, code, owner="sarah")
    assert why(refusal) == ["unknown"]
    assert asked(session, code).discount_minor == 500
    check(session)


@both_databases
@pytest.mark.parametrize("knows_member", [True, False])
def test_a_till_takes_what_its_owner_holds_whether_or_not_it_knows_whose_it_is(
    session: Session, knows_member: bool
) -> None:
    code = new_code(session, "nina")
    kept = hold(session, code)
    values = NINA if knows_member else {}
    assert quote(session, code, **values).discount_minor == 500
    assert held(session) == kept
    assert redeem_now(session, code, **values).discount_minor == 500
    assert held(session) is None
    assert state_of(session, code) == "redeemed"
    check(session)


@both_databases
def test_a_till_is_brought_what_is_held_and_gives_back_what_no_longer_applies(
    session: Session,
) -> None:
    good = new_code(session, "nina", stacking="stackable")
    dear = new_code(session, "nina", stacking="stackable", minimum_minor=2000)
    hold(session, good, dear)
    cheaper: dict[str, Any] = {"basket": basket(1500, owner_id="nina"), "with_held": True}
    assert quote(session, **cheaper).discount_minor == 500
    sold = redeem_now(session, source="sale", **cheaper)
    assert [one.ends_in for one in sold.vouchers] == [good[-4:]]
    assert [(one.ends_in, one.reason) for one in sold.refused] == [(dear[-4:], "below_minimum")]
    assert (uses_left(session, good), uses_left(session, dear)) == (0, 1)
    # Sent again, it is answered, although nothing is held any more.
    assert redeem_now(session, source="sale", **cheaper) == sold
    check(session)


@both_databases
def test_a_repeated_sale_does_not_end_what_was_held_since(session: Session) -> None:
    code = new_code(session, "nina", uses=2)
    sold = redeem_now(session, code, source="sale", **NINA)
    kept = hold(session, code)
    assert redeem_now(session, code, source="sale", **NINA) == sold
    assert held(session) == kept
    check(session)


@both_databases
def test_where_nothing_counts_at_the_till_the_hold_stays(session: Session) -> None:
    kept = hold(session, new_code(session, "nina", minimum_minor=2000))
    with pytest.raises(Conflict) as refusal, session.begin_nested():
        redeem_now(session, basket=basket(100, owner_id="nina"), with_held=True)
    assert why(refusal) == ["below_minimum"]
    assert held(session) == kept


@both_databases
def test_money_and_uses_that_an_owner_holds_are_theirs_at_the_till(session: Session) -> None:
    """Held for one voucher, used for another of the same campaign or terms."""
    terms = {"campaign_id": "may", "uses_per_owner": 1}
    held_code, shown = (new_code(session, "nina", **terms) for _ in range(2))
    limit = {"campaign_id": "may", "currency": "GBP", "limit_minor": 500}
    service.set_budget(session, programme_id=PROGRAMME, **limit)  # type: ignore[arg-type]
    hold(session, held_code)
    assert redeem_now(session, shown).discount_minor == 500
    assert uses_left(session, held_code) == 1
    check(session)


@both_databases
def test_a_till_takes_a_strangers_code_out_of_a_hold_and_leaves_the_rest(
    session: Session,
) -> None:
    printed = new_code(session, stacking="stackable")
    own = new_code(session, "nina", stacking="stackable", value=300)
    hold(session, printed, own)
    redeem_now(session, printed)
    kept = held(session)
    assert [one.ends_in for one in kept.vouchers] == [own[-4:]]
    assert kept.discount_minor == 300
    check(session)


@both_databases
def test_holding_anew_is_instead_of_what_was_held_unless_nothing_counts(session: Session) -> None:
    first, second = (new_code(session, "nina") for _ in range(2))
    hold(session, first)
    kept = hold(session, second)
    assert (uses_left(session, first), uses_left(session, second)) == (1, 0)
    with pytest.raises(Conflict), session.begin_nested():
        hold(session, new_code(session, "sarah"))
    assert held(session) == kept
    check(session)


@both_databases
def test_a_hold_that_is_sent_again_is_the_same_whatever_came_after(session: Session) -> None:
    first, second = (new_code(session, "nina") for _ in range(2))
    kept = hold(session, first, source="tap")
    assert hold(session, first, source="tap") == kept
    now = hold(session, second)
    assert hold(session, first, source="tap").state == "released"
    assert held(session) == now
    check(session)


@both_databases
def test_to_who_types_it_a_code_of_others_is_as_one_that_does_not_exist(session: Session) -> None:
    gone, others, void = new_code(session), new_code(session, "sarah"), new_code(session)
    redeem_now(session, gone)
    service.void(session, _id_of(session, void), programme_id=PROGRAMME)
    found = asked(session, gone, others, void, "0000-0000-0000-0000")
    assert {(one.reason, one.voucher_id) for one in found.refused} == {("unknown", None)}
    assert len(found.refused) == 4


def _id_of(session: Session, code: str) -> str:
    return quote(session, code).vouchers[0].voucher_id


@both_databases
def test_a_hold_ends_at_its_time_and_can_be_held_anew_before_any_job(
    session: Session, clock: FixedClock
) -> None:
    code = new_code(session, "nina")
    kept = hold(session, code)
    clock.advance(minutes=15)
    assert held(session) is None
    with pytest.raises(Conflict), session.begin_nested():
        redeem_now(session, with_held=True, basket=basket(owner_id="nina"))
    assert hold(session, code).state == "reserved"
    assert not redemptions.lapse(session, kept.id, now=core_clock.now())
    check(session)


@both_databases
def test_a_holder_asks_for_more_time_until_it_is_enough(
    session: Session, clock: FixedClock
) -> None:
    kept = hold(session, new_code(session, "nina"))
    clock.advance(minutes=14)
    longer = extend(session, kept.id, 15)
    assert longer.reserved_until == NOON + timedelta(minutes=29)
    assert extend(session, kept.id, 5) == longer
    assert not redemptions.lapse(session, kept.id, now=NOON + QUARTER)
    assert extend(session, kept.id, 90).reserved_until == NOON + holds.HELD_AT_MOST
    with pytest.raises(Conflict, match="longer"):
        extend(session, kept.id, 90)
    clock.advance(minutes=46)
    with pytest.raises(Conflict, match="over"):
        extend(session, kept.id, 15)


@both_databases
def test_tills_know_no_hold_and_holders_nothing_else(session: Session) -> None:
    kept, at_till = hold(session, new_code(session, "nina")), reserve(session, new_code(session))
    for way in (redeem, release):
        with pytest.raises(NotFound):
            way(session, kept.id)
    for holder in ("nina", "sarah"):
        with pytest.raises(NotFound):
            extend(session, at_till.id, 15, owner=holder)
    with pytest.raises(NotFound):
        extend(session, kept.id, 15, owner="sarah")
    whose = {"programme_id": PROGRAMME, "holder_id": "nina", "now": NOON}
    assert redemptions.release(session, kept.id, **whose).state == "released"  # type: ignore[arg-type]
    check(session)
