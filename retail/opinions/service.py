"""Writes of questions to friends. Who answers shares the question's row and the link it hangs on.

So who ends it waits for answers under way, and none is taken after.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from core.ids import new_link_id
from core.outbox import emit, enqueue
from core.seal import seal_file
from core.sql import close_gate
from retail.accounts.queries import MemberView
from retail.catalogue import queries as catalogue
from retail.consent import service as consent
from retail.consent.rules import ANSWERS_ON_SCREEN
from retail.fitting_rooms import links
from retail.fitting_rooms import queries as rooms
from retail.fitting_rooms.links import LinkView
from retail.friends import queries as friends
from retail.opinions import queries, rules
from retail.opinions.events import AdviserChanged, OpinionAsked, OpinionChanged, OpinionEnded
from retail.opinions.models import (
    OpinionAdviser,
    OpinionPicture,
    OpinionPiece,
    OpinionReport,
    OpinionRequest,
)
from retail.opinions.rules import Wish
from retail.outfits import queries as outfits
from retail.sent_pieces.rules import clean_line
from retail.wall_rules import queries as wall_rules

ENDING_JOB, UNLINKED_JOB = "end_opinion", "end_opinions_of_link"
PARTED_JOB = "part_opinions"


def ask(session: Session, wish: Wish, *, member: MemberView, now: datetime, key: bytes) -> str:
    """The id of a new question to chosen friends; it hangs on the room the member's phone is in.

    A picture is one that `pictures.remade` made. Raises Invalid for what cannot be asked about,
    words that may not be said, nobody and too many; NotFound for whoever is no friend and for
    somebody else's look; Conflict with enough open.
    """
    kind = rules.kind_of(wish)
    rules.check_friends(wish.friend_ids)
    words = _said(session, wish.words, member)
    asked = [friends.get_friend(session, member.id, one).id for one in sorted(set(wish.friend_ids))]
    link = _held(session, links.link_of(session, member.id))
    pieces = _pieces(session, wish, kind, link, member)
    close_gate(session, rules.gate(member.id))
    rules.check_room(queries.count_open(session, member.id, now))
    request = OpinionRequest(id=new_link_id(), brand_id=member.brand_id, member_id=member.id)
    request.kind, request.words, request.shows_picture = kind, words, False
    request.link_id = link.id if link else None
    request.asked_at, request.ends_at = now, now + rules.LIVES_FOR
    session.add(request)
    session.flush()
    _write(session, request.id, pieces, asked)
    if wish.picture is not None:
        sealed = seal_file(key, queries.SEALED_FOR, wish.picture)
        session.add(OpinionPicture(request_id=request.id, sealed=sealed))
    due = {"request_id": request.id}
    enqueue(session, ENDING_JOB, due, due_at=request.ends_at, key=f"opinion:{request.id}")
    emit(session, OpinionAsked(request.id), topics=_topics(session, request.id, request.link_id))
    _tell_friends(session, asked)
    return request.id


def answer(
    session: Session,
    request_id: str,
    *,
    choice: str,
    reply: str,
    on_screen: bool,
    member: MemberView,
    now: datetime,
) -> None:
    """Say what one thinks; another answer takes the place of the one before.

    `on_screen` says whether answers may stand on a friend's room's screen, this one and others.
    Raises NotFound for what is over or not asked of the member, Invalid for what cannot be said.
    """
    link_id = enter(session, request_id, member, now)
    asked = queries.find_asked(session, request_id, viewer=member, now=now)
    if asked is None:
        raise rules.opinion_not_found()
    said = {
        "choice": rules.check_choice(choice, asked.choices),
        "reply": _said(session, reply, member),
        "answered_at": now,
    }
    mine = (OpinionAdviser.request_id == request_id, OpinionAdviser.friend_id == member.id)
    session.execute(update(OpinionAdviser).where(*mine).values(said))
    agreeing = consent.give if on_screen else consent.withdraw
    who = {"member_id": member.id, "brand_id": member.brand_id}
    agreeing(session, **who, purpose=ANSWERS_ON_SCREEN, now=now)
    emit(session, OpinionChanged(request_id), topics=_topics(session, request_id, link_id))


def show_picture(
    session: Session, request_id: str, *, is_shown: bool, member: MemberView, now: datetime
) -> None:
    """Have the room's screen show the picture, or not; it does not by itself. Raises NotFound."""
    own = queries.get_own(session, request_id, member_id=member.id, now=now)
    mine = update(OpinionRequest).where(OpinionRequest.id == own.id)
    session.execute(mine.values(shows_picture=is_shown and own.kind == rules.PICTURE))
    link_id = session.scalar(_LINK_OF.where(OpinionRequest.id == own.id))
    emit(session, OpinionChanged(own.id), topics=_topics(session, own.id, link_id))


