"""Campaigns over past receipts: the very numbers that giving for the same receipts comes to."""

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from core import clock as core_clock
from core.clock import FixedClock
from core.transaction import Database
from loyalty.campaigns import books, queries, service
from loyalty.campaigns.definition import Definition, read_campaign
from loyalty.campaigns.foresee import FEWEST_MEMBERS, Forecast
from loyalty.ledger import queries as ledger
from retail.brands.queries import StoreView
from retail.journeys.campaigns.book_gifts import source_of
from retail.journeys.campaigns.simulate_campaigns import past_purchases, simulate_campaigns
from tests.builders.brands import new_store
from tests.builders.campaigns import new_campaign, past_shop, told
from tests.builders.receipts import new_receipt
from tests.builders.till import open_till
from tests.conftest import both_databases

pytestmark = both_databases

TENTH = {"kind": "percent_off", "per_cent": 10}
PLANS: list[dict[str, Any]] = [
    told(TENTH, limits={"uses_each": 2}, priority=5, conditions=[{"kind": "buyer"}]),
    told(
        {"kind": "amount_off", "amount_minor": 777, "scope": {"includes": ["category:coats"]}},
        limits={"budget_minor": 5000},
    ),
    told(
        {"kind": "points_per_unit", "points": "1.5"},
        limits={"budget_points": 3000},
        conditions=[{"kind": "purchase_number", "at_least": 2, "at_most": 9}],
    ),
    told(TENTH, conditions=[{"kind": "weekdays", "days": [6, 7]}], limits={"uses": 3}),
]


def simulated(db: Database, store: StoreView, plans: dict[str, Definition], days: int) -> Any:
    with db.read() as session:
        until = core_clock.now()
        since = until - timedelta(days=days)
        return simulate_campaigns(session, store.brand_id, plans, since=since, until=until)


def test_giving_for_the_same_receipts_comes_to_the_same(db: Database, clock: FixedClock) -> None:
    with db.write() as session:
        store, receipts = past_shop(session)
        begins = {"programme_id": store.brand_id, "starts_at": receipts[0].sold_at}
        campaigns = [new_campaign(session, read_campaign(one), **begins) for one in PLANS]
    plans = {one.id: one.definition for one in campaigns}
    forecast: Forecast = simulated(db, store, plans, 30).forecast
    with db.write() as session:
        span = {"since": receipts[0].sold_at, "until": clock.now()}
        for number, facts in enumerate(past_purchases(session, store.brand_id, **span)):
            service.execute(
                session, store.brand_id, facts, source=f"past:{number}", now=facts.basket.at
            )
    with db.read() as session:
        given = {one.id: one.used for one in queries.campaigns(session, store.brand_id)}
    foreseen = {one.campaign_id: one.total for one in forecast.costs}
    for key, used in given.items():
        total = foreseen[key]
        sums = (total.baskets, total.discount_minor, total.points)
        assert sums == (used.uses, used.spent_minor, used.spent_points)
    assert all(one.baskets for one in foreseen.values())
    assert foreseen[campaigns[0].id].baskets == 6
    assert foreseen[campaigns[1].id].discount_minor == 777 * 6
    assert foreseen[campaigns[3].id].baskets == 3


def test_the_weeks_sum_to_the_total_and_few_members_are_not_told(
    db: Database, clock: FixedClock
) -> None:
    del clock
    with db.write() as session:
        store, receipts = past_shop(session)
    plans = {"a": read_campaign(told(TENTH)), "b": read_campaign(told(TENTH, priority=9))}
    found = simulated(db, store, plans, 30)
    forecast = found.forecast
    assert (forecast.baskets, found.currency, found.is_cut) == (len(receipts), "GBP", False)
    assert forecast.takings_minor == sum(one.total_minor for one in receipts)
    for cost in forecast.costs:
        assert sum(week.discount_minor for week in cost.weeks.values()) == cost.total.discount_minor
        assert set(cost.weeks) <= set(forecast.mondays)
        assert FEWEST_MEMBERS > 3
        assert cost.members is None
    assert forecast.discount_minor == sum(one.total.discount_minor for one in forecast.costs)


def test_credits_are_told_like_points_in_all_and_by_week(db: Database, clock: FixedClock) -> None:
    del clock
    with db.write() as session:
        store, receipts = past_shop(session)
    to_all = {"kind": "points", "points": 7, "wallet": "credits"}
    plans = {"a": read_campaign(told(to_all, {"kind": "points", "points": 2}))}
    forecast = simulated(db, store, plans, 30).forecast
    known = sum(one.member_id is not None for one in receipts)
    assert (forecast.points, forecast.credits) == (2 * known, 7 * known)
    (cost,) = forecast.costs
    assert sum(week.credits for week in cost.weeks.values()) == cost.total.credits == 7 * known > 0


def test_only_the_span_and_the_brand_are_read(db: Database, clock: FixedClock) -> None:
    with db.write() as session:
        store, receipts = past_shop(session)
        stranger = new_store(session)
        new_receipt(session, store=stranger, sold_at=clock.now() - timedelta(days=1))
    found = simulated(db, store, {"a": read_campaign(told(TENTH))}, 5)
    late = [one for one in receipts if one.sold_at >= clock.now() - timedelta(days=5)]
    assert found.forecast.baskets == len(late) == 5


