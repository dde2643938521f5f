"""Reads of friendships, invitations and blocks, and the conditions that other rooms build on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session

from retail.accounts import queries as accounts
from retail.accounts import rules as people
from retail.friends import rules
from retail.friends.models import FriendInvitation, Friendship, MemberBlock

SHOWN_FRIENDS = 3


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
class FriendOfViewer:
    """A friend who agreed to be named to friends, by first name."""

    first_name: str
    initials: str
    avatar: int


@dataclass(frozen=True)
class FriendsWhoLike:
    """The viewer's friends who like something and agreed to be named: the last few, and how many.

    Whoever did not agree is in neither, so that no number gives one of them away.
    """

    shown: tuple[FriendOfViewer, ...] = ()
    total: int = 0


# The ids of a member's friends, as `viewer`; for other rooms to build on.
FRIENDS_OF_VIEWER = select(Friendship.friend_id).where(Friendship.member_id == bindparam("viewer"))
_BLOCK_IN_FORCE = MemberBlock.ended_at.is_(None)


def are_friends(member_id: Any, friend_id: Any) -> ColumnElement[bool]:
    """Friendship as a condition on other rooms' columns of member ids, for their selects."""
    return exists().where(Friendship.member_id == member_id, Friendship.friend_id == friend_id)


def are_apart(member_id: Any, other_id: Any) -> ColumnElement[bool]:
    """Whether either of two keeps the other out of sight, as `are_friends` is a condition."""
    return or_(
        *(
            exists().where(
                MemberBlock.member_id == one, MemberBlock.blocked_id == other, _BLOCK_IN_FORCE
            )
            for one, other in ((member_id, other_id), (other_id, member_id))
        )
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


def counts(session: Session, member_ids: Iterable[str]) -> dict[str, int]:
    """How many friends each of many members has; no others."""
    rows = session.execute(
        select(Friendship.member_id, func.count())
        .where(Friendship.member_id.in_(list(member_ids)))
        .group_by(Friendship.member_id)
    )
    return {member_id: int(number) for member_id, number in rows}


def friends_of(
    session: Session, member_id: str, *, limit: int = rules.MOST_FRIENDS, offset: int = 0
) -> list[FriendView]:
    """A member's friends, the newest first."""
    return _friends(session, Friendship.member_id == member_id, limit=limit, offset=offset)


def friend_ids(session: Session, member_ids: Iterable[str]) -> dict[str, list[str]]:
    """The ids of the friends that each of many members has, in a fixed order."""
    found: dict[str, list[str]] = {member_id: [] for member_id in member_ids}
    rows = session.execute(
        select(Friendship.member_id, Friendship.friend_id)
        .where(Friendship.member_id.in_(found))
        .order_by(Friendship.member_id, Friendship.friend_id)
    )
    for member_id, friend_id in rows:
        found[member_id].append(friend_id)
    return found


def friends_made_by(session: Session, invitation_id: str, *, member_id: str) -> list[FriendView]:
    """The friends who accepted an invitation of the member, and still are."""
    return _friends(
        session, Friendship.member_id == member_id, Friendship.invitation_id == invitation_id
    )


def friends_who_like(rows: Sequence[Sequence[Any]]) -> FriendsWhoLike:
    """Friends to show, from rows of id, display name and how many there are in all."""
    shown = tuple(
        FriendOfViewer(
            people.public_name(display_name).split(" ")[0],
            people.initials(display_name),
            people.avatar(member_id),
        )
        for member_id, display_name, _ in rows
    )
    return FriendsWhoLike(shown, rows[0][2] if rows else 0)


def _friends(
    session: Session,
    *which: ColumnElement[bool],
    limit: int = rules.MOST_FRIENDS,
    offset: int = 0,
) -> list[FriendView]:
    rows = session.execute(
        select(Friendship.friend_id, Friendship.made_at)
        .where(*which)
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
    found = _friends(session, Friendship.member_id == member_id, Friendship.friend_id == friend_id)
    if not found:
        raise rules.friend_not_found()
    return found[0]


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
