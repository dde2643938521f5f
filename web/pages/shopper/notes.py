"""My inbox: what happened, newest first, and how much of it is unread."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, render_template

from core import clock
from retail.accounts.queries import MemberView
from retail.brands import queries as brands
from retail.consent.rules import (
    DECISIONS_NEWS,
    FRIENDS_NEWS,
    LEAGUE_NEWS,
    LIKES_NEWS,
    OCCASIONS_NEWS,
    OFFERS_NEWS,
    POLLS_NEWS,
    PRIZES_NEWS,
    RANGES_NEWS,
    RESULTS_NEWS,
    TIERS_NEWS,
)
from retail.note_page import queries as note_page
from retail.notifications import service
from retail.notifications.service import inbox_topic
from retail.notifications.wording import word
from web.auth import current_member, find_member, guarded
from web.language import SPEECH
from web.pages.fragments import unless_known
from web.write import read, write

notes = guarded(Blueprint("notes", __name__), by="member_page")
# Fetched by scripts: to a stranger they say so instead of leading to the sign-in page.
note_fragments = guarded(
    Blueprint("note_fragments", __name__, url_prefix="/fragments/notes"), by="member"
)

_ICONS = {
    LIKES_NEWS: "heart-fill",
    LEAGUE_NEWS: "trophy-fill",
    PRIZES_NEWS: "ticket-bold",
    TIERS_NEWS: "sparkle-fill",
    FRIENDS_NEWS: "user-bold",
    DECISIONS_NEWS: "coat-hanger-bold",
    RANGES_NEWS: "t-shirt-bold",
    POLLS_NEWS: "stack-bold",
    RESULTS_NEWS: "check-bold",
    OFFERS_NEWS: "hand-coins-bold",
    OCCASIONS_NEWS: "users-three-bold",
}


@dataclass(frozen=True)
class News:
    """How many of my notes are unread, and the topic that wakes who shows it."""

    unread: int
    topic: str


@notes.app_template_global("my_news")
def my_news() -> News | None:
    """For the tabs, which also stand around pages of those who are not signed in."""
    member = find_member()
    return _news(member) if member else None


@read
def _news(session: Any, member: MemberView) -> News:
    unread = note_page.count_unread(session, member.id, member.brand_id)
    return News(unread, inbox_topic(member.id))


@notes.get("/me/notes")
@read
def show(session: Any) -> Any:
    """What I was told."""
    return render_template("shopper/notes.html", **_content(session))


@notes.post("/me/notes/read")
@write
def mark_read(session: Any) -> Any:
    """I have seen them all."""
    service.read_all(session, member_id=current_member().id, now=clock.now())
    return redirect("/me/notes", 303)


@note_fragments.get("")
@read
def rows(session: Any) -> Any:
    """The inbox's inside."""
    return unless_known(render_template("shopper/note_rows.html", **_content(session)))


@note_fragments.get("/unread")
@read
def unread(session: Any) -> Any:
    """How many are unread, for other pages."""
    member = current_member()
    count = note_page.count_unread(session, member.id, member.brand_id)
    return unless_known(render_template("partials/unread.html", unread=count))


def _content(session: Any) -> dict[str, Any]:
    member = current_member()
    brand = brands.get_brand(session, member.brand_id)
    entries = note_page.inbox(session, member.id, brand)
    return {
        "brand": brand,
        "topic": inbox_topic(member.id),
        "unread": sum(entry.is_unread for entry in entries),
        "entries": [(entry, word(entry.facts, SPEECH)) for entry in entries],
        "icons_of_notes": _ICONS,
        "now": clock.now(),
    }
