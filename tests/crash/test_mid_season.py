"""kill -9 of web and worker as likes rain, tills sell, seasons close: nothing lost or doubled."""

import random
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.transaction import Database
from loyalty.leaderboards import queries as leaderboards
from loyalty.leaderboards import rules
from loyalty.leaderboards.models import Season
from loyalty.leaderboards.rules import SeasonView
from loyalty.ledger import books
from loyalty.ledger import queries as ledger
from loyalty.vouchers import queries as vouchers
from retail.brands.queries import StoreView
from retail.social import queries as social
from retail.social import scores
from retail.social.rules import Tally
from tests.builders.accounts import new_member, sign_in
from tests.builders.brands import new_store
from tests.builders.league import new_league, ranked_outfit, running_season
from tests.builders.outfits import new_outfit
from tests.conftest import KEY, both_databases
from tests.crash import naive, tills
from tests.crash.installation import Client, Installation, Progress
from tests.crash.tills import Told as Sold
from tests.processes import PATIENCE_SECONDS

BEFORE, AFTER = ("worker", "web", "worker", "web"), ("web", "web", "web")
CLOSINGS = 2
STYLISTS, LOOKS_EACH = 3, 4
FANS, TAPS = 24, 240
A_WHILE = timedelta(minutes=10)

Told = dict[tuple[int, str], bool]


@dataclass(frozen=True)
class Scene:
    store: StoreView
    season: SeasonView
    outfits: list[str]
    stylists: list[str]
    tokens: list[str]
    counter: tills.Counter


@pytest.fixture
def scene(db: Database) -> Scene:
    return new_scene(db)


def new_scene(db: Database) -> Scene:
    """Stylists in the league, each with some looks, and fans who are signed in."""
    with db.write() as session:
        store = new_store(session, zone="Europe/London")
        new_league(session, store.brand_id)
        ranked = [ranked_outfit(session, store) for _ in range(STYLISTS)]
        more = [
            new_outfit(session, store, member=stylist)
            for stylist, _ in ranked
            for _ in range(LOOKS_EACH - 1)
        ]
        fans = [new_member(session, store.brand_id) for _ in range(FANS)]
        return Scene(
            store,
            running_season(session, store),
            [outfit_id for _, outfit_id in ranked] + more,
            [stylist.id for stylist, _ in ranked],
            [sign_in(session, fan) for fan in fans],
            tills.new_counter(session, store),
        )


def tap(
    installation: Installation, scene: Scene, done: Progress, *, forgives: bool = False
) -> Told:
    """Let every fan like and unlike; gives what each was last told about each look."""

    def be_a_fan(number: int) -> Told:
        generator = random.Random(number)
        phone = Client(installation.port, scene.tokens[number], forgives=forgives)
        told = {}
        for _ in range(TAPS // FANS):
            outfit_id = generator.choice(scene.outfits)
            method = "PUT" if generator.random() < 0.8 else "DELETE"
            answer = phone.send(method, f"/api/v1/outfits/{outfit_id}/like")
            assert answer["is_liked"] == (method == "PUT")
            told[number, outfit_id] = method == "PUT"
            done.add()
        return told

    with ThreadPoolExecutor(8) as pool:
        return {
            key: liked for part in pool.map(be_a_fan, range(FANS)) for key, liked in part.items()
        }


def kill_now_and_then(db: Database, installation: Installation, done: Progress) -> None:
    """Ten kills: as likes rain, as the week ends, at the moment each season is seen closed."""

    def kill(name: str) -> None:
        installation.kill(name)
        installation.start(name)

    part = TAPS // (len(BEFORE) + 1 + len(AFTER) + 1)
    for number, name in enumerate(BEFORE, start=1):
        done.wait_for(number * part)
        kill(name)
    done.wait_for((len(BEFORE) + 1) * part)
    installation.let_time_pass(2 * A_WHILE)
    kill("worker")
    for number in range(1, CLOSINGS + 1):
        wait_until(lambda wanted=number: closed_seasons(db) >= wanted)
        kill("worker")
    for number, name in enumerate(AFTER, start=len(BEFORE) + 2):
        done.wait_for(number * part)
        kill(name)


def wait_until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.003)


def closed_seasons(db: Database) -> int:
    closed = select(func.count()).select_from(Season).where(Season.closed_at.is_not(None))
    with db.read() as session:
        return session.scalar(closed) or 0


