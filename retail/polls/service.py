"""Writes of polls. Whoever votes shares the poll's row; whoever closes it waits for them.

So a closed poll has every vote that was taken, and takes none after. SQLite has one writer at a
time, and there it is the same.
"""

from datetime import datetime

from sqlalchemy import and_, delete, insert, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from core.ids import new_id
from core.outbox import emit, enqueue
from core.sql import close_gate, upsert
from retail.accounts.queries import MemberView
from retail.brands import queries as brands
from retail.outfits import queries as outfits
from retail.outfits.rules import PUBLIC
from retail.outfits.visibility import everyone_sees, friends_see
from retail.polls import queries, rules
from retail.polls.events import PollAsked, PollClosed, PollDeleted, PollVoted
from retail.polls.models import Poll, PollVote, SpentPoll
from retail.polls.queries import VOTABLE, PollView
from retail.wall_rules import queries as wall_rules

CLOSING_JOB = "close_poll"


def ask(
    session: Session,
    looks: tuple[str, str],
    *,
    member: MemberView,
    audience: str,
    closing: str,
    question: str = "",
    now: datetime,
) -> str:
    """The id of a new poll about two of the member's own looks.

    Raises NotFound for somebody else's look, Invalid for looks that the audience cannot see and
    for words that may not hang, Conflict and TooMany where the member asked enough.
    """
    rules.check_two(*looks)
    rules.check_audience(audience)
    brand = brands.get_brand(session, member.brand_id)
    closes_at = rules.closing_instant(closing, now, brand.zone)
    words = _checked(session, question, audience, member.brand_id)
    _check_shown(session, looks, audience, member.id)
    close_gate(session, rules.gate(member.id))
    rules.check_room(
        queries.count_open(session, member.id, now),
        queries.count_since(session, member.id, now - rules.DAY),
    )
    first, second = looks
    poll = Poll(id=new_id(), brand_id=member.brand_id, member_id=member.id, question=words)
    poll.first_outfit_id, poll.second_outfit_id, poll.audience = first, second, audience
    poll.created_at, poll.closes_at, poll.is_closed = now, closes_at, False
    session.add(poll)
    session.flush()
    emit(session, PollAsked(poll.id), topics=_topics(poll.id))
    enqueue(session, CLOSING_JOB, {"poll_id": poll.id}, due_at=closes_at, key=f"poll:{poll.id}")
    return poll.id


def vote(
    session: Session, poll_id: str, *, member: MemberView, choice: str, now: datetime
) -> PollView:
    """Count the member's vote once; another choice moves it, the same one changes nothing.

    Raises NotFound for a poll that the member may not see, Invalid for one's own, Conflict for one
    that has closed.
    """
    rules.check_choice(choice)
    _enter(session, poll_id, member, now)
    mine = (PollVote.poll_id == poll_id, PollVote.member_id == member.id)
    if session.scalar(select(PollVote.choice).where(*mine)) != choice:
        keys = {"poll_id": poll_id, "member_id": member.id}
        upsert(session, PollVote, keys, choice=choice, voted_at=now)
        emit(session, PollVoted(poll_id), topics=_topics(poll_id))
    return queries.get_poll(session, poll_id, viewer=member, now=now)


def take_back(session: Session, poll_id: str, *, member: MemberView, now: datetime) -> PollView:
    """Take the member's vote back while the poll is open; without one nothing changes.

    Raises as `vote`.
    """
    _enter(session, poll_id, member, now)
    gone = session.execute(
        delete(PollVote).where(PollVote.poll_id == poll_id, PollVote.member_id == member.id)
    )
    assert isinstance(gone, CursorResult)
    if gone.rowcount:
        emit(session, PollVoted(poll_id), topics=_topics(poll_id))
    return queries.get_poll(session, poll_id, viewer=member, now=now)


def close(session: Session, poll_id: str, *, member: MemberView, now: datetime) -> None:
    """Take no more votes in one's own poll; once more changes nothing. Raises NotFound."""
    hold_own(session, poll_id, member=member)
    if queries.is_taking_votes(session, poll_id, now):
        _close(session, poll_id, closes_at=now)


