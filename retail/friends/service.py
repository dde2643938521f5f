"""Writes of friendships, invitations and blocks.

Whoever changes what is between two members first passes the gates of both, in the order of their
ids, so that an acceptance, a block and an acceptance from the other side never cross.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from core.ids import new_id
from core.outbox import emit
from core.sql import close_gate, insert_ignore
from retail.accounts import queries as accounts
from retail.accounts.queries import MemberView
from retail.friends import codes, invitations, queries, rules
from retail.friends.events import (
    FriendInvited,
    FriendshipEnded,
    FriendshipMade,
    InvitationRevoked,
)
from retail.friends.models import FriendInvitation, Friendship, MemberBlock
from retail.friends.queries import FriendView

_KEPT = timedelta(days=30)


def invite(
    session: Session, *, member: MemberView, places: int = 1, now: datetime, key: bytes
) -> str:
    """The id of a new invitation for so many people, good for `INVITATION_LIFETIME`.

    Raises Invalid for a number of places that is not offered, Conflict where too many
    invitations of the member are open.
    """
    rules.check_places(places)
    close_gate(session, rules.gate(member.id))
    if invitations.count_open(session, member.id, now) >= rules.OPEN_INVITATIONS:
        raise rules.too_many_invitations()
    invitation_id = new_id()
    session.add(
        FriendInvitation(
            id=invitation_id,
            brand_id=member.brand_id,
            member_id=member.id,
            token_hash=codes.token_hash(key, codes.token(key, invitation_id)),
            places=places,
            places_left=places,
            created_at=now,
            expires_at=now + rules.INVITATION_LIFETIME,
        )
    )
    session.flush()
    emit(session, FriendInvited(invitation_id), topics=_topics(member.id))
    return invitation_id


def revoke(session: Session, invitation_id: str, *, member: MemberView, now: datetime) -> None:
    """Take one's own invitation back; once more changes nothing.

    Raises the same NotFound for absent and somebody else's.
    """
    mine = (FriendInvitation.id == invitation_id) & (FriendInvitation.member_id == member.id)
    taken_back = session.execute(
        update(FriendInvitation)
        .where(mine, FriendInvitation.revoked_at.is_(None))
        .values(revoked_at=now)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(taken_back, CursorResult)
    if taken_back.rowcount:
        emit(session, InvitationRevoked(invitation_id), topics=_topics(member.id))
    elif session.scalar(select(FriendInvitation.id).where(mine)) is None:
        raise rules.invitation_not_found()


def accept(
    session: Session, token: str, *, member: MemberView, now: datetime, key: bytes
) -> FriendView:
    """Become friends with whoever made the invitation; who is already stays so and takes no place.

    Raises Invalid for one's own, Conflict where the member has all the friends that fit, and the
    same NotFound for unknown, expired, used, revoked, another brand's, and where either keeps the
    other out of sight or the inviter has no room left.
    """
    invitation = invitations.find_by_token(session, token, key=key)
    if invitation is None or invitation.brand_id != member.brand_id:
        raise rules.invitation_not_found()
    inviter_id = invitation.member_id
    _pass_gates(session, inviter_id, member.id)
    made_by = invitations.made_by_invitation(session, inviter_id, member.id)
    if made_by == invitation.id:
        return queries.get_friend(session, member.id, inviter_id)
    if not invitations.is_acceptable(session, invitation, member.id, now):
        raise rules.invitation_not_found()
    if inviter_id == member.id:
        raise rules.own_invitation()
    if made_by is None:
        _check_room(session, member.id, inviter_id)
        _take_place(session, invitation.id, now)
        _befriend(session, invitation, member.id, now)
    return queries.get_friend(session, member.id, inviter_id)


def end(session: Session, friend_id: str, *, member: MemberView) -> None:
    """Part with a friend. Raises NotFound for everybody who is none."""
    _pass_gates(session, member.id, friend_id)
    if not _part(session, member.id, friend_id):
        raise rules.friend_not_found()


def block(session: Session, blocked_id: str, *, member: MemberView, now: datetime) -> bool:
    """Keep another member out of sight, both ways, from now on; tells whether that is new.

    It ends a friendship and closes the open invitations between the two. Raises Invalid for
    oneself, NotFound for whoever is no member of the brand.
    """
    if blocked_id == member.id:
        raise rules.blocks_themselves()
    other = accounts.members_by_id(session, [blocked_id]).get(blocked_id)
    if other is None or other.brand_id != member.brand_id:
        raise rules.friend_not_found()
    _pass_gates(session, member.id, blocked_id)
    is_new = insert_ignore(
        session,
        MemberBlock,
        id=new_id(),
        brand_id=member.brand_id,
        member_id=member.id,
        blocked_id=blocked_id,
        blocked_at=now,
    )
    _part(session, member.id, blocked_id)
    return is_new


def unblock(session: Session, blocked_id: str, *, member: MemberView, now: datetime) -> None:
    """Let another member see again what strangers do not; without a block nothing changes."""
    session.execute(
        update(MemberBlock)
        .where(
            MemberBlock.member_id == member.id,
            MemberBlock.blocked_id == blocked_id,
            MemberBlock.ended_at.is_(None),
        )
        .values(ended_at=now)
        .execution_options(synchronize_session=False)
    )


def erase(session: Session, member_id: str) -> None:
    """Delete a member's friendships, invitations and blocks, and theirs of the member."""
    friends = session.scalars(
        delete(Friendship).where(Friendship.member_id == member_id).returning(Friendship.friend_id)
    ).all()
    session.execute(
        delete(Friendship).where(
            Friendship.member_id.in_(list(friends)), Friendship.friend_id == member_id
        )
    )
    session.execute(delete(FriendInvitation).where(FriendInvitation.member_id == member_id))
    session.execute(
        delete(MemberBlock).where(
            or_(MemberBlock.member_id == member_id, MemberBlock.blocked_id == member_id)
        )
    )


