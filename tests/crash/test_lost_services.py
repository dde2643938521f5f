"""PostgreSQL crashes and Redis forgets everything while likes rain: nobody has to be restarted."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import redis
from sqlalchemy import create_engine

from core.model import Base
from core.transaction import Database
from tests.conftest import import_all_tables
from tests.crash import naive
from tests.crash.cluster import Cluster, own_cluster
from tests.crash.installation import Client, Installation, Progress
from tests.crash.test_mid_season import (
    A_WHILE,
    TAPS,
    Scene,
    check_counts,
    check_likes,
    is_folded,
    new_scene,
    tap,
    wait_until,
)


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    with own_cluster() as cluster:
        yield cluster


@pytest.fixture
def db(cluster: Cluster) -> Iterator[Database]:
    """The whole schema on a server that is to crash."""
    import_all_tables()
    engine = create_engine(cluster.url, pool_pre_ping=True)
    Base.metadata.create_all(engine)
    yield Database(engine)
    engine.dispose()


@pytest.mark.proof(rounds=100)
@pytest.mark.postgresql
@pytest.mark.redis
def test_what_was_acknowledged_outlives_postgresql_and_redis(
    cluster: Cluster, db: Database, redis_server: str, tmp_path: Path
) -> None:
    scene: Scene = new_scene(db)
    done = Progress()

    def crash_and_flush() -> None:
        done.wait_for(TAPS // 3)
        cluster.crash()
        done.wait_for(TAPS * 2 // 3)
        with redis.Redis.from_url(redis_server) as client:
            client.flushdb()

    at = scene.season.ends_at - A_WHILE
    with (
        Installation(db, tmp_path, at=at, redis_url=redis_server) as installation,
        ThreadPoolExecutor(1) as pool,
    ):
        crashing = pool.submit(crash_and_flush)
        try:
            told = tap(installation, scene, done, forgives=True)
        finally:
            done.end()
        crashing.result()
        wait_until(lambda: is_folded(db))
    check_likes(db, scene, told)


@pytest.mark.proof
@pytest.mark.postgresql
def test_the_crash_catches_a_like_that_is_answered_before_it_is_committed(
    cluster: Cluster, db: Database, tmp_path: Path
) -> None:
    """The control: each like is committed when the next one comes, as is well while all is up."""
    scene = new_scene(db)
    look, at = scene.outfits[0], scene.season.ends_at - A_WHILE

    def like(fan: int) -> None:
        phone = Client(installation.port, scene.tokens[fan], forgives=True)
        assert phone.send("PUT", f"/api/v1/outfits/{look}/like")["is_liked"]

    with Installation(db, tmp_path, at=at, manners={"web": naive.hasty_web}) as installation:
        like(0)
        like(1)
        check_counts(db, scene, {(0, look): True})
        cluster.crash()
        like(2)
        like(3)
        with pytest.raises(AssertionError):
            check_counts(db, scene, {(fan, look): True for fan in range(3)})
        check_counts(db, scene, {(fan, look): True for fan in (0, 2)})
