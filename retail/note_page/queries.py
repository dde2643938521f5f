"""Reads of what a note says: the facts behind its ids, as they are at this moment.

A note whose facts are gone (likes taken back, a look put away) has nothing left to say.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.cursor import pack_instant, read_instant
from core.errors import NotFound
from loyalty.leaderboards import queries as leaderboards
from retail.accounts import queries as accounts
from retail.brands import queries as brands
from retail.brands.queries import BrandView
from retail.catalogue import queries as catalogue
from retail.consent import queries as consent
from retail.consent.rules import (
    DECISIONS_NEWS,
    FRIENDS_NEWS,
    HOLDS_NEWS,
    LEAGUE_NEWS,
    LIKES_NEWS,
    NAMED_LIKES,
    OCCASIONS_NEWS,
    OFFERS_NEWS,
    OPINIONS_NEWS,
    POLLS_NEWS,
    PRIZES_NEWS,
    RANGES_NEWS,
    RESULTS_NEWS,
    SAVED_NEWS,
    SENT_NEWS,
    TIERS_NEWS,
)
from retail.friends import queries as friends
from retail.note_page import occasions, offers, opinions, outcomes, pieces, polls, tiers
from retail.notifications import queries as notes
from retail.notifications.queries import NoteView
from retail.notifications.speech import NoteFacts
from retail.outfits import queries as outfits
from retail.receipts import queries as receipts
from retail.social import queries as social

_arrivals = catalogue.ARRIVALS.subquery("arrivals")
_goods = catalogue.GOODS.subquery("goods")


@dataclass(frozen=True)
class InboxEntry:
    """A note as its reader finds it."""

    id: str
    at: datetime
    is_unread: bool
    facts: NoteFacts


@dataclass(frozen=True)
class NewStyle:
    """A style that came in."""

    id: str
    name: str


@dataclass(frozen=True)
class Drawable:
    """How a style is drawn, in one of its colours; `drawing` is None where it is not."""

    drawing: str | None
    colours: dict[str, str]


@dataclass(frozen=True)
class InboxPage:
    """Some of an inbox, and where the next page begins; None where this is the last one."""

    entries: list[InboxEntry]
    next_after: str | None


def inbox(session: Session, member_id: str, brand: BrandView) -> list[InboxEntry]:
    """A member's newest notes that have something to say, newest first."""
    return inbox_page(session, member_id, brand, limit=_FIRST_PAGE).entries


def inbox_page(
    session: Session, member_id: str, brand: BrandView, *, limit: int, after: str | None = None
) -> InboxPage:
    """A page of a member's notes. It may be shorter: those with nothing left to say are left out.

    Raises Invalid for a bad cursor.
    """
    found = notes.inbox(session, member_id, before=read_instant(after), limit=limit)
    entries = []
    for note in found:
        facts = facts_of(session, note, brand)
        if facts is not None:
            entries.append(InboxEntry(note.id, note.news_at, note.is_unread, facts))
    last = found[-1] if len(found) == limit else None
    return InboxPage(entries, pack_instant(last.news_at, last.id) if last else None)


def count_unread(session: Session, member_id: str, brand_id: str) -> int:
    """How many unread notes have something to say; of very many, roughly."""
    number = notes.count_unread(session, member_id)
    if not number:
        return 0
    brand = brands.get_brand(session, brand_id)
    newest = notes.inbox(session, member_id, is_unread_only=True, limit=_WEIGHED)
    return number - sum(facts_of(session, note, brand) is None for note in newest)


def facts_of(session: Session, note: NoteView, brand: BrandView) -> NoteFacts | None:
    """What the note tells now; None where nothing is left of it."""
    try:
        return _FACTS[note.purpose](session, note, brand)
    except NotFound:
        return None


def new_styles(session: Session, note: NoteView) -> list[NewStyle]:
    """The styles of which a note of new ranges tells, by name."""
    until = note.window_ends_at or note.news_at
    statement = (
        select(_arrivals.c.id, _arrivals.c.name)
        .where(
            _arrivals.c.brand_id == note.brand_id,
            _arrivals.c.category_code.in_(notes.ranges_of(session, note.member_id)),
            _arrivals.c.created_at >= note.window_at,
            _arrivals.c.created_at < until,
        )
        .order_by(_arrivals.c.name, _arrivals.c.id)
    )
    return [NewStyle(*row) for row in session.execute(statement)]


def drawables_of(session: Session, note: NoteView, styles: list[NewStyle]) -> dict[str, Drawable]:
    """How each of the styles is drawn, in the colour that comes first by SKU, by style."""
    statement = (
        select(_goods.c.style_id, _goods.c.drawing, _goods.c.colours)
        .where(
            _goods.c.brand_id == note.brand_id, _goods.c.style_id.in_([each.id for each in styles])
        )
        .order_by(_goods.c.sku.desc())
    )
    return {row.style_id: Drawable(row.drawing, row.colours) for row in session.execute(statement)}


