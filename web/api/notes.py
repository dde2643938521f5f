"""What a member was told, as an API."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_smorest import Blueprint

from core import clock
from retail.brands import queries as brands
from retail.note_page import queries as note_page
from retail.note_page.queries import InboxEntry
from retail.notifications import service
from retail.notifications.wording import word
from web.auth import current_member, guarded
from web.language import SPEECH
from web.openapi import schema_of
from web.schemas.notes import NotesQuery, SeenUntil
from web.write import read, write


@dataclass(frozen=True)
class NoteTold:
    """A note in words, as they are true just now; `address` is a path of ours to go on from."""

    id: str
    purpose: str
    at: datetime
    is_unread: bool
    title: str
    text: str
    action: str
    address: str


@dataclass(frozen=True)
class NotesTold:
    """A page of an inbox, and how much of the whole is unread."""

    notes: list[NoteTold]
    unread: int
    next_after: str | None


told_notes = guarded(
    Blueprint("told_notes", __name__, description="What members are told"), "member"
)


@told_notes.get("/me/notes")
@read
@told_notes.arguments(NotesQuery, location="query")
@told_notes.response(200, schema_of(NotesTold))
def list_notes(session: Any, query: dict[str, Any]) -> NotesTold:
    """What the member was told in the app, newest first, as far as it still says something."""
    member = current_member()
    brand = brands.get_brand(session, member.brand_id)
    page = note_page.inbox_page(session, member.id, brand, **query)
    unread = note_page.count_unread(session, member.id, brand.id)
    return NotesTold([_told(entry) for entry in page.entries], unread, page.next_after)


@told_notes.post("/me/notes/read")
@write
@told_notes.arguments(SeenUntil)
@told_notes.response(204)
def mark_read(session: Any, seen: dict[str, datetime]) -> None:
    """Mark what was there until an instant as read, or everything."""
    service.read_all(session, member_id=current_member().id, now=clock.now(), **seen)


def _told(entry: InboxEntry) -> NoteTold:
    said = word(entry.facts, SPEECH)
    return NoteTold(
        id=entry.id,
        purpose=entry.facts.purpose,
        at=entry.at,
        is_unread=entry.is_unread,
        title=said.title,
        text=said.text,
        action=said.action,
        address=entry.facts.address,
    )