def take_back(session: Session, request_id: str, *, member: MemberView) -> None:
    """Take one's own question back with its picture and answers. Raises NotFound."""
    mine = (OpinionRequest.id == request_id, OpinionRequest.member_id == member.id)
    if not remove(session, session.scalars(_IDS.where(*mine).with_for_update()).all()):
        raise rules.opinion_not_found()


def put_away(session: Session, request_id: str, *, member: MemberView) -> None:
    """Be asked no more, and have one's answer gone; without a question nothing changes."""
    leave(session, member.id, OpinionAdviser.request_id == request_id)


def end_due(session: Session, request_id: str, *, now: datetime) -> None:
    """Delete a question whose day is over, with all that hung on it."""
    over = (OpinionRequest.id == request_id, OpinionRequest.ends_at <= now)
    remove(session, session.scalars(_IDS.where(*over).with_for_update()).all())


def end_of_link(session: Session, link_id: str) -> None:
    """Delete what was asked from a room whose phone is not linked any more."""
    hung = _IDS.where(OpinionRequest.link_id == link_id, ~links.stands(OpinionRequest.link_id))
    remove(session, session.scalars(hung.with_for_update()).all())


def part(session: Session, one_id: str, other_id: str) -> None:
    """Take away what two who parted ask each other and said, and wake whoever still shows it."""
    for asker_id, friend_id in ((one_id, other_id), (other_id, one_id)):
        between = select(OpinionRequest.id).where(
            OpinionRequest.member_id == asker_id,
            ~friends.are_friends(OpinionRequest.member_id, friend_id),
        )
        leave(session, friend_id, OpinionAdviser.request_id.in_(between))


def erase(session: Session, member_id: str) -> None:
    """Delete what a member asks with all that hangs on it, and what they said and reported."""
    session.execute(delete(OpinionReport).where(OpinionReport.member_id == member_id))
    remove(session, session.scalars(_IDS.where(OpinionRequest.member_id == member_id)).all())
    leave(session, member_id)


_IDS = select(OpinionRequest.id).order_by(OpinionRequest.id)
_LINK_OF = select(OpinionRequest.link_id)


def _said(session: Session, line: str, member: MemberView) -> str:
    banned = {word.folded for word in wall_rules.banned_words(session, member.brand_id)}
    return clean_line(line, banned)


def _pieces(
    session: Session, wish: Wish, kind: str, link: LinkView | None, member: MemberView
) -> tuple[str, ...]:
    """The pieces to ask about: of those in the room, or all that a look of one's own shows."""
    if kind == rules.PICTURE:
        return ()
    if kind == rules.LOOK:
        look = outfits.get_own(session, wish.outfit_id, member_id=member.id)
        there = [piece.variant_id for piece in look.pieces if piece.is_shown]
    else:
        inside = rooms.variants_in(session, link.session_id) if link else []
        there = [one for one in inside if one is not None]
    known = catalogue.get_variants(session, member.brand_id, there)
    shareable = [one for one in there if one in known and not known[one].is_never_shareable]
    if kind == rules.LOOK:
        wanted = tuple(dict.fromkeys(shareable))[: rules.MOST_PIECES]
    else:
        wanted = tuple(dict.fromkeys(wish.variant_ids))
    rules.check_pieces(wanted, shareable)
    return wanted


