"""Any sequence of asking, holding, redeeming, letting go and taking back, beside a dictionary."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import FixedClock, installed
from core.errors import Conflict
from loyalty.vouchers import books, redemptions, service
from loyalty.vouchers.models import (
    Redemption,
    Rollback,
    Voucher,
    VoucherBatch,
    VoucherBudget,
    VoucherTerms,
    VoucherUse,
)
from tests.builders.memory import empty_database
from tests.builders.points import PROGRAMME
from tests.builders.vouchers import (
    QUARTER,
    basket,
    line,
    new_code,
    redeem,
    redeem_now,
    release,
    reserve,
    roll_back,
)
from tests.conftest import KEY, NOON
from tests.loyalty.vouchers.oracle import PIECES, Issued, Put, came_back, taken

TABLES: list[Any] = [
    model.__table__
    for model in (
        *(VoucherTerms, VoucherBatch, Voucher, VoucherBudget, Redemption, VoucherUse),
        Rollback,
    )
]
USES_LEFT = select(Voucher.code_hash, Voucher.uses_left)
SOURCES = st.sampled_from([f"sale:{number}" for number in range(12)])
OWNERS = st.sampled_from([None, "nina", "sarah"])
TOTALS = st.sampled_from([(2000, 999), (500, 1), (0, 350)])
NUMBERS = st.integers(0, 7)
HOUR = timedelta(hours=1)


class Vouchers(RuleBasedStateMachine):
    """The oracle: vouchers by number, sales by source."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = FixedClock(NOON)
        self.vouchers: dict[int, Issued] = {}
        self.sales: dict[str, Put] = {}

    @initialize()
    def open(self) -> None:
        """An empty programme, and a short walk past everything that a fault could spoil."""
        self.database = empty_database(TABLES)
        self.issue("amount", 500, 1, None, 1)
        self.issue("percent", 100, None, None, 2)
        for source in ("sale:0", "sale:0", "sale:1"):
            self.put(0, None, source, (2000, 999), None, is_held=False)
        self.put(0, 1, "sale:2", (500, 1), None, is_held=True)
        self.release("sale:0")
        self.put(0, 1, "sale:3", (500, 1), None, is_held=False)
        self.take_back("sale:0", "return:0", "1", "1")
        self.take_back("sale:0", "return:1", None, "2")
        self.put(0, 1, "sale:4", (500, 1), None, is_held=False)
        self.pass_time(120)
        self.put(1, None, "sale:5", (500, 1), None, is_held=False)

    def teardown(self) -> None:
        """The rows add up by themselves, too."""
        if hasattr(self, "database"):
            with self.database.read() as session:
                assert books.verify(session) == []

    @property
    def now(self) -> datetime:
        return self.clock.now()

    def _do(self, act: Any) -> Any:
        """What an act answers, or the refusal."""
        with installed(self.clock):
            try:
                with self.database.write() as session:
                    return act(session)
            except Conflict as refusal:
                return refusal

    @rule(
        kind=st.sampled_from(["amount", "percent"]),
        value=st.integers(1, 100),
        uses=st.sampled_from([1, 2, None]),
        per_owner=st.sampled_from([None, None, 1]),
        hours=st.integers(1, 3),
    )
    def issue(
        self, kind: str, value: int, uses: int | None, per_owner: int | None, hours: int
    ) -> None:
        number = len(self.vouchers)
        if number > 7:
            return
        until = NOON + max(self.now - NOON, timedelta(0)) + hours * HOUR
        terms = {"kind": kind, "value": value, "uses": uses, "uses_per_owner": per_owner}
        terms |= {"currency": "GBP", "campaign_id": "may", "stacking": "stackable"}
        code = self._do(lambda s: new_code(s, **terms, priority=number, valid_until=until))
        self.vouchers[number] = Issued(code, kind, value, uses, per_owner, until)

    def used(self, number: int, owner: str | None = None) -> int:
        """How many uses are taken, by an owner or altogether."""
        return sum(
            put.holds(number, self.now) and owner in (None, put.owner)
            for put in self.sales.values()
        )

    def counts(self, number: int, owner: str | None) -> bool:
        """Whether a voucher counts now."""
        one = self.vouchers[number]
        return not (
            one.is_void
            or self.now >= one.until
            or (one.uses is not None and self.used(number) >= one.uses)
            or (one.per_owner and (owner is None or self.used(number, owner) >= one.per_owner))
        )

    @rule(
        first=NUMBERS,
        second=st.none() | NUMBERS,
        source=SOURCES,
        totals=TOTALS,
        owner=OWNERS,
        is_held=st.booleans(),
    )
    def put(
        self,
        first: int,
        second: int | None,
        source: str,
        totals: tuple[int, int],
        owner: str | None,
        *,
        is_held: bool,
    ) -> None:
        numbers = {one for one in (first, second) if one in self.vouchers}
        if not numbers:
            return
        asked = (numbers, totals, owner, is_held)
        lines = tuple(line(n, total, quantity="2") for n, total in enumerate(totals, start=1))
        codes = [self.vouchers[number].code for number in sorted(numbers)]
        known = self.sales.get(source)
        named = {line_.id: line_.total_minor for line_ in lines}
        counting = {n: self.vouchers[n] for n in numbers if self.counts(n, owner)}
        takes = taken(counting, named)
        way = reserve if is_held else redeem_now
        values = {"source": source, "basket": basket(lines=lines, at=self.now, owner_id=owner)}
        answer = self._do(lambda session: way(session, *codes, **values))
        if known is not None:
            is_same = known.asked == asked
            assert isinstance(answer, Conflict) != is_same
            assert not is_same or answer.id == known.id
        elif not takes:
            assert isinstance(answer, Conflict)
        else:
            assert not isinstance(answer, Conflict), answer
            expected = {name: sum(t.get(name, 0) for t in takes.values()) for name in named}
            assert {one.line: one.discount_minor for one in answer.lines} == expected
            state = "reserved" if is_held else "redeemed"
            assert answer.state == state
            until = self.now + QUARTER
            self.sales[source] = Put(answer.id, asked, state, owner, until, takes, named)

    @rule(source=SOURCES)
    def redeem(self, source: str) -> None:
        put = self.sales.get(source)
        if put is None:
            return
        answer = self._do(lambda session: redeem(session, put.id))
        if put.state == "reserved" and self.now < put.until:
            put.state = "redeemed"
        assert isinstance(answer, Conflict) == (put.state != "redeemed")

    @rule(source=SOURCES)
    def release(self, source: str) -> None:
        put = self.sales.get(source)
        if put is None:
            return
        answer = self._do(lambda session: release(session, put.id))
        if put.state == "reserved":
            put.state = "released"
        assert isinstance(answer, Conflict) == (put.state == "redeemed")

    @rule(
        source=SOURCES,
        of=st.sampled_from(["return:0", "return:1", "return:2"]),
        name=st.sampled_from([None, "1", "2"]),
        pieces=st.sampled_from(["0.5", "1", "2"]),
    )
    def take_back(self, source: str, of: str, name: str | None, pieces: str) -> None:
        put = self.sales.get(source)
        if put is None:
            return
        asked = (name or "", pieces if name else "")
        lines = [(name, pieces)] if name else []
        answer = self._do(lambda session: roll_back(session, put.id, *lines, source=of))
        left = {one: PIECES - put.back.get(one, 0) for one in put.totals}
        wanted = {name: Decimal(pieces)} if name else {n: q for n, q in left.items() if q}
        fits = bool(wanted) and all(quantity <= left[n] for n, quantity in wanted.items())
        if of in put.returns:
            assert isinstance(answer, Conflict) == (put.returns[of] != asked)
        elif put.state != "redeemed" or not fits:
            assert isinstance(answer, Conflict)
        else:
            came_back(put, wanted, answer)
            put.returns[of] = asked

    @rule(minutes=st.sampled_from([1, 14, 15, 45, 60]))
    def pass_time(self, minutes: int) -> None:
        self.clock.advance(minutes=minutes)

    @rule(source=SOURCES)
    def lapse(self, source: str) -> None:
        """What the job does when it is due, or too early, or again."""
        put = self.sales.get(source)
        if put is None:
            return
        is_due = put.state == "reserved" and self.now >= put.until
        assert self._do(lambda s: redemptions.lapse(s, put.id, now=self.now)) == is_due
        if is_due:
            put.state = "lapsed"

    @rule(number=NUMBERS)
    def void(self, number: int) -> None:
        one = self.vouchers.get(number)
        if one is None or number < 2:
            return
        voucher_id = self._do(lambda session: _id_of(session, one.code))
        was = self._do(lambda s: service.void(s, voucher_id, programme_id=PROGRAMME))
        assert was != one.is_void
        one.is_void = True

    @rule(number=NUMBERS)
    def crash(self, number: int) -> None:
        """A transaction that dies before its commit leaves nothing."""
        if number in self.vouchers and self.counts(number, "nina"):
            code, what = self.vouchers[number].code, basket(2000, at=self.now, owner_id="nina")
            writing = self.database.engine.execution_options(writes=True)
            with installed(self.clock), Session(writing) as session:
                redeem_now(session, code, source="crashed", basket=what)

    @invariant()
    def no_more_uses_than_there_are(self) -> None:
        with self.database.read() as session:
            free = dict(session.execute(USES_LEFT).all())
        for number, one in self.vouchers.items():
            if one.uses is not None:
                used = self.used(number)
                overdue = sum(
                    put.state == "reserved" and number in put.takes and self.now >= put.until
                    for put in self.sales.values()
                )
                # What is overdue is counted back by whoever needs it, or by its job.
                left = free[hash_of(one.code)]
                assert one.uses - used - overdue <= left <= one.uses - used


def hash_of(code: str) -> bytes:
    """By what a voucher is found."""
    plain = service.codes.read(code)
    assert plain is not None
    return service.codes.hash_of(plain, KEY)


def _id_of(session: Session, code: str) -> str:
    return session.query(Voucher).filter_by(code_hash=hash_of(code)).one().id
