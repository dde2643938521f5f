"""Reads of polls. A poll is seen exactly where both of its looks are, and nowhere else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, case, func, or_, select
from sqlalchemy.orm import Session

from retail.accounts.queries import MemberView
from retail.friends import queries as friends
from retail.outfits import queries as outfits
from retail.outfits.queries import OutfitView
from retail.outfits.rules import FRIENDS, PUBLIC
from retail.outfits.visibility import everyone_sees, friends_see
from retail.polls import rules
from retail.polls.models import Poll, PollVote, SpentPoll
from retail.polls.rules import Tally
from retail.wall_rules import queries as wall_rules
from retail.wall_rules.rules import has_banned


@dataclass(frozen=True)
class PollView:
    """A poll as one viewer sees it.

    `my_choice` is `first`, `second` or None; `tally` is None for whom the result is not open yet:
    who may still vote and has not.
    """

    id: str
    brand_id: str
    question: str
    audience: str
    first: OutfitView
    second: OutfitView
    created_at: datetime
    closes_at: datetime
    is_open: bool
    is_own: bool
    my_choice: str | None
    tally: Tally | None


@dataclass(frozen=True)
class UnseenPoll:
    """A member's own poll that nobody sees, because one of its looks is not shown any more."""

    id: str
    question: str
    created_at: datetime


def _both(seen: Any) -> ColumnElement[bool]:
    return and_(seen(Poll.first_outfit_id), seen(Poll.second_outfit_id))


# Both looks are shown to those who are asked.
IS_SHOWN: ColumnElement[bool] = or_(
    (Poll.audience == PUBLIC) & _both(everyone_sees),
    (Poll.audience == FRIENDS) & _both(friends_see),
)
# For `viewer`; an empty one is a stranger.
IS_VISIBLE: ColumnElement[bool] = IS_SHOWN & or_(
    Poll.audience == PUBLIC,
    Poll.member_id == bindparam("viewer"),
    friends.are_friends(Poll.member_id, bindparam("viewer")),
)
_Columns = Row[*tuple[Any, ...]]
_POLLS: Select[*tuple[Any, ...]] = select(
    Poll.id,
    Poll.brand_id,
    Poll.member_id,
    Poll.first_outfit_id,
    Poll.second_outfit_id,
    Poll.question,
    Poll.audience,
    Poll.created_at,
    Poll.closes_at,
    Poll.is_closed,
)
# One row for a poll in which `viewer` of `brand_id` may vote at `now`.
VOTABLE = select(Poll.id).where(
    Poll.id == bindparam("poll_id"),
    Poll.brand_id == bindparam("brand_id"),
    Poll.member_id != bindparam("viewer"),
    Poll.is_closed.is_(False),
    Poll.closes_at > bindparam("now", type_=Poll.closes_at.type),
    IS_VISIBLE,
    ~friends.are_apart(Poll.member_id, bindparam("viewer")),
)


def get_poll(
    session: Session, poll_id: str, *, viewer: MemberView | None, now: datetime
) -> PollView:
    """The poll as the viewer sees it; None is a stranger, and so is whoever is kept apart.

    Raises NotFound for absent, gone and somebody else's to see alike.
    """
    seen_by = _known(session, poll_id, viewer)
    visible = _POLLS.where(Poll.id == poll_id, IS_VISIBLE)
    rows = session.execute(visible, {"viewer": seen_by}).all()
    views = _assemble(session, rows, seen_by, now)
    if not views:
        raise rules.poll_not_found()
    return views[0]


def asker_of_public(session: Session, poll_id: str) -> tuple[str, str] | None:
    """The brand and the asker of a poll that everyone may see now; None for every other."""
    public = select(Poll.brand_id, Poll.member_id).where(
        Poll.id == poll_id, Poll.audience == PUBLIC, IS_SHOWN
    )
    row = session.execute(public).one_or_none()
    return (row.brand_id, row.member_id) if row else None


def polls_of(session: Session, member_id: str, *, now: datetime, limit: int = 50) -> list[PollView]:
    """A member's own polls that are still seen, newest first."""
    mine = _POLLS.where(Poll.member_id == member_id, IS_SHOWN)
    newest = mine.order_by(Poll.created_at.desc(), Poll.id.desc()).limit(limit)
    return _assemble(session, session.execute(newest).all(), member_id, now)


def unseen_of(session: Session, member_id: str, *, limit: int = 50) -> list[UnseenPoll]:
    """A member's own polls that nobody sees any more, newest first."""
    rows = session.execute(
        select(Poll.id, Poll.question, Poll.created_at)
        .where(Poll.member_id == member_id, ~IS_SHOWN)
        .order_by(Poll.created_at.desc(), Poll.id.desc())
        .limit(limit)
    )
    return [UnseenPoll(*row) for row in rows]


def polls_of_friends(
    session: Session, viewer_id: str, *, now: datetime, limit: int = 50
) -> list[PollView]:
    """What the viewer's friends ask just now, what closes first at the top."""
    rows = session.execute(
        _POLLS.where(
            Poll.member_id.in_(friends.FRIENDS_OF_VIEWER),
            Poll.is_closed.is_(False),
            Poll.closes_at > now,
            IS_SHOWN,
        )
        .order_by(Poll.closes_at, Poll.id)
        .limit(limit),
        {"viewer": viewer_id},
    ).all()
    return _assemble(session, rows, viewer_id, now)