def close_due(session: Session, poll_id: str, *, now: datetime) -> None:
    """Shut a poll whose time is over for clocks that lag behind, and wake its pages."""
    held = session.execute(
        select(Poll.is_closed, Poll.closes_at).where(Poll.id == poll_id).with_for_update()
    ).one_or_none()
    if held is not None and not held.is_closed and held.closes_at <= now:
        _close(session, poll_id, closes_at=held.closes_at)


def hold_own(session: Session, poll_id: str, *, member: MemberView) -> None:
    """Hold one's own poll alone until the transaction ends. Raises NotFound."""
    mine = select(Poll.id).where(Poll.id == poll_id, Poll.member_id == member.id)
    if session.scalar(mine.with_for_update()) is None:
        raise rules.poll_not_found()


def remove(session: Session, poll_id: str, *, member: MemberView, now: datetime) -> None:
    """Take one's own poll away with its votes; it goes on counting in its day. Raises NotFound."""
    hold_own(session, poll_id, member=member)
    columns = (SpentPoll.id, SpentPoll.brand_id, SpentPoll.member_id, SpentPoll.asked_at)
    asked = select(Poll.id, Poll.brand_id, Poll.member_id, Poll.created_at).where(
        Poll.id == poll_id, Poll.created_at > now - rules.DAY
    )
    session.execute(insert(SpentPoll).from_select(columns, asked))
    _remove(session, [poll_id])


def forget_spent(session: Session, *, now: datetime) -> None:
    """Drop what was asked and deleted, once its day is over."""
    session.execute(delete(SpentPoll).where(SpentPoll.asked_at <= now - rules.DAY))


def erase(session: Session, member_id: str) -> None:
    """Delete a member's polls with all votes in them, and their votes in others'.

    What leads to the polls goes before them.
    """
    session.execute(delete(SpentPoll).where(SpentPoll.member_id == member_id))
    own = select(Poll.id).where(Poll.member_id == member_id).order_by(Poll.id)
    _remove(session, list(session.scalars(own.with_for_update())))
    left = session.scalars(
        delete(PollVote).where(PollVote.member_id == member_id).returning(PollVote.poll_id)
    ).all()
    for poll_id in sorted(left):
        emit(session, PollVoted(poll_id), topics=_topics(poll_id))


def _checked(session: Session, question: str, audience: str, brand_id: str) -> str:
    banned = {word.folded for word in wall_rules.banned_words(session, brand_id)}
    words = rules.clean_question(question, banned)
    checks_first = wall_rules.rules_of(session, brand_id).checks_first
    rules.check_unread(words, audience, checks_first=checks_first)
    return words


def _check_shown(session: Session, looks: tuple[str, str], audience: str, member_id: str) -> None:
    for look in looks:
        outfits.get_own(session, look, member_id=member_id)
    seen = everyone_sees if audience == PUBLIC else friends_see
    if not session.scalar(select(and_(*(seen(look) for look in looks)))):
        raise rules.looks_not_shown(audience)


def _enter(session: Session, poll_id: str, member: MemberView, now: datetime) -> None:
    """Share the poll until the transaction ends, or say why not."""
    who = {"poll_id": poll_id, "brand_id": member.brand_id, "viewer": member.id, "now": now}
    shared = VOTABLE.with_for_update(read=True, of=Poll)
    if session.execute(shared, who).one_or_none() is not None:
        return
    poll = queries.get_poll(session, poll_id, viewer=member, now=now)
    if poll.brand_id != member.brand_id or queries.is_apart(session, poll_id, member.id):
        raise rules.poll_not_found()
    raise rules.own_poll() if poll.is_own else rules.poll_closed()


def _close(session: Session, poll_id: str, *, closes_at: datetime) -> None:
    shut = {"is_closed": True, "closes_at": closes_at}
    session.execute(update(Poll).where(Poll.id == poll_id).values(shut))
    emit(session, PollClosed(poll_id), topics=_topics(poll_id))


def _remove(session: Session, poll_ids: list[str]) -> None:
    session.execute(delete(PollVote).where(PollVote.poll_id.in_(poll_ids)))
    session.execute(delete(Poll).where(Poll.id.in_(poll_ids)))
    for poll_id in poll_ids:
        emit(session, PollDeleted(poll_id), topics=_topics(poll_id))


def _topics(poll_id: str) -> list[str]:
    return [f"poll:{poll_id}"]
