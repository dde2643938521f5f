"""Writes of notes: what is told, read, chosen and forgotten."""

import hashlib
from collections.abc import Mapping, Set
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import delete, true, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from core.ids import new_id
from core.outbox import emit, enqueue
from core.sql import insert_ignore, upsert
from retail.accounts import queries as accounts
from retail.notifications import queries, rules
from retail.notifications.events import InboxRead, NoteWritten
from retail.notifications.models import (
    Note,
    NoteChoice,
    NoteSetting,
    PushSubscription,
    RangeSignUp,
    RefusedMail,
)

DELIVER_JOB = "deliver_note"
_OF_A_MEMBER = (Note, NoteChoice, NoteSetting, RangeSignUp, PushSubscription, RefusedMail)


@dataclass(frozen=True)
class _Key:
    """What makes a note one and the same."""

    member_id: str
    purpose: str
    subject: str
    window_at: datetime


def notify(
    session: Session,
    *,
    member_id: str,
    brand_id: str,
    purpose: str,
    subject: str,
    now: datetime,
    data: Mapping[str, str] | None = None,
) -> bool:
    """Tell a member something, once for each purpose, subject and window; tells if that is new.

    The one entry for other rooms and journeys. `subject` and `data` are ids and never words: what
    is said is made when it is said, with the consents of that moment. Again within the window the
    note grows instead. Nothing is kept for who wants the purpose on no channel, or left. Raises
    NotFound for an unknown purpose.
    """
    asked = rules.get_purpose(purpose)
    if not queries.channels_on(session, member_id, asked):
        return False
    if not accounts.members_by_id(session, [member_id], now=now):
        return False
    key = _Key(member_id, purpose, subject, asked.window_at(now))
    note_id = new_id()
    values = {"id": note_id, "brand_id": brand_id, "data": dict(data or {}), "created_at": now}
    is_new = insert_ignore(session, Note, **asdict(key), **values, news_at=now)
    if is_new:
        due_at = asked.ends_at(key.window_at) or now
        enqueue(session, DELIVER_JOB, {"note_id": note_id}, due_at=due_at, key=f"note:{note_id}")
    elif asked.window is None or not _grow(session, key, now):
        return False
    emit(session, NoteWritten(member_id, purpose), topics=[inbox_topic(member_id)])
    return is_new


def inbox_topic(member_id: str) -> str:
    """What wakes a member's own open inbox."""
    return f"member:{member_id}"


def choose(
    session: Session,
    *,
    member_id: str,
    brand_id: str,
    purpose: str,
    channel: str,
    is_on: bool,
    now: datetime,
) -> None:
    """Have a purpose told on a channel, or not. Raises NotFound and Invalid for unknown ones.

    That the member agrees to the purpose at all is a matter of consent, kept there.
    """
    keys = {
        "member_id": member_id,
        "purpose": rules.get_purpose(purpose).code,
        "channel": rules.check_channel(channel),
    }
    upsert(session, NoteChoice, keys, brand_id=brand_id, is_on=is_on, chosen_at=now)


def read_all(
    session: Session, *, member_id: str, now: datetime, until: datetime | None = None
) -> None:
    """Mark everything in the member's inbox as read, or what was there `until` then, included."""
    seen = Note.news_at <= until if until else true()
    result = session.execute(
        update(Note)
        .where(Note.member_id == member_id, queries.IS_UNREAD, seen)
        .values(read_at=now)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(result, CursorResult)
    if result.rowcount:
        emit(session, InboxRead(member_id), topics=[inbox_topic(member_id)])


def set_quiet(
    session: Session,
    *,
    member_id: str,
    brand_id: str,
    store_id: str | None,
    quiet_from: int,
    quiet_until: int,
    locale: str,
) -> None:
    """Leave a member alone between these minutes of the day, by the store's or brand's clock."""
    values = {"store_id": store_id, "quiet_from": quiet_from, "quiet_until": quiet_until}
    keys = {"member_id": member_id}
    upsert(session, NoteSetting, keys, brand_id=brand_id, **values, locale=locale)


def set_ranges(
    session: Session, *, member_id: str, brand_id: str, codes: Set[str], now: datetime
) -> None:
    """Have a member wish to hear of exactly these categories."""
    session.execute(
        delete(RangeSignUp).where(
            RangeSignUp.member_id == member_id, RangeSignUp.category_code.not_in(list(codes))
        )
    )
    row = {"member_id": member_id, "brand_id": brand_id, "since": now}
    for code in sorted(codes):
        insert_ignore(session, RangeSignUp, **row, category_code=code)


def subscribe(
    session: Session,
    *,
    member_id: str,
    brand_id: str,
    endpoint: str,
    p256dh: str,
    auth: str,
    now: datetime,
) -> None:
    """Have a browser receive the member's pushes from now on, and nobody else's."""
    keys = {"endpoint_hash": _hash(endpoint)}
    both = {"member_id": member_id, "brand_id": brand_id, "p256dh": p256dh, "auth": auth}
    first = {"id": (new_id(), PushSubscription.id), "endpoint": endpoint, "created_at": now}
    upsert(session, PushSubscription, keys, **both, **first)


def unsubscribe_browser(session: Session, *, member_id: str, endpoint: str) -> None:
    """Have the browser receive the member's pushes no more."""
    session.execute(
        delete(PushSubscription).where(
            PushSubscription.endpoint_hash == _hash(endpoint),
            PushSubscription.member_id == member_id,
        )
    )


def drop_subscription(session: Session, subscription_id: str) -> None:
    """Forget a browser whose push service says that it is gone."""
    session.execute(delete(PushSubscription).where(PushSubscription.id == subscription_id))


def note_mail(
    session: Session, member_id: str, *, brand_id: str, is_taken: bool, now: datetime
) -> None:
    """Remember whether the member's mailbox took a mail; one that it takes clears the count."""
    if is_taken:
        session.execute(delete(RefusedMail).where(RefusedMail.member_id == member_id))
        return
    once_more = (1, RefusedMail.refusals + 1)
    keys = {"member_id": member_id}
    upsert(session, RefusedMail, keys, brand_id=brand_id, refusals=once_more, refused_at=now)


def erase(session: Session, member_id: str) -> None:
    """Delete all that this room keeps about a member, and what it told others of them."""
    # A subject that is about somebody begins with their id.
    session.execute(delete(Note).where(Note.subject.startswith(member_id)))
    for model in _OF_A_MEMBER:
        session.execute(delete(model).where(model.member_id == member_id))


def _grow(session: Session, key: _Key, now: datetime) -> bool:
    is_it = [getattr(Note, name) == value for name, value in asdict(key).items()]
    result = session.execute(
        update(Note)
        .where(*is_it, Note.news_at < now)
        .values(news_at=now)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(result, CursorResult)
    return result.rowcount > 0


def _hash(endpoint: str) -> str:
    return hashlib.sha256(endpoint.encode()).hexdigest()
