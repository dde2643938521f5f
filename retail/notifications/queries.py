"""Reads of notes and of how their readers want to hear of them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from core.errors import NotFound
from retail.brands import queries as brands
from retail.brands.queries import BrandView
from retail.consent import queries as consent
from retail.notifications import rules
from retail.notifications.models import (
    Note,
    NoteChoice,
    NoteSetting,
    PushSubscription,
    RangeSignUp,
    RefusedMail,
)
from retail.notifications.quiet import QuietHours
from retail.notifications.rules import PURPOSES, NotePurpose

_NOTES = select(
    Note.id,
    Note.brand_id,
    Note.member_id,
    Note.purpose,
    Note.subject,
    Note.window_at,
    Note.data,
    Note.news_at,
    Note.read_at,
)
IS_UNREAD = or_(Note.read_at.is_(None), Note.read_at < Note.news_at)

_SETTING = select(
    NoteSetting.store_id, NoteSetting.quiet_from, NoteSetting.quiet_until, NoteSetting.locale
)

_SUBSCRIPTIONS = select(
    PushSubscription.id,
    PushSubscription.endpoint,
    PushSubscription.p256dh,
    PushSubscription.auth,
)


@dataclass(frozen=True)
class SubscriptionView:
    """A browser that receives pushes: where to send them, and the keys they are sealed with."""

    id: str
    endpoint: str = field(repr=False)
    p256dh: str = field(repr=False)
    auth: str = field(repr=False)


@dataclass(frozen=True)
class SettingView:
    """When a member is left alone, by whose clock, and in which language they read."""

    store_id: str | None
    quiet: QuietHours
    locale: str


@dataclass(frozen=True)
class NoteView:
    """A note as it is stored: what it is about, by ids."""

    id: str
    brand_id: str
    member_id: str
    purpose: str
    subject: str
    window_at: datetime
    data: dict[str, Any]
    news_at: datetime
    read_at: datetime | None

    @property
    def is_unread(self) -> bool:
        """Whether it grew since its reader last looked."""
        return self.read_at is None or self.read_at < self.news_at

    @property
    def window_ends_at(self) -> datetime | None:
        """When it grows no more; None where it never grows."""
        return rules.get_purpose(self.purpose).ends_at(self.window_at)


def get_note(session: Session, note_id: str) -> NoteView:
    """The note with this id. Raises NotFound."""
    row = session.execute(_NOTES.where(Note.id == note_id)).one_or_none()
    if row is None:
        raise _note_not_found()
    return NoteView(*row)


def get_own(session: Session, note_id: str, *, member_id: str) -> NoteView:
    """A member's own note. Raises NotFound for everybody else's as for none."""
    note = get_note(session, note_id)
    if note.member_id != member_id:
        raise _note_not_found()
    return note


def inbox(
    session: Session,
    member_id: str,
    *,
    before: tuple[datetime, str] | None = None,
    is_unread_only: bool = False,
    limit: int = 50,
) -> list[NoteView]:
    """The newest notes of those purposes that the member reads in the app, newest first.

    `before` is the instant and the id of a note already seen, after which the page begins.
    """
    statement = _NOTES.where(
        Note.member_id == member_id, Note.purpose.in_(_read(session, member_id))
    )
    if is_unread_only:
        statement = statement.where(IS_UNREAD)
    if before is not None:
        at, last_id = before
        same_instant = (Note.news_at == at) & (Note.id < last_id)
        statement = statement.where(or_(Note.news_at < at, same_instant))
    ordered = statement.order_by(Note.news_at.desc(), Note.id.desc()).limit(limit)
    return [NoteView(*row) for row in session.execute(ordered)]


def count_unread(session: Session, member_id: str) -> int:
    """How many notes of the inbox are unread."""
    where = (Note.member_id == member_id, IS_UNREAD)
    rows = session.execute(
        select(Note.purpose, func.count().label("number")).where(*where).group_by(Note.purpose)
    )
    unread = {row.purpose: row.number for row in rows}
    # Every page asks, and mostly nothing is new: only then is it asked what the member reads.
    return sum(unread.get(code, 0) for code in _read(session, member_id)) if unread else 0


def channels_on(session: Session, member_id: str, purpose: NotePurpose) -> set[str]:
    """The channels on which the member wants the purpose and has agreed to it now."""
    return {channel for code, channel in _on(session, member_id) if code == purpose.code}


def choices_of(session: Session, member_id: str) -> set[tuple[str, str]]:
    """Every purpose and channel that is on, as pairs."""
    return _on(session, member_id)


def chosen_channels(session: Session, member_id: str, purpose: str) -> set[str]:
    """The channels that the member switched on for a purpose, whether they agree to it or not."""
    return set(
        session.scalars(
            select(NoteChoice.channel).where(
                NoteChoice.member_id == member_id,
                NoteChoice.purpose == purpose,
                NoteChoice.is_on.is_(True),
            )
        )
    )


def wanting(session: Session, member_ids: Iterable[str], purpose: NotePurpose) -> set[str]:
    """Those of the members who agreed to the purpose and want it on any channel."""
    agreed = consent.consenting(session, member_ids, purpose.code)
    return set(
        session.scalars(
            select(NoteChoice.member_id).where(
                NoteChoice.member_id.in_(agreed),
                NoteChoice.purpose == purpose.code,
                NoteChoice.is_on.is_(True),
            )
        )
    )


def ranges_of(session: Session, member_id: str) -> set[str]:
    """The codes of the categories of which the member wants to hear."""
    return set(
        session.scalars(select(RangeSignUp.category_code).where(RangeSignUp.member_id == member_id))
    )


def signed_up(
    session: Session, brand_id: str, codes: Iterable[str], *, after: str, limit: int
) -> list[str]:
    """The members who wish to hear of any of the categories, by id, from after this one on."""
    statement = (
        select(RangeSignUp.member_id)
        .where(
            RangeSignUp.brand_id == brand_id,
            RangeSignUp.category_code.in_(list(codes)),
            RangeSignUp.member_id > after,
        )
        .distinct()
        .order_by(RangeSignUp.member_id)
        .limit(limit)
    )
    return list(session.scalars(statement))


def subscriptions_of(session: Session, member_id: str) -> list[SubscriptionView]:
    """The browsers that receive a member's pushes."""
    rows = session.execute(_SUBSCRIPTIONS.where(PushSubscription.member_id == member_id))
    return [SubscriptionView(*row) for row in rows]