def count_open(session: Session, member_id: str, now: datetime) -> int:
    """How many polls of a member take votes, seen or not."""
    is_open = (Poll.is_closed.is_(False), Poll.closes_at > now)
    count = select(func.count()).where(Poll.member_id == member_id, *is_open)
    return session.execute(count).scalar_one()


def count_since(session: Session, member_id: str, since: datetime) -> int:
    """How many polls a member asked since then, at most a day ago; those deleted count too."""
    kept = select(func.count()).where(Poll.member_id == member_id, Poll.created_at > since)
    spent = select(func.count()).where(SpentPoll.member_id == member_id, SpentPoll.asked_at > since)
    return session.execute(kept).scalar_one() + session.execute(spent).scalar_one()


def is_taking_votes(session: Session, poll_id: str, now: datetime) -> bool:
    """Whether a poll is open, whoever sees it."""
    is_open = (Poll.is_closed.is_(False), Poll.closes_at > now)
    return session.scalar(select(Poll.id).where(Poll.id == poll_id, *is_open)) is not None


def is_apart(session: Session, poll_id: str, member_id: str) -> bool:
    """Whether whoever asks and a member keep each other out of sight."""
    apart = friends.are_apart(Poll.member_id, member_id)
    return session.scalar(select(Poll.id).where(Poll.id == poll_id, apart)) is not None


def counts_of(session: Session, poll_ids: Sequence[str]) -> dict[str, tuple[int, int]]:
    """How many voted for the first and the second look, from the rows, by poll."""
    for_first = func.sum(case((PollVote.choice == "first", 1), else_=0))
    rows = session.execute(
        select(PollVote.poll_id, for_first, func.count())
        .where(PollVote.poll_id.in_(poll_ids))
        .group_by(PollVote.poll_id)
    )
    found = {poll_id: (int(first), int(votes) - int(first)) for poll_id, first, votes in rows}
    return {poll_id: found.get(poll_id, (0, 0)) for poll_id in poll_ids}


def export(session: Session, member_id: str) -> dict[str, Any]:
    """What a member asked with its results, and their own votes, for themselves."""
    asked = session.execute(
        _POLLS.where(Poll.member_id == member_id).order_by(Poll.created_at, Poll.id)
    ).all()
    counts = counts_of(session, [poll.id for poll in asked])
    votes = session.execute(
        select(PollVote.poll_id, PollVote.choice, PollVote.voted_at)
        .where(PollVote.member_id == member_id)
        .order_by(PollVote.voted_at, PollVote.poll_id)
    )
    spent = select(SpentPoll.asked_at).where(SpentPoll.member_id == member_id)
    return {
        "asked": [
            {
                "id": poll.id,
                "looks": [poll.first_outfit_id, poll.second_outfit_id],
                "question": poll.question,
                "audience": poll.audience,
                "created_at": poll.created_at,
                "closes_at": poll.closes_at,
                "result": vars(rules.tally(*counts[poll.id])),
            }
            for poll in asked
        ],
        "votes": [dict(row._mapping) for row in votes],
        "deleted_today": list(session.scalars(spent)),
    }


def _known(session: Session, poll_id: str, viewer: MemberView | None) -> str | None:
    """The viewer's id, unless they are a stranger to who asks."""
    if viewer is None:
        return None
    near = select(Poll.id).where(
        Poll.id == poll_id,
        Poll.brand_id == viewer.brand_id,
        ~friends.are_apart(Poll.member_id, viewer.id),
    )
    return None if session.scalar(near) is None else viewer.id


def _assemble(
    session: Session, rows: Sequence[_Columns], viewer_id: str | None, now: datetime
) -> list[PollView]:
    """Polls with looks, counts and the viewer's votes: one statement each, however many."""
    if not rows:
        return []
    ids = [row.id for row in rows]
    wanted = [look for row in rows for look in (row.first_outfit_id, row.second_outfit_id)]
    looks = outfits.visible_outfits(session, wanted, viewer_id=viewer_id)
    counts, choices = counts_of(session, ids), _choices(session, ids, viewer_id)
    banned = {word.folded for word in wall_rules.banned_words(session, rows[0].brand_id)}
    return [
        _view(row, looks, choices.get(row.id), counts[row.id], banned, viewer_id, now)
        for row in rows
        if row.first_outfit_id in looks and row.second_outfit_id in looks
    ]


def _view(
    row: _Columns,
    looks: dict[str, OutfitView],
    my_choice: str | None,
    counts: tuple[int, int],
    banned: set[str],
    viewer_id: str | None,
    now: datetime,
) -> PollView:
    is_open, is_own = not row.is_closed and now < row.closes_at, row.member_id == viewer_id
    sees_result = is_own or my_choice is not None or not is_open
    return PollView(
        id=row.id,
        brand_id=row.brand_id,
        # A word that was banned since takes the question's words off at once.
        question="" if has_banned(row.question, banned) else row.question,
        audience=row.audience,
        first=looks[row.first_outfit_id],
        second=looks[row.second_outfit_id],
        created_at=row.created_at,
        closes_at=row.closes_at,
        is_open=is_open,
        is_own=is_own,
        my_choice=my_choice,
        tally=rules.tally(*counts) if sees_result else None,
    )


def _choices(session: Session, poll_ids: Sequence[str], viewer_id: str | None) -> dict[str, str]:
    rows = session.execute(
        select(PollVote.poll_id, PollVote.choice).where(
            PollVote.poll_id.in_(poll_ids), PollVote.member_id == viewer_id
        )
    )
    return {row.poll_id: row.choice for row in rows}
