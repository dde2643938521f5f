"""A purchase earns whoever made it, once; what comes back takes its points along."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock as core_clock
from core.clock import FixedClock
from core.outbox import Job
from core.transaction import Database
from loyalty.ledger import books
from loyalty.ledger import queries as ledger
from loyalty.ledger.service import spend
from retail.accounts.queries import MemberView
from retail.brands.queries import StoreView
from retail.journeys.points import end_points
from retail.journeys.points.check_points import check_points
from retail.journeys.points.earn_points import earn_for_deed, earned_on
from retail.journeys.sales.claim import claim_receipt
from retail.journeys.sales.purchase import Purchase, record_purchase
from retail.journeys.sales.refund import record_refund
from retail.receipts import codes, queries
from retail.receipts.returns import ReturnInput, ReturnLineInput
from retail.receipts.views import ReceiptView
from tests.builders.accounts import new_member
from tests.builders.brands import new_store
from tests.builders.catalogue import new_variant
from tests.builders.races import race
from tests.builders.receipts import SETTINGS, line, new_receipt, receipt_input, till_of
from tests.builders.terms import POUNDS, give_terms
from tests.conftest import KEY, both_databases


@pytest.fixture
def store(session: Session) -> StoreView:
    store = new_store(session)
    give_terms(session, store.brand_id)
    return store


@pytest.fixture
def nina(session: Session, store: StoreView) -> MemberView:
    return new_member(session, store.brand_id)


def buy(session: Session, store: StoreView, member: MemberView, *totals: int) -> ReceiptView:
    """A receipt whose till knew the member, with a line of four pieces for each total."""
    lines = [line(total_minor=total, quantity=Decimal(4)) for total in totals]
    sent = receipt_input(*lines, member_id=member.id)
    bought: Purchase = record_purchase(
        session,
        key=till_of(store),
        store_slug=None,
        receipt=sent,
        now=core_clock.now(),
        settings=SETTINGS,
    )
    return queries.get_receipt(session, bought.reply.id)


def claim(session: Session, receipt: ReceiptView, member: MemberView) -> ReceiptView:
    token = codes.token(KEY, receipt.id)
    return claim_receipt(
        session, member=member, token=token, now=core_clock.now(), settings=SETTINGS
    )


def bring_back(
    session: Session, store: StoreView, receipt: ReceiptView, number: str, *pieces: int
) -> None:
    """So many pieces of each line, in its order."""
    lines = tuple(
        ReturnLineInput(position, Decimal(count))
        for position, count in enumerate(pieces, 1)
        if count
    )
    given = ReturnInput(number, core_clock.now(), lines)
    now = core_clock.now()
    record_refund(session, key=till_of(store), receipt_id=receipt.id, given=given, now=now)


def has(session: Session, member: MemberView) -> tuple[int, int]:
    """What a member has, and what is on its way."""
    who = (session, member.brand_id, member.id)
    return ledger.balance(*who), ledger.pending(*who)


def pass_time(session: Session, clock: FixedClock, instant: datetime) -> None:
    """Until then, with every job about points that came due on the way."""
    clock.instant = instant
    due = select(Job).where(Job.due_at <= instant, Job.kind.like("%points%")).order_by(Job.due_at)
    for job in session.scalars(due).all():
        if job.kind == end_points.RELEASE_JOB:
            end_points.release_points(session, **job.payload, now=instant)
        elif job.kind == end_points.EXPIRE_JOB:
            end_points.expire_points(session, job.payload["lot_id"], now=instant)
        elif job.kind == end_points.IDLE_JOB:
            end_points.expire_idle_points(session, **job.payload, now=instant)


def check(session: Session, store: StoreView) -> None:
    assert books.verify(session) == []
    assert check_points(session, store.brand_id) == []


def test_a_purchase_of_a_known_member_earns_points_that_wait(
    session: Session, store: StoreView, nina: MemberView
) -> None:
    receipt = buy(session, store, nina, 4_999)
    assert has(session, nina) == (0, 49)
    earned = earned_on(session, receipt)
    # Sold on 22 November in London; the thirtieth day after it is the last to bring things back.
    assert (earned.points, earned.available_at) == (49, datetime(2026, 12, 23, tzinfo=UTC))
    check(session, store)


def test_points_come_free_when_the_time_to_return_is_over(
    session: Session, store: StoreView, nina: MemberView, clock: FixedClock
) -> None:
    receipt = buy(session, store, nina, 4_999)
    pass_time(session, clock, datetime(2026, 12, 22, 23, 59, tzinfo=UTC))
    assert has(session, nina) == (0, 49)
    for _ in range(2):
        pass_time(session, clock, datetime(2026, 12, 23, tzinfo=UTC))
        assert has(session, nina) == (49, 0)
    assert earned_on(session, receipt).available_at is None
    (entry,) = ledger.statement(session, nina.brand_id, nina.id)
    assert (entry.points, entry.reason) == (49, "purchase")
    check(session, store)


def test_a_claim_earns_once_and_nobody_else(
    session: Session, store: StoreView, nina: MemberView
) -> None:
    receipt = new_receipt(session, store=store, lines=(line(total_minor=2_000),))
    for _ in range(2):
        claim(session, receipt, nina)
    assert has(session, nina) == (0, 20)
    check(session, store)


def test_a_brand_without_terms_gives_nothing(session: Session) -> None:
    store = new_store(session)
    member = new_member(session, store.brand_id)
    receipt = buy(session, store, member, 4_999)
    assert has(session, member) == (0, 0)
    assert earned_on(session, receipt).points == 0


def test_coats_count_double_and_credits_are_another_wallet(session: Session) -> None:
    store = new_store(session)
    coat = new_variant(session, brand_id=store.brand_id)
    double = {
        "id": "coats",
        "kind": "multiplier",
        "percent": 200,
        "scope": {"includes": [f"category:{coat.category_code}"]},
    }
    give_terms(session, store.brand_id, POUNDS, double, POUNDS | {"id": "c", "wallet": "credits"})
    member = new_member(session, store.brand_id)
    lines = (line(coat, total_minor=10_000), line(total_minor=5_000))
    receipt = new_receipt(session, store=store, variants=[coat, coat][:1], lines=lines[:1])
    claim(session, receipt, member)
    assert has(session, member) == (0, 200)
    assert ledger.pending(session, member.brand_id, member.id, "credits") == 100
    check(session, store)


def test_a_receipt_keeps_the_terms_it_was_computed_with(
    session: Session, store: StoreView, nina: MemberView
) -> None:
    buy(session, store, nina, 1_000)
    give_terms(session, store.brand_id, POUNDS | {"points": 5})
    buy(session, store, nina, 1_000)
    assert has(session, nina) == (0, 60)
    check(session, store)


def test_many_partial_returns_take_back_exactly_what_was_earned(
    session: Session, store: StoreView, nina: MemberView
) -> None:
    receipt = buy(session, store, nina, 999, 3_333)
    assert has(session, nina) == (0, 43)
    left = []
    for number, pieces in enumerate([(1, 0), (0, 1), (1, 2), (1, 0), (1, 1)]):
        bring_back(session, store, receipt, f"B-{number}", *pieces)
        left.append(has(session, nina)[1])
    assert left == sorted(left, reverse=True)
    assert (left[-1], has(session, nina)) == (0, (0, 0))
    check(session, store)


def test_a_return_repeated_takes_nothing_more(
    session: Session, store: StoreView, nina: MemberView
) -> None:
    receipt = buy(session, store, nina, 4_000)
    for _ in range(2):
        bring_back(session, store, receipt, "B-1", 1)
        assert has(session, nina) == (0, 30)


def test_points_that_were_spent_are_owed_and_later_earnings_settle_it(
    session: Session, store: StoreView, nina: MemberView, clock: FixedClock
) -> None:
    receipt = buy(session, store, nina, 4_000)
    pass_time(session, clock, datetime(2026, 12, 23, tzinfo=UTC))
    who = {"programme_id": nina.brand_id, "owner_id": nina.id}
    spend(session, **who, points=35, source="voucher:1", reason="voucher", now=clock.now())
    bring_back(session, store, receipt, "B-1", 4)
    assert has(session, nina) == (-35, 0)
    buy(session, store, nina, 5_000)
    assert has(session, nina) == (-35, 50)
    pass_time(session, clock, datetime(2027, 2, 1, tzinfo=UTC))
    assert has(session, nina) == (15, 0)
    check(session, store)


def test_what_came_back_before_the_claim_earns_nothing(
    session: Session, store: StoreView, nina: MemberView
) -> None:
    lines = (line(total_minor=4_000, quantity=Decimal(4)),)
    receipt = new_receipt(session, store=store, lines=lines)
    bring_back(session, store, receipt, "B-1", 1)
    claim(session, receipt, nina)
    assert has(session, nina) == (0, 30)
    bring_back(session, store, receipt, "B-2", 3)
    assert has(session, nina) == (0, 0)
    check(session, store)


@both_databases
def test_a_claim_and_a_return_at_once_leave_the_points_of_what_was_kept(db: Database) -> None:
    with db.write() as session:
        store = new_store(session)
        give_terms(session, store.brand_id)
        nina = new_member(session, store.brand_id)
        lines = (line(total_minor=4_000, quantity=Decimal(4)),)
        receipts = [new_receipt(session, store=store, lines=lines) for _ in range(8)]

    def act(attempt: int) -> None:
        with db.write() as session:
            receipt = receipts[attempt // 2]
            if attempt % 2:
                bring_back(session, store, receipt, "B-1", 1)
            else:
                claim(session, receipt, nina)

    race(act, attempts=16)
    with db.read() as session:
        assert has(session, nina) == (0, 240)
        check(session, store)


def test_points_end_when_a_member_was_idle_and_activity_puts_it_off(
    session: Session, clock: FixedClock
) -> None:
    store = new_store(session)
    give_terms(session, store.brand_id, pending_days=0, expiry={"kind": "sliding", "days": 60})
    nina = new_member(session, store.brand_id)
    buy(session, store, nina, 4_000)
    pass_time(session, clock, datetime(2026, 11, 23, tzinfo=UTC))
    assert has(session, nina) == (40, 0)
    clock.instant = datetime(2027, 1, 10, 12, tzinfo=UTC)
    who = {"programme_id": nina.brand_id, "owner_id": nina.id}
    spend(session, **who, points=5, source="voucher:1", reason="voucher", now=clock.now())
    # Sixty days after the release it looks, finds the spend, and looks again sixty days later.
    for day, left in (("2027-01-23", 35), ("2027-03-11", 35), ("2027-03-12", 0)):
        pass_time(session, clock, datetime.fromisoformat(day).replace(tzinfo=UTC))
        assert has(session, nina)[0] == left
    check(session, store)


def test_laying_a_look_out_earns_once_however_often_it_is_arranged(session: Session) -> None:
    store = new_store(session)
    deed = {"id": "look", "kind": "action", "action": "outfit_laid_out", "points": 5}
    give_terms(session, store.brand_id, deed)
    nina = new_member(session, store.brand_id)
    for _ in range(2):
        points = earn_for_deed(
            session,
            "outfit_laid_out",
            brand_id=store.brand_id,
            member_id=nina.id,
            source="outfit:1",
            now=core_clock.now(),
        )
        assert points == 5
    assert has(session, nina) == (0, 5)
    check(session, store)