def test_of_too_many_receipts_the_last_are_read(
    db: Database, clock: FixedClock, monkeypatch: Any
) -> None:
    monkeypatch.setattr("retail.journeys.campaigns.simulate_campaigns.MOST_RECEIPTS", 7)
    monkeypatch.setattr("retail.receipts.sold.CHUNK", 3)
    with db.write() as session:
        store, receipts = past_shop(session)
    found = simulated(db, store, {"a": read_campaign(told(TENTH))}, 30)
    assert (found.forecast.baskets, found.is_cut) == (7, True)
    assert found.since == sorted(one.sold_at for one in receipts)[-7]


def test_goods_that_the_catalogue_does_not_know_have_no_labels(
    db: Database, clock: FixedClock
) -> None:
    with db.write() as session:
        store = new_store(session, slug="soho")
        new_receipt(session, store=store, sold_at=clock.now() - timedelta(hours=1))
        span = {"since": clock.now() - timedelta(days=1), "until": clock.now()}
        (facts,) = past_purchases(session, store.brand_id, **span)
    assert [line.labels for line in facts.basket.lines] == [frozenset()]
    assert facts.basket.labels == {"store:soho"}
    assert (facts.basket.owner_id, facts.purchases) == (None, None)


def test_goods_are_labelled_by_sku_style_and_category_and_purchases_are_counted(
    db: Database, clock: FixedClock
) -> None:
    with db.write() as session:
        store, receipts = past_shop(session, days=8)
        span = {"since": clock.now() - timedelta(days=30), "until": clock.now()}
        found = list(past_purchases(session, store.brand_id, **span))
    kinds = {label.partition(":")[0] for label in found[0].basket.lines[0].labels}
    assert kinds == {"sku", "style", "category"}
    mine = [one.purchases for one in found if one.basket.owner_id == receipts[1].member_id]
    assert len(mine) > 1
    assert mine == list(range(len(mine)))


BACK_PLANS = (
    told(TENTH, limits={"uses": 3}, priority=5),
    told(
        {"kind": "points_per_unit", "points": "1.5"},
        {"kind": "voucher", "terms": "Thank you"},
        limits={"uses_each": 2},
        conditions=[{"kind": "buyer"}],
    ),
    told({"kind": "points_per_unit", "points": "0.7"}, limits={"budget_points": 60}),
    told({"kind": "points_per_unit", "points": "1", "wallet": "credits"}, limits={"uses": 4}),
)
# Sales by their totals, and what comes back of them: whose number, and pieces of four of each line.
A_FEW_DAYS: tuple[tuple[str, tuple[int, ...]], ...] = (
    *(("sell", (2_000, 1_010)), ("sell", (3_333,)), ("sell", (500, 1_999, 42))),
    *(("0", (1, 2)), ("sell", (4_000,)), ("0", (2, 0)), ("0", ()), ("sell", (2_500, 1_000))),
    *(("1", ()), ("sell", (1_234,)), ("2", (4, 4, 1)), ("sell", (6_000,)), ("3", (3,))),
)


def test_what_came_back_is_taken_off_as_tills_take_it_back(db: Database, clock: FixedClock) -> None:
    with db.write() as session:
        till = open_till(session, TENTH)
        brand_id, began = till.store.brand_id, clock.now()
        service.stop(session, till.campaign_id, programme_id=brand_id)
        ids = [
            new_campaign(session, read_campaign(one), programme_id=brand_id).id
            for one in BACK_PLANS
        ]
        receipts: list[str] = []
        for step, (deed, numbers) in enumerate(A_FEW_DAYS):
            clock.advance(hours=1)
            if deed == "sell":
                number = f"S-{step}"
                till.give(session, number, *numbers)
                sold_at = core_clock.now()
                receipts.append(till.sell(session, number, *numbers, sold_at=sold_at))
            else:
                till.refund(session, receipts[int(deed)], f"B-{step}", *numbers)
        plans = dict(zip(ids, map(read_campaign, BACK_PLANS), strict=True))
        until = clock.now() + timedelta(seconds=1)
        forecast = simulate_campaigns(session, brand_id, plans, since=began, until=until).forecast
        executed = given_and_kept(session, brand_id, ids)
    foreseen = [
        (one.baskets, one.discount_minor, one.points, one.credits)
        for one in (cost.total for cost in forecast.costs)
    ]
    assert foreseen == executed
    assert [one[0] for one in executed] == [3, 2, 3, 4]
    for cost in forecast.costs:
        assert sum(week.points for week in cost.weeks.values()) == cost.total.points


def given_and_kept(
    session: Session, brand_id: str, ids: list[str]
) -> list[tuple[int, int, int, int]]:
    """What each campaign really gave and what of it was not taken back: uses, money, wallets."""
    sums = {one: [0, 0, 0, 0] for one in ids}
    for use in books.all_uses(session, brand_id):
        if use.is_taken_back:
            continue
        mine = sums[use.campaign_id]
        mine[0], mine[1] = mine[0] + 1, mine[1] + use.discount_minor
        for place, wallet in ((2, "points"), (3, "credits")):
            effect = ledger.find_effect(session, brand_id, source_of(use.id, wallet))
            mine[place] += effect.points - effect.reversed_points if effect else 0
    return [tuple(one) for one in sums.values()]  # type: ignore[misc]
