"""Writes of what is to be handed over: news noted, put into order, taken in hand, settled.

News are noted in the transaction of what happened. One at a time, behind a gate, they are put
into order: whoever sees a later one sees the earlier, so each endpoint's ids rise as things
happened. One try at a time holds an endpoint, by a fence that a killed worker loses.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, delete, exists, func, or_, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from core.ids import new_id
from core.outbox import enqueue
from core.sql import close_gate
from retail.webhooks import queries, rules
from retail.webhooks.models import WebhookAttempt, WebhookEndpoint, WebhookMessage, WebhookNews
from retail.webhooks.rules import DEAD, DELIVERED, WAITING, Outcome

GATE = 0x7765_6268_6F6F_6B73
_BATCH = 200
_LATE = timedelta(minutes=1)

Told = tuple[str, dict[str, Any]]
Resolve = Callable[[Session, str, dict[str, Any]], Told | None]


@dataclass(frozen=True)
class Task:
    """A message in hand: where it goes, signed by which secrets, and for how long it is tried."""

    endpoint_id: str
    fence: str
    message_id: str
    url: str
    body: str
    secrets: tuple[str, ...]
    attempts: int
    give_up_at: datetime


def note(session: Session, kind: str, payload: Mapping[str, Any], *, now: datetime) -> None:
    """Keep what happened for whoever wants to be told; nothing where nobody does."""
    if session.scalar(select(WebhookEndpoint.id).limit(1)) is not None:
        session.add(WebhookNews(type=kind, payload=dict(payload), happened_at=now))
        enqueue(session, rules.SORT_JOB, {}, due_at=now)


def sort(session: Session, resolve: Resolve, *, now: datetime) -> None:
    """Write what was noted out to every endpoint that wants it, as things happened.

    `resolve` gives brand and data of a piece of news, or None where there is nothing to tell.
    """
    close_gate(session, GATE)
    news = list(session.scalars(select(WebhookNews).order_by(WebhookNews.id).limit(_BATCH)))
    for one in news:
        told = resolve(session, one.type, one.payload)
        if told is not None:
            brand_id, data = told
            for endpoint_id in _who_wants(session, brand_id, one.type):
                write_to(session, endpoint_id, one.type, data, at=one.happened_at, now=now)
    session.execute(delete(WebhookNews).where(WebhookNews.id.in_([one.id for one in news])))
    if len(news) == _BATCH:
        enqueue(session, rules.SORT_JOB, {}, due_at=now)


def write_to(
    session: Session,
    endpoint_id: str,
    kind: str,
    data: Mapping[str, Any],
    *,
    at: datetime,
    now: datetime,
) -> str:
    """Write one message to one endpoint and have it sent in its turn; gives its id.

    Needs the gate closed. To a disabled endpoint it lies with the dead letters.
    """
    endpoint = hold(session, endpoint_id)
    message_id = rules.next_id(endpoint.last_message, now)
    endpoint.last_message = message_id
    is_open = endpoint.disabled_at is None
    session.add(
        WebhookMessage(
            id=message_id,
            endpoint_id=endpoint_id,
            type=kind,
            body=rules.body_of(kind, at, data),
            state=WAITING if is_open else DEAD,
            happened_at=at,
            next_at=now,
            give_up_at=now + rules.GIVE_UP_AFTER,
            settled_at=None if is_open else now,
        )
    )
    session.flush()
    wake(session, endpoint_id, at=now)
    return message_id


def begin(session: Session, endpoint_id: str, *, now: datetime, key: bytes) -> Task | None:
    """Take the oldest message that waits in hand, for nobody else; None where there is none now.

    Whoever finds the endpoint held may leave: who holds it looks again after its try.
    """
    fence = new_id()
    is_free = or_(WebhookEndpoint.busy_until.is_(None), WebhookEndpoint.busy_until <= now)
    taken = session.execute(
        update(WebhookEndpoint)
        .where(WebhookEndpoint.id == endpoint_id, WebhookEndpoint.disabled_at.is_(None), is_free)
        .values(busy_until=now + rules.BUSY_FOR, fence=fence)
    )
    assert isinstance(taken, CursorResult)
    if taken.rowcount == 0:
        return None
    head = session.scalar(
        select(WebhookMessage)
        .where(WebhookMessage.endpoint_id == endpoint_id, WebhookMessage.state == WAITING)
        .order_by(WebhookMessage.id)
        .limit(1)
    )
    endpoint = hold(session, endpoint_id)
    if head is None or head.next_at > now:
        endpoint.busy_until = endpoint.fence = None
        if head is not None and endpoint.wakes_at != head.next_at:
            endpoint.wakes_at = head.next_at
            wake(session, endpoint_id, at=head.next_at)
        return None
    signed_by = queries.secrets_of(session, endpoint_id, now=now, key=key)
    rest = (signed_by, head.attempts, head.give_up_at)
    return Task(endpoint_id, fence, head.id, endpoint.url, head.body, *rest)


def settle(
    session: Session, task: Task, outcome: Outcome, *, now: datetime, dice: float
) -> str | None:
    """Note what came of a try, and let the endpoint go; why it is disabled now, if it is.

    A try whose fence is lost is noted in the log and changes nothing else.
    """
    failing_since = None if outcome.is_taken else func.coalesce(WebhookEndpoint.failing_since, now)
    released = session.execute(
        update(WebhookEndpoint)
        .where(WebhookEndpoint.id == task.endpoint_id, WebhookEndpoint.fence == task.fence)
        .values(busy_until=None, fence=None, failing_since=failing_since)
    )
    assert isinstance(released, CursorResult)
    if not _log(session, task, outcome, now) or released.rowcount == 0:
        return None
    attempts = task.attempts + 1
    next_at = rules.next_try(
        attempts, outcome.retry_after, now=now, give_up_at=task.give_up_at, dice=dice
    )
    if outcome.is_taken:
        _update(session, task, attempts=attempts, state=DELIVERED, settled_at=now)
        return None
    if next_at is None:
        _update(session, task, attempts=attempts, state=DEAD, settled_at=now)
    else:
        _update(session, task, attempts=attempts, next_at=next_at)
    return _disabled(session, task.endpoint_id, outcome, now)


def stop(session: Session, endpoint_id: str, *, why: str, now: datetime) -> None:
    """Disable an endpoint; what waits lies with its dead letters from now on."""
    session.execute(
        update(WebhookEndpoint)
        .where(WebhookEndpoint.id == endpoint_id, WebhookEndpoint.disabled_at.is_(None))
        .values(disabled_at=now, disabled_why=why)
    )
    session.execute(
        update(WebhookMessage)
        .where(WebhookMessage.endpoint_id == endpoint_id, WebhookMessage.state == WAITING)
        .values(state=DEAD, settled_at=now)
    )


def hold(session: Session, endpoint_id: str) -> WebhookEndpoint:
    """The endpoint, locked until the transaction ends. Raises NotFound."""
    endpoint = session.get(
        WebhookEndpoint, endpoint_id, with_for_update=True, populate_existing=True
    )
    if endpoint is None:
        raise queries.endpoint_not_found()
    return endpoint


def wake(session: Session, endpoint_id: str, *, at: datetime) -> None:
    """Have a worker look after an endpoint's messages at that time."""
    enqueue(session, rules.SEND_JOB, {"endpoint_id": endpoint_id}, due_at=at)


