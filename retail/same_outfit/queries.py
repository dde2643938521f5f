"""Reads of who has what, among friends who agreed on both sides, and of what was asked.

Whoever did not agree is left out before their purchases are looked at: nothing that is read here
depends on what they have.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from retail.accounts.queries import MemberView
from retail.catalogue import queries as catalogue
from retail.catalogue.queries import VariantView
from retail.consent import queries as consent
from retail.consent.rules import SAME_OUTFIT
from retail.friends import queries as friends
from retail.friends.queries import FriendView
from retail.receipts.kept import KEPT
from retail.same_outfit import rules
from retail.same_outfit.models import QuietPiece, SameOutfitQuestion
from retail.same_outfit.rules import Piece, piece_of

_kept = KEPT.subquery("kept")
_goods = catalogue.GOODS.subquery("goods")


@dataclass(frozen=True)
class Answered:
    """A piece that was asked about today; `friend` is None where nobody is to be named."""

    variant: VariantView
    place: str
    friend: FriendView | None


def hears(session: Session, member: MemberView) -> bool:
    """Whether the member agreed to hear of friends, and friends of them; only grown-ups may."""
    return consent.has_consent(session, member.id, SAME_OUTFIT)


def wearers(
    session: Session, member: MemberView, pieces: Collection[Piece]
) -> Mapping[Piece, FriendView]:
    """By piece, the one friend who may be named for it; nothing for who does not agree either."""
    if not hears(session, member):
        return {}
    by_id = {friend.id: friend for friend in friends.friends_of(session, member.id)}
    agreed = _telling(session, member, by_id)
    found: dict[Piece, set[str]] = defaultdict(set)
    for friend_id, piece in _has(session, member.brand_id, agreed, pieces):
        found[piece].add(friend_id)
    since = {friend.id: friend.friends_since for friend in by_id.values()}
    named = {piece: rules.first_of(having, since) for piece, having in found.items()}
    return {piece: by_id[one] for piece, one in named.items() if one is not None}


def find_question(
    session: Session, member_id: str, piece: Piece, *, now: datetime
) -> tuple[str | None] | None:
    """Whom the answer of today named, as a row of one; None where nothing was asked."""
    asked = select(SameOutfitQuestion.friend_id).where(
        SameOutfitQuestion.member_id == member_id,
        SameOutfitQuestion.asked_on == rules.day_of(now),
        SameOutfitQuestion.style_id == piece.style_id,
        SameOutfitQuestion.colour_name == piece.colour_name,
    )
    row = session.execute(asked).one_or_none()
    return None if row is None else (row.friend_id,)


def count_asked(session: Session, member_id: str, *, now: datetime) -> int:
    """About how many pieces the member asked today."""
    asked = select(func.count()).where(
        SameOutfitQuestion.member_id == member_id,
        SameOutfitQuestion.asked_on == rules.day_of(now),
    )
    return session.scalar(asked) or 0


def asked_today(session: Session, member: MemberView, *, now: datetime) -> list[Answered]:
    """What the member asked today, the last first, as it may be answered at this moment.

    Who is named was found when it was asked; that name goes as soon as either side takes it back,
    and no other comes in its place that day.
    """
    rows = session.execute(
        select(
            SameOutfitQuestion.variant_id, SameOutfitQuestion.place, SameOutfitQuestion.friend_id
        )
        .where(
            SameOutfitQuestion.member_id == member.id,
            SameOutfitQuestion.asked_on == rules.day_of(now),
        )
        .order_by(SameOutfitQuestion.asked_at.desc(), SameOutfitQuestion.variant_id)
    ).all()
    if not rows:
        return []
    known = catalogue.get_variants(session, member.brand_id, [row.variant_id for row in rows])
    still = _still_wearing(
        session,
        member,
        {(row.friend_id, piece_of(known[row.variant_id])) for row in rows if row.friend_id},
    )
    return [
        Answered(variant, row.place, still.get((row.friend_id, piece_of(variant))))
        for row in rows
        if (variant := known.get(row.variant_id))
    ]


def is_quiet(session: Session, member_id: str, piece: Piece) -> bool:
    """Whether the member keeps this piece out of every answer."""
    return session.get(QuietPiece, (member_id, piece.style_id, piece.colour_name)) is not None


def quiet_pieces(session: Session, member_id: str) -> set[Piece]:
    """Every piece that the member keeps out of answers."""
    rows = session.execute(
        select(QuietPiece.style_id, QuietPiece.colour_name).where(QuietPiece.member_id == member_id)
    )
    return {Piece(*row) for row in rows}


def export(session: Session, member_id: str) -> dict[str, Any]:
    """What this room keeps about a member, for themselves: of others, no more than they see.

    How often they were named is told, and to whom is not: that says who was in a shop.
    """
    asked = session.execute(
        select(
            SameOutfitQuestion.asked_at,
            SameOutfitQuestion.style_id,
            SameOutfitQuestion.colour_name,
            SameOutfitQuestion.place,
            SameOutfitQuestion.store_id,
        )
        .where(SameOutfitQuestion.member_id == member_id)
        .order_by(SameOutfitQuestion.asked_at, SameOutfitQuestion.style_id)
    )
    named = select(func.count()).where(SameOutfitQuestion.friend_id == member_id)
    return {
        "asked": [dict(row._mapping) for row in asked],
        "kept_quiet": [piece._asdict() for piece in sorted(quiet_pieces(session, member_id))],
        "times_named_to_friends": session.scalar(named) or 0,
    }


def _telling(session: Session, member: MemberView, friend_ids: Collection[str]) -> set[str]:
    """Those of the member's friends who agreed and are not kept apart."""
    agreed = consent.consenting(session, friend_ids, SAME_OUTFIT)
    return {one for one in agreed if not friends.is_apart(session, member.id, one)}


def _has(
    session: Session, brand_id: str, member_ids: Collection[str], pieces: Collection[Piece]
) -> list[tuple[str, Piece]]:
    """Who of the members bought which of the pieces for themselves, kept it, and says so."""
    is_quiet_one = exists().where(
        QuietPiece.member_id == _kept.c.member_id,
        QuietPiece.style_id == _goods.c.style_id,
        QuietPiece.colour_name == _goods.c.colour_name,
    )
    rows = session.execute(
        select(_kept.c.member_id, _goods.c.style_id, _goods.c.colour_name)
        .join(_goods, _goods.c.id == _kept.c.variant_id)
        .where(
            _kept.c.brand_id == brand_id,
            _kept.c.member_id.in_(sorted(member_ids)),
            _goods.c.style_id.in_(sorted({piece.style_id for piece in pieces})),
            _goods.c.is_never_shareable.is_(False),
            ~is_quiet_one,
        )
        .distinct()
    )
    found = [(member_id, Piece(style_id, colour)) for member_id, style_id, colour in rows]
    return [(member_id, piece) for member_id, piece in found if piece in pieces]


def _still_wearing(
    session: Session, member: MemberView, named: Collection[tuple[str, Piece]]
) -> dict[tuple[str | None, Piece], FriendView]:
    """Those who were named before and still may be, by themselves and the piece."""
    if not hears(session, member):
        return {}
    by_id = {friend.id: friend for friend in friends.friends_of(session, member.id)}
    before = {friend_id for friend_id, _ in named} & set(by_id)
    may = _telling(session, member, before)
    has = _has(session, member.brand_id, may, {piece for _, piece in named})
    return {(one, piece): by_id[one] for one, piece in has if (one, piece) in named}
