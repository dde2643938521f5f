"""Points are earned, spent and taken back, once for each source."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock as core_clock
from core.errors import Conflict, Invalid, NotFound
from loyalty.ledger import books, queries
from loyalty.ledger.models import LedgerAccount
from loyalty.ledger.rules import OWNED
from tests.builders.points import PROGRAMME, earn, reverse, spend
from tests.conftest import both_databases


def balance(session: Session, owner_id: str = "nina") -> int:
    return queries.balance(session, PROGRAMME, owner_id)


def test_a_member_nobody_has_met_has_no_points(session: Session) -> None:
    assert balance(session) == 0
    assert queries.statement(session, PROGRAMME, "nina") == []
    assert queries.find_effect(session, PROGRAMME, "receipt:1") is None


def test_earning_takes_from_the_programme_what_it_gives(session: Session) -> None:
    earn(session, "nina", 120)
    spend(session, "nina", 50)
    assert balance(session) == 70
    assert queries.pot_balance(session, PROGRAMME, "programme") == -70


def test_a_prize_comes_out_of_its_own_pot(session: Session) -> None:
    earn(session, "nina", 100, pot="prize_budget")
    assert queries.pot_balance(session, PROGRAMME, "prize_budget") == -100
    assert queries.pot_balance(session, PROGRAMME, "programme") == 0


def test_a_repeated_source_answers_and_changes_nothing(session: Session) -> None:
    first = earn(session, "nina", 120, source="receipt:1")
    again = earn(session, "nina", 120, source="receipt:1")
    assert (first.is_new, again.is_new) == (True, False)
    assert first.transaction_id == again.transaction_id
    assert balance(session) == 120


@pytest.mark.parametrize("other", [{"owner_id": "sarah"}, {"points": 119}])
def test_a_source_cannot_come_back_with_another_effect(
    session: Session, other: dict[str, Any]
) -> None:
    asked = {"owner_id": "nina", "points": 120, "source": "receipt:1"}
    earn(session, **asked)
    with pytest.raises(Conflict, match="another effect"):
        earn(session, **(asked | other))
    assert balance(session) == 120
    assert balance(session, "sarah") == 0


def test_the_same_source_in_another_programme_is_another_source(session: Session) -> None:
    earn(session, "nina", 5, source="receipt:1")
    assert earn(session, "nina", 7, source="receipt:1", programme_id="02OTHER").is_new
    assert balance(session) == 5
    assert queries.balance(session, "02OTHER", "nina") == 7


def test_a_refused_spend_leaves_its_source_unused(session: Session) -> None:
    earn(session, "nina", 10)
    with pytest.raises(Conflict, match="not enough points"):
        spend(session, "nina", 11, source="voucher:1")
    assert queries.find_effect(session, PROGRAMME, "voucher:1") is None
    assert spend(session, "nina", 10, source="voucher:1").is_new
    assert books.verify(session) == []


def test_a_spend_repeated_after_the_points_are_gone_gives_its_first_answer(
    session: Session,
) -> None:
    earn(session, "nina", 10)
    spend(session, "nina", 10, source="voucher:1")
    assert not spend(session, "nina", 10, source="voucher:1").is_new


@pytest.mark.parametrize("points", [0, -1, 1.0, 1.5, True, "1", 10**12 + 1])
def test_points_are_whole_numbers_from_one(session: Session, points: Any) -> None:
    for change in (earn, spend):
        with pytest.raises(Invalid) as refusal:
            change(session, "nina", points)
        assert "points" in refusal.value.data["fields"]
    earn(session, "nina", 1, source="receipt:1")
    with pytest.raises(Invalid):
        reverse(session, "receipt:1", points)


def test_a_statement_lists_the_newest_first_and_can_be_paged(session: Session) -> None:
    for number in range(1, 6):
        earn(session, "nina", number, source=f"receipt:{number}", reason="purchase")
        earn(session, "sarah", 9)
    first = queries.statement(session, PROGRAMME, "nina", limit=3)
    rest = queries.statement(session, PROGRAMME, "nina", after=first[-1].id, limit=3)
    assert [(line.points, line.balance_after) for line in first + rest] == [
        (5, 15),
        (4, 10),
        (3, 6),
        (2, 3),
        (1, 1),
    ]
    assert {(line.reason, line.is_reversal) for line in first} == {("purchase", False)}
    assert first[0].source == "receipt:5"


def test_a_reversal_takes_back_all_that_is_left(session: Session) -> None:
    earn(session, "nina", 100, source="receipt:1")
    reverse(session, "receipt:1", 30, source="return:1")
    reverse(session, "receipt:1", source="return:2")
    effect = queries.find_effect(session, PROGRAMME, "receipt:1")
    assert effect is not None
    assert (effect.owner_id, effect.points, effect.reversed_points) == ("nina", 100, 100)
    assert balance(session) == 0
    assert queries.statement(session, PROGRAMME, "nina")[0].is_reversal


def test_more_than_was_earned_is_never_taken_back(session: Session) -> None:
    earn(session, "nina", 100, source="receipt:1")
    reverse(session, "receipt:1", 70)
    with pytest.raises(Conflict) as refusal:
        reverse(session, "receipt:1", 31, source="return:2")
    assert refusal.value.data["left_points"] == 30
    reverse(session, "receipt:1", 30, source="return:2")
    with pytest.raises(Conflict):
        reverse(session, "receipt:1")
    assert balance(session) == 0


def test_a_reversal_is_repeated_without_effect(session: Session) -> None:
    earn(session, "nina", 100, source="receipt:1")
    first = reverse(session, "receipt:1", 40, source="return:1")
    assert reverse(session, "receipt:1", 40, source="return:1").transaction_id == (
        first.transaction_id
    )
    with pytest.raises(Conflict, match="another effect"):
        reverse(session, "receipt:1", 41, source="return:1")
    with pytest.raises(Conflict, match="another effect"):
        reverse(session, "receipt:1", source="receipt:1")
    assert balance(session) == 60


def test_points_returned_after_they_were_spent_are_owed(session: Session) -> None:
    earn(session, "nina", 100, source="receipt:1")
    spend(session, "nina", 80)
    reverse(session, "receipt:1")
    assert balance(session) == -80
    with pytest.raises(Conflict, match="not enough points"):
        spend(session, "nina", 1)
    earn(session, "nina", 50)
    assert balance(session) == -30
    earn(session, "nina", 50)
    spend(session, "nina", 20)
    assert balance(session) == 0
    assert books.verify(session) == []


def test_a_spend_taken_back_gives_the_points_again(session: Session) -> None:
    earn(session, "nina", 100)
    spend(session, "nina", 60, source="voucher:1")
    reverse(session, "voucher:1", 60)
    assert balance(session) == 100
    assert queries.pot_balance(session, PROGRAMME, "programme") == -100


def test_only_what_was_posted_can_be_reversed_and_only_once(session: Session) -> None:
    with pytest.raises(NotFound):
        reverse(session, "receipt:1")
    earn(session, "nina", 1, source="receipt:1")
    reverse(session, "receipt:1", source="return:1")
    with pytest.raises(Conflict, match="cannot be reversed"):
        reverse(session, "return:1")


def test_wallets_are_counted_apart_and_unknown_ones_refused(session: Session) -> None:
    earn(session, "nina", 10, source="receipt:1")
    earn(session, "nina", 4, source="receipt:1:credits", wallet="credits")
    with pytest.raises(Conflict, match="not enough points"):
        spend(session, "nina", 5, wallet="credits")
    assert (balance(session), queries.balance(session, PROGRAMME, "nina", "credits")) == (10, 4)
    for change in (earn, spend):
        with pytest.raises(Invalid) as refusal:
            change(session, "nina", 1, wallet="stars")
        assert "wallet" in refusal.value.data["fields"]
    assert books.verify(session) == []


@both_databases
def test_a_source_that_is_used_opens_no_account_for_somebody_else(session: Session) -> None:
    earn(session, "nina", 100, source="receipt:1")
    for kind in ({}, {"available_at": core_clock.now()}, {"wallet": "credits"}):
        with pytest.raises(Conflict, match="another effect"):
            earn(session, "sarah", 100, source="receipt:1", **kind)
    owners = session.scalars(select(LedgerAccount.owner_id).where(LedgerAccount.kind.in_(OWNED)))
    assert set(owners) == {"nina"}
