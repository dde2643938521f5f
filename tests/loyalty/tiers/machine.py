"""Credits come, go and come back, years end, ladders change: tiers beside a dictionary."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy.orm import Session

from core.errors import Conflict, NotFound
from loyalty.ledger import books, ends
from loyalty.ledger.models import (
    LedgerAccount,
    LedgerLeg,
    LedgerLot,
    LedgerLotMove,
    LedgerTransaction,
)
from loyalty.tiers import queries, service
from loyalty.tiers.models import TierChange, TierLadder, TierStanding
from loyalty.tiers.rules import Ladder, Tier
from retail.standings.queries import credits_of
from tests.builders.memory import empty_database
from tests.builders.points import PROGRAMME, earn, reverse, spend
from tests.builders.tiers import TIERS, ladder
from tests.loyalty.tiers.oracle import Came, counted, stands

MODELS = (LedgerAccount, LedgerTransaction, LedgerLeg, LedgerLot, LedgerLotMove)
TABLES: list[Any] = [one.__table__ for one in (*MODELS, TierLadder, TierStanding, TierChange)]
JOINED = datetime(2024, 1, 1, tzinfo=UTC)
# The year of Auckland is an hour short of over, and London has thirteen more to go.
START = datetime(2026, 12, 31, 10, tzinfo=UTC)
TICK = timedelta(microseconds=1)
LADDERS = (
    ladder(grace_days=31),
    ladder(drop="one_step"),
    ladder(zone="Pacific/Auckland", tiers=(*TIERS[:2], Tier("top", "Top", 250))),
    # The 114th day of a year in Cairo, the last Friday of April, has no midnight.
    ladder(zone="Africa/Cairo", grace_days=113, drop="one_step"),
    ladder(period_days=30, grace_days=3),
    ladder(period_days=90, drop="one_step"),
    ladder(basis="balance"),
)
OWNERS = st.sampled_from(("nina", "sarah"))
SOURCES = st.sampled_from([f"source:{number}" for number in range(15)])
CREDITS = st.sampled_from((1, 40, 99, 100, 160, 300))


class Tiers(RuleBasedStateMachine):
    """The oracle: credits by source; by owner the tier noted last, and how it came to that."""

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        self.came: dict[str, Came] = {}
        self.returns: dict[str, tuple[str, int]] = {}
        self.ladder, self.version = LADDERS[0], 0
        self.noted: dict[str, tuple[str, datetime | None, int]] = {}
        self.changes: dict[str, list[tuple[str | None, str, bool]]] = {"nina": [], "sarah": []}

    @initialize()
    def open(self) -> None:
        """An empty programme, and a short walk past everything that a fault could spoil."""
        self.database = empty_database(TABLES)
        self.publish(2)
        self.earn("sarah", 160, "source:1", waits=2)
        self.pass_time(1)
        self.earn("sarah", 100, "source:2", waits=None)
        self.publish(0)
        self.earn("nina", 300, "source:0", waits=None)
        self.go_to_the_end("nina", short=True)
        self.publish(2)
        self.review_due()
        self.earn("sarah", 160, "source:3", waits=None)
        self.pass_time(24)
        self.take_back("source:3", 160, "return:0")
        self.publish(1)
        self.review_due()
        self.go_to_the_end("nina", short=False)
        self.publish(5)
        self.earn("nina", 100, "source:4", waits=None)
        self.pass_time(24)
        self.spend("nina", 1, "source:5")

    def teardown(self) -> None:
        """The books add up by themselves, too."""
        if hasattr(self, "database"):
            with self.database.read() as session:
                assert books.verify(session) == []
                assert service.miscounted(session, PROGRAMME) == []

    def _of(self, owner: str) -> list[Came]:
        return sorted((one for one in self.came.values() if one.owner == owner), key=_at)

    def _do(self, act: Any) -> Any:
        """What an act answers, or the refusal."""
        try:
            with self.database.write() as session:
                return act(session)
        except (Conflict, NotFound) as refusal:
            return refusal

    @rule(owner=OWNERS, points=CREDITS, source=SOURCES, waits=st.sampled_from([None, 0, 2]))
    def earn(self, owner: str, points: int, source: str, waits: int | None) -> None:
        if source in self.came:
            return
        at = None if waits is None else self.now + timedelta(days=waits)
        how = {"wallet": "credits", "source": source, "now": self.now, "available_at": at}
        assert self._do(lambda session: earn(session, owner, points, **how)).is_new
        self.came[source] = Came(owner, self.now, points)
        self.review(owner)

    @rule(owner=OWNERS, points=st.sampled_from([1, 60]), source=SOURCES)
    def spend(self, owner: str, points: int, source: str) -> None:
        if source in self.came:
            return
        how = {"wallet": "credits", "source": source, "now": self.now}
        if not isinstance(self._do(lambda session: spend(session, owner, points, **how)), Conflict):
            self.came[source] = Came(owner, self.now, -points)
            self.review(owner)

    @rule(of=SOURCES, points=CREDITS, source=st.sampled_from([f"return:{n}" for n in range(6)]))
    def take_back(self, of: str, points: int, source: str) -> None:
        if of not in self.came or source in self.returns:
            return
        one, how = self.came[of], {"source": source, "now": self.now}
        fits = points <= abs(one.points) - one.back
        answer = self._do(lambda session: reverse(session, of, points, **how))
        assert isinstance(answer, Conflict) != fits
        if fits:
            one.back += points
            self.returns[source] = (of, points)
            self.review(one.owner)

    @rule(of=SOURCES)
    def release(self, of: str) -> None:
        """Credits that come free are no new ones."""
        how = {"programme_id": PROGRAMME, "of": of, "now": self.now}
        self._do(lambda session: ends.release(session, **how))

    @rule(owner=OWNERS)
    def review(self, owner: str) -> None:
        came = self._of(owner)
        place, until = stands(self.ladder, came, self.now)
        tier, was = self.ladder.tiers[place].code, self.noted.get(owner, (None, None, 0))[0]
        found = self._do(lambda session: self._review(session, owner))
        assert (found.standing.tier.code, found.standing.until) == (tier, until)
        credits_ = counted(self.ladder, came, self.now)
        above = self.ladder.tiers[place + 1 : place + 2]
        assert found.standing.credits == credits_
        assert found.standing.missing == sum(max(one.at - credits_, 0) for one in above)
        places = {one.code: number for number, one in enumerate(self.ladder.tiers)}
        is_up = was is None or place > places.get(was, -1)
        if tier != was:
            self.changes[owner].append((was, tier, is_up))
        assert (found.left, found.is_up) == ((was, is_up) if tier != was else (None, False))
        self.noted[owner] = (tier, until, self.version)
        with self.database.read() as session:
            changes = queries.changes(session, PROGRAMME, owner)[::-1]
        assert [(one.before, one.tier, one.is_up) for one in changes] == self.changes[owner]

    def _review(self, session: Session, owner: str) -> service.Reviewed:
        earned = credits_of(session, PROGRAMME, owner)
        how = {"programme_id": PROGRAMME, "owner_id": owner, "now": self.now}
        return service.review(session, **how, earned=earned, joined_at=JOINED)

    @rule()
    def review_due(self) -> None:
        """What the worker does: whose tier ran out or whose ladder is older, and nobody else."""
        expected = [
            owner
            for owner, (_, until, version) in sorted(self.noted.items())
            if version < self.version or (until is not None and until <= self.now)
        ]
        with self.database.read() as session:
            assert queries.due(session, PROGRAMME, now=self.now, most=9) == expected
        for owner in expected:
            self.review(owner)

    @rule(number=st.integers(0, len(LADDERS) - 1))
    def publish(self, number: int) -> None:
        wanted: Ladder = LADDERS[number]
        self.version += self.version == 0 or wanted != self.ladder
        self.ladder = wanted
        how = {"programme_id": PROGRAMME, "ladder": wanted, "now": self.now}
        assert self._do(lambda session: service.publish(session, **how)) == self.version

    @rule(hours=st.sampled_from([1, 24, 24 * 29, 24 * 100, 24 * 365]))
    def pass_time(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(owner=OWNERS, short=st.booleans())
    def go_to_the_end(self, owner: str, *, short: bool) -> None:
        """To the instant at which a tier runs out, or the last before it."""
        _, until = stands(self.ladder, self._of(owner), self.now)
        if until is not None:
            self.now = max(self.now, until - TICK if short else until)
            self.review(owner)

    @rule(owner=OWNERS)
    def crash(self, owner: str) -> None:
        """A review that dies before its commit leaves nothing."""
        writing = self.database.engine.execution_options(writes=True)
        with Session(writing) as session, session.begin() as transaction:
            self._review(session, owner)
            transaction.rollback()

    @invariant()
    def what_is_noted_is_as_expected(self) -> None:
        if not hasattr(self, "database"):
            return
        with self.database.read() as session:
            expected = sorted((owner, tier) for owner, (tier, _, _) in self.noted.items())
            assert queries.stand(session, PROGRAMME) == expected


def _at(came: Came) -> datetime:
    return came.at
