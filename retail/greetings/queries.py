"""Reads of greetings: whoever agrees now, as long as it lasts, in the one store where they are."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from retail.consent import queries as consent
from retail.consent.rules import GREETING
from retail.greetings.models import Greeting, GreetingWish
from retail.greetings.rules import GreetingView, Wish, greeting_not_found

MOST_SHOWN = 30
_GREETINGS: Select[*tuple[Any, ...]] = select(
    *(getattr(Greeting, name) for name in GreetingView.__dataclass_fields__)
)


def find_wish(session: Session, member_id: str) -> Wish:
    """How the member wishes to be greeted; by first name and nothing else until they say."""
    row = session.get(GreetingWish, member_id)
    return Wish(row.form, row.title, frozenset(row.shows)) if row else Wish()


def may_greet(session: Session, member_id: str) -> bool:
    """Whether the member agrees to be greeted."""
    return consent.has_consent(session, member_id, GREETING, "brand", "screen")


def find_greeting(session: Session, member_id: str, *, now: datetime) -> GreetingView | None:
    """The member's own greeting that is not over, wherever it is; cleared ones too."""
    row = session.execute(
        _GREETINGS.where(Greeting.member_id == member_id, Greeting.ends_at > now)
    ).one_or_none()
    return GreetingView(*row) if row else None


def greetings_in(session: Session, store_id: str, *, now: datetime) -> list[GreetingView]:
    """Who may be greeted in a store at this instant, the newest first."""
    rows = session.execute(
        _GREETINGS.where(
            Greeting.store_id == store_id,
            Greeting.ends_at > now,
            Greeting.cleared_at.is_(None),
            consent.agrees(Greeting.member_id, GREETING, "brand", "screen"),
        )
        .order_by(Greeting.began_at.desc(), Greeting.id.desc())
        .limit(MOST_SHOWN)
    )
    return [GreetingView(*row) for row in rows]


def get_greeting(
    session: Session, greeting_id: str, *, store_id: str, now: datetime
) -> GreetingView:
    """A greeting of a store that is not over, cleared or not. Raises NotFound."""
    row = session.execute(
        _GREETINGS.where(
            Greeting.id == greeting_id,
            Greeting.store_id == store_id,
            Greeting.ends_at > now,
            consent.agrees(Greeting.member_id, GREETING, "brand", "screen"),
        )
    ).one_or_none()
    if row is None:
        raise greeting_not_found()
    return GreetingView(*row)


def export(session: Session, member_id: str) -> dict[str, Any]:
    """What is kept of how a member is greeted, for themselves."""
    wish = find_wish(session, member_id)
    rows = session.execute(
        select(
            Greeting.store_id,
            Greeting.way,
            Greeting.began_at,
            Greeting.ends_at,
            Greeting.cleared_at,
        ).where(Greeting.member_id == member_id)
    )
    return {
        "wish": {"form": wish.form, "title": wish.title, "shows": sorted(wish.shows)},
        "greetings": [dict(row._mapping) for row in rows],
    }
