"""Awards: once for each source, under the terms of then, exact under races, and recomputable."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from core.errors import Conflict
from core.transaction import Database
from loyalty.baskets.rules import Basket, Line
from loyalty.earning import queries, service
from loyalty.earning.queries import Award
from loyalty.earning.rules import points_in
from tests.builders.points import PROGRAMME
from tests.builders.races import race
from tests.builders.terms import POUNDS, give_terms
from tests.conftest import both_databases

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def basket(total_minor: int, at: datetime = NOON) -> Basket:
    return Basket(
        "GBP", "Europe/London", at, (Line("1", frozenset({"sku:A"}), Decimal(1), total_minor),)
    )


def award(
    session: Session, source: str, total_minor: int, owner_id: str = "nina", at: datetime = NOON
) -> tuple[Award, bool]:
    terms = queries.current_terms(session, PROGRAMME)
    assert terms is not None
    return service.award_purchase(
        session,
        terms,
        programme_id=PROGRAMME,
        source=source,
        owner_id=owner_id,
        basket=basket(total_minor, at),
    )


def test_a_source_is_awarded_once_under_the_terms_of_then(session: Session) -> None:
    give_terms(session, PROGRAMME)
    first, is_new = award(session, "receipt:1", 1_000)
    give_terms(session, PROGRAMME, POUNDS | {"points": 3})
    again, is_new_again = award(session, "receipt:1", 1_000)
    assert (is_new, is_new_again, again) == (True, False, first)
    assert points_in(award(session, "receipt:2", 1_000)[0].parts, "points") == 30
    assert list(queries.differing(session)) == []


@pytest.mark.parametrize("other", [{"owner_id": "sarah"}, {"total_minor": 999}])
def test_a_source_cannot_come_back_as_something_else(
    session: Session, other: dict[str, str]
) -> None:
    give_terms(session, PROGRAMME)
    asked = {"source": "receipt:1", "total_minor": 1_000}
    award(session, **asked)  # type: ignore[arg-type]
    with pytest.raises(Conflict, match="something else"):
        award(session, **(asked | other))  # type: ignore[arg-type]


def test_the_same_terms_again_are_no_new_version(session: Session) -> None:
    assert [give_terms(session, PROGRAMME).version for _ in range(2)] == [1, 1]
    assert give_terms(session, PROGRAMME, POUNDS | {"points": 2}).version == 2


def test_a_cap_of_a_day_ends_with_the_day_of_the_store(session: Session) -> None:
    give_terms(session, PROGRAMME, POUNDS | {"caps": {"per_day": 15}})
    late = datetime(2026, 11, 22, 23, 59, tzinfo=UTC)
    for source, at, points in (
        ("receipt:1", NOON, 10),
        ("receipt:2", late, 5),
        ("receipt:3", late, 0),
        ("receipt:4", datetime(2026, 11, 23, tzinfo=UTC), 10),
    ):
        found, _ = award(session, source, 1_000, at=at)
        assert points_in(found.parts, "points") == points
    assert list(queries.differing(session)) == []


def test_a_cap_of_a_period_counts_its_days_and_a_first_purchase_is_one(session: Session) -> None:
    give_terms(
        session,
        PROGRAMME,
        POUNDS | {"caps": {"per_period": 15, "period_days": 7}},
        {"id": "welcome", "kind": "first_purchase", "points": 50},
    )
    days = (22, 25, 29)
    found = [
        award(session, f"receipt:{day}", 1_000, at=datetime(2026, 11, day, tzinfo=UTC))[0]
        for day in days
    ]
    assert [points_in(one.parts, "points") for one in found] == [60, 5, 10]


def check_cap(db: Database) -> None:
    with db.read() as session:
        found = queries.awards_of(session, PROGRAMME, "nina")
        assert sum(points_in(one.parts, "points") for one in found) == 50
        assert list(queries.differing(session)) == []


@both_databases
def test_purchases_at_once_never_earn_beyond_a_cap(db: Database) -> None:
    with db.write() as session:
        give_terms(session, PROGRAMME, POUNDS | {"caps": {"per_day": 50}})

    def buy(attempt: int) -> None:
        with db.write() as session:
            award(session, f"receipt:{attempt}", 1_000)

    race(buy, attempts=16)
    check_cap(db)


@both_databases
def test_reading_first_what_a_cap_leaves_is_caught(db: Database) -> None:
    """The control: two that read before either wrote give more than the cap, for certain."""
    with db.write() as session:
        give_terms(session, PROGRAMME, POUNDS | {"caps": {"per_day": 50}})
        award(session, "receipt:0", 4_000)
    with db.read() as session:
        terms = queries.current_terms(session, PROGRAMME)
        assert terms is not None
        seen = service.facts_now(session, terms, PROGRAMME, "nina", at=NOON, zone="Europe/London")
    for source in ("receipt:1", "receipt:2"):
        with db.write() as session:
            service.keep(session, terms, PROGRAMME, source, "nina", basket(1_000), seen)
    with pytest.raises(AssertionError):
        check_cap(db)


@both_databases
def test_an_award_that_was_changed_is_named(db: Database) -> None:
    with db.write() as session:
        give_terms(session, PROGRAMME)
        award(session, "receipt:1", 1_000)
    with db.write() as session:
        on_table = " ON earning_award_part" if session.get_bind().dialect.name != "sqlite" else ""
        session.execute(text(f"DROP TRIGGER earning_award_part_refuses_update{on_table}"))
        session.execute(text("UPDATE earning_award_part SET points = 11"))
        (off,) = queries.differing(session)
        assert (off.source, off.kept, off.computed) == ("receipt:1", 11, 10)
        session.rollback()
