"""Points come, wait, come free, are spent and run out by any terms, beside a list of lots."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import FixedClock, installed
from core.errors import Conflict
from core.outbox import Event, Job
from loyalty.earning.models import EarningTerms
from loyalty.earning.rules import Expiry
from loyalty.ledger import books, queries
from loyalty.ledger.models import (
    LedgerAccount,
    LedgerLeg,
    LedgerLot,
    LedgerLotMove,
    LedgerTransaction,
)
from retail.brands.models import Brand
from retail.journeys.points import end_points
from tests.builders.brands import new_brand
from tests.builders.memory import empty_database
from tests.builders.points import earn, reverse, spend
from tests.builders.terms import give_terms
from tests.loyalty.earning.ending import Lot, Purse, Rules, Waiting

MODELS = (LedgerAccount, LedgerTransaction, LedgerLeg, LedgerLot, LedgerLotMove, EarningTerms)
TABLES: list[Any] = [one.__table__ for one in (*MODELS, Brand, Event, Job)]
# Two days later the clocks of London go forward, and Havana has no midnight three weeks before.
STARTS = {
    "Europe/London": datetime(2026, 3, 27, 12, tzinfo=UTC),
    "America/Havana": datetime(2026, 3, 6, 12, tzinfo=UTC),
    "Africa/Cairo": datetime(2026, 10, 28, 12, tzinfo=UTC),
    "Asia/Kathmandu": datetime(2026, 12, 29, 18, tzinfo=UTC),
}
ENDS = (Expiry("rolling", 1), Expiry("rolling", 3), Expiry("calendar", 0), Expiry("calendar", 31))
OWNERS = st.sampled_from(("nina", "sarah"))
SOURCES = st.sampled_from([f"source:{number}" for number in range(15)])
POINTS = st.integers(1, 30)


class Ending(RuleBasedStateMachine):
    """The oracle: a purse for each owner, and what the terms say."""

    def __init__(self) -> None:
        super().__init__()
        self.purses = {"nina": Purse(), "sarah": Purse()}
        self.sources: dict[str, str] = {}
        self.not_back: dict[str, int] = {}
        self.ticks = 0

    @initialize(
        zone=st.sampled_from(sorted(STARTS)),
        expiry=st.sampled_from([*ENDS, Expiry(), *[Expiry("sliding", days) for days in (1, 2, 5)]]),
    )
    def open(self, zone: str, expiry: Expiry) -> None:
        """A brand in a zone, with terms by which points end."""
        self.database = empty_database(TABLES)
        self.clock = FixedClock(STARTS[zone])
        self.rules = Rules(zone)
        self.brand_id = self._do(lambda session: new_brand(session, zone=zone)).id
        self._give_terms(expiry)

    def teardown(self) -> None:
        """The books add up by themselves, too."""
        if hasattr(self, "database"):
            with self.database.read() as session:
                assert books.verify(session) == []

    @property
    def now(self) -> datetime:
        return self.clock.now()

    @property
    def is_sliding(self) -> bool:
        return self.rules.expiry.kind == "sliding"

    def _do(self, act: Any) -> Any:
        """What an act answers, or the refusal."""
        with installed(self.clock), self.database.write() as session:
            try:
                return act(session)
            except Conflict as refusal:
                return refusal

    def _give_terms(self, expiry: Expiry) -> None:
        self.rules.expiry = expiry
        written = {"kind": expiry.kind, "days": expiry.days}
        self._do(lambda session: give_terms(session, self.brand_id, expiry=written))

    @rule(expiry=st.sampled_from([*ENDS, Expiry()]))
    def change_terms(self, expiry: Expiry) -> None:
        """What ends already keeps its end; what comes free from now on has the new one."""
        if not self.is_sliding:
            self._give_terms(expiry)

    @rule(owner=OWNERS, points=POINTS, source=SOURCES, waits=st.sampled_from([None, 0, 1, 2]))
    def earn(self, owner: str, points: int, source: str, waits: int | None) -> None:
        """As receipts earn, or as a prize of points is given."""
        if source in self.sources:
            return
        self.sources[source], purse = owner, self.purses[owner]
        self.not_back[source] = points
        self.ticks += 1
        at = self.now + timedelta(days=waits or 0, seconds=self.ticks)
        self._do(lambda s: self._earn(s, owner, points, source, None if waits is None else at))
        if waits is None:
            purse.lots.append(Lot(source, points, self.rules.end_of(self.now)))
            purse.active_at = self.now
        else:
            purse.waiting.append(Waiting(source, points, at, self.now))

    def _earn(
        self, session: Session, owner: str, points: int, source: str, at: datetime | None
    ) -> None:
        how = {"programme_id": self.brand_id, "source": source, "now": self.now}
        if at is not None:
            earn(session, owner, points, **how, available_at=at)
            end_points.see_to_release(session, self.brand_id, source, at)
            return
        expires_at = end_points.expiry_of(session, self.brand_id, self.now)
        posted = earn(session, owner, points, **how, expires_at=expires_at)
        end_points.see_to_end(session, self.brand_id, owner, posted.transaction_id, now=self.now)

    @rule(owner=OWNERS, points=POINTS)
    def spend(self, owner: str, points: int) -> None:
        purse, how = self.purses[owner], {"programme_id": self.brand_id, "now": self.now}
        has_enough = purse.balance >= points
        if has_enough:
            purse.lapse(self.now)
        answer = self._do(lambda session: spend(session, owner, points, **how))
        if purse.balance < points:
            assert isinstance(answer, Conflict)
        else:
            assert answer.is_new
            purse.burn(points)
            purse.active_at = self.now

    @rule(source=SOURCES, points=POINTS)
    def take_back(self, source: str, points: int) -> None:
        """Goods come back while there is enough; that is no deed of the owner's."""
        purse = self.purses.get(self.sources.get(source, ""), Purse())
        early = next((one for one in purse.waiting if one.source == source and one.left), None)
        there = sum(lot.left for lot in purse.lots if lot.source == source)
        if points > (early.left if early else there):
            return
        how = {"programme_id": self.brand_id, "now": self.now}
        answer = self._do(lambda session: reverse(session, source, points, **how))
        # Points without an end are nobody's in particular: some of it may be there that went back.
        if points > self.not_back[source]:
            assert isinstance(answer, Conflict)
            return
        self.not_back[source] -= points
        if early:
            early.left -= points
        else:
            purse.burn(points, first=source)

    @rule(hours=st.sampled_from([1, 11, 24, 24, 49, 24 * 40, 24 * 300]), is_late=st.booleans())
    def pass_time(self, hours: int, *, is_late: bool) -> None:
        """The worker does what is due at its instant, or finds it all later."""
        until = self.now + timedelta(hours=hours)
        while self.is_sliding or not is_late:
            steps = [self.rules.next_of(purse) for purse in self.purses.values()]
            at = min((step for step in steps if step is not None), default=until)
            if at >= until:
                break
            self.clock.instant = max(at, self.now)
            self.work()
        self.clock.instant = until
        if self.is_sliding or not is_late:
            self.work()

    @rule()
    def work(self) -> None:
        """Every job that is due, once."""
        for purse in self.purses.values():
            self.rules.settle(purse, self.now)
        while self._do(self._run_due):
            pass

    @rule()
    def work_again(self) -> None:
        """Every job that was done, once more, as after a crash."""
        self._do(lambda session: [self._run(session, job) for job in _done(session)])

    def _run_due(self, session: Session) -> bool:
        due = select(Job).where(Job.due_at <= self.now, Job.done_at.is_(None))
        job = session.scalars(due.order_by(Job.due_at, Job.id).limit(1)).one_or_none()
        if job is None:
            return False
        self._run(session, job)
        job.done_at = self.now
        return True

    def _run(self, session: Session, job: Job) -> None:
        if job.kind == end_points.RELEASE_JOB:
            end_points.release_points(session, **job.payload, now=self.now)
        elif job.kind == end_points.EXPIRE_JOB:
            end_points.expire_points(session, job.payload["lot_id"], now=self.now)
        elif job.kind == end_points.IDLE_JOB:
            end_points.expire_idle_points(session, **job.payload, now=self.now)

    @invariant()
    def purses_are_as_expected(self) -> None:
        if not hasattr(self, "database"):
            return
        with self.database.read() as session:
            for owner, purse in self.purses.items():
                who = (session, self.brand_id, owner)
                assert queries.balance(*who) == purse.balance
                assert queries.pending(*who) == sum(one.left for one in purse.waiting)
                lots = [(lot.ends_at, lot.points) for lot in queries.expiring_lots(*who)]
                assert sorted(lots) == sorted((at, left) for at, _, left in purse.ending())
            ran_out = queries.pot_balance(session, self.brand_id, "expiry")
            assert ran_out == sum(purse.ran_out for purse in self.purses.values())


def _done(session: Session) -> list[Job]:
    done = select(Job).where(Job.done_at.is_not(None)).order_by(Job.due_at, Job.id)
    return list(session.scalars(done))
