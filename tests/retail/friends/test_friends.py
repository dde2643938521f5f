"""Friendships that both wanted: invited, accepted once, ended, blocked, and nobody else told."""

from collections.abc import Callable
from itertools import pairwise

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import clock as core_clock
from core.clock import FixedClock
from core.errors import Conflict, Invalid, NotFound
from core.outbox import Event
from core.transaction import Database
from retail.accounts.queries import MemberView
from retail.friends import codes, invitations, queries, rules, service
from retail.friends.invitations import InvitationSeen
from retail.friends.models import FriendInvitation, Friendship, MemberBlock
from tests.builders.accounts import new_member
from tests.builders.brands import new_brand
from tests.builders.friends import befriend, new_invitation
from tests.conftest import KEY, both_databases


def two(session: Session) -> tuple[MemberView, MemberView]:
    """Nina and Tom, members of one brand and strangers so far."""
    brand = new_brand(session)
    nina = new_member(session, brand.id, display_name="Nina Okafor")
    return nina, new_member(session, brand.id, display_name="Tom Weller")


def accept(session: Session, token: str, member: MemberView) -> str:
    """The id of the friend that accepting brought."""
    return service.accept(session, token, member=member, now=core_clock.now(), key=KEY).id


def seen(session: Session, token: str, viewer: MemberView | None) -> InvitationSeen:
    return invitations.open_invitation(session, token, viewer=viewer, now=core_clock.now(), key=KEY)


def sides(session: Session) -> int:
    return session.execute(select(func.count()).select_from(Friendship)).scalar_one()


@both_databases
def test_accepting_makes_one_friendship_for_both(session: Session) -> None:
    nina, tom = two(session)
    token = new_invitation(session, nina)
    assert seen(session, token, None).name == "Nina O."
    assert accept(session, token, tom) == nina.id
    assert accept(session, token, tom) == nina.id
    assert [f.name for f in queries.friends_of(session, nina.id)] == ["Tom W."]
    assert [f.name for f in queries.friends_of(session, tom.id)] == ["Nina O."]
    assert sides(session) == 2


def test_invitations_from_both_sides_make_one_friendship(session: Session) -> None:
    nina, tom = two(session)
    first, second = new_invitation(session, nina), new_invitation(session, tom)
    accept(session, first, tom)
    assert seen(session, second, nina).is_friend
    assert accept(session, second, nina) == tom.id
    assert sides(session) == 2
    third = new_member(session, nina.brand_id)
    assert accept(session, second, third) == tom.id


def test_a_circle_of_invitations_makes_each_pair_friends_once(session: Session) -> None:
    nina, tom = two(session)
    ruth = new_member(session, nina.brand_id, display_name="Ruth Bell")
    ring = (nina, tom, ruth, nina)
    for inviter, invited in pairwise(ring):
        accept(session, new_invitation(session, inviter), invited)
    assert sides(session) == 6
    assert {f.name for f in queries.friends_of(session, ruth.id)} == {"Nina O.", "Tom W."}


def test_ones_own_invitation_says_so(session: Session) -> None:
    nina, _ = two(session)
    token = new_invitation(session, nina)
    assert seen(session, token, nina).is_own
    with pytest.raises(Invalid, match="yours"):
        accept(session, token, nina)
    assert sides(session) == 0


Spoil = Callable[[Session, FixedClock, MemberView, MemberView, str], object]


def spend(session: Session, _: FixedClock, nina: MemberView, __: MemberView, token: str) -> None:
    accept(session, token, new_member(session, nina.brand_id))


def revoke(session: Session, _: FixedClock, nina: MemberView, __: MemberView, ___: str) -> None:
    (invitation_id,) = session.scalars(select(FriendInvitation.id))
    service.revoke(session, invitation_id, member=nina, now=core_clock.now())


def block_and_forgive(
    session: Session, clock: FixedClock, nina: MemberView, tom: MemberView, _: str
) -> None:
    clock.advance(minutes=1)
    service.block(session, tom.id, member=nina, now=core_clock.now())
    service.unblock(session, tom.id, member=nina, now=core_clock.now())


SPOILT: dict[str, Spoil] = {
    "used": spend,
    "revoked": revoke,
    "expired": lambda _, clock, *__: clock.advance(days=14),
    "blocked": lambda s, _, nina, tom, __: service.block(
        s, tom.id, member=nina, now=core_clock.now()
    ),
    "blocked by the invited": lambda s, _, nina, tom, __: service.block(
        s, nina.id, member=tom, now=core_clock.now()
    ),
    "blocked meanwhile": block_and_forgive,
}


@pytest.mark.parametrize("name", SPOILT)
def test_what_cannot_be_accepted_is_like_what_never_was(
    session: Session, clock: FixedClock, name: str
) -> None:
    nina, tom = two(session)
    token = new_invitation(session, nina)
    SPOILT[name](session, clock, nina, tom, token)
    for unknown in (token, codes.token(KEY, "never"), "", "no token at all"):
        for look in (accept, seen):
            with pytest.raises(NotFound) as refused:
                look(session, unknown, tom)
            assert refused.value.detail == "This invitation isn’t here."


def test_another_brands_member_finds_no_invitation(session: Session) -> None:
    nina, _ = two(session)
    token = new_invitation(session, nina)
    stranger = new_member(session, new_brand(session).id)
    for look in (accept, seen):
        with pytest.raises(NotFound, match="isn’t here"):
            look(session, token, stranger)