def forget_old(session: Session, *, now: datetime) -> None:
    """Drop invitations that ran out a month ago, and ended blocks that close none any more."""
    session.execute(delete(FriendInvitation).where(FriendInvitation.expires_at <= now - _KEPT))
    session.execute(
        delete(MemberBlock).where(MemberBlock.ended_at <= now - rules.INVITATION_LIFETIME)
    )


def _pass_gates(session: Session, *member_ids: str) -> None:
    for member_id in sorted(member_ids):
        close_gate(session, rules.gate(member_id))


def _check_room(session: Session, member_id: str, inviter_id: str) -> None:
    if queries.count_friends(session, member_id) >= rules.MOST_FRIENDS:
        raise rules.too_many_friends()
    # How many friends the inviter has is theirs to know.
    if queries.count_friends(session, inviter_id) >= rules.MOST_FRIENDS:
        raise rules.invitation_not_found()


def _take_place(session: Session, invitation_id: str, now: datetime) -> None:
    taken = session.execute(
        update(FriendInvitation)
        .where(FriendInvitation.id == invitation_id, invitations.is_open(now))
        .values(places_left=FriendInvitation.places_left - 1)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(taken, CursorResult)
    if taken.rowcount != 1:
        raise rules.invitation_not_found()


def _befriend(
    session: Session, invitation: FriendInvitation, member_id: str, now: datetime
) -> None:
    inviter_id = invitation.member_id
    for one, other in ((inviter_id, member_id), (member_id, inviter_id)):
        insert_ignore(
            session,
            Friendship,
            member_id=one,
            friend_id=other,
            brand_id=invitation.brand_id,
            invitation_id=invitation.id,
            made_at=now,
        )
    topics = _topics(inviter_id, member_id)
    emit(session, FriendshipMade(inviter_id, member_id), topics=topics)


def _part(session: Session, member_id: str, friend_id: str) -> bool:
    """End both sides of a friendship; tells whether there was one."""
    was_there = False
    for one, other in ((member_id, friend_id), (friend_id, member_id)):
        ended = session.execute(
            delete(Friendship).where(Friendship.member_id == one, Friendship.friend_id == other)
        )
        assert isinstance(ended, CursorResult)
        was_there = was_there or ended.rowcount > 0
    if was_there:
        # In the order of their ids, so that nothing tells who went.
        both = sorted((member_id, friend_id))
        emit(session, FriendshipEnded(*both), topics=_topics(*both))
    return was_there


def _topics(*member_ids: str) -> list[str]:
    return [f"member:{member_id}" for member_id in member_ids]
