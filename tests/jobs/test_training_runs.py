"""Runs of training: at night and when asked, once at a time, and ended whatever befalls them."""

import os
import signal
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from core import clock as the_clock
from core.clock import FixedClock
from core.config import Settings
from core.outbox import Job, enqueue
from core.transaction import Database
from jobs import training
from jobs.queue import Claimed
from jobs.schedule import new_worker
from retail.brands import queries as brands
from retail.brands.queries import StoreView
from retail.journeys.offers.train import ask_for_tonight, is_any_due
from retail.training import queries, rules, service
from retail.training.serving import current_bundle, current_name, folder_of, shelf_of
from tests.builders.brands import new_store
from tests.builders.doctor import Doctor
from tests.builders.races import meeting, race
from tests.builders.training import (
    ask,
    busy_shop,
    fill,
    get,
    settings_in,
)
from tests.conftest import both_databases
from tests.processes import PATIENCE_SECONDS


@pytest.fixture
def store(db: Database) -> StoreView:
    with db.write() as session:
        return new_store(session)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_in(tmp_path / "data")


@both_databases
def test_asked_twice_at_once_it_learns_once(db: Database, store: StoreView) -> None:
    def one(_: int) -> tuple[str, bool]:
        with db.write() as session:
            values = {"origin": rules.STAFF, "now": the_clock.now()}
            return service.ask_worker(session, store.brand_id, **values)

    answers = race(one, attempts=16)
    assert len({run_id for run_id, _ in answers}) == 1
    assert sum(is_new for _, is_new in answers) == 1
    with db.read() as session:
        assert session.scalar(select(func.count()).where(Job.kind == service.JOB)) == 1


@both_databases
def test_the_race_catches_asking_that_looks_before_it_writes(
    db: Database, store: StoreView
) -> None:
    """The control: whether a run is open was read before, so that several begin."""
    all_have_read = meeting()

    def naive(_: int) -> None:
        with db.read() as session:
            is_open = any(run.is_open for run in queries.history(session, store.brand_id))
        all_have_read()
        if not is_open:
            with db.write() as session:
                enqueue(session, service.JOB, {}, due_at=the_clock.now())

    race(naive, attempts=8)
    with db.read() as session:
        assert session.scalar(select(func.count()).where(Job.kind == service.JOB)) == 8


@both_databases
def test_a_run_that_two_processes_take_is_done_by_one(
    db: Database, store: StoreView, settings: Settings
) -> None:
    run_id = ask(db, store)
    done = race(lambda _: training.fit(db, settings, run_id), attempts=4, threads=4)
    assert sorted(done) == [False, False, False, True]


def test_it_learns_every_night_of_the_brand_where_there_is_somebody_to_learn_from(
    db: Database, clock: FixedClock
) -> None:
    with db.write() as session:
        busy, empty = (new_store(session) for _ in range(2))
        busy_shop(session, busy)
        assert is_any_due(session, clock.now())
        ask_for_tonight(session, clock.now())
        assert not is_any_due(session, clock.now())
        (run,) = queries.history(session, busy.brand_id)
        assert (run.origin, queries.history(session, empty.brand_id)) == ("night", [])
        service.end(session, run.id, state="kept", reason="few_new", now=clock.now())
        clock.advance(hours=14)
        assert not is_any_due(session, clock.now())
        clock.advance(hours=1)
        assert is_any_due(session, clock.now())