def find_subscription(session: Session, subscription_id: str) -> SubscriptionView | None:
    """The subscription with this id, if it still stands."""
    row = session.execute(
        _SUBSCRIPTIONS.where(PushSubscription.id == subscription_id)
    ).one_or_none()
    return SubscriptionView(*row) if row else None


def _note_not_found() -> NotFound:
    return NotFound("note_not_found", "This note isn’t here.")


def _on(session: Session, member_id: str) -> set[tuple[str, str]]:
    chosen = select(NoteChoice.purpose, NoteChoice.channel, NoteChoice.is_on).where(
        NoteChoice.member_id == member_id
    )
    said = {(row.purpose, row.channel): row.is_on for row in session.execute(chosen)}
    agreed = {
        code
        for code in {code for (code, _), is_on in said.items() if is_on}
        if consent.has_consent(session, member_id, code)
    }
    return {
        (code, channel)
        for code, purpose in PURPOSES.items()
        for channel in rules.CHANNELS
        if _is_on(purpose, channel, said.get((code, channel)), is_agreed=code in agreed)
    }


def _is_on(purpose: NotePurpose, channel: str, said: bool | None, *, is_agreed: bool) -> bool:
    if purpose.starts_on(channel):
        return said is not False
    return bool(said) and is_agreed


def _read(session: Session, member_id: str) -> list[str]:
    return [code for code, channel in _on(session, member_id) if channel == rules.IN_APP]


def is_mail_stopped(session: Session, member_id: str) -> bool:
    """Whether the member's mailbox refused our mail so often that we stopped."""
    statement = select(RefusedMail.refusals).where(RefusedMail.member_id == member_id)
    return (session.scalar(statement) or 0) >= rules.REFUSALS_UNTIL_STOPPED


def setting_of(session: Session, member_id: str, brand: BrandView) -> SettingView:
    """When the member is left alone and in which language they read; the defaults where unsaid."""
    row = session.execute(_SETTING.where(NoteSetting.member_id == member_id)).one_or_none()
    if row is None:
        hours = QuietHours(*rules.QUIET_BY_DEFAULT, brand.zone)
        return SettingView(None, hours, brand.locale)
    store_id, quiet_from, quiet_until, locale = row
    zone = brands.get_store(session, store_id).zone if store_id else brand.zone
    return SettingView(store_id, QuietHours(quiet_from, quiet_until, zone), locale)


def export(session: Session, member_id: str) -> dict[str, Any]:
    """All that this room keeps about a member, for themselves."""
    notes = session.execute(
        select(Note.purpose, Note.subject, Note.created_at, Note.read_at)
        .where(Note.member_id == member_id)
        .order_by(Note.created_at, Note.id)
    )
    choices = session.execute(
        select(NoteChoice.purpose, NoteChoice.channel, NoteChoice.is_on, NoteChoice.chosen_at)
        .where(NoteChoice.member_id == member_id)
        .order_by(NoteChoice.purpose, NoteChoice.channel)
    )
    ranges = select(RangeSignUp.category_code, RangeSignUp.since)
    pushes = select(PushSubscription.endpoint, PushSubscription.created_at)
    quiet = _SETTING.where(NoteSetting.member_id == member_id)
    return {
        "notes": [dict(row._mapping) for row in notes],
        "choices": [dict(row._mapping) for row in choices],
        "ranges": _rows(session, ranges.where(RangeSignUp.member_id == member_id)),
        "push_subscriptions": _rows(session, pushes.where(PushSubscription.member_id == member_id)),
        "settings": _rows(session, quiet),
    }


def _rows(session: Session, statement: Select[*tuple[Any, ...]]) -> list[dict[str, Any]]:
    return [dict(row._mapping) for row in session.execute(statement)]
