"""Calendars brought in: first what that would make, then what was picked of it, each once."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from retail.accounts.queries import MemberView
from retail.occasions import icalendar, queries, rules, service


@dataclass(frozen=True)
class PreviewedEvent:
    """An event of a calendar as it would come in; `starts_at` is None for what cannot.

    `problem` is empty where it can. `repeats`: only its first time comes in.
    """

    uid: str
    title: str
    place: str
    zone: str
    starts_at: datetime | None
    is_all_day: bool
    repeats: bool
    is_known: bool
    is_over: bool
    problem: str


@dataclass(frozen=True)
class BroughtIn:
    """How many occasions were made, and how many were there already."""

    made: int
    known: int


def preview(
    session: Session, text: str, *, member: MemberView, zone: str, now: datetime
) -> list[PreviewedEvent]:
    """What a calendar would make; nothing is written. Raises Invalid for a broken one."""
    known = queries.known_uids(session, member.id)
    return [_previewed(event, known, now) for event in icalendar.read(text, zone=zone)]


def bring_in(
    session: Session,
    text: str,
    picked: Collection[str],
    *,
    member: MemberView,
    zone: str,
    now: datetime,
) -> BroughtIn:
    """Make the picked events of a calendar, each once however often it is sent.

    Raises Invalid for a broken calendar or nothing picked, Conflict for more than fit.
    """
    rules.check_picked(picked)
    wanted = [
        event.occasion
        for event in icalendar.read(text, zone=zone)
        if event.uid in picked and event.occasion is not None
    ]
    made = [service.make(session, wish, member=member, now=now) for wish in wanted]
    new = sum(one is not None for one in made)
    return BroughtIn(new, len(made) - new)


def _previewed(
    event: icalendar.FoundEvent, known: Collection[str], now: datetime
) -> PreviewedEvent:
    wish = event.occasion
    times = rules.times_of(wish) if wish else None
    return PreviewedEvent(
        uid=event.uid,
        title=event.title,
        place=wish.place if wish else "",
        zone=wish.zone if wish else "",
        starts_at=times.starts_at if times else None,
        is_all_day=times is not None and times.is_all_day,
        repeats=event.repeats,
        is_known=event.uid in known,
        is_over=times is not None and times.over_at <= now,
        problem=event.problem,
    )