def _held(session: Session, link: LinkView | None) -> LinkView | None:
    """The link a question hangs on, held before anything is read of its room.

    Otherwise what is asked of a room that is wiped meanwhile would live by itself, for a day.
    """
    return link if link is not None and links.hold(session, link.id) else None


def _write(session: Session, request_id: str, pieces: Sequence[str], asked: Sequence[str]) -> None:
    session.add_all(
        OpinionPiece(request_id=request_id, variant_id=one, position=place)
        for place, one in enumerate(pieces)
    )
    silent = {"choice": "", "reply": "", "answered_at": None}
    session.add_all(OpinionAdviser(request_id=request_id, friend_id=one, **silent) for one in asked)


def enter(session: Session, request_id: str, member: MemberView, now: datetime) -> str | None:
    """Share a question that is put to the member until the transaction ends; gives its link."""
    shared = select(OpinionRequest.id, OpinionRequest.link_id).where(
        OpinionRequest.id == request_id,
        OpinionRequest.brand_id == member.brand_id,
        OpinionRequest.ends_at > now,
        queries.is_asked(member.id),
    )
    row = session.execute(shared.with_for_update(read=True, of=OpinionRequest)).one_or_none()
    if row is None or (row.link_id is not None and not links.hold(session, row.link_id)):
        raise rules.opinion_not_found()
    link_id: str | None = row.link_id
    return link_id


def remove(session: Session, request_ids: Sequence[str]) -> bool:
    """Delete questions with all that hung on them; tells whether there were any."""
    for request_id in request_ids:
        link_id = session.scalar(_LINK_OF.where(OpinionRequest.id == request_id))
        emit(session, OpinionEnded(request_id), topics=_topics(session, request_id, link_id))
    hung = select(OpinionAdviser.friend_id).where(OpinionAdviser.request_id.in_(request_ids))
    _tell_friends(session, session.scalars(hung.distinct()).all())
    for model in (OpinionPicture, OpinionPiece, OpinionReport, OpinionAdviser):
        session.execute(delete(model).where(model.request_id.in_(request_ids)))
    session.execute(delete(OpinionRequest).where(OpinionRequest.id.in_(request_ids)))
    return bool(request_ids)


def leave(session: Session, friend_id: str, *which: ColumnElement[bool]) -> None:
    """Have a friend be asked no more, their answers gone from wherever they stand."""
    left = session.scalars(
        delete(OpinionAdviser)
        .where(OpinionAdviser.friend_id == friend_id, *which)
        .returning(OpinionAdviser.request_id)
        .execution_options(synchronize_session=False)
    ).all()
    for request_id in sorted(left):
        _tell(session, request_id)
    _tell_friends(session, [friend_id] if left else [])


def _tell(session: Session, request_id: str) -> None:
    link_id = session.scalar(_LINK_OF.where(OpinionRequest.id == request_id))
    emit(session, OpinionChanged(request_id), topics=_topics(session, request_id, link_id))


def _tell_friends(session: Session, friend_ids: Iterable[str]) -> None:
    """Have the lists of friends say what they are asked now.

    Each apart, and from the question: an event lives a day, and would say who asked whom where.
    """
    for one in sorted(friend_ids):
        emit(session, AdviserChanged(one), topics=[f"member:{one}"])


def _topics(session: Session, request_id: str, link_id: str | None) -> list[str]:
    """Who watches: pages of the question, and the screen and phone of the room it hangs on."""
    link = links.find(session, link_id) if link_id else None
    room = [link.topic, f"room:{link.spot.zone_id}"] if link else []
    return [f"opinion:{request_id}", *room]
