"""Who moves people, at the desk, as a file and in the API; and a stylist's own page."""

import csv
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from core import clock as core_clock
from core.clock import FixedClock
from core.transaction import Database
from retail.accounts.queries import MemberView
from retail.brands import queries as brands
from retail.brands.queries import StoreView
from retail.catalogue.queries import VariantView
from retail.consent import service as consent
from retail.consent.rules import LEAGUE, SHARING
from retail.journeys.influence.measure_influence import measure_influence, trace_looks
from retail.journeys.league.season_close import close_due_seasons
from retail.outfits import queries as outfits
from retail.receipts import service as selling
from retail.receipts.returns import ReturnInput
from tests.builders.accounts import give_consent, sign_in
from tests.builders.brands import new_store
from tests.builders.influence import (
    asked_of,
    buy_piece,
    circles_of,
    come_and_buy,
    live_through_a_month,
    look_that_travels,
    new_salon,
)
from tests.builders.league import fold, new_league
from tests.builders.offers import new_adult, offer_anything
from tests.builders.staff import new_integrator_key
from tests.builders.staff_accounts import COOKIE, new_staff, sign_in_staff
from tests.builders.visitor import Visitor
from tests.conftest import both_databases
from tests.web.pages.test_engagement_page import cells
from web.auth import settings

Visit = Callable[[], Visitor]
DESK = "/staff/influencers"
NOVEMBER, OF_NOVEMBER = date(2026, 11, 1), "month=2026-11"


@pytest.fixture
def store(db: Database) -> StoreView:
    with db.write() as session:
        store = new_store(session, slug="leeds")
        new_league(session, store.brand_id)
        return store


def marketer(
    db: Database, brand_id: str, visit: Visit, store_id: str | None = None, role: str = "marketer"
) -> Visitor:
    with db.write() as session:
        staff = new_staff(session, brand_id, role=role, store_id=store_id)
        return visit().sign_in(sign_in_staff(session, staff), cookie=COOKIE)


def sold(
    db: Database, store: StoreView, people: int, name: str = "Chloe Martin"
) -> tuple[MemberView, str, VariantView]:
    with db.write() as session:
        stylist, look, piece = look_that_travels(session, store, name)
        come_and_buy(session, store, look, piece, people)
    return stylist, look, piece


def month_is_over(clock: FixedClock) -> None:
    clock.instant = datetime(2026, 12, 1, 9, tzinfo=UTC)


def money(minor: int) -> str:
    return f"£{minor // 100:,}"


def test_without_anything_the_page_says_what_to_do(
    db: Database, store: StoreView, visit: Visit
) -> None:
    page = marketer(db, store.brand_id, visit).open(DESK)
    assert (page.status, "Nothing to tell of yet" in page.text) == (200, True)


def test_sales_by_links_stand_beside_likes_at_desk_file_and_api(
    app: Flask, db: Database, store: StoreView, visit: Visit, clock: FixedClock
) -> None:
    stylist, _, piece = sold(db, store, 12, name="=Chloe Martin")
    month_is_over(clock)
    page = marketer(db, store.brand_id, visit).open(f"{DESK}?{OF_NOVEMBER}")
    (row,) = cells(page.text, "people")
    assert [row[0], row[2], row[4]] == ["", "12", money(12 * piece.price_minor)]
    assert "not measured" in row[5]
    (line,) = csv.DictReader(page.open(f"{DESK}/figures.csv?{OF_NOVEMBER}").text.splitlines())
    assert line["attributed_sales_minor"] == str(12 * piece.price_minor)
    assert line["stylist"].startswith("'=")
    assert "12 people" in " ".join(page.open(f"{DESK}/{stylist.id}?{OF_NOVEMBER}").text.split())
    with app.app_context(), db.write() as session:
        _, key = new_integrator_key(session, store.brand_id, key=settings().key)
    headers = {"Authorization": f"Bearer {key}"}
    board = f"/api/v1/influencers?sort=sales&{OF_NOVEMBER}"
    told = app.test_client().get(board, headers=headers).json
    (one,) = told["influencers"]
    assert (one["stylist_id"], one["sales_minor"]) == (stylist.id, 12 * piece.price_minor)
    assert (told["why"], told["next_after"]) == ("no_holdout", None)
    one = f"/api/v1/influencers/{stylist.id}?{OF_NOVEMBER}"
    travels = app.test_client().get(one, headers=headers).json
    assert [tier["people"] for tier in travels["tiers"]] == [12, None, None]
    assert app.test_client().get("/api/v1/influencers/none", headers=headers).status_code == 404


