"""Any sequence of taking and giving back, checked step by step against dictionaries."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import create_engine

from core.clock import FixedClock, installed
from core.errors import Conflict
from core.model import Base
from core.transaction import Database, prepare_engine
from loyalty.rewards import queries, service
from loyalty.rewards.models import Reward, RewardExchange, RewardShelf
from tests.builders.points import PROGRAMME
from tests.builders.rewards import put_on_shelf, take, take_back
from tests.conftest import NOON
from tests.scale import play

TABLES: list[Any] = [one.__table__ for one in (Reward, RewardShelf, RewardExchange)]
HOUR = timedelta(hours=1)
OWNERS = st.sampled_from(("nina", "sarah"))
WISHES = st.sampled_from([f"wish:{number}" for number in range(16)])
PLACES = st.integers(0, 2)
# By place: few of them, so many for each, and for an hour from the second one on, for gold alone.
OFFERS: tuple[dict[str, Any], ...] = (
    {"stock": 3, "undo_minutes": 120},
    {"per_owner": 2, "undo_minutes": 60},
    {"starts_at": NOON + HOUR, "ends_at": NOON + 4 * HOUR, "tier": "gold", "undo_minutes": 0},
)


@dataclass
class Known:
    """What the oracle remembers of a wish that was granted."""

    place: int
    owner: str
    until: Any
    id: str = ""
    is_back: bool = False


@dataclass
class Oracle:
    """Dictionaries: wishes as granted, and which places were stopped."""

    granted: dict[str, Known] = field(default_factory=dict)
    stopped: set[int] = field(default_factory=set)

    def out(self, place: int, owner: str | None = None) -> int:
        return sum(
            not one.is_back and one.place == place and owner in (None, one.owner)
            for one in self.granted.values()
        )

    def may_take(self, place: int, owner: str, tiers: frozenset[str], now: Any) -> bool:
        offer = OFFERS[place]
        return (
            place not in self.stopped
            and offer.get("starts_at", now) <= now < offer.get("ends_at", now + HOUR)
            and self.out(place) < offer.get("stock", 10**6)
            and self.out(place, owner) < offer.get("per_owner", 10**6)
            and ("tier" not in offer or offer["tier"] in tiers)
        )


class Rewards(RuleBasedStateMachine):
    """Three rewards, two owners, sixteen wishes, and time that goes on."""

    def __init__(self) -> None:
        super().__init__()
        self.clock, self.oracle = FixedClock(NOON), Oracle()

    @initialize()
    def open(self) -> None:
        engine = prepare_engine(create_engine("sqlite://"))
        Base.metadata.create_all(engine, tables=TABLES)
        self.database = Database(engine)
        self.ids = [self.act(lambda s, one=one: put_on_shelf(s, **one)).id for one in OFFERS]

    def teardown(self) -> None:
        if hasattr(self, "database"):
            self.database.engine.dispose()

    def act(self, do: Any) -> Any:
        """What an act answers, or None for a refusal."""
        with installed(self.clock):
            try:
                with self.database.write() as session:
                    return do(session)
            except Conflict:
                return None

    @rule(place=PLACES, owner=OWNERS, wish=WISHES, is_gold=st.booleans())
    def take(self, place: int, owner: str, wish: str, is_gold: bool) -> None:
        tiers = frozenset({"gold"}) if is_gold else frozenset()
        answer = self.act(lambda s: take(s, self.ids[place], owner, source=wish, tiers=tiers))
        known, now = self.oracle.granted.get(wish), self.clock.now()
        if known is not None:
            is_same = (known.place, known.owner) == (place, owner)
            assert (answer.exchange.id == known.id and not answer.is_new) if is_same else not answer
        elif self.oracle.may_take(place, owner, tiers, now):
            until = now + timedelta(minutes=OFFERS[place]["undo_minutes"])
            assert answer.is_new
            self.oracle.granted[wish] = Known(place, owner, until, answer.exchange.id)
        else:
            assert answer is None

    @rule(wish=WISHES, by=st.sampled_from(("owner", "owner", "staff")))
    def give_back(self, wish: str, by: str) -> None:
        known = self.oracle.granted.get(wish)
        if known is None:
            return
        answer = self.act(lambda s: take_back(s, known.id, by=by))
        if known.is_back:
            assert not answer.is_new
        elif by == "staff" or self.clock.now() < known.until:
            assert answer.is_new
            known.is_back = True
        else:
            assert answer is None

    @rule(minutes=st.sampled_from((5, 30, 61)))
    def pass_time(self, minutes: int) -> None:
        self.clock.instant += timedelta(minutes=minutes)

    @rule(place=PLACES, is_meant=st.sampled_from((False,) * 9 + (True,)))
    def stop(self, place: int, is_meant: bool) -> None:
        if is_meant:
            when = {"programme_id": PROGRAMME, "now": self.clock.now()}
            self.act(lambda s: service.stop(s, self.ids[place], **when))
            self.oracle.stopped.add(place)

    @invariant()
    def shelves_and_owners_are_as_remembered(self) -> None:
        if not hasattr(self, "ids"):
            return
        with self.database.read() as session:
            assert queries.verify(session) == []
            had = {one: queries.had_by(session, PROGRAMME, one) for one in ("nina", "sarah")}
            for place, reward_id in enumerate(self.ids):
                view = queries.get_reward(session, reward_id, programme_id=PROGRAMME)
                assert view.taken == self.oracle.out(place)
                for owner, theirs in had.items():
                    assert theirs.get(reward_id, 0) == self.oracle.out(place, owner)


@pytest.mark.proof(rounds=1_250)
def test_any_sequence_of_wishes_agrees_with_dictionaries(proof_round: int) -> None:
    play(Rewards, proof_round, runs=8)


def uncounted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "_had", lambda *_: 1)


def without_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "find_refusal", lambda *_, **__: None)


@pytest.mark.parametrize("fault", [uncounted, without_refusal])
def test_a_planted_fault_is_found(
    monkeypatch: pytest.MonkeyPatch, fault: Callable[[pytest.MonkeyPatch], None]
) -> None:
    fault(monkeypatch)
    with pytest.raises(AssertionError):
        play(Rewards, 0, runs=8)
