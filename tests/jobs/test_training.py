"""A brand's recommender learns anew: at night and when asked, once at a time, or not at all."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from core.clock import FixedClock
from core.config import Settings
from core.transaction import Database
from jobs import training
from recommender.bundle import Bundle, fit
from recommender.settings import Settings as FitSettings
from retail.brands.queries import StoreView
from retail.consent.rules import OFFERS
from retail.journeys.members.agree import take_back
from retail.journeys.members.erase_member import erase_member
from retail.training import rules
from retail.training.lessons import lessons_of, shopper_name
from retail.training.queries import RunView
from retail.training.serving import current_bundle, current_name, folder_of
from tests.builders.brands import new_store
from tests.builders.catalogue import new_variant
from tests.builders.training import (
    ask,
    busy_shop,
    buys,
    bytes_of,
    fill,
    get,
    is_same,
    new_range,
    new_shopper,
    settings_in,
)
from tests.conftest import KEY, both_databases

Learn = Callable[[], RunView]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_in(tmp_path / "data")


@pytest.fixture
def store(db: Database) -> StoreView:
    with db.write() as session:
        return new_store(session)


@pytest.fixture
def learn(db: Database, store: StoreView, settings: Settings) -> Learn:
    """Have the store's brand learn anew, here; gives what came of it."""

    def run() -> RunView:
        run_id = ask(db, store)
        assert training.fit(db, settings, run_id)
        return get(db, run_id)

    return run


def serving(store: StoreView, settings: Settings) -> Bundle | None:
    return current_bundle(store.brand_id, settings.data_dir)


@both_databases
def test_the_first_model_serves_when_it_beats_bestsellers_and_names_nobody(
    db: Database, store: StoreView, settings: Settings, learn: Learn
) -> None:
    members = fill(db, store)
    run = learn()
    assert (run.state, run.reason, run.share) == ("promoted", "first", 100)
    assert (run.shoppers, run.items, run.events) == (36, 27, 216)
    assert run.trial is not None
    assert run.trial.candidate.mean > 2 * run.trial.popular.mean
    found = serving(store, settings)
    assert found is not None
    assert run.bundle == current_name(store.brand_id, settings.data_dir)
    kept = bytes_of(store.brand_id, settings.data_dir)
    for member in members:
        assert member.id.encode() not in kept
        assert shopper_name(KEY, store.brand_id, member.id).encode() not in kept


def test_who_is_erased_or_withdrew_is_gone_at_the_next_fit(
    db: Database, clock: FixedClock, store: StoreView, settings: Settings, learn: Learn
) -> None:
    fill(db, store)
    with db.write() as session:
        leaving, wavering = (new_shopper(session, store.brand_id) for _ in range(2))
        theirs = [new_variant(session, brand_id=store.brand_id) for _ in range(2)]
        for member, piece in zip((leaving, wavering), theirs, strict=True):
            buys(session, store, member, piece, at=clock.now() - timedelta(days=15))
    assert learn().state == "promoted"
    before = bytes_of(store.brand_id, settings.data_dir)
    assert all(piece.style_id.encode() in before for piece in theirs)
    with db.read() as session:
        known = lessons_of(session, store.brand_id, now=clock.now(), key=KEY)
    gone = {shopper_name(KEY, store.brand_id, one.id) for one in (leaving, wavering)}

    clock.advance(hours=1)
    with db.write() as session:
        erase_member(session, member=leaving, now=clock.now(), key=KEY)
        take_back(session, OFFERS, member=wavering, now=clock.now())
    run = learn()
    assert (run.state, run.reason) == ("promoted", "left")
    found = serving(store, settings)
    assert found is not None
    # The very model of a shop in which neither has ever been.
    without = [event for event in known.events if event.user not in gone]
    styles = {piece.style_id for piece in theirs}
    baskets = [one.styles for one in known.baskets if not styles & set(one.styles)]
    now = clock.now().timestamp()
    assert is_same(found, fit(without, baskets, settings=FitSettings(), now=now))
    assert not is_same(found, fit(known.events, baskets, settings=FitSettings(), now=now))
    newest = folder_of(store.brand_id, settings.data_dir) / str(run.bundle)
    held = b"".join(path.read_bytes() for path in newest.iterdir())
    assert not any(piece.style_id.encode() in held for piece in theirs)


def test_a_model_that_knows_who_left_is_withdrawn_where_too_few_are_left_for_another(
    db: Database, clock: FixedClock, store: StoreView, settings: Settings, learn: Learn
) -> None:
    members = fill(db, store)
    known = learn()
    found = serving(store, settings)
    assert found is not None
    clock.advance(hours=1)
    with db.write() as session:
        for member in members[: len(members) - rules.FEWEST_SHOPPERS + 1]:
            take_back(session, OFFERS, member=member, now=clock.now())
    run = learn()
    assert (run.state, run.reason, run.bundle) == ("withdrawn", "left", None)
    assert serving(store, settings) is None
    held = bytes_of(store.brand_id, settings.data_dir)
    assert not any(item.encode() in held for item in found.items)
    with db.write() as session:
        busy_shop(session, store)
    after = learn()
    # Under a name of its own, so that no process takes it for what it kept.
    assert (after.state, after.reason) == ("promoted", "first")
    assert after.bundle not in (known.bundle, None)
    assert serving(store, settings) is not None


def test_what_serves_stays_until_enough_shoppers_bought_something_new(
    db: Database, clock: FixedClock, store: StoreView, settings: Settings, learn: Learn
) -> None:
    with db.write() as session:
        pieces = new_range(session, store.brand_id)
        members = busy_shop(session, store, pieces=pieces)
    first = learn()
    clock.advance(days=1)
    assert (learn().reason, current_name(store.brand_id, settings.data_dir)) == (
        "few_new",
        first.bundle,
    )
    with db.write() as session:
        for number, member in enumerate(members):
            new = pieces[number % 3][(number // 3 + 7) % 9]
            buys(session, store, member, new, at=clock.now() - timedelta(hours=1))
    run = learn()
    assert (run.state, run.reason) == ("promoted", "level")
    assert run.trial is not None
    assert run.trial.serving is not None
    assert current_name(store.brand_id, settings.data_dir) == run.bundle != first.bundle


def test_one_brand_never_learns_from_another(
    db: Database, store: StoreView, settings: Settings, learn: Learn
) -> None:
    fill(db, store)
    alone = learn()
    with db.write() as session:
        other = new_store(session)
        busy_shop(session, other)
    run_id = ask(db, other)
    training.fit(db, settings, run_id)
    mine, theirs = serving(store, settings), serving(other, settings)
    assert mine is not None
    assert theirs is not None
    assert set(mine.items).isdisjoint(theirs.items)
    assert alone.shoppers == get(db, run_id).shoppers == 36
