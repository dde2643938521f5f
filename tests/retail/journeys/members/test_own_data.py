"""One's own data: everything of one's own and nothing of others; erased, nothing is left."""

from pathlib import Path

import pytest
from sqlalchemy import Column, ForeignKey, MetaData, String, Table, func, select
from sqlalchemy.orm import Session

from core.clock import FixedClock
from core.model import Base
from core.outbox import Job
from core.transaction import Database
from loyalty.leaderboards import queries as leaderboards
from loyalty.ledger import books
from retail.accounts.queries import MemberView
from retail.journeys.members.erase_member import erase_again, erase_member, mark_of
from retail.journeys.members.own_data import EXPORTERS, gather
from retail.own_data.claims import CLAIMS, NOT_PEOPLE, STAFF
from retail.own_data.rules import as_text
from tests.builders.brands import new_store
from tests.builders.canaries import found_in_files, found_in_rows
from tests.builders.league import like_times, new_league
from tests.builders.whole_member import Known, whole_member
from tests.conftest import KEY, both_databases, import_all_tables

PEOPLE = {"member", "staff_account"}


def unclaimed(metadata: MetaData) -> list[str]:
    """Every column that names a person, or might, and has no claim."""
    return [f"{c.table.name}.{c.name}" for t in metadata.sorted_tables for c in t.c if _may_name(c)]


def _may_name(column: "Column[object]") -> bool:
    if f"{column.table.name}.{column.name}" in CLAIMS.keys() | STAFF.keys():
        return False
    targets = {key.column.table.name for key in column.foreign_keys}
    if targets:
        return bool(PEOPLE & targets)
    names_something = column.name.endswith(("_id", "_by")) and column.name not in NOT_PEOPLE
    return names_something or (column.name == "id" and column.table.name in PEOPLE)


def test_every_column_that_names_a_person_is_claimed() -> None:
    import_all_tables()
    assert unclaimed(Base.metadata) == []


@pytest.mark.parametrize(
    "column",
    [
        Column("friend_id", String(26)),
        Column("whose", ForeignKey("member.id")),
        Column("decider", ForeignKey("staff_account.id")),
    ],
)
def test_a_column_without_a_claim_is_found(column: "Column[object]") -> None:
    planted = MetaData()
    for people in PEOPLE:
        Table(people, planted, Column("id", String(26), primary_key=True))
    Table("planted", planted, column)
    assert unclaimed(planted) == [f"planted.{column.name}"]


def test_every_claim_says_where_its_rows_are_read_or_why_not() -> None:
    for name in CLAIMS.keys() | STAFF.keys():
        table, column = name.split(".")
        assert column in Base.metadata.tables[table].c, f"{name} is no column any more"
    for name, claim in CLAIMS.items():
        assert (claim.export in EXPORTERS) != bool(claim.not_exported), name
    assert {claim.export for claim in CLAIMS.values()} - {None} == set(EXPORTERS)


@pytest.fixture
def two(session: Session, clock: FixedClock) -> tuple[Known, Known]:
    """Two members who did everything at one store, in two seasons."""
    store = new_store(session)
    new_league(session, store.brand_id)
    nina = whole_member(session, store, clock, name="Wilhelmina Quince", caption="Zebrafinch days")
    olu = whole_member(session, store, clock, name="Bartholomew Yarrow", caption="Oystercatcher")
    for known in (nina, olu):
        like_times(session, known.outfit_id, store.brand_id, 1)
    return nina, olu


def naming(session: Session, member: MemberView) -> dict[str, int]:
    """How many rows name the member, by column."""
    counts = {}
    for name in CLAIMS:
        table, column = name.split(".")
        named = Base.metadata.tables[table].c[column] == member.id
        counts[name] = session.scalar(select(func.count()).where(named)) or 0
    return counts


def copy_of(session: Session, known: Known, clock: FixedClock) -> str:
    return as_text(gather(session, member=known.member, now=clock.now(), key=KEY))


@both_databases
def test_a_copy_holds_all_of_ones_own_and_nobody_elses(
    two: tuple[Known, Known], session: Session, clock: FixedClock
) -> None:
    for mine, theirs in (two, two[::-1]):
        named = naming(session, mine.member)
        assert [name for name, rows in named.items() if not rows] == [], "extend the builder"
        document = gather(session, member=mine.member, now=clock.now(), key=KEY)
        assert [name for name in EXPORTERS if not document[name]] == []
        text = copy_of(session, mine, clock)
        assert [word for word in mine.words if word not in text] == []
        assert [word for word in (*theirs.words, theirs.member.id) if word in text] == []


@both_databases
def test_erasing_leaves_opaque_ids_and_books_that_balance(
    two: tuple[Known, Known], session: Session, clock: FixedClock
) -> None:
    gone, stays = two
    kept = naming(session, stays.member)
    erase_member(session, member=gone.member, now=clock.now(), key=KEY)
    left = {name for name, rows in naming(session, gone.member).items() if rows}
    assert left == {name for name, claim in CLAIMS.items() if claim.is_kept}
    assert found_in_rows(session, *gone.words) == []
    tables = {table for table, _ in found_in_rows(session, gone.member.id)}
    assert tables == {name.split(".")[0] for name in left}, "an id that no claim speaks of"
    assert naming(session, stays.member) == kept
    assert list(books.verify(session)) == []
    reminder = session.scalars(select(Job).where(Job.kind == "remind").order_by(Job.id)).first()
    assert reminder is not None
    assert (reminder.payload, reminder.done_at) == ({}, clock.now())


def test_a_running_season_closes_its_ranks_over_who_left(
    two: tuple[Known, Known], session: Session, clock: FixedClock
) -> None:
    gone, _ = two
    season = leaderboards.open_seasons(session, gone.member.brand_id, clock.now())
    assert any(leaderboards.rank_of(session, s.id, gone.member.id) for s in season)
    erase_member(session, member=gone.member, now=clock.now(), key=KEY)
    assert not any(leaderboards.rank_of(session, s.id, gone.member.id) for s in season)


def test_erasing_again_finds_whoever_an_older_backup_brought_back(
    two: tuple[Known, Known], session: Session, clock: FixedClock
) -> None:
    gone, stays = two
    marks = {mark_of(gone.member.id, KEY), "0" * 64}
    assert erase_again(session, marks, now=clock.now(), key=KEY) == 1
    assert found_in_rows(session, *gone.words) == []
    assert found_in_rows(session, *stays.words) != []
    assert erase_again(session, marks, now=clock.now(), key=KEY) == 0


def test_no_byte_of_it_is_left_in_sqlites_files(
    sqlite_db: Database, tmp_path: Path, clock: FixedClock
) -> None:
    with sqlite_db.write() as session:
        store = new_store(session)
        new_league(session, store.brand_id)
        gone = whole_member(session, store, clock, name="Wilhelmina Quince", caption="Zebrafinch")
    assert {word for _, word in found_in_files(tmp_path, *gone.words)} == set(gone.words)
    with sqlite_db.write() as session:
        erase_member(session, member=gone.member, now=clock.now(), key=KEY)
    assert found_in_files(tmp_path, *gone.words) != [], "the log still holds what was written"
    sqlite_db.truncate_log()
    assert found_in_files(tmp_path, *gone.words) == []