def test_what_comes_back_is_taken_off_and_sales_of_few_people_are_not_shown(
    db: Database, store: StoreView, visit: Visit, clock: FixedClock
) -> None:
    with db.write() as session:
        _, look, piece = look_that_travels(session, store)
        *_, last = come_and_buy(session, store, look, piece, 10)
        clock.advance(hours=2)
        again = buy_piece(session, store, last, piece)
        clock.advance(hours=2)
        given = ReturnInput(number="R-1", returned_at=clock.now())
        selling.record_return(session, again.id, given=given, now=clock.now())
        month_is_over(clock)
        board = measure_influence(session, asked_of(store.brand_id, NOVEMBER), now=clock.now())
        assert board.rows[0].sales_minor == 10 * piece.price_minor
    clock.instant -= timedelta(days=5)
    sold(db, store, 9, name="Nina Okafor")
    month_is_over(clock)
    page = marketer(db, store.brand_id, visit).open(f"{DESK}?sort=sales&{OF_NOVEMBER}")
    told = {row[1]: row[4] for row in cells(page.text, "people")}
    assert set(told.values()) == {"not shown"}, "Chloe's goes with Nina's, which would follow"


def test_a_store_is_told_only_where_the_rest_gives_nobody_away(
    db: Database, store: StoreView, clock: FixedClock
) -> None:
    with db.write() as session:
        brand = brands.get_brand(session, store.brand_id)
        other = new_store(session, brand=brand, slug="york")
        _, look, piece = look_that_travels(session, store)
        come_and_buy(session, store, look, piece, 15)
        come_and_buy(session, other, look, piece, 4)
        month_is_over(clock)
        for where, shown in ((None, 19), (store, None), (other, None)):
            asked = asked_of(brand.id, NOVEMBER, store=where)
            (row,) = measure_influence(session, asked, now=clock.now()).rows
            assert row.sales_minor == (shown and shown * piece.price_minor), where
        clock.instant -= timedelta(days=5)
        come_and_buy(session, other, look, piece, 6)
        month_is_over(clock)
        asked = asked_of(brand.id, NOVEMBER, store=other)
        (row,) = measure_influence(session, asked, now=clock.now()).rows
        assert row.sales_minor == 10 * piece.price_minor


@both_databases
def test_a_look_is_followed_to_those_who_came_by_whoever_came(
    db: Database, store: StoreView, clock: FixedClock
) -> None:
    with db.write() as session:
        _, look, piece = look_that_travels(session, store)
        maya, *_ = come_and_buy(session, store, look, piece, 12)
        give_consent(session, maya, SHARING)
        clock.advance(hours=2)
        come_and_buy(session, store, look, piece, 11, by=maya)
        month_is_over(clock)
        asked = asked_of(store.brand_id, NOVEMBER)
        board = measure_influence(session, asked, now=clock.now())
        (row,) = board.rows
        travels = trace_looks(session, asked, row, now=clock.now())
        found = [(one.people, one.sales_minor) for one in travels.tiers]
        assert found[:2] == [(12, 12 * piece.price_minor), (11, 11 * piece.price_minor)]
        assert board.tiers == travels.tiers


def test_all_states_of_lift_are_said_in_words(
    db: Database, visit: Visit, clock: FixedClock
) -> None:
    with db.write() as session:
        salon = new_salon(session)
        live_through_a_month(session, salon, circles_of(session, salon, [1, 2, 3] * 13))
    clock.advance(minutes=5)
    page = marketer(db, salon.store.brand_id, visit)
    month = f"{salon.month.on:%Y-%m}"
    early = page.open(f"{DESK}?month={month}")
    assert "Nothing to tell of yet" in early.text
    assert "Nothing to decide before" in early.text
    clock.instant = salon.month.settles_at + timedelta(minutes=1)
    page = marketer(db, salon.store.brand_id, visit).open(f"{DESK}?month={month}")
    assert "Clear lift" in page.text
    assert "95% confident it is between £" in page.text
    assert 'class="ci clear"' in page.text
    one = page.open(f"{DESK}/{salon.stylist.id}?month={month}")
    assert (one.status, "Clear lift" in one.text) == (200, True)
    assert page.open(f"{DESK}?month={month}&hundred_points=much").status == 422


