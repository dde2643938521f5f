"""Which days a marketer asks of, by which window sales are credited, and what gifts cost."""

import csv
import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from core import clock as core_clock
from core.clock import FixedClock
from core.transaction import Database
from loyalty.leaderboards import queries as leaderboards
from loyalty.prizes import service as prizes
from loyalty.prizes.rules import Worth, shown_code
from retail.accounts.queries import MemberView
from retail.brands.queries import StoreView
from retail.journeys.looks.like import like
from tests.builders.brands import new_store
from tests.builders.influence import come_and_buy
from tests.builders.league import new_league
from tests.builders.offers import new_adult
from tests.builders.staff import new_integrator_key
from tests.builders.visitor import Visitor
from tests.conftest import KEY
from tests.web.pages.test_engagement_page import cells
from tests.web.pages.test_influencers_page import (
    DESK,
    OF_NOVEMBER,
    marketer,
    month_is_over,
    sold,
)
from web.auth import settings

Visit = Callable[[], Visitor]


@pytest.fixture
def store(db: Database) -> StoreView:
    with db.write() as session:
        store = new_store(session, slug="leeds")
        new_league(session, store.brand_id)
        return store


def test_days_may_be_chosen_and_what_is_in_no_whole_batch_of_them_is_left_out(
    app: Flask, db: Database, store: StoreView, visit: Visit, clock: FixedClock
) -> None:
    _, look, piece = sold(db, store, 12)
    clock.advance(days=2)
    with app.app_context(), db.write() as session:
        come_and_buy(session, store, look, piece, 11)
        _, key = new_integrator_key(session, store.brand_id, key=settings().key)
    month_is_over(clock)
    page = marketer(db, store.brand_id, visit)

    def sales(days: str) -> str:
        file = page.open(f"{DESK}/figures.csv?{days}").text
        lines = list(csv.DictReader(file.splitlines()))
        return lines[0]["attributed_sales_minor"] if lines else "nobody"

    assert sales(OF_NOVEMBER) == str(23 * piece.price_minor)
    assert sales("from=2026-11-01&until=2026-11-30") == str(23 * piece.price_minor)
    first = sales("from=2026-11-01&until=2026-11-23")
    assert first in (str(10 * piece.price_minor), "nobody"), "two are in the next batch"
    assert sales("from=2026-11-23&until=2026-11-23") in ("nobody", "not shown")
    headers = {"Authorization": f"Bearer {key}"}
    told = app.test_client().get(
        "/api/v1/influencers?from=2026-11-01&until=2026-11-29", headers=headers
    )
    assert (told.json["month_on"], told.json["why"]) == (None, "not_a_month")
    assert told.json["windows"] == [{"since": "2026-11-01", "days": 14}]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("from=2026-11-30&until=2026-11-01", "It ends on the day on which it begins"),
        ("from=2025-11-01&until=2026-11-01", "Choose a day from 2026-06-01"),
        ("from=2026-11-01", "Say until which day."),
        ("from=yesterday&until=2026-11-01", "Write a date, such as 2026-11-01."),
    ],
)
def test_days_that_are_none_are_said_and_the_table_stays(
    db: Database, store: StoreView, visit: Visit, asked: str, said: str
) -> None:
    page = marketer(db, store.brand_id, visit).open(f"{DESK}?{asked}")
    assert (page.status, said in page.text) == (422, True)
    assert "so this is November 2026" in page.text


def test_a_season_of_the_league_may_be_chosen(db: Database, store: StoreView, visit: Visit) -> None:
    page = marketer(db, store.brand_id, visit).open(DESK)
    (season_id,) = re.findall(r'value="([0-9A-Z]{26})">League week of 16 November', page.text)
    page.open(f"{DESK}?period={season_id}")
    assert (page.status, "batches of 10 people" in page.text) == (200, True)
    assert page.open(f"{DESK}?period={'0' * 26}").status == 404


def test_the_window_is_chosen_for_months_to_come_and_remembered(
    db: Database, store: StoreView, visit: Visit, clock: FixedClock
) -> None:
    page = marketer(db, store.brand_id, visit).open(DESK)
    assert page.send(f"{DESK}/window", days="61").status == 422
    page.send(f"{DESK}/window", days="7")
    text = " ".join(page.text.split())
    assert "From 1 December on a sale is credited by this" in text
    assert "within 14 days: a link" in text
    month_is_over(clock)
    page = marketer(db, store.brand_id, visit)
    assert "within 7 days: a link" in page.open(DESK).text
    assert "within 14 days: a link" in page.open(f"{DESK}?{OF_NOVEMBER}").text
    both = page.open(f"{DESK}?from=2026-11-30&until=2026-12-01").text
    assert "within 14 days, from 1 December on 7 days: a link" in both


def test_gifts_cost_what_their_prize_says_and_those_of_before_are_said_to_be_left_out(
    db: Database, store: StoreView, visit: Visit, clock: FixedClock
) -> None:
    stylist, *_ = sold(db, store, 12)
    with db.write() as session:
        for place, value in enumerate((2_500, 0), start=1):
            worth = Worth("gift", value, "GBP" if value else None, "Silk scarf")
            hand_gift(session, store, stylist, worth, place)
    month_is_over(clock)
    page = marketer(db, store.brand_id, visit).open(f"{DESK}?{OF_NOVEMBER}")
    assert "1 gift is left out of the costs" in page.text
    (line,) = csv.DictReader(page.open(f"{DESK}/figures.csv?{OF_NOVEMBER}").text.splitlines())
    assert (line["gifts_minor"], line["gifts_without_value"]) == ("2500", "1")
    assert line["cost_minor"] == "2500"


def hand_gift(
    session: Session, store: StoreView, stylist: MemberView, worth: Worth, place: int
) -> None:
    """A stylist won a gift and has it."""
    season = leaderboards.open_seasons(session, store.brand_id, core_clock.now())[0]
    view = prizes.award(
        session,
        programme_id=store.brand_id,
        contest_id=season.id,
        place=place,
        turn=0,
        owner_id=stylist.id,
        source=f"prize:{season.id}:{place}",
        worth=worth,
        is_held=False,
        zone=store.zone,
        now=core_clock.now(),
        key=KEY,
    )
    assert view is not None
    code = shown_code(view, KEY)
    prizes.collect(
        session, code, programme_id=store.brand_id, by_id="x", now=core_clock.now(), key=KEY
    )


def test_where_sales_of_nobody_are_told_there_is_no_total_of_nought(
    db: Database, store: StoreView, visit: Visit, clock: FixedClock
) -> None:
    _, look, _ = sold(db, store, 9)
    with db.write() as session:
        fan = new_adult(session, store.brand_id, "Ada")
        like(session, look, member=fan, share_id=None, now=clock.now())
    month_is_over(clock)
    page = marketer(db, store.brand_id, visit).open(f"{DESK}?{OF_NOVEMBER}").text
    (row,) = cells(page, "people")
    assert [row[2], row[4]] == ["10", "not shown"]
    assert "£0" not in page
