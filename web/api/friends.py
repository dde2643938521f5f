"""Friends, invitations and blocks, as an API."""

from dataclasses import dataclass
from typing import Any

from flask_smorest import Blueprint

from core import clock
from retail.accounts.queries import MemberView
from retail.friends import invitations, queries, service
from retail.friends.invitations import InvitationSeen, InvitationView
from retail.friends.queries import BlockView, FriendView
from retail.journeys.members.block import block
from web.auth import current_member, find_member, guarded, settings
from web.limits import GUESSES, INVITATIONS, limited, limited_look_ups
from web.openapi import schema_of
from web.schemas.friends import FriendsQuery, NewInvitation
from web.write import read, write, write_rebuilt


@dataclass(frozen=True)
class Invited:
    """An invitation that was made."""

    id: str


friends = guarded(
    Blueprint("friends", __name__, description="Whom a member goes shopping with"), "member"
)
friend_invitations = guarded(
    Blueprint("friend_invitations", __name__, description="What an invitation's link opens"),
    "anyone",
)


@friends.get("/me/friends")
@read
@friends.arguments(FriendsQuery, location="query")
@friends.response(200, schema_of(FriendView)(many=True))
def list_friends(session: Any, page: dict[str, int]) -> list[FriendView]:
    """The member's friends, the newest first."""
    return queries.friends_of(session, current_member().id, **page)


@friends.delete("/me/friends/<friend_id>")
@write
@friends.response(204)
def part(session: Any, friend_id: str) -> None:
    """End a friendship, for both."""
    service.end(session, friend_id, member=current_member())


@friends.get("/me/invitations")
@read
@friends.response(200, schema_of(InvitationView)(many=True))
def list_invitations(session: Any) -> list[InvitationView]:
    """The member's open invitations with their secret links, the newest first."""
    return _open_invitations(session, current_member())


@friends.post("/me/invitations")
@limited(INVITATIONS)
@write
@friends.arguments(NewInvitation)
@friends.response(201, schema_of(Invited))
def invite(session: Any, wish: dict[str, int]) -> Invited:
    """Make an invitation; its secret link is in the list, which no idempotency row keeps."""
    member, now, key = current_member(), clock.now(), settings().key
    return Invited(service.invite(session, member=member, **wish, now=now, key=key))


@friends.delete("/me/invitations/<invitation_id>")
@write
@friends.response(204)
def revoke(session: Any, invitation_id: str) -> None:
    """Take an invitation back; once more changes nothing."""
    service.revoke(session, invitation_id, member=current_member(), now=clock.now())


@friends.get("/me/blocks")
@read
@friends.response(200, schema_of(BlockView)(many=True))
def list_blocks(session: Any) -> list[BlockView]:
    """Whom the member keeps out of sight, the newest first."""
    return queries.blocked_by(session, current_member().id)


@friends.put("/me/blocks/<member_id>")
@write
@friends.response(204)
def keep_away(session: Any, member_id: str) -> None:
    """Keep another member out of sight, both ways; they are not told."""
    block(session, member_id, member=current_member(), now=clock.now())


@friends.delete("/me/blocks/<member_id>")
@write
@friends.response(204)
def let_near(session: Any, member_id: str) -> None:
    """Lift one's own block; a friendship does not come back by itself."""
    service.unblock(session, member_id, member=current_member(), now=clock.now())


@friend_invitations.get("/friend-invitations/<token>")
@limited_look_ups
@read
@friend_invitations.response(200, schema_of(InvitationSeen))
def look(session: Any, token: str) -> InvitationSeen:
    """Who invites, by first name and initial."""
    viewer, now, key = find_member(), clock.now(), settings().key
    return invitations.open_invitation(session, token, viewer=viewer, now=now, key=key)


@friends.post("/friend-invitations/<token>/acceptance")
@limited(GUESSES)
@write_rebuilt  # the answer names a person, which no idempotency row may keep
@friends.response(200, schema_of(FriendView))
def accept(session: Any, token: str) -> FriendView:
    """Become friends; once more changes nothing."""
    member, now, key = current_member(), clock.now(), settings().key
    return service.accept(session, token, member=member, now=now, key=key)


def _open_invitations(session: Any, member: MemberView) -> list[InvitationView]:
    return invitations.open_invitations_of(
        session,
        member.id,
        now=clock.now(),
        key=settings().key,
        public_url=settings().public_url,
    )
