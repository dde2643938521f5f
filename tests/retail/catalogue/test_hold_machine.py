"""Any sequence of holds, sales, counts and time agrees with dictionaries, step by step (S1–S3)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import create_engine, select

from core.clock import FixedClock, installed
from core.errors import Conflict
from core.model import Base
from core.outbox import Event, Job
from core.transaction import Database, prepare_engine
from retail.brands.models import Brand, Store
from retail.catalogue import held, holds, queries, service
from retail.catalogue.models import CatalogueEdition, Category, Hold, Stock, Style, Variant
from retail.catalogue.service import StockCount
from retail.journeys.holds.hold_piece import holder_of
from tests.builders.brands import new_store
from tests.builders.catalogue import new_stock, new_variant
from tests.builders.holds import QUARTER, new_hold
from tests.conftest import NOON
from tests.scale import play

MODELS = (Brand, Store, CatalogueEdition, Category, Style, Variant, Stock, Hold, Event, Job)
TABLES: list[Any] = [one.__table__ for one in MODELS]
PIECES = st.integers(0, 1)
WHO = st.sampled_from([name.ljust(26, "0") for name in ("sarah", "olu", "kit")])
ON_HAND, QUOTA = (2, 4), 2


@dataclass(frozen=True)
class Known:
    """What the oracle remembers of a hold."""

    piece: int
    who: str
    began_at: datetime
    is_live: bool = True

    def is_at(self, now: datetime) -> bool:
        return self.is_live and now < self.began_at + QUARTER


class Holds(RuleBasedStateMachine):
    """Two pieces in one store, three who hold, and time that goes on."""

    def __init__(self) -> None:
        super().__init__()
        self.clock, self.known, self.on_hand = FixedClock(NOON), {}, list(ON_HAND)

    @initialize()
    def open(self) -> None:
        engine = prepare_engine(create_engine("sqlite://"))
        Base.metadata.create_all(engine, tables=TABLES)
        self.database = Database(engine)
        self.act(self._furnish)

    def _furnish(self, session: Any) -> None:
        self.store = new_store(session)
        brand_id = self.store.brand_id
        self.pieces = [new_variant(session, brand_id=brand_id) for _ in ON_HAND]
        for piece, count in zip(self.pieces, ON_HAND, strict=True):
            where = {"brand_id": brand_id, "store_id": self.store.id, "variant_id": piece.id}
            new_stock(session, **where, on_hand=count)

    def teardown(self) -> None:
        if hasattr(self, "database"):
            self.database.engine.dispose()

    def act(self, do: Callable[[Any], Any]) -> Any:
        """What an act answers, or None for a refusal."""
        with installed(self.clock):
            try:
                with self.database.write() as session:
                    return do(session)
            except Conflict:
                return None

    def live(self, **about: Any) -> list[str]:
        """Those of the holds that are live now, oldest first."""
        return [
            id_
            for id_, one in self.known.items()
            if one.is_at(self.clock.now())
            and all(getattr(one, name) == value for name, value in about.items())
        ]

    def end(self, *ids: str) -> None:
        for id_ in ids:
            self.known[id_] = replace(self.known[id_], is_live=False)

    def trim(self, piece: int) -> None:
        """What has to end where fewer are left than are held: the newest."""
        mine = self.live(piece=piece)
        self.end(*mine[self.on_hand[piece] :])

    @rule(piece=PIECES, who=WHO)
    def hold(self, piece: int, who: str) -> None:
        now, most = self.clock.now(), {"most": QUOTA}
        made = self.act(lambda s: new_hold(s, self.store, self.pieces[piece], who, now=now, **most))
        may = len(self.live(who=who)) < QUOTA and len(self.live(piece=piece)) < self.on_hand[piece]
        assert (made is not None) == may
        if made is not None:
            self.known[made.id] = Known(piece, who, now)
        self.clock.instant += timedelta(seconds=1)

    @rule(pick=st.integers(0, 99), how=st.sampled_from(("release", "void", "lapse")))
    def end_one(self, pick: int, how: str) -> None:
        if not self.known:
            return
        id_ = sorted(self.known)[pick % len(self.known)]
        one, now = self.known[id_], self.clock.now()
        if how == "release":
            self.act(lambda s: holds.release(s, id_, holder=holder_of(one.who), now=now))
        elif how == "void":
            self.act(lambda s: holds.void(s, id_, store_ids=[self.store.id], now=now))
        else:
            self.act(lambda s: holds.lapse(s, id_, now=now))
        if how != "lapse" or not one.is_at(now):
            self.end(id_)

    @rule(piece=PIECES, who=st.none() | WHO)
    def sell(self, piece: int, who: str | None) -> None:
        where = {"brand_id": self.store.brand_id, "store_id": self.store.id}
        holder = holder_of(who) if who else None
        sold = {"quantities": {self.pieces[piece].id: 1}, "now": self.clock.now()}
        self.act(lambda s: service.take_stock(s, **where, **sold, holder=holder))
        # Which of somebody's holds is collected: the newest, as everywhere.
        self.end(*self.live(piece=piece, who=who)[-1:])
        self.on_hand[piece] = max(0, self.on_hand[piece] - 1)
        self.trim(piece)

    @rule(piece=PIECES, count=st.integers(0, 6))
    def count(self, piece: int, count: int) -> None:
        now = self.clock.now()
        feed = {"counts": [StockCount(count, sku=self.pieces[piece].sku)], "counted_at": now}
        where = {"brand_id": self.store.brand_id, "store_id": self.store.id}
        self.act(lambda s: service.put_stock(s, **where, **feed, now=now))
        self.on_hand[piece] = count
        self.trim(piece)

    @rule(minutes=st.sampled_from((2, 7, 15)))
    def pass_time(self, minutes: int) -> None:
        self.clock.instant += timedelta(minutes=minutes)

    @invariant()
    def all_is_as_remembered(self) -> None:
        if not hasattr(self, "pieces"):
            return
        now = self.clock.now()
        with self.database.read() as session:
            found = {one.id for one in held.held_in(session, [self.store.id], now=now)}
            ids = [one.id for one in self.pieces]
            free = queries.stock_for(session, self.store.id, ids, now=now)
            ended = [one["hold_id"] for one in session.scalars(ENDED)]
        assert found == set(self.live())
        assert len(ended) == len(set(ended))
        for number, piece in enumerate(self.pieces):
            mine = self.live(piece=number)
            assert free[piece.id].on_hand == self.on_hand[number] - len(mine) >= 0
        assert all(len(self.live(who=who)) <= QUOTA for who in {o.who for o in self.known.values()})


ENDED = select(Event.payload).where(Event.kind == "HoldEnded")
RUNS = 10


@pytest.mark.proof(rounds=1_000)
def test_any_sequence_agrees_with_dictionaries(proof_round: int) -> None:
    play(Holds, proof_round, runs=RUNS)


def without_counting(monkeypatch: pytest.MonkeyPatch) -> None:
    """S1: what is held is not taken off what is free."""
    monkeypatch.setattr(holds, "_free_of_rows", lambda *_: 1)


def without_trimming(monkeypatch: pytest.MonkeyPatch) -> None:
    """S1: a count that finds fewer ends no hold."""
    monkeypatch.setattr(holds, "trim", lambda *_, **__: None)


def ending_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """S2: whoever ends a hold does not ask whether it is over."""
    real = holds._end

    def end(session: Any, hold_id: str, how: str, now: datetime, *conditions: Any) -> bool:
        row = session.get(Hold, hold_id, populate_existing=True)
        row.state, row.ended_at = "live", None
        session.flush()
        return real(session, hold_id, how, now, *conditions)

    monkeypatch.setattr(holds, "_end", end)


def without_quota(monkeypatch: pytest.MonkeyPatch) -> None:
    """S3: somebody's holds are counted after the quota was asked."""
    real = holds.hold
    monkeypatch.setattr(
        holds, "hold", lambda *given, most, **about: real(*given, most=most + 9, **about)
    )


@pytest.mark.parametrize("fault", [without_counting, without_trimming, ending_twice, without_quota])
def test_a_planted_fault_is_found(
    monkeypatch: pytest.MonkeyPatch, fault: Callable[[pytest.MonkeyPatch], None]
) -> None:
    fault(monkeypatch)
    with pytest.raises(AssertionError):
        play(Holds, 0, runs=RUNS)