def test_a_run_that_fails_ends_and_what_served_serves_on(
    db: Database,
    store: StoreView,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    logs: Callable[[], str],
) -> None:
    fill(db, store)
    first = ask(db, store)
    training.fit(db, settings, first)

    def fail(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr("retail.journeys.offers.train.try_out", fail)
    second = ask(db, store)
    assert training.fit(db, settings, second)
    run = get(db, second)
    assert (run.state, run.reason, run.is_open) == ("ended", "failed", False)
    assert "training.failed" in logs()
    assert current_name(store.brand_id, settings.data_dir) == get(db, first).bundle


def test_what_was_given_up_meanwhile_changes_nothing_when_it_comes_after_all(
    app: Flask, db: Database, clock: FixedClock, store: StoreView, settings: Settings
) -> None:
    fill(db, store)
    run_id = ask(db, store)

    def fall_silent(step: str, _share: int) -> None:
        if step == "learning":
            clock.advance(seconds=rules.SILENCE.total_seconds() + 1)
            with app.app_context():
                new_worker(db).run_ticks(are_all_due=True)

    assert training.fit(db, settings, run_id, heard=fall_silent)
    run = get(db, run_id)
    assert (run.state, run.reason) == ("ended", "died")
    assert current_bundle(store.brand_id, settings.data_dir) is None
    assert ask(db, store) != run_id


@pytest.mark.own_app
def test_killed_midway_the_run_ends_and_what_served_serves_on(
    app: Flask, db: Database, store: StoreView, app_settings: Settings
) -> None:
    """A process of its own, as the worker launches it; first it is let, then it is killed."""
    fill(db, store)
    # Processes of their own do not stand at noon: theirs runs from there.
    offset = int((the_clock.now() - datetime.now(UTC)).total_seconds())
    app.config["SETTINGS"] = replace(app_settings, clock_offset_seconds=offset)
    with app.app_context():
        let = launch(db, store)
        assert training._launched[let].wait(PATIENCE_SECONDS) == 0
        killed = launch_next(db, store, let)
        process = training._launched[killed]
        until_it_runs(db, killed)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        with db.write() as session:
            assert training.needs_minding(session, the_clock.now())
            training.mind(session, the_clock.now())
    assert (get(db, let).state, get(db, let).reason) == ("promoted", "first")
    assert (get(db, killed).state, get(db, killed).reason) == ("ended", "died")
    assert current_name(store.brand_id, app_settings.data_dir) == get(db, let).bundle


def launch_next(db: Database, store: StoreView, before: str) -> str:
    """Another run, once that before has ended."""
    assert not get(db, before).is_open
    return launch(db, store)


def until_it_runs(db: Database, run_id: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while get(db, run_id).state != "running":
        assert time.monotonic() < deadline
        time.sleep(0.02)


def launch(db: Database, store: StoreView) -> str:
    run_id = ask(db, store)
    training.launch(db, Claimed("job", service.JOB, {"run_id": run_id}, 1))
    return run_id


def test_what_takes_too_long_is_ended(
    app: Flask, db: Database, clock: FixedClock, store: StoreView
) -> None:
    run_id = ask(db, store)
    with db.write() as session:
        service.begin(session, run_id, now=clock.now())
    clock.advance(seconds=rules.LIMIT.total_seconds() + 1)
    with db.write() as session:
        service.beat(session, run_id, now=clock.now())
    with app.app_context():
        new_worker(db).run_ticks(are_all_due=True)
    assert get(db, run_id).reason == "too_long"


def test_the_doctor_names_a_model_that_cannot_be_read_and_a_run_that_ended_early(
    doctor: Doctor, db: Database, store: StoreView
) -> None:
    assert doctor.state("recommender") == "ok"
    run_id = ask(db, store)
    with db.write() as session:
        service.end(session, run_id, state="ended", reason="died", now=the_clock.now())
    assert doctor.state("recommender") == "look"
    fill(db, store)
    training.fit(db, doctor.settings, ask(db, store))
    assert doctor.state("recommender") == "ok"
    folder = folder_of(store.brand_id, doctor.settings.data_dir)
    (folder / "bundle-000001" / "manifest.json").unlink()
    assert doctor.state("recommender") == "broken"


def test_by_command_it_learns_says_what_came_of_it_and_goes_back_once_there_is_something(
    app: Flask, db: Database, store: StoreView
) -> None:
    fill(db, store)
    with db.read() as session:
        slug = ["--brand", brands.get_brand(session, store.brand_id).slug]

    def run(*command: str) -> Result:
        return app.test_cli_runner().invoke(args=["recommender", *command, *slug])

    learnt = run("train")
    assert (learnt.exit_code, "promoted (first)" in learnt.output) == (0, True)
    assert "36 shoppers, 27 styles, 216 events" in learnt.output
    assert "  serves" in run("history").output
    assert "no earlier model" in run("rollback").output
    app_settings: Settings = app.config["SETTINGS"]
    shelf = shelf_of(store.brand_id, app_settings.data_dir)
    newer = shelf.serving()
    assert newer is not None
    shelf.publish(newer[1])
    assert run("rollback").output == "bundle-000001 serves\n"
    ask(db, store)
    under_way = run("train")
    assert (under_way.exit_code, "under way already" in under_way.output) == (1, True)