def test_keeping_back_is_started_and_ended_at_the_desk(
    db: Database, store: StoreView, visit: Visit, clock: FixedClock
) -> None:
    page = marketer(db, store.brand_id, visit).open(DESK)
    assert page.send(f"{DESK}/holdout", holdout="501").status == 422
    page.send(f"{DESK}/holdout", holdout="100")
    assert "10% of members are kept back" in " ".join(page.text.split())
    clock.advance(minutes=1)
    assert "Friends’ influence" in page.open("/staff/experiments").text
    page.open(DESK).send(f"{DESK}/holdout/end")
    assert "Nobody is kept back any more" in page.text


def test_assistants_see_nothing_and_who_works_in_one_store_no_lift(
    db: Database, store: StoreView, visit: Visit, clock: FixedClock
) -> None:
    stylist, *_ = sold(db, store, 12)
    clock.advance(hours=2)
    assert marketer(db, store.brand_id, visit, role="assistant").open(DESK).status == 403
    page = marketer(db, store.brand_id, visit, store_id=store.id).open(DESK)
    assert "All stores only" in page.text
    assert "Spend lift" not in page.text
    assert page.open(f"{DESK}/{stylist.id}").status == 404
    assert page.open(f"{DESK}?store=york").status == 404


def test_who_left_the_league_is_nowhere_whatever_was_sold(
    db: Database, store: StoreView, visit: Visit, clock: FixedClock
) -> None:
    stylist, *_ = sold(db, store, 12)
    clock.advance(hours=2)
    with db.write() as session:
        who = {"member_id": stylist.id, "brand_id": store.brand_id, "now": clock.now()}
        consent.withdraw(session, purpose=LEAGUE, **who)
    page = marketer(db, store.brand_id, visit).open(DESK)
    assert "Chloe" not in page.text
    gone, never = (page.open(f"{DESK}/{one}") for one in (stylist.id, "0" * 26))
    assert (gone.status, never.status) == (404, 404)


def test_a_stylist_sees_her_score_its_parts_and_what_is_hers_to_do(
    app: Flask, db: Database, store: StoreView, visit: Visit, clock: FixedClock
) -> None:
    with app.app_context(), db.write() as session:
        stylist, look, piece = look_that_travels(session, store)
        come_and_buy(session, store, look, piece, 7)
        fold(session)
        buy_piece(session, store, stylist, piece)
        token = sign_in(session, stylist, key=settings().key)
        friend = new_adult(session, store.brand_id, "Fay")
        offer_anything(session, store, friend, stylist)
        assert outfits.receipts_laid_out(session, stylist.id)
    clock.advance(hours=2)
    page = visit().sign_in(token).open("/me/influence")
    text = " ".join(page.text.split())
    assert "7 likes" in text
    assert "0 offers used" in text
    assert "Lay out another look" in text
    assert "Stand on friends’ offers" in text
    assert "Never a number of under 10 people" in text
    mine = (
        app.test_client()
        .get("/api/v1/me/influence", headers={"Authorization": f"Bearer {token}"})
        .json
    )
    assert (mine["scores"][0]["score"], mine["scores"][0]["likes"]) == (7, 7)
    assert mine["levers"] == ["lay_out", "lend_name"]


def test_a_stylist_sees_how_she_came_off_in_a_month_that_is_over(
    app: Flask, db: Database, store: StoreView, visit: Visit, clock: FixedClock
) -> None:
    with app.app_context(), db.write() as session:
        stylist, look, piece = look_that_travels(session, store)
        come_and_buy(session, store, look, piece, 7)
        fold(session)
    clock.advance(days=14)
    with app.app_context(), db.write() as session:
        assert close_due_seasons(session, now=core_clock.now(), key=settings().key)
        mine = visit().sign_in(sign_in(session, stylist, key=settings().key))
    november = " ".join(mine.open("/me/influence?month=2026-11").text.split())
    assert "November 2026" in november
    assert "place 1" in november
    assert "7 likes, 0 offers used" in november
    assert "These seasons are closed." in november
    assert "You had no score in a season" in mine.open("/me/influence?month=2026-10").text
    assert "seasons are closed" not in mine.open("/me/influence?month=2026-12").text, "it runs"
    for wrong in ("2026-13", "2019-01", "november"):
        assert mine.open(f"/me/influence?month={wrong}").status == 404
