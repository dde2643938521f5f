"""What tills do with vouchers: any sequence of it, beside a dictionary."""

from decimal import Decimal

from hypothesis import strategies as st
from hypothesis.stateful import rule
from sqlalchemy.orm import Session

from core.clock import installed
from core.errors import Conflict
from loyalty.vouchers import redemptions
from tests.builders.vouchers import (
    QUARTER,
    basket,
    redeem,
    redeem_now,
    release,
    reserve,
    roll_back,
)
from tests.loyalty.vouchers.machine import (
    FIRST,
    NEWEST,
    NUMBERS,
    OWNERS,
    SOURCES,
    TOTALS,
    Issuing,
    newest,
    put_of,
)
from tests.loyalty.vouchers.oracle import PIECES, Ask, came_back


class Tills(Issuing):
    """Tills reserve, redeem, let go and take back; whatever is overdue lapses."""

    def walk(self) -> None:
        """Past everything that a fault could spoil."""
        self.issue("amount", 500, 1, None, 1)
        self.issue("percent", 100, None, None, 2)
        for source in ("sale:0", "sale:0", "sale:1"):
            self.put(0, None, source, (2000, 999), None)
        self.put(0, 1, "sale:2", (500, 1), None, is_held=True)
        self.release(FIRST)
        self.put(0, 1, "sale:3", (500, 1), None)
        self.take_back(FIRST, "return:0", "1", "1")
        self.take_back(FIRST, "return:1", None, "2")
        self.put(0, 1, "sale:4", (500, 1), None)
        self.pass_time(120)
        self.put(1, None, "sale:5", (500, 1), None)

    @rule(
        first=NUMBERS,
        second=st.none() | NUMBERS,
        source=SOURCES,
        totals=TOTALS,
        owner=OWNERS,
        is_held=st.booleans(),
        brings=st.booleans(),
    )
    def put(
        self,
        first: int | None,
        second: int | None,
        source: str,
        totals: tuple[int, int],
        owner: str | None,
        *,
        is_held: bool = False,
        brings: bool = False,
    ) -> None:
        """A till is shown vouchers, and `brings` those along that its member's phone holds."""
        shown = self.among(first, second)
        if not shown and not brings:
            return
        asked = (shown, totals, owner, is_held, brings)
        held = self.known.held_by(owner, self.now) if brings else frozenset()
        ask = Ask(shown | held, owner, totals)
        takes = self.known.takes(ask, self.now)
        if self.known.limit is None:
            # Only what a campaign has left may be short by what phones of others hold.
            assert takes == self.known.without_phones(ask, self.now)
        way = reserve if is_held else redeem_now
        values = {"source": source, "basket": self.basket(totals, owner), "with_held": brings}
        answer = self._do(lambda session: way(session, *self.codes_of(shown), **values))
        before = self.known.sales.get(source)
        if self.is_answered(before, asked, takes, answer):
            state = "reserved" if is_held else "redeemed"
            assert answer.state == state
            self.known.give_way(ask, self.now)
            until = self.now + QUARTER
            self.known.sales[source] = put_of(answer, asked, owner, until, takes, self.now)

    @rule(nth=NEWEST)
    def redeem(self, nth: int) -> None:
        put = newest(self.known.sales, nth)
        if put is None:
            return
        answer = self._do(lambda session: redeem(session, put.id))
        if put.state == "reserved" and self.now < put.until:
            put.state = "redeemed"
        assert isinstance(answer, Conflict) == (put.state != "redeemed")

    @rule(nth=NEWEST)
    def release(self, nth: int) -> None:
        put = newest(self.known.sales, nth)
        if put is None:
            return
        answer = self._do(lambda session: release(session, put.id))
        if put.state == "reserved":
            put.state = "released"
        assert isinstance(answer, Conflict) == (put.state == "redeemed")

    @rule(
        nth=NEWEST,
        of=st.sampled_from(["return:0", "return:1", "return:2"]),
        name=st.sampled_from([None, "1", "2"]),
        pieces=st.sampled_from(["0.5", "1", "2"]),
    )
    def take_back(self, nth: int, of: str, name: str | None, pieces: str) -> None:
        put = newest(self.known.sales, nth)
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

    @rule(nth=NEWEST)
    def lapse(self, nth: int) -> None:
        """What the job does when it is due, or too early, or again."""
        put = newest(self.known.sales | self.known.taps, nth)
        if put is None:
            return
        is_due = put.state == "reserved" and self.now >= put.until
        assert self._do(lambda s: redemptions.lapse(s, put.id, now=self.now)) == is_due
        if is_due:
            put.state = "lapsed"

    @rule(number=NUMBERS)
    def crash(self, number: int) -> None:
        """A transaction that dies before its commit leaves nothing."""
        ask = Ask(self.among(number), "nina", (2000,))
        if self.known.takes(ask, self.now):
            (code,), what = self.codes_of(ask.numbers), basket(2000, at=self.now, owner_id="nina")
            writing = self.database.engine.execution_options(writes=True)
            with installed(self.clock), Session(writing) as session:
                redeem_now(session, code, source="crashed", basket=what)
