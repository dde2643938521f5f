"""What stylists add: measured on those kept from it, and told of nobody who could be guessed."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import FixedClock
from core.errors import Conflict
from loyalty.experiments import queries as experiments
from retail.consent import service as consent
from retail.consent.rules import FRIEND_OFFERS, LEAGUE, OFFERS
from retail.influence import queries
from retail.influence.models import InfluenceAudience
from retail.journeys.influence.keep_from_influence import MANY_FRIENDS, start_keeping
from retail.journeys.influence.measure_influence import measure_influence
from tests.builders.accounts import give_consent
from tests.builders.influence import (
    after,
    buy_and_be_drawn,
    circles_of,
    live_through_a_month,
    new_salon,
    new_teller,
)
from tests.conftest import both_databases
from tests.scale import times

SIZES = [1, 2, 3] * 13


@pytest.mark.proof
def test_a_known_effect_and_what_friends_pass_on_are_found_from_the_till_to_the_board(
    session: Session, clock: FixedClock
) -> None:
    """Members, friends, the draw at the till and purchases, as they are; only the effect is ours.

    Of twenty such months one may miss the truth, and at most four do but for once in 3,000 tries.
    """
    months = times(1, 20)
    tried = [holds_the_truth(session, clock, seed) for seed in range(1, months + 1)]
    told = [one for one in tried if one is not None]
    assert len(told) >= months * 0.8
    assert told.count(False) <= (4 if months >= 20 else 0)


def holds_the_truth(session: Session, clock: FixedClock, seed: int) -> bool | None:
    """Whether the board's interval does; None where the lot gave one side too few circles."""
    salon = new_salon(session, seed=seed)
    truth = live_through_a_month(session, salon, circles_of(session, salon, SIZES))
    early = measure_influence(session, salon.asked(), now=clock.now() + timedelta(minutes=1))
    assert (early.why, early.lift, early.days_left > 14) == ("early", None, True)
    board = measure_influence(session, salon.asked(), now=after(salon.month))
    if board.lift is None:
        assert board.why == "few"
        return None
    drawn = experiments.exposures(session, salon.experiment_id)
    assert len({one.cluster_id for one in drawn}) == len(SIZES), "friends were drawn together"
    (grace,) = board.rows
    assert (grace.name, grace.lift) == ("Grace L.", board.lift)
    treated = sum(one.arm == "treatment" for one in drawn) // 10 * 10
    return board.lift.extra_low_minor <= truth * treated <= board.lift.extra_high_minor


def test_whoever_is_kept_back_hears_of_nobody_and_those_beside_them_do(
    session: Session, clock: FixedClock
) -> None:
    salon = new_salon(session, holdout=1000)
    ((kept,),) = circles_of(session, salon, [1])
    give_consent(session, kept, OFFERS)
    assert buy_and_be_drawn(session, salon.store, kept, 1_000) is False
    assert buy_and_be_drawn(session, salon.store, kept, 1_000) is False
    (row,) = queries.spoken_of(session, salon.store.brand_id, salon.month)
    assert (row.stylist_id, row.member_id, row.arm) == (salon.stylist.id, kept.id, "holdout")
    open_salon = new_salon(session, holdout=0, seed=2)
    ((free,),) = circles_of(session, open_salon, [1])
    give_consent(session, free, OFFERS)
    assert buy_and_be_drawn(session, open_salon.store, free, 1_000) is True


def test_nobody_is_drawn_for_friends_who_did_not_agree_to_be_spoken_of(
    session: Session, clock: FixedClock
) -> None:
    salon = new_salon(session, holdout=1000)
    ((buyer,),) = circles_of(session, salon, [1])
    give_consent(session, buyer, OFFERS)
    who = {"member_id": salon.stylist.id, "brand_id": salon.store.brand_id, "now": clock.now()}
    consent.withdraw(session, purpose=FRIEND_OFFERS, **who)
    assert buy_and_be_drawn(session, salon.store, buyer, 1_000) is True
    assert queries.spoken_of(session, salon.store.brand_id, salon.month) == []
    assert experiments.exposures(session, salon.experiment_id) == []


def test_those_whom_many_circles_have_in_common_tie_none_of_them(
    session: Session, clock: FixedClock
) -> None:
    salon = new_salon(session)
    everybody = circles_of(session, salon, [1] * MANY_FRIENDS)
    give_consent(session, salon.stylist, OFFERS)
    for (member,) in everybody[:3]:
        give_consent(session, member, OFFERS)
        give_consent(session, member, FRIEND_OFFERS)
    for one in (salon.stylist, *(member for (member,) in everybody[:3])):
        buy_and_be_drawn(session, salon.store, one, 1_000)
    found = experiments.clusters(session, salon.experiment_id)
    assert len(set(found.values())) >= 3
    others = [found[member.id] for (member,) in everybody[:3]]
    assert len(set(others)) == 3


def test_some_are_kept_from_it_once_at_a_time(session: Session, clock: FixedClock) -> None:
    salon = new_salon(session)
    with pytest.raises(Conflict):
        start_keeping(session, salon.store.brand_id, holdout=10, now=clock.now())


def test_without_a_holdout_and_with_few_circles_no_lift_is_told(
    session: Session, clock: FixedClock
) -> None:
    salon = new_salon(session)
    board = measure_influence(session, salon.asked(), now=after(salon.month))
    assert (board.why, board.lift, board.rows) == ("no_holdout", None, ())
    live_through_a_month(session, salon, circles_of(session, salon, [2, 2, 1]))
    board = measure_influence(session, salon.asked(), now=after(salon.month))
    assert (board.why, board.lift, board.rows) == ("few", None, ())


def test_who_leaves_the_league_is_on_no_board_and_in_no_figure(
    session: Session, clock: FixedClock
) -> None:
    salon = new_salon(session)
    live_through_a_month(session, salon, circles_of(session, salon, [1] * 28))
    assert measure_influence(session, salon.asked(), now=after(salon.month)).lift is not None
    who = {"member_id": salon.stylist.id, "brand_id": salon.store.brand_id, "now": clock.now()}
    consent.withdraw(session, purpose=LEAGUE, **who)
    board = measure_influence(session, salon.asked(), now=after(salon.month))
    assert (board.rows, board.lift) == ((), None)


@both_databases
def test_who_was_asked_about_is_noted_once_in_a_month(session: Session, clock: FixedClock) -> None:
    salon = new_salon(session)
    ((buyer,),) = circles_of(session, salon, [1])
    other = new_teller(session, salon.store, "Nina Okafor")
    give_consent(session, buyer, OFFERS)
    for _ in range(2):
        buy_and_be_drawn(session, salon.store, buyer, 1_000)
    rows = session.scalars(select(InfluenceAudience)).all()
    assert [(row.stylist_id, row.member_id) for row in rows] == [(salon.stylist.id, buyer.id)]
    assert other.id not in {row.stylist_id for row in rows}
    board = measure_influence(session, salon.asked(), now=after(salon.month))
    assert board.rows == ()
