"""Events and jobs, written in the transaction of the change they speak of.

An event says that something happened and wakes screens; it carries ids, never personal data.
A job is work due at an instant; it survives crashes because it is a row.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Index,
    Integer,
    Select,
    String,
    Text,
    bindparam,
    cast,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import clock, ids
from core.glance import Glance
from core.model import Base, Id
from core.stroke import Stroke

_BigKey = BigInteger().with_variant(Integer, "sqlite")


class Event(Base):
    """Something that happened. `topics` are the screens' interests, e.g. `outfit:<id>`."""

    __tablename__ = "event"
    __table_args__ = {"sqlite_autoincrement": True}

    id: Mapped[int] = mapped_column(_BigKey, primary_key=True)
    kind: Mapped[str] = mapped_column(String(60))
    payload: Mapped[dict[str, Any]]
    topics: Mapped[list[str]]
    happened_at: Mapped[datetime] = mapped_column(index=True)


class Job(Base):
    """Work to be done once, at or after `due_at`."""

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_open", "done_at", "failed_at", "due_at"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(60))
    key: Mapped[str | None] = mapped_column(String(120), unique=True)
    payload: Mapped[dict[str, Any]]
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(Text)


def _bound(*names: str) -> dict[str, Any]:
    return {name: bindparam(name) for name in names}


def _put_down(dialect_insert: Any) -> Any:
    given = _bound("id", "kind", "key", "payload", "due_at")
    statement = dialect_insert(Job.__table__).values(**given, attempts=0)
    return statement.on_conflict_do_nothing().returning(Job.id)


_RECORDED = Stroke(
    insert(Event.__table__).values(**_bound("kind", "payload", "topics", "happened_at"))  # type: ignore[arg-type]
)
_PUT_DOWN = Stroke({"sqlite": _put_down(sqlite_insert), "postgresql": _put_down(postgresql_insert)})
Witness = Callable[[Session, Any, datetime], None]
_reactions: dict[str, tuple[str, ...]] = {}
_witnesses: dict[str, Witness] = {}


def install_reactions(
    reactions: Mapping[type, Iterable[str]], witnesses: Mapping[type, Witness] | None = None
) -> None:
    """Say which jobs follow which events; called once, by the composition root.

    A witness of an event writes down what it needs of it in the event's own transaction.
    """
    _reactions.clear()
    _reactions.update({event.__name__: tuple(jobs) for event, jobs in reactions.items()})
    _witnesses.clear()
    _witnesses.update({event.__name__: witness for event, witness in (witnesses or {}).items()})


@contextmanager
def reactions_installed(
    reactions: Mapping[type, Iterable[str]], witnesses: Mapping[type, Witness] | None = None
) -> Iterator[None]:
    """`install_reactions` for the length of a block, then whatever was installed before."""
    before = dict(_reactions), dict(_witnesses)
    install_reactions(reactions, witnesses)
    try:
        yield
    finally:
        _reactions.clear()
        _witnesses.clear()
        _reactions.update(before[0])
        _witnesses.update(before[1])


def emit(session: Session, happened: Any, *, topics: Iterable[str] = ()) -> None:
    """Record an event, a frozen dataclass of ids, and one job for each reaction to it."""
    kind = type(happened).__name__
    payload = asdict(happened)
    now = clock.now()
    _RECORDED(session, kind=kind, payload=payload, topics=list(topics), happened_at=now)
    for job in _reactions.get(kind, ()):
        enqueue(session, job, payload, due_at=now)
    if kind in _witnesses:
        _witnesses[kind](session, happened, now)
    session.info["news"] = True


def enqueue(
    session: Session,
    kind: str,
    payload: dict[str, Any],
    *,
    due_at: datetime,
    key: str | None = None,
) -> bool:
    """Write a job; a `key` already used makes it a no-op. Tells whether it was written."""
    session.info["news"] = True
    told = {"kind": kind, "key": key, "payload": payload, "due_at": due_at}
    return bool(_PUT_DOWN(session, id=ids.new_id(), **told))


