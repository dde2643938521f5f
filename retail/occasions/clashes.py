"""Reads of who plans the same, told to both and only where both agreed.

Plans of those who did not agree are never read for anybody else: nothing depends on them.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from retail.accounts.queries import MemberView
from retail.catalogue import queries as catalogue
from retail.catalogue.queries import VariantView
from retail.consent import queries as consent
from retail.consent.rules import SAME_OCCASION
from retail.friends import queries as friends
from retail.friends.queries import FriendView
from retail.occasions import rules
from retail.occasions.models import Attendance, Occasion, PlannedPiece, TwinWish
from retail.occasions.queries import may_see
from retail.same_outfit import queries as same_outfit
from retail.same_outfit.rules import Piece

_mine, _theirs = aliased(PlannedPiece), aliased(PlannedPiece)
_i_come, _they_come = aliased(Attendance), aliased(Attendance)


@dataclass(frozen=True)
class Clash:
    """The same piece planned by the member and a friend for one occasion, as either may know.

    `wishes` that the member would twin, `is_wished` that the friend would: twins, where both are.
    """

    occasion_id: str
    variant: VariantView
    friend: FriendView
    wishes: bool
    is_wished: bool

    @property
    def piece(self) -> Piece:
        """What both would wear."""
        return Piece(self.variant.style_id, self.variant.colour_name)

    @property
    def digest(self) -> str:
        """A short name of the piece: six characters, the same for both."""
        named = f"{self.variant.style_id}:{self.variant.colour_name}"
        return hashlib.sha256(named.encode()).hexdigest()[:6]

    @property
    def are_twins(self) -> bool:
        """Whether both want it so."""
        return self.wishes and self.is_wished


def clashes_of(
    session: Session, member: MemberView, *, now: datetime, occasion_id: str | None = None
) -> list[Clash]:
    """Who plans the same as the member, where both come, are friends and agreed; to come only."""
    if not consent.has_consent(session, member.id, SAME_OCCASION):
        return []
    by_id = {friend.id: friend for friend in friends.friends_of(session, member.id)}
    agreed = consent.consenting(session, by_id, SAME_OCCASION)
    may = {one for one in agreed if not friends.is_apart(session, member.id, one)}
    rows = _same_plans(session, member.id, may, now, occasion_id)
    variants = catalogue.get_variants(session, member.brand_id, [row[1] for row in rows])
    quiet = (
        {one: same_outfit.quiet_pieces(session, one) for one in {member.id, *may}} if rows else {}
    )
    found = [
        _clash(session, row[0], variants[row[1]], by_id[row[2]], member.id)
        for row in rows
        if row[1] in variants and not variants[row[1]].is_never_shareable
    ]
    return [
        one
        for one in found
        if one.piece not in quiet[member.id] and one.piece not in quiet[one.friend.id]
    ]


def find_clash(
    session: Session,
    occasion_id: str,
    *,
    member: MemberView,
    friend_id: str,
    piece: Piece,
    now: datetime,
) -> Clash | None:
    """The clash of the member with a friend about a piece, or None, whatever the reason."""
    mine = clashes_of(session, member, now=now, occasion_id=occasion_id)
    return next((one for one in mine if (one.friend.id, one.piece) == (friend_id, piece)), None)


def _same_plans(
    session: Session, member_id: str, friend_ids: set[str], now: datetime, occasion_id: str | None
) -> list[tuple[str, str, str]]:
    """The occasion, the member’s variant and the friend, for each piece that both plan."""
    same = (
        (_theirs.occasion_id == _mine.occasion_id)
        & (_theirs.style_id == _mine.style_id)
        & (_theirs.colour_name == _mine.colour_name)
    )
    statement = (
        select(_mine.occasion_id, _mine.variant_id, _theirs.member_id)
        .join(_theirs, same)
        .join(Occasion, Occasion.id == _mine.occasion_id)
        .where(
            _mine.member_id == member_id,
            _theirs.member_id.in_(sorted(friend_ids)),
            Occasion.over_at > now,
            may_see(member_id),
            may_see(_theirs.member_id),
            *(
                exists().where(
                    one.occasion_id == Occasion.id,
                    one.member_id == who,
                    one.state == rules.ACCEPTED,
                )
                for one, who in ((_i_come, member_id), (_they_come, _theirs.member_id))
            ),
        )
        .order_by(Occasion.starts_at, _mine.style_id, _mine.colour_name, _theirs.member_id)
    )
    if occasion_id is not None:
        statement = statement.where(Occasion.id == occasion_id)
    return [(row[0], row[1], row[2]) for row in session.execute(statement)]


def _clash(
    session: Session, occasion_id: str, variant: VariantView, friend: FriendView, member_id: str
) -> Clash:
    wishes, is_wished = (
        _wishes(session, occasion_id, one, other, variant)
        for one, other in ((member_id, friend.id), (friend.id, member_id))
    )
    return Clash(occasion_id, variant, friend, wishes, is_wished)


def _wishes(
    session: Session, occasion_id: str, member_id: str, friend_id: str, variant: VariantView
) -> bool:
    wish = select(TwinWish.wished_at).where(
        TwinWish.occasion_id == occasion_id,
        TwinWish.member_id == member_id,
        TwinWish.friend_id == friend_id,
        TwinWish.style_id == variant.style_id,
        TwinWish.colour_name == variant.colour_name,
    )
    return session.scalar(wish) is not None
