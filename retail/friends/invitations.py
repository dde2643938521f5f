"""Reads of invitations: what their owner sees, and what opening one shows to others."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session

from core.keys import every
from retail.accounts import queries as accounts
from retail.accounts.queries import MemberView
from retail.friends import codes, queries, rules
from retail.friends.models import FriendInvitation, Friendship, MemberBlock
from retail.friends.queries import FriendView


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
class MyInvitation:
    """One's own invitation in any state, with those who accepted it; `address` is its secret."""

    id: str
    places: int
    is_open: bool
    expires_at: datetime
    accepted_by: tuple[FriendView, ...]
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


def open_invitations_of(
    session: Session, member_id: str, *, now: datetime, key: bytes, public_url: str
) -> list[InvitationView]:
    """The invitations of a member that somebody can still accept, the newest first."""
    rows = session.execute(
        select(
            FriendInvitation.id,
            FriendInvitation.token_hash,
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
            row.id,
            row.places,
            row.places_left,
            row.created_at,
            row.expires_at,
            codes.invitation_url(public_url, codes.shown_token(key, row.id, row.token_hash)),
        )
        for row in rows
    ]


def get_own_invitation(
    session: Session,
    invitation_id: str,
    *,
    member_id: str,
    now: datetime,
    key: bytes,
    public_url: str,
) -> MyInvitation:
    """A member's own invitation in any state. Raises NotFound for everybody else's."""
    row = session.execute(
        select(
            FriendInvitation.places,
            FriendInvitation.expires_at,
            FriendInvitation.token_hash,
            is_open(now).label("is_open"),
        ).where(FriendInvitation.id == invitation_id, FriendInvitation.member_id == member_id)
    ).one_or_none()
    if row is None:
        raise rules.invitation_not_found()
    came = queries.friends_made_by(session, invitation_id, member_id=member_id)
    token = codes.shown_token(key, invitation_id, row.token_hash)
    return MyInvitation(
        id=invitation_id,
        places=row.places,
        expires_at=row.expires_at,
        is_open=row.is_open,
        accepted_by=tuple(came),
        address=codes.invitation_url(public_url, token),
    )


def open_invitation(
    session: Session,
    token: str,
    *,
    viewer: MemberView | None,
    now: datetime,
    key: bytes,
) -> InvitationSeen:
    """What opening an invitation's link shows to a viewer; None is a stranger.

    Raises the same NotFound for unknown, expired, used, revoked, another brand's, and where
    either of the two keeps the other out of sight; only whom this very invitation made a friend
    is told so although it is used up.
    """
    invitation = find_by_token(session, token, key=key)
    if invitation is None or (viewer and viewer.brand_id != invitation.brand_id):
        raise rules.invitation_not_found()
    viewer_id = viewer.id if viewer else None
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
    hashes = [codes.token_hash(one, token) for one in every(key)]
    return session.scalar(
        select(FriendInvitation)
        .where(FriendInvitation.token_hash.in_(hashes))
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
        *(
            (MemberBlock.member_id == one) & (MemberBlock.blocked_id == other)
            for one, other in ((inviter_id, viewer_id), (viewer_id, inviter_id))
        )
    )
    is_closed = exists().where(
        closing, MemberBlock.ended_at.is_(None) | (MemberBlock.blocked_at >= invitation.created_at)
    )
    found = select(FriendInvitation.id).where(
        FriendInvitation.id == invitation.id, is_open(now), ~is_closed
    )
    return session.scalar(found) is not None


def made_by_invitation(session: Session, inviter_id: str, member_id: str | None) -> str | None:
    """Which invitation made two friends, or None where they are none."""
    return session.scalar(
        select(Friendship.invitation_id).where(
            Friendship.member_id == inviter_id, Friendship.friend_id == member_id
        )
    )


def count_open(session: Session, member_id: str, now: datetime) -> int:
    """How many invitations of a member are open."""
    count = select(func.count()).where(FriendInvitation.member_id == member_id, is_open(now))
    return session.execute(count).scalar_one()


def under_other_keys(session: Session, *, now: datetime, key: bytes) -> int:
    """How many open invitations were handed out with a secret that does not sign any more."""
    newest = bytes(key)
    rows = session.execute(
        select(FriendInvitation.id, FriendInvitation.token_hash).where(is_open(now))
    )
    return sum(codes.token_hash(newest, codes.token(newest, one)) != was for one, was in rows)
