"""Reads of friendships, invitations and blocks, and the conditions that other rooms build on."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session

from retail.accounts import queries as accounts
from retail.friends import codes, rules
from retail.friends.models import FriendInvitation, Friendship, MemberBlock


@dataclass(frozen=True)
class FriendView:
    """A friend by first name and initial; `id` is the member's."""

    id: str
    name: str
    initials: str
    avatar: int
    friends_since: datetime


@dataclass(frozen=True)
class BlockView:
    """Somebody whom the member keeps out of sight; `id` is the other member's."""

    id: str
    name: str
    initials: str
    avatar: int
    blocked_at: datetime


@dataclass(frozen=True)
class InvitationView:
    """An open invitation as the one who made it sees it; `address` is its secret."""

    id: str
    places: int
    places_left: int
    created_at: datetime
    expires_at: datetime
    address: str = field(repr=False)


@dataclass(frozen=True)
class InvitationSeen:
    """An invitation as whoever opens its link sees it."""

    brand_id: str
    name: str
    initials: str
    avatar: int
    expires_at: datetime
    is_own: bool
    is_friend: bool


# The ids of a member's friends, as `viewer`; for other rooms to build on.
FRIENDS_OF_VIEWER = select(Friendship.friend_id).where(Friendship.member_id == bindparam("viewer"))
_BLOCK_IN_FORCE = MemberBlock.ended_at.is_(None)


def are_friends(member_id: Any, friend_id: Any) -> ColumnElement[bool]:
    """Friendship as a condition on other rooms' columns of member ids, for their selects."""
    return exists().where(Friendship.member_id == member_id, Friendship.friend_id == friend_id)


def are_apart(member_id: Any, other_id: Any) -> ColumnElement[bool]:
    """Whether either of two keeps the other out of sight, as `are_friends` is a condition."""
    return or_(
        exists().where(
            MemberBlock.member_id == one, MemberBlock.blocked_id == other, _BLOCK_IN_FORCE
        )
        for one, other in ((member_id, other_id), (other_id, member_id))
    )


def is_friend(session: Session, member_id: str, friend_id: str) -> bool:
    """Whether two are friends now."""
    return bool(session.scalar(select(are_friends(member_id, friend_id))))


def is_apart(session: Session, member_id: str, other_id: str) -> bool:
    """Whether either of two keeps the other out of sight now."""
    return bool(session.scalar(select(are_apart(member_id, other_id))))


def count_friends(session: Session, member_id: str) -> int:
    """How many friends a member has."""
    count = select(func.count()).where(Friendship.member_id == member_id)
    return session.execute(count).scalar_one()


def friends_of(
    session: Session, member_id: str, *, limit: int = rules.MOST_FRIENDS, offset: int = 0
) -> list[FriendView]:
    """A member's friends, the newest first."""
    rows = session.execute(
        select(Friendship.friend_id, Friendship.made_at)
        .where(Friendship.member_id == member_id)
        .order_by(Friendship.made_at.desc(), Friendship.friend_id)
        .limit(limit)
        .offset(offset)
    ).all()
    known = accounts.members_by_id(session, [row.friend_id for row in rows])
    return [
        FriendView(friend.id, friend.public_name, friend.initials, friend.avatar, made_at)
        for friend_id, made_at in rows
        if (friend := known.get(friend_id))
    ]


def get_friend(session: Session, member_id: str, friend_id: str) -> FriendView:
    """One friend of a member. Raises NotFound for everybody else."""
    made_at = session.scalar(
        select(Friendship.made_at).where(
            Friendship.member_id == member_id, Friendship.friend_id == friend_id
        )
    )
    friend = accounts.members_by_id(session, [friend_id]).get(friend_id)
    if made_at is None or friend is None:
        raise rules.friend_not_found()
    return FriendView(friend.id, friend.public_name, friend.initials, friend.avatar, made_at)


def blocked_by(session: Session, member_id: str) -> list[BlockView]:
    """Whom a member keeps out of sight, the newest first."""
    rows = session.execute(
        select(MemberBlock.blocked_id, MemberBlock.blocked_at)
        .where(MemberBlock.member_id == member_id, _BLOCK_IN_FORCE)
        .order_by(MemberBlock.blocked_at.desc(), MemberBlock.id.desc())
    ).all()
    known = accounts.members_by_id(session, [row.blocked_id for row in rows])
    return [
        BlockView(other.id, other.public_name, other.initials, other.avatar, blocked_at)
        for other_id, blocked_at in rows
        if (other := known.get(other_id))
    ]