def test_an_invitation_for_three_takes_three(session: Session) -> None:
    nina, _ = two(session)
    token = new_invitation(session, nina, places=3)
    for _ in range(3):
        accept(session, token, new_member(session, nina.brand_id))
    with pytest.raises(NotFound):
        accept(session, token, new_member(session, nina.brand_id))
    assert queries.count_friends(session, nina.id) == 3


def test_a_flood_of_invitations_is_held_up(session: Session) -> None:
    nina, _ = two(session)
    tokens = [new_invitation(session, nina) for _ in range(rules.OPEN_INVITATIONS)]
    with pytest.raises(Conflict, match="Take one back"):
        new_invitation(session, nina)
    accept(session, tokens[0], new_member(session, nina.brand_id))
    assert new_invitation(session, nina)


def test_a_flood_of_friends_ends_and_the_inviters_number_stays_theirs(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "MOST_FRIENDS", 2)
    nina, tom = two(session)
    befriend(session, nina, *(new_member(session, nina.brand_id) for _ in range(2)))
    with pytest.raises(NotFound, match="isn’t here"):
        accept(session, new_invitation(session, nina), tom)
    with pytest.raises(Conflict, match="don’t fit"):
        accept(session, new_invitation(session, tom), nina)


@both_databases
def test_a_friendship_ends_for_both_and_can_begin_anew(session: Session) -> None:
    nina, tom = two(session)
    befriend(session, nina, tom)
    service.end(session, nina.id, member=tom)
    assert sides(session) == 0
    with pytest.raises(NotFound):
        service.end(session, nina.id, member=tom)
    befriend(session, tom, nina)
    assert queries.is_friend(session, nina.id, tom.id)


@both_databases
def test_a_block_holds_both_ways_until_each_lifts_their_own(session: Session) -> None:
    nina, tom = two(session)
    befriend(session, nina, tom)
    now = core_clock.now()
    assert service.block(session, tom.id, member=nina, now=now)
    assert not service.block(session, tom.id, member=nina, now=now)
    service.block(session, nina.id, member=tom, now=now)
    assert [b.name for b in queries.blocked_by(session, nina.id)] == ["Tom W."]
    service.unblock(session, tom.id, member=nina, now=now)
    assert queries.is_apart(session, nina.id, tom.id)
    service.unblock(session, nina.id, member=tom, now=now)
    assert not queries.is_apart(session, tom.id, nina.id)
    assert not queries.is_friend(session, nina.id, tom.id)


def test_nobody_blocks_themselves_or_another_brands_member(session: Session) -> None:
    nina, _ = two(session)
    with pytest.raises(Invalid):
        service.block(session, nina.id, member=nina, now=core_clock.now())
    for other in (new_member(session, new_brand(session).id).id, "nobody"):
        with pytest.raises(NotFound):
            service.block(session, other, member=nina, now=core_clock.now())


def test_somebody_elses_invitation_is_not_there_to_revoke(session: Session) -> None:
    nina, tom = two(session)
    new_invitation(session, nina)
    (invitation_id,) = session.scalars(select(FriendInvitation.id))
    for name in (invitation_id, "absent"):
        with pytest.raises(NotFound):
            service.revoke(session, name, member=tom, now=core_clock.now())


def test_both_phones_are_woken_and_no_event_says_who_blocked(session: Session) -> None:
    nina, tom = two(session)
    befriend(session, nina, tom)
    service.block(session, tom.id, member=nina, now=core_clock.now())
    woken = {event.kind: event.topics for event in session.query(Event)}
    assert woken["FriendshipMade"] == [f"member:{nina.id}", f"member:{tom.id}"]
    assert woken["FriendshipEnded"] == sorted(woken["FriendshipMade"])
    assert set(woken) == {"FriendInvited", "FriendshipMade", "FriendshipEnded"}


def test_an_export_holds_ones_own_and_of_others_what_one_sees(session: Session) -> None:
    nina, tom = two(session)
    befriend(session, nina, tom)
    ruth = new_member(session, nina.brand_id, display_name="Ruth Bell")
    service.block(session, ruth.id, member=nina, now=core_clock.now())
    found = queries.export(session, nina.id)
    assert [friend["name"] for friend in found["friends"]] == ["Tom W."]
    assert [other["name"] for other in found["blocked"]] == ["Ruth B."]
    assert len(found["invitations"]) == 1
    assert queries.export(session, ruth.id) == {"friends": [], "invitations": [], "blocked": []}


@both_databases
def test_erasing_leaves_nothing_of_a_member(db: Database) -> None:
    with db.write() as session:
        nina, tom = two(session)
        befriend(session, nina, tom)
        service.block(
            session, nina.id, member=new_member(session, nina.brand_id), now=core_clock.now()
        )
        service.erase(session, nina.id)
        for model in (Friendship, FriendInvitation, MemberBlock):
            assert session.query(model).count() == 0


def test_what_is_long_over_is_forgotten(session: Session, clock: FixedClock) -> None:
    nina, tom = two(session)
    new_invitation(session, nina)
    service.block(session, tom.id, member=nina, now=core_clock.now())
    service.unblock(session, tom.id, member=nina, now=core_clock.now())
    service.forget_old(session, now=core_clock.now())
    assert session.query(FriendInvitation).count() == session.query(MemberBlock).count() == 1
    clock.advance(days=45)
    service.forget_old(session, now=core_clock.now())
    assert session.query(FriendInvitation).count() == session.query(MemberBlock).count() == 0
