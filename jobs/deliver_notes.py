"""Notes leave the house: decided in one transaction, then each channel by a leased job.

Whether and what to say is asked again at each step, so that a consent taken back, a like undone or
an hour turned quiet holds until the last moment.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from smtplib import SMTPRecipientsRefused
from typing import Any

from flask import current_app
from flask_babel import force_locale, format_datetime, format_decimal, gettext, ngettext
from sqlalchemy.orm import Session

from connectors.mail.letter import compose
from connectors.push import web_push
from core import clock
from core.config import Settings
from core.errors import NotFound
from core.outbox import enqueue
from core.transaction import Database
from jobs.deliver import post
from jobs.queue import Claimed
from retail.accounts import queries as accounts
from retail.brands import queries as brands
from retail.brands.queries import BrandView
from retail.brands.vocabulary import speaking
from retail.note_page.queries import facts_of
from retail.notifications import messages, rules, service
from retail.notifications import queries as notes
from retail.notifications.queries import NoteView, SettingView
from retail.notifications.speech import NoteFacts, Speech, Wording
from retail.notifications.unsubscribing import token_for
from retail.notifications.wording import word

MAIL_JOB, PUSH_JOB = "mail_note", "push_note"


def _moment(at: datetime) -> str:
    return format_datetime(at, "EEEE d MMMM, HH:mm", rebase=False)


SPEECH = Speech(gettext, ngettext, format_decimal, _moment)


@dataclass(frozen=True)
class _Ready:
    """A note that may leave now, on one channel, with what it says."""

    note: NoteView
    brand: BrandView
    setting: SettingView
    facts: NoteFacts

    def worded(self) -> Wording:
        with self.speaking():
            return word(self.facts, SPEECH)

    @contextmanager
    def speaking(self) -> Iterator[None]:
        """Speak in the reader's language and the brand's vocabulary."""
        with force_locale(self.setting.locale.replace("-", "_")), speaking(self.brand.words):
            yield


def deliver_note(session: Session, payload: dict[str, Any], now: datetime) -> None:
    """Send a note out on every channel that its reader wants, once their quiet hours are over."""
    try:
        note = notes.get_note(session, payload["note_id"])
        accounts.get_member(session, note.member_id, now=now)
    except NotFound:
        return
    if _is_put_off(session, note, service.DELIVER_JOB, payload, now):
        return
    wanted = notes.channels_on(session, note.member_id, rules.get_purpose(note.purpose))
    if rules.EMAIL in wanted and not notes.is_mail_stopped(session, note.member_id):
        enqueue(session, MAIL_JOB, payload, due_at=now, key=f"{MAIL_JOB}:{note.id}")
    if rules.PUSH in wanted:
        for browser in notes.subscriptions_of(session, note.member_id):
            to_browser = {**payload, "subscription_id": browser.id}
            key = f"{PUSH_JOB}:{note.id}:{browser.id}"
            enqueue(session, PUSH_JOB, to_browser, due_at=now, key=key)


def mail_note(database: Database, job: Claimed) -> None:
    """Mail a note; a mailbox that refuses for good is remembered instead of tried again."""
    settings: Settings = current_app.config["SETTINGS"]
    now = clock.now()
    ready = _find_ready(database, job, rules.EMAIL, now)
    if ready is None:
        return
    with database.read() as session:
        recipient = accounts.profile(session, ready.note.member_id).email
    base = settings.public_url.rstrip("/")
    token = token_for(settings.key, ready.note.member_id, ready.note.purpose, rules.EMAIL)
    leave = f"{base}/unsubscribe/{token}"
    with ready.speaking():
        message = messages.note(
            ready.worded(), ready.facts, base=base, leave=leave, gettext=gettext
        )
    letter = compose(
        sender=settings.mail_from,
        recipient=recipient,
        subject=message.subject,
        text=message.text,
        html=message.html,
        reference=job.id,
        now=now,
        unsubscribe=leave,
    )
    is_taken = _is_taken(lambda: post(settings, letter))
    with database.write() as session:
        note = ready.note
        service.note_mail(
            session, note.member_id, brand_id=note.brand_id, is_taken=is_taken, now=now
        )


def push_note(database: Database, job: Claimed) -> None:
    """Push a note to one browser; one that its push service knows no more is forgotten."""
    settings: Settings = current_app.config["SETTINGS"]
    subscription_id = job.payload["subscription_id"]
    with database.read() as session:
        browser = notes.find_subscription(session, subscription_id)
    ready = _find_ready(database, job, rules.PUSH, clock.now())
    if browser is None or ready is None or settings.push_key is None:
        return
    wording = ready.worded()
    content = {
        "title": wording.title,
        "body": wording.text,
        "address": ready.facts.address,
        "tag": ready.note.id,
    }
    try:
        web_push.send(
            json.dumps(content).encode(),
            endpoint=browser.endpoint,
            p256dh=browser.p256dh,
            auth=browser.auth,
            private_key=settings.push_key,
            contact=f"mailto:{parseaddr(settings.mail_from)[1]}",
        )
    except web_push.Gone:
        with database.write() as session:
            service.drop_subscription(session, subscription_id)


def _is_taken(send: Callable[[], None]) -> bool:
    try:
        send()
    except SMTPRecipientsRefused as refused:
        if all(code >= 500 for code, _ in refused.recipients.values()):
            return False
        raise
    return True


def _find_ready(database: Database, job: Claimed, channel: str, now: datetime) -> _Ready | None:
    """What the job is to send, or None: not wanted any more, nothing left to say, or put off."""
    with database.read() as session:
        try:
            note = notes.get_note(session, job.payload["note_id"])
            accounts.get_member(session, note.member_id, now=now)
        except NotFound:
            return None
        brand = brands.get_brand(session, note.brand_id)
        purpose = rules.get_purpose(note.purpose)
        if channel not in notes.channels_on(session, note.member_id, purpose):
            return None
        setting = notes.setting_of(session, note.member_id, brand)
        facts = facts_of(session, note, brand)
    if facts is None:
        return None
    if setting.quiet.covers(now):
        with database.write() as session:
            _is_put_off(session, note, job.kind, job.payload, now)
        return None
    return _Ready(note, brand, setting, facts)


def _is_put_off(
    session: Session, note: NoteView, kind: str, payload: dict[str, Any], now: datetime
) -> bool:
    """Whether it is quiet around the note's reader; the job is then written again for later."""
    brand = brands.get_brand(session, note.brand_id)
    due_at = notes.setting_of(session, note.member_id, brand).quiet.next_loud(now)
    if due_at == now:
        return False
    rest = ":".join(payload.values())
    enqueue(session, kind, payload, due_at=due_at, key=f"{kind}:{rest}:{due_at.timestamp():.0f}")
    return True