def open_invitations_of(
    session: Session, member_id: str, *, now: datetime, key: bytes, public_url: str
) -> list[InvitationView]:
    """The invitations of a member that somebody can still accept, the newest first."""
    rows = session.execute(
        select(
            FriendInvitation.id,
            FriendInvitation.places,
            FriendInvitation.places_left,
            FriendInvitation.created_at,
            FriendInvitation.expires_at,
        )
        .where(FriendInvitation.member_id == member_id, is_open(now))
        .order_by(FriendInvitation.created_at.desc(), FriendInvitation.id.desc())
    )
    return [
        InvitationView(
            **row._mapping, address=codes.invitation_url(public_url, codes.token(key, row.id))
        )
        for row in rows
    ]


def open_invitation(
    session: Session,
    token: str,
    *,
    viewer_id: str | None,
    viewer_brand_id: str | None = None,
    now: datetime,
    key: bytes,
) -> InvitationSeen:
    """What opening an invitation's link shows to a viewer; None is a stranger.

    Raises the same NotFound for unknown, expired, used, revoked, another brand's, and where
    either of the two keeps the other out of sight; only whom this very invitation made a friend
    is told so although it is used up.
    """
    invitation = find_by_token(session, token, key=key)
    if invitation is None or viewer_brand_id not in (None, invitation.brand_id):
        raise rules.invitation_not_found()
    made_by = made_by_invitation(session, invitation.member_id, viewer_id)
    if made_by != invitation.id and not is_acceptable(session, invitation, viewer_id, now):
        raise rules.invitation_not_found()
    inviter = accounts.members_by_id(session, [invitation.member_id]).get(invitation.member_id)
    if inviter is None:
        raise rules.invitation_not_found()
    return InvitationSeen(
        invitation.brand_id,
        inviter.public_name,
        inviter.initials,
        inviter.avatar,
        invitation.expires_at,
        is_own=inviter.id == viewer_id,
        is_friend=made_by is not None,
    )


def find_by_token(session: Session, token: str, *, key: bytes) -> FriendInvitation | None:
    """The invitation of this token in whatever state, for this room alone."""
    return session.scalar(
        select(FriendInvitation)
        .where(FriendInvitation.token_hash == codes.token_hash(key, token))
        .execution_options(populate_existing=True)
    )


def is_open(now: datetime) -> ColumnElement[bool]:
    """Whether an invitation can still be accepted, for this room alone."""
    return (
        FriendInvitation.revoked_at.is_(None)
        & (FriendInvitation.expires_at > now)
        & (FriendInvitation.places_left > 0)
    )


def is_acceptable(
    session: Session, invitation: FriendInvitation, viewer_id: str | None, now: datetime
) -> bool:
    """Whether this viewer may take a place of the invitation, for this room alone.

    A block closes what was open when it began, also for after it ends.
    """
    inviter_id = invitation.member_id
    closing = or_(
        (MemberBlock.member_id == one) & (MemberBlock.blocked_id == other)
        for one, other in ((inviter_id, viewer_id), (viewer_id, inviter_id))
    )
    is_closed = exists().where(
        closing, _BLOCK_IN_FORCE | (MemberBlock.blocked_at >= invitation.created_at)
    )
    found = select(FriendInvitation.id).where(
        FriendInvitation.id == invitation.id, is_open(now), ~is_closed
    )
    return session.scalar(found) is not None


def made_by_invitation(session: Session, inviter_id: str, member_id: str | None) -> str | None:
    """Which invitation made two friends, or None where they are none; for this room alone."""
    return session.scalar(
        select(Friendship.invitation_id).where(
            Friendship.member_id == inviter_id, Friendship.friend_id == member_id
        )
    )


def count_open(session: Session, member_id: str, now: datetime) -> int:
    """How many invitations of a member are open."""
    count = select(func.count()).where(FriendInvitation.member_id == member_id, is_open(now))
    return session.execute(count).scalar_one()


def export(session: Session, member_id: str) -> dict[str, Any]:
    """All that this room keeps about a member, for themselves; of others no more than they see."""
    invitations = session.execute(
        select(
            FriendInvitation.created_at,
            FriendInvitation.expires_at,
            FriendInvitation.revoked_at,
            FriendInvitation.places,
            FriendInvitation.places_left,
        )
        .where(FriendInvitation.member_id == member_id)
        .order_by(FriendInvitation.created_at, FriendInvitation.id)
    )
    return {
        "friends": [
            {"name": friend.name, "friends_since": friend.friends_since}
            for friend in friends_of(session, member_id)
        ],
        "invitations": [dict(row._mapping) for row in invitations],
        "blocked": [
            {"name": block.name, "blocked_at": block.blocked_at}
            for block in blocked_by(session, member_id)
        ],
    }
