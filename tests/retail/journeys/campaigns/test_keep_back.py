"""Members who are kept back from campaigns get nothing of them, by whatever door they come."""

from datetime import timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from core.clock import FixedClock
from core.transaction import Database
from loyalty.campaigns import queries as campaigns
from loyalty.campaigns.evaluate import UNKNOWN_BUYER
from loyalty.experiments import queries
from loyalty.experiments.rules import EVERYTHING, stands
from retail.accounts.queries import MemberView
from retail.journeys.baskets.as_basket import Goods
from retail.journeys.campaigns.give_gifts import AskedBasket
from retail.journeys.campaigns.keep_back import KEPT_BACK, KEPT_BACK_FROM_ALL
from retail.journeys.campaigns.run_campaign import start_campaign, stop_campaign
from retail.journeys.campaigns.simulate_campaigns import simulate_campaigns
from retail.journeys.points.past_purchases import past_purchases
from retail.journeys.vouchers.price_basket import PricedBasket, price_basket
from tests.builders.accounts import new_member
from tests.builders.experiments import new_experiment
from tests.builders.friends import befriend
from tests.builders.races import meeting, race
from tests.builders.receipts import new_receipt
from tests.builders.till import Till, measured_till, new_in_arm, open_till
from tests.conftest import both_databases

TENTH = {"kind": "percent_off", "per_cent": 10}
THANKS = {"kind": "voucher", "terms": "Thank you"}


def asked(session: Session, till: Till, member: MemberView | None) -> PricedBasket:
    """What a till is told beforehand."""
    goods = (Goods(Decimal(4), 10_000),)
    basket = AskedBasket(till.store.currency, goods, member.id if member else None)
    return price_basket(session, basket, **till.who)


def gave(priced: PricedBasket) -> tuple[int, int, int]:
    return priced.discount_minor, priced.points, len(priced.vouchers)


def reasons(priced: PricedBasket) -> set[str]:
    return {reason for one in priced.reasons for reason in one.reasons}


@both_databases
def test_whoever_is_held_out_gets_nothing_and_the_till_is_told_why(
    db: Database, clock: FixedClock
) -> None:
    with db.write() as session:
        till = measured_till(session, TENTH, {"kind": "points", "points": 7}, THANKS)
        spared, treated = (new_in_arm(session, till, arm) for arm in ("holdout", "treatment"))
        for number, member in enumerate((spared, treated)):
            foreseen = asked(session, till, member)
            given = till.give(session, f"A{number}", 10_000, member_id=member.id)
            assert gave(given) == gave(foreseen)
            assert given.reasons == foreseen.reasons
        assert gave(asked(session, till, treated)) == (1000, 7, 1)
        assert gave(asked(session, till, spared)) == (0, 0, 0)
        assert reasons(asked(session, till, spared)) == {KEPT_BACK}
        assert queries.exposed(session, till.campaign_id) == {"treatment": 1, "holdout": 1}


def test_a_preview_draws_nobody_and_notes_nothing(session: Session, clock: FixedClock) -> None:
    till = measured_till(session, TENTH)
    asked(session, till, till.member)
    assert queries.clusters(session, till.campaign_id) == {}
    assert queries.exposed(session, till.campaign_id) == {"treatment": 0, "holdout": 0}


def test_nobody_gets_it_by_not_saying_who_they_are(session: Session, clock: FixedClock) -> None:
    till = measured_till(session, TENTH)
    priced = asked(session, till, None)
    assert gave(priced) == (0, 0, 0)
    assert reasons(priced) == {UNKNOWN_BUYER}
    assert gave(till.give(session, "A1", 10_000, member_id=None)) == (0, 0, 0)


def test_without_a_holdout_nobody_is_asked(session: Session, clock: FixedClock) -> None:
    till = open_till(session, TENTH)
    assert gave(asked(session, till, None)) == (1000, 0, 0)
    till.give(session, "A1", 10_000)
    assert queries.experiments(session, till.store.brand_id) == []


def test_friends_stand_together(session: Session, clock: FixedClock) -> None:
    till = measured_till(session, TENTH)
    first = new_in_arm(session, till, "holdout")
    friend = new_in_arm(session, till, "treatment")
    befriend(session, first, friend)
    till.give(session, "A1", 10_000, member_id=first.id)
    assert reasons(asked(session, till, friend)) == {KEPT_BACK}
    assert gave(till.give(session, "A2", 10_000, member_id=friend.id)) == (0, 0, 0)
    assert len(set(queries.clusters(session, till.campaign_id).values())) == 1


def test_a_minor_takes_part_in_no_experiment(session: Session, clock: FixedClock) -> None:
    till = measured_till(session, TENTH)
    spared = new_in_arm(session, till, "holdout")
    born = clock.now().date() - timedelta(days=15 * 366)
    while True:
        minor = new_member(session, till.store.brand_id, birth_on=born)
        if stands(till.campaign_id, minor.id, 500).arm == "holdout":
            break
    assert gave(till.give(session, "A1", 10_000, member_id=minor.id)) == (1000, 0, 0)
    assert gave(till.give(session, "A2", 10_000, member_id=spared.id)) == (0, 0, 0)
    assert list(queries.clusters(session, till.campaign_id)) == [spared.id]


