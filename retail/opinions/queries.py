"""Reads of questions to friends: by who asked, by who is asked, and by a room's screen.

All end at one instant: that of the link from which it was asked, or a day after.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from core.seal import unseal_file
from retail.accounts import queries as accounts
from retail.accounts.queries import MemberView
from retail.catalogue import queries as catalogue
from retail.catalogue.queries import VariantView
from retail.consent import queries as consent
from retail.consent.rules import ANSWERS_ON_SCREEN
from retail.fitting_rooms import links
from retail.friends import queries as friends
from retail.opinions import rules
from retail.opinions.models import OpinionAdviser, OpinionPicture, OpinionPiece, OpinionRequest
from retail.opinions.views import Answer, AskedView, OpinionView, ScreenOpinion
from retail.sent_pieces.queries import mutes

SEALED_FOR = "opinion-picture"


_asked_one = aliased(OpinionAdviser)
# What a link held up is over with it, whether or not its rows have gone.
_STANDS = or_(OpinionRequest.link_id.is_(None), links.stands(OpinionRequest.link_id))
_REQUESTS: Select[*tuple[Any, ...]] = select(
    OpinionRequest.id,
    OpinionRequest.brand_id,
    OpinionRequest.member_id,
    OpinionRequest.link_id,
    OpinionRequest.kind,
    OpinionRequest.words,
    OpinionRequest.shows_picture,
    OpinionRequest.asked_at,
    OpinionRequest.ends_at,
)
_ANSWERED = (
    select(
        OpinionAdviser.friend_id,
        OpinionAdviser.choice,
        OpinionAdviser.reply,
        OpinionAdviser.answered_at,
    )
    .join(OpinionRequest, OpinionRequest.id == OpinionAdviser.request_id)
    .where(friends.are_friends(OpinionRequest.member_id, OpinionAdviser.friend_id))
    .order_by(OpinionAdviser.answered_at, OpinionAdviser.friend_id)
)


def is_open(now: datetime) -> ColumnElement[bool]:
    """Whether a question still stands."""
    return (OpinionRequest.ends_at > now) & _STANDS


def is_asked(viewer_id: str) -> ColumnElement[bool]:
    """Whether a question is put to a friend, who does not mute who asks."""
    return (
        exists().where(
            _asked_one.request_id == OpinionRequest.id, _asked_one.friend_id == viewer_id
        )
        & friends.are_friends(OpinionRequest.member_id, viewer_id)
        & ~mutes(viewer_id, OpinionRequest.member_id)
    )


def get_own(session: Session, request_id: str, *, member_id: str, now: datetime) -> OpinionView:
    """A member's own question with what was said. Raises NotFound."""
    mine = (OpinionRequest.id == request_id, OpinionRequest.member_id == member_id)
    row = session.execute(_REQUESTS.where(*mine, is_open(now))).one_or_none()
    if row is None:
        raise rules.opinion_not_found()
    return _own(session, row)


def own(session: Session, member_id: str, *, now: datetime) -> list[OpinionView]:
    """What a member asks just now, the newest first."""
    mine = _REQUESTS.where(OpinionRequest.member_id == member_id, is_open(now))
    newest = mine.order_by(OpinionRequest.asked_at.desc(), OpinionRequest.id)
    return [_own(session, row) for row in session.execute(newest)]


def find_asked(
    session: Session, request_id: str, *, viewer: MemberView, now: datetime
) -> AskedView | None:
    """A question as a friend who is asked sees it; None for whoever is not."""
    found = _asked(session, viewer, now, OpinionRequest.id == request_id)
    return found[0] if found else None


def asked_of(session: Session, viewer: MemberView, *, now: datetime) -> list[AskedView]:
    """What friends ask a member just now, the newest first."""
    return _asked(session, viewer, now)


def friends_to_tell(session: Session, request_id: str, *, now: datetime) -> tuple[str, list[str]]:
    """Who asks, and whom; nobody once it is over."""
    standing = _REQUESTS.where(OpinionRequest.id == request_id, is_open(now))
    row = session.execute(standing).one_or_none()
    if row is None:
        return "", []
    asked = select(OpinionAdviser.friend_id).where(OpinionAdviser.request_id == request_id)
    return row.member_id, list(session.scalars(asked.order_by(OpinionAdviser.friend_id)))


def picture_for(
    session: Session, request_id: str, *, viewer_id: str, now: datetime, key: bytes
) -> bytes:
    """The picture, for who asked and the friends who are asked. Raises NotFound for others."""
    may_see = or_(OpinionRequest.member_id == viewer_id, is_asked(viewer_id))
    return _picture(session, request_id, may_see, now, key)


def picture_on_screen(
    session: Session, request_id: str, *, zone_id: str, now: datetime, key: bytes
) -> bytes:
    """The picture, for the screen of the room it was asked from, where that is switched on.

    Raises NotFound.
    """
    link = links.find_link(session, zone_id)
    here = (OpinionRequest.link_id == (link.id if link else "")) & OpinionRequest.shows_picture
    return _picture(session, request_id, here, now, key)


def on_screen(session: Session, link_id: str, *, now: datetime) -> ScreenOpinion | None:
    """The newest question asked from a room, as its screen may show it."""
    here = _REQUESTS.where(OpinionRequest.link_id == link_id, is_open(now))
    row = session.execute(
        here.order_by(OpinionRequest.asked_at.desc(), OpinionRequest.id).limit(1)
    ).one_or_none()
    if row is None:
        return None
    seen = _own(session, row)
    ids = [one.friend_id for one in seen.answers]
    agreed = consent.consenting(session, ids, ANSWERS_ON_SCREEN, "friends", "screen")
    named = tuple(one for one in seen.answers if one.friend_id in agreed)
    others = [one for one in seen.answers if one.friend_id not in agreed]
    told = others if len(others) >= rules.LEAST_UNNAMED else []
    choices = rules.choices_of(seen.kind, [one.id for one in seen.pieces])
    tally = rules.tally(choices, [one.choice for one in (*named, *told)])
    is_shown = seen.shows_picture
    return ScreenOpinion(seen.id, seen.kind, seen.pieces, is_shown, named, len(told), tally)


