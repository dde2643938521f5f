"""Vouchers that are issued, voided and run out, beside a dictionary, and time that goes on."""

from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from sqlalchemy.orm import Session

from core.clock import FixedClock, installed
from core.errors import Conflict
from loyalty.baskets.rules import Basket
from loyalty.vouchers import books, codes, service
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
    basket,
    line,
    new_voucher,
)
from tests.conftest import KEY, NOON
from tests.loyalty.vouchers.oracle import Issued, Known, Put

TABLES: list[Any] = [
    model.__table__
    for model in (
        *(VoucherTerms, VoucherBatch, Voucher, VoucherBudget, Redemption, VoucherUse),
        Rollback,
    )
]
SOURCES = st.sampled_from([f"sale:{number}" for number in range(24)])
OWNERS = st.sampled_from([None, "nina", "sarah"])
TOTALS = st.sampled_from([(2000, 999), (500, 1), (0, 350)])
NEWEST, FIRST = st.integers(0, 7), -1
LAST = 11
NUMBERS = st.integers(0, LAST)
TAPS = st.sampled_from([f"tap:{number}" for number in range(16)])
HOUR = timedelta(hours=1)


class Issuing(RuleBasedStateMachine):
    """A programme with a campaign; what is done with its vouchers, is added to it."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = FixedClock(NOON)
        self.known = Known()

    @initialize(is_short=st.booleans())
    def open(self, *, is_short: bool) -> None:
        """Vouchers to begin with; before them a walk, which the first and plainest run takes."""
        self.database = empty_database(TABLES)
        if not is_short:
            self.walk()
        self.issue("amount", 100, None, 1, 24)
        self.issue("", 0, None, None, 24, "nina", is_twin=True)
        self.issue("percent", 30, 2, None, 24)
        self.issue("amount", 60, 1, None, 24, "nina", of_campaign=False)

    def walk(self) -> None:
        """Past everything that a fault could spoil."""

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
        owner=OWNERS,
        of_campaign=st.booleans(),
        is_twin=st.booleans(),
    )
    def issue(
        self,
        kind: str,
        value: int,
        uses: int | None,
        per_owner: int | None,
        hours: int,
        owner: str | None = None,
        *,
        of_campaign: bool = True,
        is_twin: bool = False,
    ) -> None:
        number = len(self.known.vouchers)
        if number > LAST:
            return
        terms: dict[str, Any] = {"kind": kind, "value": value, "uses": uses, "per_owner": per_owner}
        terms |= {"is_of_campaign": of_campaign, "terms": number}
        if is_twin and number:
            terms = {name: getattr(self.known.vouchers[number - 1], name) for name in terms}
        until = self.now + hours * HOUR
        issued = self._do(lambda session: _issue(session, number, owner, until, **terms))
        code = codes.code_of(issued.voucher_id, KEY)
        self.known.vouchers[number] = Issued(
            id=issued.voucher_id,
            code=codes.shown(code),
            hash=codes.hash_of(code, KEY),
            owner=owner,
            until=until,
            **terms,
        )

    def among(self, *numbers: int | None) -> frozenset[int]:
        """These vouchers, numbered round and round."""
        return frozenset(one % len(self.known.vouchers) for one in numbers if one is not None)

    def codes_of(self, numbers: frozenset[int]) -> list[str]:
        return [self.known.vouchers[number].code for number in sorted(numbers)]

    @rule(number=NUMBERS)
    def void(self, number: int) -> None:
        one = self.known.vouchers.get(number)
        if one is None or not is_ended(number):
            return
        was = self._do(lambda session: service.void(session, one.id, programme_id=PROGRAMME))
        assert was != one.is_void
        one.is_void = True

    @rule(minutes=st.sampled_from([1, 14, 15, 45, 60]))
    def pass_time(self, minutes: int) -> None:
        self.clock.advance(minutes=minutes)

    def basket(self, totals: tuple[int, int], owner: str | None) -> Basket:
        lines = tuple(line(n, total, quantity="2") for n, total in enumerate(totals, start=1))
        return basket(lines=lines, at=self.now, owner_id=owner)

    def is_answered(
        self, before: Put | None, asked: Any, takes: dict[int, dict[str, int]], answer: Any
    ) -> bool:
        """Whether it is done now, for the first time; checks an answer, or a refusal."""
        if before is not None:
            is_same = before.asked == asked
            assert isinstance(answer, Conflict) != is_same
            assert not is_same or answer.id == before.id
            return False
        if not takes:
            assert isinstance(answer, Conflict)
            return False
        assert not isinstance(answer, Conflict), answer
        check_lines(takes, answer)
        return True


def put_of(
    answer: Any,
    asked: Any,
    owner: str | None,
    until: datetime,
    takes: dict[int, dict[str, int]],
    now: datetime,
) -> Put:
    """What the oracle remembers of an answer."""
    totals = {one.line: one.total_minor for one in answer.lines}
    state = "redeemed" if answer.reserved_until is None else "reserved"
    return Put(answer.id, asked, state, owner, until, takes, totals, now)


def check_lines(takes: dict[int, dict[str, int]], answer: Any) -> None:
    """Each line of an answer is less by what vouchers take off it."""
    found = {one.line: one.discount_minor for one in answer.lines}
    assert found == {name: sum(t.get(name, 0) for t in takes.values()) for name in found}


def newest(known: dict[str, Put], nth: int) -> Put | None:
    """What was put last, or the `nth` before it; round and round, None of none."""
    return list(known.values())[-1 - nth % len(known)] if known else None


def is_ended(number: int) -> bool:
    """Whether a voucher is one of those that may be ended, so that enough go on."""
    return number % 3 == 0


def source_of(number: int) -> str:
    """What a voucher was issued for."""
    return f"voucher:{number}"


def _issue(
    session: Session,
    number: int,
    owner: str | None,
    until: datetime,
    *,
    terms: int,
    is_of_campaign: bool,
    per_owner: int | None,
    **what: Any,
) -> service.Issued:
    has_currency = is_of_campaign or what["kind"] == "amount"
    what |= {"currency": "GBP" if has_currency else None, "uses_per_owner": per_owner}
    what |= {"campaign_id": "may" if is_of_campaign else None, "stacking": "stackable"}
    what |= {"source": source_of(number), "valid_until": until, "priority": terms}
    return new_voucher(session, owner, **what)
