"""Claiming: once, by whoever is first, and nobody can tell why it did not work."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core import clock
from core.clock import FixedClock
from core.errors import NotFound
from core.outbox import Event
from core.transaction import Database
from retail.accounts.queries import MemberView
from retail.brands.queries import StoreView
from retail.journeys.sales.claim import claim_receipt
from retail.receipts import codes, queries, service
from retail.receipts.models import Receipt
from retail.receipts.views import ReceiptView
from tests.builders.accounts import new_member
from tests.builders.brands import new_store
from tests.builders.races import meeting, race
from tests.builders.receipts import SETTINGS, new_receipt
from tests.conftest import KEY, both_databases


@pytest.fixture
def store(session: Session) -> StoreView:
    return new_store(session)


@pytest.fixture
def nina(session: Session, store: StoreView) -> MemberView:
    return new_member(session, store.brand_id)


@pytest.fixture
def receipt(session: Session, store: StoreView) -> ReceiptView:
    return new_receipt(session, store=store)


def by_token(session: Session, receipt: ReceiptView, member: MemberView) -> ReceiptView:
    token = codes.token(KEY, receipt.id)
    return claim_receipt(session, member=member, token=token, now=clock.now(), settings=SETTINGS)


def by_code(session: Session, receipt: ReceiptView, member: MemberView) -> ReceiptView:
    return claim_receipt(
        session,
        member=member,
        code=codes.printed(codes.code(KEY, receipt.id)).lower(),
        store_id=receipt.store_id,
        now=clock.now(),
        settings=SETTINGS,
    )


def test_a_scan_claims(session: Session, receipt: ReceiptView, nina: MemberView) -> None:
    mine = by_token(session, receipt, nina)
    assert (mine.member_id, mine.claimed_at) == (nina.id, clock.now())
    kinds = session.scalars(select(Event.kind)).all()
    assert kinds[-1] == "ReceiptClaimed"


def test_a_typed_code_claims(session: Session, receipt: ReceiptView, nina: MemberView) -> None:
    assert by_code(session, receipt, nina).member_id == nina.id


def test_claiming_my_own_again_gives_it_again_and_tells_nobody(
    session: Session, receipt: ReceiptView, nina: MemberView, clock: FixedClock
) -> None:
    first = by_token(session, receipt, nina)
    events = len(session.scalars(select(Event.id)).all())
    clock.advance(days=60)
    assert by_token(session, receipt, nina) == first
    assert len(session.scalars(select(Event.id)).all()) == events


def test_opening_never_claims(session: Session, receipt: ReceiptView, nina: MemberView) -> None:
    token = codes.token(KEY, receipt.id)
    for viewer in (None, nina.id):
        queries.open_by_token(session, token, viewer_id=viewer, now=clock.now(), key=KEY)
    assert queries.get_receipt(session, receipt.id).claimed_at is None


def test_a_token_is_stored_nowhere(session: Session, receipt: ReceiptView) -> None:
    row = session.execute(select(Receipt.__table__)).one()
    for secret in (codes.token(KEY, receipt.id), codes.code(KEY, receipt.id)):
        assert secret not in str(row)


def refusal(session: Session, receipt: ReceiptView, member: MemberView, *, typed: bool) -> str:
    with pytest.raises(NotFound) as refused:
        (by_code if typed else by_token)(session, receipt, member)
    return f"{refused.value.code} {refused.value.detail} {refused.value.data}"


def test_wrong_used_unknown_expired_and_foreign_are_refused_alike(
    session: Session, store: StoreView, nina: MemberView, clock: FixedClock
) -> None:
    used, late, fresh = (new_receipt(session, store=store) for _ in range(3))
    by_token(session, used, new_member(session, store.brand_id))
    abroad = new_member(session, new_store(session).brand_id)
    told = {refusal(session, used, nina, typed=typed) for typed in (True, False)}
    told |= {refusal(session, fresh, abroad, typed=typed) for typed in (True, False)}
    for wrong in ("", "U" * 26, "\x00", "x" * 5_000):
        with pytest.raises(NotFound) as refused:
            claim_receipt(session, member=nina, token=wrong, now=clock.now(), settings=SETTINGS)
        told.add(f"{refused.value.code} {refused.value.detail} {refused.value.data}")
    clock.advance(days=30)
    told |= {refusal(session, late, nina, typed=typed) for typed in (True, False)}
    assert len(told) == 1


def test_the_code_dies_after_14_days_and_the_scan_lives_on(
    session: Session, receipt: ReceiptView, nina: MemberView, clock: FixedClock
) -> None:
    clock.advance(days=14)
    refusal(session, receipt, nina, typed=True)
    assert by_token(session, receipt, nina).member_id == nina.id


def test_a_code_is_good_in_its_own_store_only(
    session: Session, store: StoreView, receipt: ReceiptView, nina: MemberView
) -> None:
    elsewhere = new_store(session, brand_id=store.brand_id)
    with pytest.raises(NotFound):
        claim_receipt(
            session,
            member=nina,
            code=codes.code(KEY, receipt.id),
            store_id=elsewhere.id,
            now=clock.now(),
            settings=SETTINGS,
        )


def test_an_erased_owners_receipt_goes_to_nobody_else(
    session: Session, receipt: ReceiptView, nina: MemberView
) -> None:
    by_token(session, receipt, nina)
    service.erase(session, nina.id)
    refusal(session, receipt, new_member(session, receipt.brand_id), typed=False)
    assert queries.receipts_of(session, nina.id) == []


def test_my_receipts_come_newest_first_page_by_page(
    session: Session, store: StoreView, nina: MemberView
) -> None:
    hours = (5, 1, 3, 3)
    sold = [
        new_receipt(session, store=store, member=nina, sold_at=clock.now() - timedelta(hours=hour))
        for hour in hours
    ]
    new_receipt(session, store=store)
    seen: list[str] = []
    while page := queries.receipts_of(session, nina.id, after=seen[-1] if seen else None, limit=2):
        seen += [receipt.id for receipt in page]
    assert seen[0] == sold[1].id
    assert seen[-1] == sold[0].id
    assert sorted(seen) == sorted(receipt.id for receipt in sold)


@pytest.mark.proof(rounds=1_250)
@both_databases
def test_of_many_who_claim_at_one_instant_one_succeeds(db: Database) -> None:
    with db.write() as session:
        store = new_store(session)
        members = [new_member(session, store.brand_id) for _ in range(8)]
        receipts = [new_receipt(session, store=store) for _ in range(100)]

    def attempt(number: int) -> bool:
        with db.write() as session:
            member = members[number % 8]
            return service.claim(
                session, receipts[number // 8].id, member_id=member.id, now=clock.now()
            )

    assert sum(race(attempt, attempts=800)) == 100
    with db.read() as session:
        assert session.scalars(select(Receipt.id).where(Receipt.claimed_at.is_(None))).all() == []


@pytest.mark.proof
@both_databases
def test_the_race_catches_a_claim_that_looks_before_it_writes(db: Database) -> None:
    """The control: the same race with a read and then a write claims receipts twice."""
    with db.write() as session:
        store = new_store(session)
        members = [new_member(session, store.brand_id) for _ in range(8)]
        receipts = [new_receipt(session, store=store) for _ in range(10)]
    all_have_looked = meeting()

    def naive(number: int) -> bool:
        target = Receipt.id == receipts[number // 8].id
        with db.read() as session:
            is_claimed = session.scalar(select(Receipt.claimed_at).where(target)) is not None
        all_have_looked()
        if is_claimed:
            return False
        with db.write() as session:
            claim = {"member_id": members[number % 8].id, "claimed_at": clock.now()}
            session.execute(update(Receipt).where(target).values(claim))
        return True

    assert sum(race(naive, attempts=80)) > 10
