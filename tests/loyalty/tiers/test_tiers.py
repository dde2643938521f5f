"""Ladders in versions, standings as noted, rises told once, and what another ladder would do."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core import clock
from core.clock import FixedClock
from core.errors import Invalid, NotFound
from core.transaction import Database
from loyalty.tiers import queries, service
from loyalty.tiers.models import TierChange, TierStanding
from loyalty.tiers.rules import Credit, Tier
from tests.builders.points import PROGRAMME
from tests.builders.races import race
from tests.builders.tiers import TIERS, ladder, new_tiers, review
from tests.conftest import both_databases


def told(session: Session, owner_id: str = "nina") -> list[tuple[str | None, str, bool]]:
    rows = queries.changes(session, PROGRAMME, owner_id)
    return [(row.before, row.tier, row.is_up) for row in reversed(rows)]


def test_the_ladder_in_force_published_again_is_no_new_version(session: Session) -> None:
    assert new_tiers(session) == 1
    assert new_tiers(session) == 1
    assert new_tiers(session, grace_days=31) == 2
    found = queries.find_ladder(session, PROGRAMME)
    assert found is not None
    assert found.ladder == ladder(grace_days=31)
    assert queries.find_ladder(session, "another") is None


def test_a_ladder_that_makes_no_sense_is_not_published(session: Session) -> None:
    with pytest.raises(Invalid):
        new_tiers(session, tiers=())
    assert queries.find_ladder(session, PROGRAMME) is None


def test_without_tiers_nobody_stands_anywhere(session: Session) -> None:
    with pytest.raises(NotFound):
        review(session, "nina", 500)
    assert queries.find_tier(session, PROGRAMME, "nina") is None


def test_every_rise_and_fall_is_noted_once(session: Session) -> None:
    new_tiers(session)
    for credits_ in ((), (), (120,), (120,), (120, 200), (50,)):
        review(session, "nina", *credits_)
    assert told(session) == [
        (None, "classic", True),
        ("classic", "silver", True),
        ("silver", "gold", True),
        ("gold", "classic", False),
    ]
    assert queries.counts(session, PROGRAMME) == {"classic": 1}
    assert service.miscounted(session, PROGRAMME) == []


def test_a_review_says_what_was_left(session: Session) -> None:
    new_tiers(session)
    assert review(session, "nina", 120).left is None
    found = review(session, "nina", 120, 200)
    assert (found.left, found.is_up, found.standing.tier.code) == ("silver", True, "gold")
    again = review(session, "nina", 120, 200)
    assert (again.left, again.is_up) == (None, False)


def test_whose_tier_ran_out_is_due_and_whoever_stands_on_an_older_ladder(session: Session) -> None:
    new_tiers(session)
    review(session, "nina", 120)
    review(session, "sarah", 10)
    now = clock.now()
    assert queries.due(session, PROGRAMME, now=now, most=9) == []
    later = now + timedelta(days=366)
    assert queries.due(session, PROGRAMME, now=later, most=9) == ["nina"]
    new_tiers(session, grace_days=10)
    assert queries.due(session, PROGRAMME, now=now, most=9) == ["nina", "sarah"]
    assert queries.due(session, PROGRAMME, now=now, most=1) == ["nina"]
    review(session, "nina", 120)
    assert queries.due(session, PROGRAMME, now=now, most=9) == ["sarah"]


def test_a_tier_that_is_gone_is_left_for_the_one_that_credits_reach(session: Session) -> None:
    new_tiers(session, tiers=(*TIERS, Tier("diamond", "Diamond", 1000)))
    review(session, "nina", 1000)
    new_tiers(session)
    found = review(session, "nina", 1000)
    assert (found.left, found.standing.tier.code) == ("diamond", "gold")


def test_what_another_ladder_would_do_is_told_and_changes_nothing(session: Session) -> None:
    dearer = ladder(tiers=(TIERS[0], Tier("silver", "Silver", 200), Tier("gold", "Gold", 300)))
    now = clock.now()
    members = [
        (name, tier, [Credit(now, credits_)])
        for name, tier, credits_ in (("a", "silver", 150), ("b", "silver", 250), ("c", "gold", 300))
    ]
    moved = service.preview(dearer, members, now=now)
    assert [(one.owner_id, one.would_be_in.code) for one in moved] == [("a", "classic")]
    assert queries.find_ladder(session, PROGRAMME) is None


def test_a_standing_that_was_changed_behind_our_back_is_found(session: Session) -> None:
    new_tiers(session)
    review(session, "nina", 120)
    session.execute(update(TierStanding).values(tier="gold"))
    assert service.miscounted(session, PROGRAMME) == ["nina"]


def test_nothing_is_left_of_whoever_is_forgotten(session: Session) -> None:
    new_tiers(session)
    review(session, "nina", 120)
    service.forget(session, PROGRAMME, "nina")
    assert queries.find_tier(session, PROGRAMME, "nina") is None
    assert told(session) == []


@pytest.mark.proof(rounds=250)
@both_databases
def test_reviews_of_one_member_at_once_note_one_rise(db: Database) -> None:
    with db.write() as session:
        new_tiers(session)
        review(session, "nina")

    def look(_: int) -> bool:
        with db.write() as session:
            return review(session, "nina", 120).left is not None

    assert sum(race(look, attempts=24)) == 1
    with db.read() as session:
        assert len(told(session)) == 2


@pytest.mark.proof(rounds=250)
@both_databases
def test_first_reviews_at_once_are_one_beginning(db: Database) -> None:
    with db.write() as session:
        new_tiers(session)

    def look(_: int) -> str:
        with db.write() as session:
            return review(session, "nina", 120).standing.tier.code

    assert set(race(look, attempts=24)) == {"silver"}
    with db.read() as session:
        assert told(session) == [(None, "silver", True)]


@both_databases
def test_a_clock_that_was_set_back_moves_nobody_and_notes_nothing(
    session: Session, clock: FixedClock
) -> None:
    new_tiers(session)
    how = {"programme_id": PROGRAMME, "joined_at": clock.now(), "owner_id": "nina"}
    clock.advance(days=2)
    earned = [Credit(clock.now(), 150)]
    assert service.review(session, **how, earned=earned, now=clock.now()).is_up
    noted = session.scalars(select(TierChange.id)).all()
    for back in (timedelta(days=1), timedelta(days=30), timedelta(seconds=1), timedelta()):
        now = clock.now() - back
        found = service.review(session, **how, earned=earned, now=now)
        assert (found.standing.tier.code, found.left) == ("silver", None)
    assert session.scalars(select(TierChange.id)).all() == noted
    # Later credits than the clock shows wait until it shows them, and are noted once.
    more = [*earned, Credit(clock.now() + timedelta(days=1), 200)]
    for hours, left in ((-1, None), (1, None), (25, "silver"), (1, None)):
        now = clock.now() + timedelta(hours=hours)
        assert service.review(session, **how, earned=more, now=now).left == left
