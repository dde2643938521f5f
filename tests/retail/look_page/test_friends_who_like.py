"""Friends' names beside a like: friends of the viewer who agreed, the last ones first."""

import pytest
from sqlalchemy.orm import Session

from core import clock as core_clock
from core.clock import FixedClock
from core.transaction import Database
from retail.accounts.queries import MemberView
from retail.consent.rules import LIKES_TO_FRIENDS
from retail.friends import service as friends
from retail.look_page import queries
from retail.social import service as social
from tests.builders.accounts import give_consent, new_member
from tests.builders.brands import new_store
from tests.builders.friends import befriend
from tests.builders.outfits import new_outfit
from tests.conftest import both_databases

NAMES = ("Aisha Khan", "Tom Weller", "Ruth Bell", "Priya Shah", "Uma Silent", "Bob Stranger")
HOT = 1_001


def seen(db: Database, look: str, viewer: str, likes: int) -> tuple[list[str], int]:
    with db.glances() as ask:
        found = queries.friends_who_like(ask, look, likes, viewer)
    return [friend.first_name for friend in found.shown], found.total


@both_databases
@pytest.mark.parametrize("likes", [6, HOT])
def test_names_need_friendship_and_consent(db: Database, clock: FixedClock, likes: int) -> None:
    with db.write() as session:
        look, viewer, people = a_liked_look(session, clock)
    assert seen(db, look, viewer.id, likes) == (["Priya", "Ruth", "Tom"], 4)
    assert seen(db, look, people["Bob Stranger"].id, likes) == ([], 0)
    with db.write() as session:
        friends.end(session, people["Priya Shah"].id, member=viewer)
        friends.block(session, people["Tom Weller"].id, member=viewer, now=core_clock.now())
    assert seen(db, look, viewer.id, likes) == (["Ruth", "Aisha"], 2)


def a_liked_look(
    session: Session, clock: FixedClock
) -> tuple[str, MemberView, dict[str, MemberView]]:
    """A look that all like, one after the other; Uma keeps her likes to herself."""
    store = new_store(session)
    look = new_outfit(session, store)
    viewer = new_member(session, store.brand_id)
    people = {name: new_member(session, store.brand_id, display_name=name) for name in NAMES}
    for name, member in people.items():
        clock.advance(seconds=1)
        if name != "Bob Stranger":
            befriend(session, viewer, member)
        if name != "Uma Silent":
            give_consent(session, member, LIKES_TO_FRIENDS)
        social.like(session, look, member=member, now=core_clock.now())
    return look, viewer, people
