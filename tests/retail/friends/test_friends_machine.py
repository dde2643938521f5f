"""Friendships against a dictionary: whatever is invited, accepted, ended and blocked, in any order.

The machine also has to find each of a list of planted faults.
"""

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from core.transaction import Database
from retail.friends import invitations, queries, rules, service
from retail.friends.models import FriendInvitation, Friendship, MemberBlock
from retail.social import service as social
from tests.builders.friends import Stage
from tests.retail.friends.circle import PEOPLE, Circle
from tests.scale import play

FEW = 3
RUNS = 4


@pytest.mark.proof(rounds=250)
@pytest.mark.filterwarnings("ignore::hypothesis.errors.NonInteractiveExampleWarning")
def test_friendships_agree_with_a_dictionary(
    sqlite_db: Database, proof_round: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "OPEN_INVITATIONS", FEW)
    Circle.stage = Stage(sqlite_db, PEOPLE)
    play(Circle, proof_round, runs=2 * RUNS)


def one_sided(session: Session, member_id: str, friend_id: str) -> bool:
    session.execute(
        delete(Friendship).where(
            Friendship.member_id == member_id, Friendship.friend_id == friend_id
        )
    )
    return True


def without_end(session: Session, invitation_id: str, *, member: Any, now: datetime) -> None:
    """A revocation that forgets itself."""


def takes_none(session: Session, invitation_id: str, now: datetime) -> None:
    """An invitation for everybody who has it."""


def forgets_blocks(session: Session, blocked_id: str, *, member: Any, now: datetime) -> None:
    """Lifting a block as if it had never been."""
    session.execute(
        delete(MemberBlock).where(
            MemberBlock.member_id == member.id, MemberBlock.blocked_id == blocked_id
        )
    )


def lifts_both(session: Session, blocked_id: str, *, member: Any, now: datetime) -> None:
    session.execute(
        update(MemberBlock)
        .where(
            MemberBlock.member_id.in_([member.id, blocked_id]),
            MemberBlock.blocked_id.in_([member.id, blocked_id]),
        )
        .values(ended_at=now)
    )


FAULTS: dict[str, tuple[Any, str, Any]] = {
    "a friendship ends on one side only": (service, "_part", one_sided),
    "a block leaves the friendship": (service, "_part", lambda *_: True),
    "a revoked invitation still opens": (service, "revoke", without_end),
    "a used invitation still opens": (service, "_take_place", takes_none),
    "a late invitation still opens": (
        invitations,
        "is_open",
        lambda _: FriendInvitation.revoked_at.is_(None) & (FriendInvitation.places_left > 0),
    ),
    "an unblocked member takes an old invitation": (service, "unblock", forgets_blocks),
    "unblocking lifts the other's block too": (service, "unblock", lifts_both),
    "a block leaves the likes": (social, "take_back_between", lambda *_: None),
    "a block holds nobody from liking": (queries, "is_apart", lambda *_: False),
    "anybody may revoke": (
        service,
        "revoke",
        lambda session, invitation_id, **given: session.execute(
            update(FriendInvitation)
            .where(FriendInvitation.id == invitation_id)
            .values(revoked_at=given["now"])
        ),
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.filterwarnings("ignore::hypothesis.errors.NonInteractiveExampleWarning")
def test_the_machine_finds_a_planted_fault(
    sqlite_db: Database, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, name, wrong = FAULTS[fault]
    assert hasattr(place, name)
    monkeypatch.setattr(place, name, wrong)
    monkeypatch.setattr(rules, "OPEN_INVITATIONS", FEW)
    Circle.stage = Stage(sqlite_db, PEOPLE)
    with pytest.raises((AssertionError, ExceptionGroup)):
        play(Circle, 0, runs=RUNS)