def receipts_with(session: Session, note: NoteView, styles: list[NewStyle]) -> dict[str, str]:
    """The newest receipt from which its reader can lay each of the styles out, by style.

    Only of what they bought already and kept.
    """
    bought = [
        (line.variant_id, receipt.id)
        for receipt in reversed(receipts.receipts_of(session, note.member_id, limit=_RECEIPTS))
        for line in receipt.lines
        if line.variant_id and not line.is_returned
    ]
    variants = catalogue.get_variants(session, note.brand_id, {each for each, _ in bought})
    new = {style.id for style in styles}
    return {
        variants[variant_id].style_id: receipt_id
        for variant_id, receipt_id in bought
        if variant_id in variants and variants[variant_id].style_id in new
    }


def categories_with_arrivals(session: Session, brand_id: str, *, since: datetime) -> set[str]:
    """The codes of the categories into which styles came since then."""
    statement = select(_arrivals.c.category_code).where(
        _arrivals.c.brand_id == brand_id, _arrivals.c.created_at >= since
    )
    return set(session.scalars(statement.distinct()))


def _likes(session: Session, note: NoteView, brand: BrandView) -> NoteFacts | None:
    outfit = outfits.get_own(session, note.subject, member_id=note.member_id)
    fans = social.likers(
        session, outfit.id, since=note.window_at, until=note.window_ends_at or note.news_at
    )
    if not fans or outfit.state != "published":
        return None
    named = consent.consenting(session, fans[:_NAMED_AMONG], NAMED_LIKES)
    people = accounts.members_by_id(session, named)
    names = [people[fan].public_name for fan in fans if fan in people and people[fan].public_name]
    return NoteFacts(
        purpose=LIKES_NEWS,
        brand_name=brand.name,
        address=f"/o/{outfit.id}",
        title=outfit.caption,
        name=names[0] if names else "",
        count=len(fans),
    )


def _league(session: Session, note: NoteView, brand: BrandView) -> NoteFacts | None:
    season = leaderboards.get_season(session, note.subject)
    owner_id = note.data.get("owner_id", note.member_id)
    finals = leaderboards.final(session, season.id, owner_id=owner_id)
    if not finals:
        return None
    store_id = season.scope_id if season.scope_kind == "store" else None
    place = brands.get_store(session, store_id, brand_id=brand.id) if store_id else None
    return NoteFacts(
        purpose=LEAGUE_NEWS,
        brand_name=brand.name,
        address=f"/league/{brand.slug}/{place.slug}" if place else f"/league/{brand.slug}",
        title=place.name if place else "",
        count=finals[0].rank,
        cadence=season.cadence,
        kind=season.kind,
    )


def _friend(session: Session, note: NoteView, brand: BrandView) -> NoteFacts:
    """Named only while they are friends, who know each other's names."""
    friend_id, _, _ = note.subject.partition(".")
    try:
        name = friends.get_friend(session, note.member_id, friend_id).name
    except NotFound:
        name = ""
    return NoteFacts(purpose=FRIENDS_NEWS, brand_name=brand.name, address="/me/friends", name=name)


def _ranges(session: Session, note: NoteView, brand: BrandView) -> NoteFacts | None:
    styles = new_styles(session, note)
    if not styles:
        return None
    return NoteFacts(
        purpose=RANGES_NEWS,
        brand_name=brand.name,
        address=f"/me/notes/{note.id}",
        title=styles[0].name,
        count=len(styles),
    )


_NAMED_AMONG = 50
_FIRST_PAGE = 50
_RECEIPTS = 50
# Every page counts: beyond so many, what a note says is not looked up for it.
_WEIGHED = 10
_FACTS: Mapping[str, Callable[[Session, NoteView, BrandView], NoteFacts | None]] = {
    LIKES_NEWS: _likes,
    LEAGUE_NEWS: _league,
    FRIENDS_NEWS: _friend,
    PRIZES_NEWS: outcomes.of_prize,
    TIERS_NEWS: tiers.of_tier,
    DECISIONS_NEWS: outcomes.of_decision,
    RANGES_NEWS: _ranges,
    POLLS_NEWS: polls.of_new,
    RESULTS_NEWS: polls.of_result,
    OFFERS_NEWS: offers.of_offer,
    HOLDS_NEWS: offers.of_hold,
    OCCASIONS_NEWS: occasions.of_occasion,
    SENT_NEWS: pieces.of_sent,
    SAVED_NEWS: pieces.of_saved,
    OPINIONS_NEWS: opinions.of_asked,
}
