"""Rewards as the library knows them: offered once, taken while there are any, given back once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import clock
from core.clock import FixedClock
from core.errors import Conflict, Invalid, NotFound
from core.transaction import Database
from loyalty.rewards import queries, service
from loyalty.rewards.models import RewardShelf
from tests.builders.points import PROGRAMME
from tests.builders.rewards import put_on_shelf, take, take_back
from tests.conftest import both_databases

HOUR = timedelta(hours=1)


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises(Conflict) as found:
        act()
    return found.value.code


@pytest.mark.parametrize(
    ("offered", "taken_before", "code"),
    [
        ({"starts_at": HOUR}, 0, "reward_too_early"),
        ({"ends_at": timedelta(0)}, 0, "reward_over"),
        ({"stock": 1}, 1, "reward_gone"),
        ({"per_owner": 2}, 2, "reward_limit_reached"),
        ({"tier": "gold"}, 0, "reward_tier_needed"),
    ],
)
def test_each_refusal_has_its_reason_and_leaves_nothing(
    session: Session, offered: dict[str, Any], taken_before: int, code: str
) -> None:
    when = {name: clock.now() + one for name, one in offered.items() if isinstance(one, timedelta)}
    reward = put_on_shelf(session, **offered | when)
    for _ in range(taken_before):
        take(session, reward.id)
    assert refusal(lambda: take(session, reward.id)) == code
    left = queries.get_reward(session, reward.id, programme_id=PROGRAMME)
    assert left.taken == taken_before
    assert len(queries.taken_by(session, PROGRAMME, "nina")) == taken_before
    assert queries.verify(session) == []


def test_the_limit_of_one_owner_is_nobody_elses(session: Session) -> None:
    reward = put_on_shelf(session, per_owner=1, tier="gold")
    for owner in ("nina", "sarah"):
        take(session, reward.id, owner, tiers=frozenset({"silver", "gold"}))


def test_a_wish_is_granted_once_for_ever(session: Session) -> None:
    reward, other = put_on_shelf(session, stock=1), put_on_shelf(session)
    first = take(session, reward.id, source="wish")
    service.stop(session, reward.id, programme_id=PROGRAMME, now=clock.now())
    again = take(session, reward.id, source="wish")
    assert (first.is_new, again.is_new, again.exchange) == (True, False, first.exchange)
    assert refusal(lambda: take(session, other.id, source="wish")) == "source_differs"
    assert refusal(lambda: take(session, reward.id, "sarah", source="wish")) == "source_differs"


def test_what_is_given_back_can_be_had_again_by_anybody(session: Session) -> None:
    reward = put_on_shelf(session, stock=1, per_owner=1)
    taken = take(session, reward.id).exchange
    assert take_back(session, taken.id, owner_id="nina").is_new
    assert not take_back(session, taken.id, owner_id="nina").is_new
    assert take(session, reward.id).is_new
    assert queries.verify(session) == []


def test_the_owner_is_too_late_where_staff_are_not(session: Session, clock: FixedClock) -> None:
    reward = put_on_shelf(session, undo_minutes=60)
    taken = take(session, reward.id).exchange
    clock.instant += HOUR
    mine = {"owner_id": "nina"}
    assert refusal(lambda: take_back(session, taken.id, **mine)) == "undo_too_late"
    assert take_back(session, taken.id, by="staff").exchange.back_by == "staff"


def test_what_is_somebody_elses_is_absent(session: Session) -> None:
    reward = put_on_shelf(session)
    taken = take(session, reward.id).exchange
    for act in (
        lambda: take_back(session, taken.id, owner_id="sarah"),
        lambda: take_back(session, taken.id, programme_id="other"),
        lambda: take(session, reward.id, programme_id="other"),
        lambda: service.stop(session, reward.id, programme_id="other", now=clock.now()),
    ):
        with pytest.raises(NotFound):
            act()


def test_a_reference_is_one_reward_for_ever(session: Session) -> None:
    first = put_on_shelf(session, reference="tote")
    assert put_on_shelf(session, reference="tote") == first
    dearer = refusal(lambda: put_on_shelf(session, reference="tote", price=200))
    more = refusal(lambda: put_on_shelf(session, reference="tote", stock=5))
    assert dearer == more == "reward_differs"


def test_every_field_that_is_wrong_is_named(session: Session) -> None:
    now = clock.now()
    wrong: dict[str, Any] = {"title": " ", "price": 0, "stock": 0, "per_owner": 0}
    wrong |= {"valid_days": 1.5, "undo_minutes": -1, "starts_at": now, "ends_at": now}
    with pytest.raises(Invalid) as found:
        put_on_shelf(session, **wrong)
    assert found.value.data["fields"].keys() == wrong.keys() - {"starts_at"}


@both_databases
def test_the_database_itself_keeps_rewards_as_they_were_offered(db: Database) -> None:
    with db.write() as session:
        reward = put_on_shelf(session, stock=1)
    for change in ("UPDATE reward SET price = 1", "DELETE FROM reward"):
        with pytest.raises(IntegrityError), db.write() as session:
            session.execute(text(change))
    with pytest.raises(IntegrityError), db.write() as session:
        session.execute(text("UPDATE reward_shelf SET taken = 2"))
    with db.read() as session:
        assert session.get_one(RewardShelf, reward.id).taken == 0


def test_a_shelf_that_counts_otherwise_is_found(session: Session) -> None:
    reward = put_on_shelf(session)
    take(session, reward.id)
    session.execute(text("UPDATE reward_shelf SET taken = 5"))
    (found,) = queries.verify(session)
    assert (found.rule, found.subject) == ("R1", reward.id)
    assert found.detail == "5 are counted, 1 were taken"
