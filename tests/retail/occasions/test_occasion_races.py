"""Two phones at one instant: twins both hear, nobody is told twice, no invitation counts twice."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from core import clock
from core.outbox import Event, emit
from core.sql import insert_ignore
from core.transaction import Database
from retail.accounts.queries import MemberView
from retail.journeys.occasions.tell_of_occasions import tell_of_clashes
from retail.notifications.models import Note
from retail.occasions import clashes as reads
from retail.occasions import rules, service
from retail.occasions.events import PlanChanged
from retail.occasions.models import Attendance, TwinWish
from retail.same_outfit import rules as question_rules
from retail.same_outfit import service as questions
from retail.same_outfit.models import SameOutfitQuestion
from retail.same_outfit.rules import piece_of
from tests.builders.catalogue import new_variant
from tests.builders.occasions import new_occasion, same_plans
from tests.builders.races import meeting, race
from tests.builders.same_outfit import Shop, new_shop
from tests.conftest import both_databases

ROUNDS, LANES = 2, 8
Twin = Callable[[Database, Shop, str, MemberView, MemberView], bool]


def count(session: Session, model: type, *where: object) -> int:
    return session.execute(select(func.count()).select_from(model).where(*where)).scalar_one()  # type: ignore[arg-type]


def twin(db: Database, shop: Shop, occasion: str, one: MemberView, other: MemberView) -> bool:
    with db.write() as session:
        about = {"member": one, "now": clock.now()}
        return service.wish_to_twin(session, occasion, other.id, piece_of(shop.dress), **about)


def both_press(db: Database, twin: Twin) -> list[bool]:
    """What Sarah and Priya are told who both press at one instant."""
    with db.write() as session:
        shop, occasion = same_plans(session)
    pair = (shop.sarah, shop.priya)
    return race(lambda n: twin(db, shop, occasion, pair[n], pair[1 - n]), attempts=2, threads=2)


@pytest.mark.proof(rounds=100)
@both_databases
def test_of_two_who_press_at_once_one_finds_the_other_s_wish(db: Database) -> None:
    for _ in range(ROUNDS):
        assert sorted(both_press(db, twin)) == [False, True]
    with db.read() as session:
        assert count(session, Event, Event.kind == "TwinsMade") == ROUNDS


@pytest.mark.proof
@both_databases
def test_the_race_catches_who_looks_before_the_gate(db: Database) -> None:
    """The control: where both look before either wishes, they are twins and nobody is told."""
    both_have_looked = meeting(2)

    def naive(db: Database, shop: Shop, occasion: str, one: MemberView, other: MemberView) -> bool:
        about = {"member": one, "friend_id": other.id, "piece": piece_of(shop.dress)}
        with db.read() as session:
            clash = reads.find_clash(session, occasion, **about, now=clock.now())
        both_have_looked()
        assert clash is not None
        row = piece_of(shop.dress)._asdict() | {"occasion_id": occasion, "friend_id": other.id}
        row |= {"member_id": one.id, "brand_id": one.brand_id, "wished_at": clock.now()}
        with db.write() as session:
            insert_ignore(session, TwinWish, **row)
        return clash.is_wished

    assert both_press(db, naive) == [False, False]
    with db.read() as session:
        assert count(session, TwinWish) == 2


@pytest.mark.proof(rounds=100)
@both_databases
def test_a_clash_is_told_once_to_each_however_many_tell(db: Database) -> None:
    with db.write() as session:
        shop, _occasion = same_plans(session)

    def tell(number: int) -> int:
        who = (shop.sarah, shop.priya)[number % 2]
        with db.write() as session:
            return tell_of_clashes(session, who.id, now=clock.now())

    assert sum(race(tell, attempts=LANES, threads=LANES)) == 2
    with db.read() as session:
        assert count(session, Note) == 2


@pytest.mark.proof
@both_databases
def test_the_race_catches_a_note_that_is_looked_for_and_then_written(db: Database) -> None:
    """The control: who looks whether a clash was told, and tells after, tells it often."""
    all_have_looked = meeting(LANES)
    with db.write() as session:
        session.execute(text("CREATE TABLE naive_note (subject VARCHAR(6))"))

    def naive(_: int) -> None:
        with db.read() as session:
            told = session.scalar(text("SELECT count(*) FROM naive_note"))
        all_have_looked()
        if not told:
            with db.write() as session:
                session.execute(text("INSERT INTO naive_note VALUES ('clash')"))

    try:
        race(naive, attempts=LANES, threads=LANES)
        with db.read() as session:
            assert session.scalar(text("SELECT count(*) FROM naive_note")) == LANES
    finally:
        with db.write() as session:
            session.execute(text("DROP TABLE naive_note"))


@pytest.mark.proof(rounds=100)
@both_databases
def test_asking_and_accepting_on_many_phones_counts_once(db: Database) -> None:
    with db.write() as session:
        shop = new_shop(session)
        occasion = new_occasion(session, shop.sarah)

    def ask(_: int) -> None:
        with db.write() as session:
            about = {"member": shop.sarah, "now": clock.now()}
            service.invite(session, occasion, [shop.priya.id], **about)

    def accept(_: int) -> None:
        with db.write() as session:
            about = {"member": shop.priya, "now": clock.now()}
            service.answer(session, occasion, rules.ACCEPTED, **about)

    for act in (ask, accept):
        race(act, attempts=LANES, threads=LANES)
    with db.read() as session:
        mine = Attendance.member_id == shop.priya.id
        assert count(session, Attendance, mine, Attendance.state == rules.ACCEPTED) == 1
        for kind in ("FriendAsked", "PlanChanged"):
            assert count(session, Event, Event.kind == kind) == 1


@pytest.mark.proof
@both_databases
def test_the_race_catches_an_answer_that_is_read_and_then_written(db: Database) -> None:
    """The control: who reads the state first and writes after, accepts as often as they tap."""
    with db.write() as session:
        shop = new_shop(session)
        occasion = new_occasion(session, shop.sarah)
        about = {"member": shop.sarah, "now": clock.now()}
        service.invite(session, occasion, [shop.priya.id], **about)
    all_have_read = meeting(LANES)
    key = (occasion, shop.priya.id)

    def naive(_: int) -> None:
        with db.read() as session:
            row = session.get(Attendance, key)
            is_open = row is not None and row.state == rules.INVITED
        all_have_read()
        if is_open:
            with db.write() as session:
                accepted = update(Attendance).where(Attendance.member_id == shop.priya.id)
                session.execute(accepted.values(state=rules.ACCEPTED))
                emit(session, PlanChanged(shop.priya.id))

    race(naive, attempts=LANES, threads=LANES)
    with db.read() as session:
        assert count(session, Event, Event.kind == "PlanChanged") == LANES


def ask_at_once(db: Database, *, before: Callable[[MemberView], None] | None = None) -> int:
    """One member asks about many pieces at once, each after `before`; how many were looked up."""
    with db.write() as session:
        shop = new_shop(session)
        pieces = [new_variant(session, brand_id=shop.store.brand_id) for _ in range(LANES)]

    def ask(number: int) -> None:
        if before is not None:
            before(shop.sarah)
        where = {"store_id": shop.store.id, "place": question_rules.SHELF}
        try:
            with db.write() as session:
                about = {"member": shop.sarah, "now": clock.now()}
                questions.ask(session, pieces[number], **where, **about)
        except question_rules.TooMany:
            pass

    race(ask, attempts=LANES, threads=LANES)
    with db.read() as session:
        return count(session, SameOutfitQuestion)


@pytest.mark.proof(rounds=100)
@both_databases
def test_nobody_asks_more_by_asking_at_once(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(question_rules, "ASKED_A_DAY", 3)
    assert ask_at_once(db) == 3


@pytest.mark.proof
@both_databases
def test_the_race_catches_questions_that_are_counted_without_a_gate(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: where everybody counts before anybody asks, too much is asked."""
    monkeypatch.setattr(question_rules, "ASKED_A_DAY", 3)
    all_have_counted, check = meeting(LANES), question_rules.check_room

    def count_first(member: MemberView) -> None:
        with db.read() as session:
            check(count(session, SameOutfitQuestion))
        all_have_counted()

    monkeypatch.setattr(question_rules, "check_room", lambda _: None)
    assert ask_at_once(db, before=count_first) == LANES
