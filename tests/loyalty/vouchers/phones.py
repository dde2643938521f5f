"""What phones hold among what tills do: any sequence of it, beside the same dictionary."""

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule
from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from core.errors import Conflict
from loyalty.vouchers import holds, redemptions, service
from loyalty.vouchers.models import Redemption, Voucher, VoucherUse
from tests.builders.points import PROGRAMME
from tests.builders.vouchers import QUARTER, hold
from tests.conftest import KEY
from tests.loyalty.vouchers.machine import (
    HOUR,
    NEWEST,
    NUMBERS,
    TAPS,
    TOTALS,
    check_lines,
    is_ended,
    newest,
    put_of,
    source_of,
)
from tests.loyalty.vouchers.oracle import Ask
from tests.loyalty.vouchers.tills import Tills

HOLDERS = st.sampled_from(["nina", "sarah"])
# Each voucher with what is left of it, once for each phone that holds it just now.
_SEEN = select(Voucher.code_hash, Voucher.uses_left, Redemption.owner_id).outerjoin(
    VoucherUse.__table__.join(  # type: ignore[attr-defined]
        Redemption.__table__,
        and_(Redemption.id == VoucherUse.redemption_id, Redemption.gives_way),
    ),
    and_(
        VoucherUse.voucher_id == Voucher.id,
        VoucherUse.returned_at.is_(None),
        Redemption.state == "reserved",
    ),
)


