"""The recommender's page: for whom, what serves, the run under way, the way back."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import pytest
from flask import Flask

from core import clock
from core.config import Settings
from core.transaction import Database
from recommender.bundle import fit
from recommender.interactions import Event
from recommender.settings import Settings as FitSettings
from retail.brands.queries import StoreView
from retail.training import queries, rules, service
from retail.training.rules import Figure, Trial
from retail.training.serving import current_name, shelf_of
from tests.builders.brands import new_store
from tests.builders.staff_accounts import COOKIE, new_staff, sign_in_staff
from tests.builders.training import ask
from tests.builders.visitor import Visitor

Visit = Callable[[], Visitor]
PAGE = "/staff/recommender"


@pytest.fixture
def store(db: Database) -> StoreView:
    with db.write() as session:
        return new_store(session)


@pytest.fixture
def marketer(db: Database, store: StoreView, visit: Visit) -> Visitor:
    return reader(db, store, visit, role="marketer")


def reader(db: Database, store: StoreView, visit: Visit, **account: Any) -> Visitor:
    with db.write() as session:
        staff = new_staff(session, store.brand_id, **account)
        return visit().sign_in(sign_in_staff(session, staff), cookie=COOKIE)


def publish(store: StoreView, settings: Settings, *items: str) -> str:
    events = [Event(f"u{n}", item, "purchase", float(n)) for n, item in enumerate(items)]
    now = clock.now().timestamp()
    bundle = fit(events, [], settings=FitSettings(), now=now)
    return shelf_of(store.brand_id, settings.data_dir).publish(bundle)


def ended(db: Database, store: StoreView, state: str, reason: str, **came: Any) -> str:
    run_id = ask(db, store)
    with db.write() as session:
        service.begin(session, run_id, now=clock.now())
        service.end(session, run_id, state=state, reason=reason, now=clock.now(), **came)
    return run_id


def tried(candidate: float) -> dict[str, Any]:
    mean, error = Figure(candidate, 0.01), Figure(0.1, 0.01)
    return asdict(Trial(40, mean, error, Figure(candidate - 0.1, 0.01)))


def test_before_anything_was_learnt_it_says_what_that_takes(marketer: Visitor) -> None:
    page = marketer.open(PAGE)
    assert "Nothing serves yet" in page.text
    assert "Train now" in page.text
    assert "Go back" not in page.text


def test_others_do_not_see_it(db: Database, store: StoreView, visit: Visit) -> None:
    assert reader(db, store, visit, role="assistant").open(PAGE).status == 403
    local = reader(db, store, visit, role="manager", store_id=store.id)
    assert local.open(PAGE).status == 403
    assert PAGE not in local.open("/staff").text


def test_pressed_twice_it_learns_once_and_the_page_says_how_far_it_is(
    db: Database, store: StoreView, marketer: Visitor
) -> None:
    form = marketer.open(PAGE).form(f"{PAGE}/train")
    for said in ("It learns anew now.", "It is learning already."):
        marketer.api("POST", f"{PAGE}/train", data=form)
        assert said in marketer.open(PAGE).text
    with db.write() as session:
        (run,) = queries.history(session, store.brand_id)
        service.begin(session, run.id, now=clock.now())
        service.tell(session, run.id, step="learning", share=60, now=clock.now())
    part = marketer.open("/staff/live/recommender").text
    assert "Learning from everything" in part
    assert 'value="60"' in part
    assert "data-changing" in part
    assert "Train now" not in part


def test_what_serves_stands_with_its_run_and_figures_and_a_plot_of_them(
    db: Database, store: StoreView, app_settings: Settings, marketer: Visitor
) -> None:
    ended(db, store, "kept", "floor", figures=tried(0.05))
    name = publish(store, app_settings, "coat", "hat")
    ended(db, store, "promoted", "first", figures=tried(0.314), bundle=name)
    page = marketer.open(PAGE).text
    assert "0.314" in page
    assert "bestsellers would have done better" in page
    assert page.count("<circle") == 2
    assert page.count('class="on"') == 1
    assert "data-changing" not in page


def test_going_back_is_done_once_however_often_it_is_pressed(
    store: StoreView, app_settings: Settings, marketer: Visitor
) -> None:
    names = [publish(store, app_settings, *"abc"[:n]) for n in (1, 2, 3)]
    form = marketer.open(PAGE).form(f"{PAGE}/rollback")
    assert marketer.api("POST", f"{PAGE}/rollback", data=form).status_code == 303
    assert "The model before serves again." in marketer.open(PAGE).text
    again = marketer.api("POST", f"{PAGE}/rollback", data=form)
    assert (again.status_code, "Another model serves by now" in again.text) == (409, True)
    assert current_name(store.brand_id, app_settings.data_dir) == names[1]


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        (rules.DIED, "its process was ended from outside"),
        (rules.TOO_LONG, "it took more than an hour"),
        (rules.FAILED, "it failed; the worker’s log says why"),
    ],
)
def test_a_run_that_ended_early_is_said_first(
    db: Database, store: StoreView, marketer: Visitor, reason: str, said: str
) -> None:
    ended(db, store, rules.ENDED, reason)
    page = marketer.open(PAGE).text
    assert f"The last run ended early: {said}." in page


def test_a_model_that_cannot_be_read_is_named(
    store: StoreView, app_settings: Settings, marketer: Visitor
) -> None:
    publish(store, app_settings, "coat")
    broken = publish(store, app_settings, "coat", "hat")
    folder = app_settings.data_dir / "recommender" / store.brand_id / broken
    (folder / "manifest.json").write_text("{}")
    page = marketer.open(PAGE).text
    assert f"passed over: {broken}" in page


def test_nothing_of_another_brand_is_shown(
    app: Flask, db: Database, app_settings: Settings, marketer: Visitor
) -> None:
    del app
    with db.write() as session:
        other = new_store(session)
    publish(other, app_settings, "coat")
    ended(db, other, "promoted", "first", figures=tried(0.777))
    assert "0.777" not in marketer.open(PAGE).text
    assert "Nothing serves yet" in marketer.open(PAGE).text
