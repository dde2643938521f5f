"""Two runs of the same day end the same, over real HTTP with a real worker."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from app import create_app
from core import clock
from core.clock import SystemClock
from core.config import Settings
from core.transaction import database
from demo import place, seed
from demo.simulator.day import Day, Shop
from jobs.schedule import new_worker
from loyalty.leaderboards import queries as leaderboards
from loyalty.leaderboards.rules import BOARD_KINDS
from retail.accounts import queries as accounts
from retail.brands import queries as brands
from retail.outfits import queries as outfits

Finals = dict[tuple[str, str, str], list[tuple[int, int, str, int]]]


@contextmanager
def an_open_shop(app: Flask) -> Iterator[Shop]:
    settings: Settings = app.config["SETTINGS"]
    with database().write() as session:
        keys = seed.plant(session, {}, settings)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    stop = threading.Event()

    def work() -> None:
        with app.app_context():
            new_worker(database()).run(stop)

    threads = [
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}),
        threading.Thread(target=work),
    ]
    for thread in threads:
        thread.start()
    origin = f"http://127.0.0.1:{server.server_port}"
    yield Shop(origin, seed.BRAND_SLUG, seed.STORES, keys, seed.DATA, settings.clock_offset)
    stop.set()
    server.shutdown()
    for thread in threads:
        thread.join()
    server.server_close()


def last_end(session: Session, at: datetime) -> datetime:
    """When the last of the seasons that run is over."""
    brand = brands.get_brand_by_slug(session, seed.BRAND_SLUG)
    running = [
        leaderboards.find_season(session, board.id, at)
        for board in leaderboards.boards(session, brand.id)
    ]
    return max(season.ends_at for season in running if season)


def final_boards(session: Session, at: datetime) -> Finals:
    brand = brands.get_brand_by_slug(session, seed.BRAND_SLUG)
    stores = {store.id: store.slug for store in brands.list_stores(session, brand.id)}
    finals: Finals = {}
    for board in leaderboards.boards(session, brand.id):
        season = leaderboards.find_season(session, board.id, at)
        assert season is not None
        assert season.closed_at is not None
        rows = leaderboards.final(session, season.id)
        stylists = {row.owner_id: stylist_of(session, row.owner_id) for row in rows}
        people = accounts.members_by_id(session, stylists.values())
        finals[stores.get(board.scope_id, "all"), board.cadence, board.kind] = [
            (row.place, row.rank, people[stylists[row.owner_id]].public_name, row.score)
            for row in rows
        ]
    return finals


def stylist_of(session: Session, owner_id: str) -> str:
    """The owner, or whose look it is on a board of looks."""
    look = outfits.find_ranked_by(session, owner_id)
    return look.member_id if look else owner_id


def live_a_day(template: Path, folder: Path) -> Finals:
    folder.mkdir()
    shutil.copy(template, folder / "swingtag.db")
    settings = Settings(
        environment="test",
        database_url=f"sqlite:///{folder}/swingtag.db",
        secret_key="a key for tests that is long enough to be one",
        public_url="http://localhost",
        mail_from="Swingtag <hello@localhost>",
        data_dir=folder,
        rate_limits=False,
        clock_offset_seconds=place.found(folder).clock_offset_seconds,
        log_level="ERROR",
    )
    app = create_app(settings)
    with ExitStack() as stack:
        shop = stack.enter_context(an_open_shop(app))
        day = stack.enter_context(closing(Day(shop, "a short day")))
        plan = day.plan()
        for action in plan.warm_up(people=5, looks=5, likes=10):
            day.act(action)
        for action in islice(plan.trickle(), 10):
            day.act(action)
        played_at = clock.now()
    with app.app_context(), database().read() as session:
        over = last_end(session, played_at) + timedelta(days=1)
    clock.install(SystemClock(settings.clock_offset + (over - played_at)))
    with app.app_context():
        new_worker(database()).run_all()
    with database().read() as session:
        finals = final_boards(session, played_at)
    database().engine.dispose()
    return finals


def test_two_runs_of_a_day_end_in_equal_standings(sqlite_template: Path, tmp_path: Path) -> None:
    one = live_a_day(sqlite_template, tmp_path / "one")
    two = live_a_day(sqlite_template, tmp_path / "two")
    assert len(one["all", "week", "stylists"]) >= 5
    assert one == two


@pytest.fixture
def seeded(session: Session) -> dict[str, str]:
    settings = Settings(environment="test", secret_key="a key for tests that is long enough")
    return seed.plant(session, {}, settings)


def test_seeding_again_adds_nothing(session: Session, seeded: dict[str, str]) -> None:
    settings = Settings(environment="test", secret_key="a key for tests that is long enough")
    brand = brands.get_brand_by_slug(session, seed.BRAND_SLUG)
    boards = leaderboards.boards(session, brand.id)
    assert seed.plant(session, seeded, settings) == seeded
    assert leaderboards.boards(session, brand.id) == boards
    assert len(boards) == 2 * len(BOARD_KINDS) * (len(seed.STORES) + 1)
    # Looks win nothing: their stylists win with their likes already.
    assert all(bool(board.prizes) == (board.kind != "outfits") for board in boards)