class Vouchers(Tills):
    """Phones hold, hold anew, ask for more time and let go, beside tills that do as they did."""

    def walk(self) -> None:
        """Past tills, then past what only phones can spoil."""
        super().walk()
        self.issue("amount", 300, 1, None, 24)
        self.issue("percent", 50, 1, None, 24, "nina")
        self.hold(2, None, "tap:0", "nina", (2000, 999))
        self.hold(2, None, "tap:1", "sarah", (2000, 999))
        self.put(2, None, "sale:6", (500, 1), "sarah")
        self.issue("amount", 100, 1, None, 24)
        self.hold(3, 4, "tap:2", "nina", (500, 1))
        self.pass_time(14)
        self.extend(0, 15)
        self.extend(0, 60)
        self.pass_time(60)
        self.hold(4, 3, "tap:3", "sarah", (500, 1))
        self.let_go(0)
        self.put(None, None, "sale:7", (500, 1), "nina", brings=True)
        assert set(self.known.taps) == {"tap:0", "tap:2", "tap:3"}

    @rule(
        first=NUMBERS,
        second=st.none() | NUMBERS,
        source=TAPS,
        owner=HOLDERS,
        totals=TOTALS,
    )
    def hold(
        self, first: int, second: int | None, source: str, owner: str, totals: tuple[int, int]
    ) -> None:
        """A phone holds vouchers, instead of what it held before."""
        numbers = self.among(first, second)
        ask = Ask(numbers, owner, totals, is_phone=True)
        takes = self.known.takes(ask, self.now)
        until = self.now + QUARTER
        values = {"source": source, "basket": self.basket(totals, owner), "until": until}
        answer = self._do(lambda session: hold(session, *self.codes_of(numbers), **values))
        if self.is_answered(self.known.taps.get(source), ask, takes, answer):
            assert answer.state == "reserved"
            self.known.give_way(ask, self.now)
            self.known.taps[source] = put_of(answer, ask, owner, until, takes, self.now)

    @rule(first=NUMBERS, owner=HOLDERS, totals=TOTALS)
    def look(self, first: int, owner: str, totals: tuple[int, int]) -> None:
        """A phone asks what it holds, and what more would take off; nothing changes by that."""
        ask = Ask(self.among(first), owner, totals, is_phone=True)
        codes = tuple(self.codes_of(ask.numbers))
        asked: dict[str, Any] = {"programme_id": PROGRAMME, "now": self.now, "key": KEY}
        asked |= {"basket": self.basket(totals, owner), "codes": codes}
        with self.database.read() as session:
            check_lines(self.known.takes(ask, self.now), holds.quote(session, **asked))
            found = holds.find_hold(session, PROGRAMME, owner, now=self.now)
        held = self.known.held_by(owner, self.now)
        tap = next((tap for tap in self.known.taps.values() if found and tap.id == found.id), None)
        assert (found is None) == (not held)
        if found and tap:
            check_lines({number: tap.takes[number] for number in held}, found)

    @rule(nth=NEWEST, minutes=st.sampled_from([5, 15, 60, 90]))
    def extend(self, nth: int, minutes: int) -> None:
        tap = newest(self.known.taps, nth)
        if tap is None:
            return
        until = self.now + timedelta(minutes=minutes)
        how = {"programme_id": PROGRAMME, "holder_id": tap.owner, "until": until, "now": self.now}
        answer = self._do(lambda session: holds.extend(session, tap.id, **how))
        is_over = tap.state != "reserved" or self.now >= tap.until
        is_enough = tap.until == tap.began + HOUR
        assert isinstance(answer, Conflict) == (is_over or is_enough)
        if not is_over:
            tap.until = max(tap.until, min(until, tap.began + HOUR))
            assert is_enough or answer.reserved_until == tap.until

    @rule(nth=NEWEST)
    def let_go(self, nth: int) -> None:
        """What its owner lets go of is free, all that it has still and no more."""
        tap = newest(self.known.taps, nth)
        if tap is None:
            return
        how = {"programme_id": PROGRAMME, "holder_id": tap.owner, "now": self.now}
        answer = self._do(lambda session: redemptions.release(session, tap.id, **how))
        if tap.state == "reserved":
            tap.state = "released"
        assert answer.state == tap.state

    @rule(number=NUMBERS)
    def give_up(self, number: int) -> None:
        """A voucher is taken back of which no till has anything; phones let go of it."""
        one = self.known.vouchers.get(number)
        if one is None or not is_ended(number):
            return
        what = {"programme_id": PROGRAMME, "source": source_of(number), "now": self.now}
        answer = self._do(lambda session: _take_back_or_leave(session, **what))
        sold = sum(put.holds(number, self.now) for put in self.known.sales.values())
        ends = not one.is_void and one.uses is not None and self.now < one.until and not sold
        assert isinstance(answer, Conflict) != ends
        if ends:
            one.is_void = True
            self.known.clear(number, self.now)

    @rule(limit=st.sampled_from([None, 150, 600, 3000]))
    def limit_campaign(self, limit: int | None) -> None:
        """Its campaign may give away so much in all, at tills and on phones."""
        what: dict[str, Any] = {"campaign_id": "may", "currency": "GBP", "limit_minor": limit}
        self._do(lambda session: service.set_budget(session, programme_id=PROGRAMME, **what))
        self.known.limit = limit

    @invariant()
    def no_more_uses_than_there_are(self) -> None:
        """Each is held where the dictionary says, and has left what nobody holds or used."""
        with self.database.read() as session:
            rows = session.execute(_SEEN).all()
        free = {hashed: left for hashed, left, _ in rows}
        kept = {(hashed, owner) for hashed, _, owner in rows if owner is not None}
        taps, vouchers = self.known.taps.values(), self.known.vouchers
        expected = {(tap.owner, n) for tap in taps for n in tap.takes if tap.keeps(n)}
        assert kept == {(vouchers[number].hash, owner) for owner, number in expected}
        for number, one in vouchers.items():
            if one.uses is not None:
                left = one.uses - sum(tap.keeps(number) for tap in taps)
                sales = [put for put in self.known.sales.values() if put.keeps(number)]
                used = sum(put.holds(number, self.now) for put in sales)
                # What tills have overdue is counted back by whoever needs it, or by its job.
                overdue = sum(put.state == "reserved" and self.now >= put.until for put in sales)
                assert left - used - overdue <= free[one.hash] <= left - used


def _take_back_or_leave(session: Session, **what: Any) -> None:
    """As whoever exchanges a voucher back does: where it is not ended, nothing is kept."""
    if not service.take_back_unused(session, **what):
        raise Conflict("used", "A till has it.")
