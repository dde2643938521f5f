"""Reads of polls for who is told of them: friends who are asked, and who asked."""

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from retail.friends import queries as friends
from retail.outfits.rules import FRIENDS
from retail.polls import queries
from retail.polls.models import Poll
from retail.polls.queries import PollView


def new_for_friends(
    session: Session, viewer_id: str, *, since: datetime, until: datetime, now: datetime
) -> list[PollView]:
    """What friends asked their friends in [since, until) and still ask, the oldest first."""
    asked = queries.polls_of_friends(session, viewer_id, now=now)
    return sorted(
        (poll for poll in asked if poll.audience == FRIENDS and since <= poll.created_at < until),
        key=lambda poll: (poll.created_at, poll.id),
    )


def friends_to_ask(session: Session, poll_id: str) -> set[str]:
    """Who may see a poll for friends as a friend of who asks; nobody for one for everyone."""
    shown = Poll.id == poll_id, Poll.audience == FRIENDS, queries.IS_SHOWN
    asker = session.scalar(select(Poll.member_id).where(*shown))
    return set(session.scalars(friends.FRIENDS_OF_VIEWER, {"viewer": asker})) if asker else set()


def asker_of_closed(session: Session, poll_id: str, now: datetime) -> tuple[str, str] | None:
    """The brand and the asker of a poll that takes no more votes; None for every other."""
    row = session.execute(
        select(Poll.brand_id, Poll.member_id).where(
            Poll.id == poll_id, or_(Poll.is_closed, Poll.closes_at <= now)
        )
    ).one_or_none()
    return (row.brand_id, row.member_id) if row else None