def has_overlooked(session: Session, now: datetime) -> bool:
    """Whether messages have been due for long although nobody holds their endpoint."""
    return session.scalar(_overlooked(now).limit(1)) is not None


def wake_overlooked(session: Session, now: datetime) -> None:
    """Have a worker look after endpoints whose own jobs were given up."""
    for endpoint_id in session.scalars(_overlooked(now)).all():
        wake(session, endpoint_id, at=now)


def forget_old(session: Session, *, now: datetime) -> None:
    """Drop settled messages and their log after thirty days."""
    old = select(WebhookMessage.id).where(
        WebhookMessage.happened_at < now - rules.KEEP_FOR,
        WebhookMessage.settled_at < now - rules.KEEP_FOR,
    )
    session.execute(delete(WebhookAttempt).where(WebhookAttempt.message_id.in_(old)))
    session.execute(delete(WebhookMessage).where(WebhookMessage.id.in_(old)))


def _who_wants(session: Session, brand_id: str, kind: str) -> list[str]:
    endpoints = select(WebhookEndpoint.id, WebhookEndpoint.types).where(
        WebhookEndpoint.brand_id == brand_id
    )
    rows = session.execute(endpoints.order_by(WebhookEndpoint.id))
    return [endpoint_id for endpoint_id, types in rows if rules.wants(types, kind)]


def _log(session: Session, task: Task, outcome: Outcome, now: datetime) -> bool:
    """Keep a try in the log; False where its message is gone, with its endpoint."""
    message = select(WebhookMessage.id).where(WebhookMessage.id == task.message_id)
    if session.scalar(message.with_for_update()) is None:
        return False
    session.add(
        WebhookAttempt(
            id=new_id(),
            message_id=task.message_id,
            at=now,
            status=outcome.status,
            milliseconds=outcome.milliseconds,
            error=outcome.error,
            answer=rules.shown(outcome.answer, task.secrets),
        )
    )
    return True


def _update(session: Session, task: Task, **values: Any) -> None:
    """Change the message; one that was stopped meanwhile can still turn out to be delivered."""
    states = [WAITING, DEAD] if values.get("state") == DELIVERED else [WAITING]
    session.execute(
        update(WebhookMessage)
        .where(WebhookMessage.id == task.message_id, WebhookMessage.state.in_(states))
        .values(**values)
    )


def _disabled(session: Session, endpoint_id: str, outcome: Outcome, now: datetime) -> str | None:
    since = select(WebhookEndpoint.failing_since).where(WebhookEndpoint.id == endpoint_id)
    is_over = rules.is_given_up(session.execute(since).scalar_one(), now)
    why = "gone" if outcome.status == rules.GONE else "failing" if is_over else None
    if why is not None:
        stop(session, endpoint_id, why=why, now=now)
    return why


def _overlooked(now: datetime) -> Select[str]:
    is_late = (WebhookMessage.endpoint_id == WebhookEndpoint.id) & (
        (WebhookMessage.state == WAITING) & (WebhookMessage.next_at <= now - _LATE)
    )
    return select(WebhookEndpoint.id).where(
        WebhookEndpoint.disabled_at.is_(None),
        or_(WebhookEndpoint.busy_until.is_(None), WebhookEndpoint.busy_until <= now),
        exists().where(is_late),
    )