def count_open(session: Session, member_id: str, now: datetime) -> int:
    """How many questions of a member stand."""
    mine = select(func.count()).where(OpinionRequest.member_id == member_id, is_open(now))
    return session.scalar(mine) or 0


def export(session: Session, member_id: str) -> dict[str, Any]:
    """What a member asks and said, for themselves; others by no more than their names.

    Of a picture, until when it is kept: it is on the page where it was asked.
    """
    mine = session.execute(_REQUESTS.where(OpinionRequest.member_id == member_id)).all()
    said = session.execute(
        select(
            OpinionRequest.member_id,
            OpinionAdviser.choice,
            OpinionAdviser.reply,
            OpinionAdviser.answered_at,
        )
        .join(OpinionRequest, OpinionRequest.id == OpinionAdviser.request_id)
        .where(OpinionAdviser.friend_id == member_id)
        .order_by(OpinionRequest.asked_at, OpinionRequest.id)
    ).all()
    askers = accounts.members_by_id(session, {row.member_id for row in said})
    return {
        "asked": [_exported(_own(session, row)) for row in mine],
        "answered": [
            {
                "friend": askers[row.member_id].public_name if row.member_id in askers else "",
                "choice": row.choice,
                "reply": row.reply,
                "answered_at": row.answered_at,
            }
            for row in said
        ],
    }


def _exported(seen: OpinionView) -> dict[str, Any]:
    return {
        "about": seen.kind,
        "variant_ids": [one.id for one in seen.pieces],
        "words": seen.words,
        "asked_at": seen.asked_at,
        "kept_until": seen.ends_at,
        "answers": [
            {"friend": one.name, "choice": one.choice, "reply": one.reply} for one in seen.answers
        ],
    }


def _own(session: Session, row: Row[*tuple[Any, ...]]) -> OpinionView:
    said = session.execute(_ANSWERED.where(OpinionAdviser.request_id == row.id)).all()
    known = accounts.members_by_id(session, {one.friend_id for one in said})
    answers = [
        _answer(known[one.friend_id], one)
        for one in said
        if one.answered_at is not None and one.friend_id in known
    ]
    silent = [one.friend_id for one in said if one.answered_at is None]
    return OpinionView(
        id=row.id,
        kind=row.kind,
        words=row.words,
        pieces=_pieces(session, row.brand_id, row.id),
        is_in_room=row.link_id is not None,
        shows_picture=row.shows_picture,
        asked_at=row.asked_at,
        ends_at=row.ends_at,
        answers=tuple(answers),
        waiting=tuple(sorted(known[one].public_name for one in silent if one in known)),
    )


def _answer(friend: MemberView, said: Row[*tuple[Any, ...]]) -> Answer:
    first_name = friend.public_name.split(" ")[0]
    about = (friend.id, friend.public_name, first_name, friend.initials, friend.avatar)
    return Answer(*about, said.choice, said.reply, said.answered_at)


def _asked(
    session: Session, viewer: MemberView, now: datetime, *which: ColumnElement[bool]
) -> list[AskedView]:
    rows = session.execute(
        _REQUESTS.add_columns(OpinionAdviser.choice, OpinionAdviser.reply)
        .join(OpinionAdviser, OpinionAdviser.request_id == OpinionRequest.id)
        .where(
            *which,
            OpinionAdviser.friend_id == viewer.id,
            OpinionRequest.brand_id == viewer.brand_id,
            is_asked(viewer.id),
            is_open(now),
        )
        .order_by(OpinionRequest.asked_at.desc(), OpinionRequest.id)
    ).all()
    known = accounts.members_by_id(session, {row.member_id for row in rows})
    return [
        AskedView(
            id=row.id,
            kind=row.kind,
            words=row.words,
            pieces=_pieces(session, row.brand_id, row.id),
            is_in_room=row.link_id is not None,
            asked_at=row.asked_at,
            asker_id=row.member_id,
            asker_name=known[row.member_id].public_name,
            asker_first_name=known[row.member_id].public_name.split(" ")[0],
            choice=row.choice,
            reply=row.reply,
        )
        for row in rows
        if row.member_id in known
    ]


def _pieces(session: Session, brand_id: str, request_id: str) -> tuple[VariantView, ...]:
    ids: Sequence[str] = session.scalars(
        select(OpinionPiece.variant_id)
        .where(OpinionPiece.request_id == request_id)
        .order_by(OpinionPiece.position)
    ).all()
    known = catalogue.get_variants(session, brand_id, ids)
    return tuple(known[one] for one in ids if one in known)


def _picture(
    session: Session, request_id: str, may_see: ColumnElement[bool], now: datetime, key: bytes
) -> bytes:
    sealed = session.scalar(
        select(OpinionPicture.sealed)
        .join(OpinionRequest, OpinionRequest.id == OpinionPicture.request_id)
        .where(OpinionRequest.id == request_id, is_open(now), may_see)
    )
    picture = unseal_file(key, SEALED_FOR, sealed) if sealed is not None else None
    if picture is None:
        raise rules.opinion_not_found()
    return picture