def test_a_holdout_from_everything_keeps_back_from_every_campaign(
    session: Session, clock: FixedClock
) -> None:
    till = open_till(session, TENTH)
    everything = new_experiment(
        session, programme_id=till.store.brand_id, treatment=EVERYTHING, holdout=500
    )
    found = {
        stands(everything.id, one.id, 500).arm: asked(session, till, one)
        for one in [new_member(session, till.store.brand_id) for _ in range(30)]
    }
    assert gave(found["treatment"]) == (1000, 0, 0)
    assert gave(found["holdout"]) == (0, 0, 0)
    assert reasons(found["holdout"]) == {KEPT_BACK_FROM_ALL}
    assert gave(asked(session, till, None)) == (0, 0, 0)


def test_stopped_and_started_again_everybody_stands_where_they_stood(
    session: Session, clock: FixedClock
) -> None:
    till = measured_till(session, TENTH)
    brand_id = {"programme_id": till.store.brand_id}
    spared = new_in_arm(session, till, "holdout")
    till.give(session, "A1", 10_000, member_id=spared.id)
    before = queries.get(session, till.campaign_id, **brand_id)
    clock.advance(hours=1)
    stop_campaign(session, till.campaign_id, now=clock.now(), **brand_id)
    assert not queries.get(session, till.campaign_id, **brand_id).is_running(clock.now())
    start_campaign(session, till.campaign_id, **brand_id, now=clock.now())
    assert queries.get(session, till.campaign_id, **brand_id) == before
    assert reasons(asked(session, till, spared)) == {KEPT_BACK}


@both_databases
def test_two_tills_at_once_get_one_answer(db: Database, clock: FixedClock) -> None:
    with db.write() as session:
        till = measured_till(session, TENTH)
        members = [new_member(session, till.store.brand_id) for _ in range(3)]

    def price(attempt: int) -> tuple[str, int]:
        member = members[attempt // 4]
        with db.write() as session:
            given = till.give(session, f"A{attempt}", 10_000, member_id=member.id)
        return member.id, given.discount_minor

    answers = set(race(price, attempts=12))
    assert len(answers) == len(members)
    with db.read() as session:
        assert sum(queries.exposed(session, till.campaign_id).values()) == len(members)


@both_databases
def test_tills_that_draw_by_lot_are_caught(db: Database, clock: FixedClock) -> None:
    with db.write() as session:
        till = measured_till(session, TENTH)
    everybody_read = meeting(2)

    def price(attempt: int) -> bool:
        with db.read() as session:
            found = queries.find_assignment(session, till.campaign_id, till.member.id)
        everybody_read()
        # Nobody was drawn yet, so each takes the next lot.
        return attempt == 0 if found is None else found.arm == "holdout"

    assert len(set(race(price, attempts=2, threads=2))) == 2


def test_a_forecast_counts_the_holdout_to_the_penny(session: Session, clock: FixedClock) -> None:
    till = measured_till(session, TENTH, starts_at=clock.now() - timedelta(days=20))
    brand_id = till.store.brand_id
    members = [new_member(session, brand_id) for _ in range(8)]
    befriend(session, members[0], *members[1:3])
    for day in range(16):
        member = members[day % 8] if day % 3 else None
        sold_at = clock.now() - timedelta(days=16 - day)
        new_receipt(session, store=till.store, member=member, sold_at=sold_at)
    span = {"since": clock.now() - timedelta(days=18), "until": clock.now()}
    plan = campaigns.started(session, brand_id, now=clock.now())
    foreseen = simulate_campaigns(session, brand_id, plan, **span).forecast
    purchases = list(past_purchases(session, brand_id, **span))
    given = [
        till.give(
            session,
            f"A{number}",
            one.basket.total_minor,
            member_id=one.basket.owner_id,
            at=one.basket.at,
        )
        for number, one in enumerate(purchases)
    ]
    assert 0 < foreseen.discount_minor == sum(one.discount_minor for one in given)
    assert foreseen.costs[0].total.baskets < sum(1 for one in purchases if one.basket.owner_id)
    again = simulate_campaigns(session, brand_id, plan, **span).forecast
    assert again.discount_minor == foreseen.discount_minor


def test_a_campaign_stopped_before_its_start_leaves_no_experiment_that_never_ends(
    session: Session, clock: FixedClock
) -> None:
    till = measured_till(session, TENTH, starts_at=clock.now() + timedelta(days=1))
    brand_id = {"programme_id": till.store.brand_id}
    planned = queries.get(session, till.campaign_id, **brand_id)
    for _ in range(2):
        stop_campaign(session, till.campaign_id, now=clock.now(), **brand_id)
        assert queries.experiments(session, till.store.brand_id) == []
    start_campaign(session, till.campaign_id, now=clock.now(), **brand_id)
    assert queries.experiments(session, till.store.brand_id) == [planned]
    clock.advance(days=1, hours=1)
    till.give(session, "A1", 10_000)
    stop_campaign(session, till.campaign_id, now=clock.now(), **brand_id)
    (ended,) = queries.experiments(session, till.store.brand_id)
    assert ended.ends_at == clock.now()