def forget(session: Session, subject_id: str, *, now: datetime) -> None:
    """Delete the events that name somebody, and empty their jobs, which then never run.

    A job's row stays, since its key is what makes a second one impossible.
    """
    session.flush()
    named = or_(*(cast(part, Text).contains(subject_id) for part in (Event.payload, Event.topics)))
    session.execute(delete(Event).where(named))
    session.execute(
        update(Job)
        .where(cast(Job.payload, Text).contains(subject_id))
        .values(payload={}, error=None, done_at=func.coalesce(Job.done_at, now))
    )


def has_news(session: Session) -> bool:
    """Whether the session wrote an event or a job, so that its commit should ring the bell."""
    return bool(session.info.pop("news", False))


@dataclass(frozen=True)
class Happened:
    """An event as a reader of the outbox sees it."""

    id: int
    kind: str
    payload: dict[str, Any]
    topics: list[str]


class Tail:
    """Reads events in the order of their ids, each once, also those that commit late.

    An id is given before its commit, so on PostgreSQL a slow committer can leave a hole that is
    filled after later ids were seen. Holes are looked at again until they are older than any
    transaction may last.
    """

    HOLE_SECONDS = 30
    BATCH = 500
    # A bulk write that was rolled back may leave more; screens refetch by themselves after a while.
    MOST_HOLES = 1000

    def __init__(self, session: Session, now: datetime) -> None:
        newest = select(Event.id).order_by(Event.id.desc()).limit(self.MOST_HOLES)
        seen = set(session.scalars(newest))
        self._last = max(seen, default=0)
        # Who began before us may commit after us, under an id below the newest.
        below = range(max(1, self._last - self.MOST_HOLES), self._last)
        self._holes = {hole: now for hole in below if hole not in seen}

    def read(self, session: Session, now: datetime) -> list[Happened]:
        """The events that became visible since the last call."""
        self._holes = {
            hole: seen
            for hole, seen in self._holes.items()
            if now - seen < timedelta(seconds=self.HOLE_SECONDS)
        }
        statement = (
            select(Event.id, Event.kind, Event.payload, Event.topics)
            .where(or_(Event.id > self._last, Event.id.in_(list(self._holes))))
            .order_by(Event.id)
            .limit(self.BATCH)
        )
        found = [Happened(*row) for row in session.execute(statement)]
        for happened in found:
            if happened.id > self._last:
                first = max(self._last + 1, happened.id - self.MOST_HOLES)
                self._holes.update(dict.fromkeys(range(first, happened.id), now))
                self._last = happened.id
            else:
                self._holes.pop(happened.id, None)
        return found


_NEWEST: Select[*tuple[Any, ...]] = select(func.max(Event.id))
_OLDEST_RUNNING = cast(func.pg_snapshot_xmin(func.pg_current_snapshot()), Text)
# Differs whenever anything happened since: the newest id alone would miss who commits late.
NEWS = Glance({"sqlite": _NEWEST, "postgresql": _NEWEST.add_columns(_OLDEST_RUNNING)})
# The columns that `NEWS` has in each dialect, for a select of another room.
NEWS_COLUMNS: Mapping[str, tuple[ColumnElement[Any], ...]] = {
    "sqlite": (_NEWEST.scalar_subquery(),),
    "postgresql": (_NEWEST.scalar_subquery(), _OLDEST_RUNNING),
}


def with_news(what: Select[*tuple[Any, ...]]) -> Glance:
    """The rows of a select, each with what `NEWS` sees."""
    return Glance({spoken: what.add_columns(*news) for spoken, news in NEWS_COLUMNS.items()})


def span_of_events(session: Session) -> tuple[datetime, datetime] | None:
    """When the oldest and the newest event that are kept happened; None where there are none."""
    oldest, newest = session.execute(
        select(func.min(Event.happened_at), func.max(Event.happened_at))
    ).one()
    return (oldest, newest) if oldest is not None else None


def count_jobs(session: Session, now: datetime) -> dict[str, int]:
    """How many jobs are `waiting` for their time, `due`, or `failed` for good."""
    is_open = Job.done_at.is_(None) & Job.failed_at.is_(None)
    counts = session.execute(
        select(
            func.count().filter(is_open & (Job.due_at > now)),
            func.count().filter(is_open & (Job.due_at <= now)),
            func.count().filter(Job.failed_at.is_not(None)),
        )
    ).one()
    return dict(zip(("waiting", "due", "failed"), counts, strict=True))