def live_through_it(
    db: Database, scene: Scene, installation: Installation
) -> tuple[Told, list[Sold]]:
    """Likes, sales, kills, and the end of the week; gives what fans and tills were last told."""
    done = Progress()
    with ThreadPoolExecutor(1 + tills.TILLS) as pool:
        killing = pool.submit(kill_now_and_then, db, installation, done)
        selling = tills.open_all(pool, scene.counter, installation.port, done, most=TAPS)
        try:
            told = tap(installation, scene, done)
        finally:
            done.end()
        killing.result()
        sold = [one for till in selling for one in till.result()]
    wait_until(lambda: is_settled(db))
    return told, sold


def is_settled(db: Database) -> bool:
    """Whether the worker has closed what is over and folded every like."""
    return closed_seasons(db) == CLOSINGS and is_folded(db)


def is_folded(db: Database) -> bool:
    with db.read() as session:
        return not social.brands_to_fold(session)


def check_counts(db: Database, scene: Scene, told: Told) -> int:
    """Every look has as many likes as was said; gives how many all have."""
    expected = Counter(outfit_id for (_, outfit_id), is_liked in told.items() if is_liked)
    with db.read() as session:
        likes = social.like_counts(session, scene.outfits)
    assert likes == {outfit_id: expected[outfit_id] for outfit_id in scene.outfits}
    return sum(expected.values())


def check_likes(db: Database, scene: Scene, told: Told) -> None:
    expected = check_counts(db, scene, told)
    with db.read() as session:
        until = scene.season.ends_at + timedelta(days=30)
        rows = scores.scores(
            session, Tally(scene.store.brand_id, "stylist", None, scene.season.starts_at, until)
        )
        assert sum(row.likes for row in rows) == expected


def check_prizes(db: Database, scene: Scene) -> None:
    with db.read() as session:
        assert books.verify(session) == []
        finals = leaderboards.final(session, scene.season.id)
        assert finals == list(rules.ranked((f.owner_id, f.score, f.reached_at) for f in finals))
        won = prizes_won(session, scene)
        assert won
        assert prizes_of(session, scene) == won


@pytest.mark.proof(rounds=100)
@both_databases
def test_ten_kills_in_mid_season_lose_and_double_nothing(
    db: Database, scene: Scene, tmp_path: Path
) -> None:
    with Installation(db, tmp_path, at=scene.season.ends_at - A_WHILE) as installation:
        told, sold = live_through_it(db, scene, installation)
        wait_until(lambda: not tills.are_held(db))
    check_likes(db, scene, told)
    check_prizes(db, scene)
    tills.check(db, scene.counter, sold)


@pytest.mark.proof
@both_databases
def test_the_kills_catch_likes_prizes_and_sales_of_two_transactions(
    db: Database, scene: Scene, tmp_path: Path
) -> None:
    """The control: the same kills, where each has a commit in the middle."""
    manners = {"web": naive.web, "worker": naive.worker}
    at = scene.season.ends_at - A_WHILE
    with Installation(db, tmp_path, at=at, manners=manners) as installation:
        told, sold = live_through_it(db, scene, installation)
    with pytest.raises(AssertionError):
        check_likes(db, scene, told)
    with pytest.raises(AssertionError):
        check_prizes(db, scene)
    with pytest.raises(AssertionError):
        tills.check_vouchers(db, scene.counter, sold)
    with pytest.raises(AssertionError):
        tills.check_points(db, scene.counter, sold)


def prizes_won(session: Session, scene: Scene) -> Counter[tuple[str, str]]:
    """What the closed seasons' places are worth, by stylist."""
    won: Counter[tuple[str, str]] = Counter()
    for board in leaderboards.boards(session, scene.store.brand_id):
        closed = leaderboards.latest_closed_season(session, board.id)
        finals = leaderboards.final(session, closed.id) if closed else []
        for final, prize in zip(finals, closed.prizes if closed else (), strict=False):
            won[final.owner_id, prize.kind] += prize.value if prize.kind == "points" else 1
    return won


def prizes_of(session: Session, scene: Scene) -> Counter[tuple[str, str]]:
    """What the stylists hold."""
    held: Counter[tuple[str, str]] = Counter()
    brand_id = scene.store.brand_id
    for stylist in scene.stylists:
        held[stylist, "points"] = ledger.balance(session, brand_id, stylist)
        held[stylist, "voucher"] = len(
            vouchers.vouchers_of(session, brand_id, stylist, now=scene.season.ends_at, key=KEY)
        )
    return +held
