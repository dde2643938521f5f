"""kill -9 of web and worker while likes rain and a season closes: nothing lost, nothing doubled."""

import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from core.transaction import Database
from loyalty.leaderboards import queries as leaderboards
from loyalty.leaderboards.rules import SeasonView, ranked
from loyalty.ledger import queries as ledger
from loyalty.vouchers import queries as vouchers
from retail.brands.queries import StoreView
from retail.social import queries as social
from tests.builders.accounts import new_member, sign_in
from tests.builders.brands import new_store
from tests.builders.league import new_league, ranked_outfit, running_season
from tests.conftest import KEY, both_databases
from tests.crash.installation import PATIENCE_SECONDS, Client, Installation

KILLS = 10
FANS = 24
TAPS = 360
BEFORE_THE_END = timedelta(seconds=5)


@dataclass(frozen=True)
class Scene:
    store: StoreView
    season: SeasonView
    outfits: list[str]
    stylists: list[str]
    tokens: list[str]


@pytest.fixture
def scene(db: Database) -> Scene:
    """Three stylists in the league, each with a look, and fans who are signed in."""
    with db.write() as session:
        store = new_store(session, zone="Europe/London")
        new_league(session, store.brand_id)
        ranked_outfits = [ranked_outfit(session, store) for _ in range(3)]
        fans = [new_member(session, store.brand_id) for _ in range(FANS)]
        return Scene(
            store,
            running_season(session, store),
            [outfit_id for _, outfit_id in ranked_outfits],
            [stylist.id for stylist, _ in ranked_outfits],
            [sign_in(session, fan) for fan in fans],
        )


@pytest.fixture
def installation(db: Database, scene: Scene, tmp_path: Path) -> Iterator[Installation]:
    """Web and worker, started shortly before the week ends."""
    at = scene.season.ends_at - BEFORE_THE_END
    with Installation(db, tmp_path, at=at) as installation:
        yield installation


def tap(installation: Installation, scene: Scene, done: "Progress") -> dict[tuple[int, str], bool]:
    """Let every fan like and unlike; gives what each was last told about each look."""

    def be_a_fan(number: int) -> dict[tuple[int, str], bool]:
        generator = random.Random(number)
        phone = Client(installation.port, scene.tokens[number])
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


class Progress:
    """How many taps were answered; the killer waits for the next part of them."""

    def __init__(self) -> None:
        self._count = 0
        self._changed = threading.Condition()

    def add(self) -> None:
        with self._changed:
            self._count += 1
            self._changed.notify_all()

    def wait_for(self, count: int) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: self._count >= count, PATIENCE_SECONDS)


def kill_now_and_then(installation: Installation, done: Progress) -> None:
    for number in range(KILLS):
        done.wait_for((number + 1) * TAPS // (KILLS + 2))
        name = "web" if number % 2 else "worker"
        installation.kill(name)
        installation.start(name)


def wait_until_settled(db: Database, season: SeasonView) -> None:
    """Until the worker has closed the season and folded every like."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    pause = threading.Event()
    while time.monotonic() < deadline:
        with db.read() as session:
            closed = leaderboards.get_season(session, season.id).closed_at
            if closed and not social.brands_to_fold(session):
                return
        pause.wait(0.1)
    raise TimeoutError("the season did not close")


@pytest.mark.proof(rounds=100)
@both_databases
def test_ten_kills_in_mid_season_lose_and_double_nothing(
    db: Database, scene: Scene, installation: Installation
) -> None:
    done = Progress()
    killer = threading.Thread(target=kill_now_and_then, args=(installation, done))
    killer.start()
    told = tap(installation, scene, done)
    killer.join()
    wait_until_settled(db, scene.season)

    expected = Counter(outfit_id for (_, outfit_id), is_liked in told.items() if is_liked)
    with db.read() as session:
        likes = social.like_counts(session, scene.outfits)
        assert likes == {outfit_id: expected[outfit_id] for outfit_id in scene.outfits}
        rows = social.scores(
            session,
            scene.store.brand_id,
            store_id=None,
            starts_at=scene.season.starts_at,
            ends_at=scene.season.ends_at + timedelta(days=30),
        )
        assert sum(row.likes for row in rows) == sum(expected.values())
        assert ledger.verify(session) == []
        finals = leaderboards.final(session, scene.season.id)
        assert finals == list(ranked((f.owner_id, f.score, f.reached_at) for f in finals))
        assert prizes_of(session, scene) == prizes_won(session, scene)


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
