"""Members, ready made: joined, signed in, agreeing."""

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from core import clock
from core.ids import new_id
from retail.accounts import queries, sessions
from retail.accounts.models import Member
from retail.accounts.queries import MemberView
from retail.consent import service as consent
from tests.conftest import KEY


def new_member(session: Session, brand_id: str, **overrides: Any) -> MemberView:
    """A member of a month with a name; any column of the row may be overridden."""
    member_id = overrides.pop("id", new_id())
    values = {
        "email": f"{member_id.lower()}@shopper.example",
        "display_name": "Nina Okafor",
        "sizes": {},
        "joined_at": clock.now() - timedelta(days=31),
    }
    session.add(Member(id=member_id, brand_id=brand_id, **values | overrides))
    session.flush()
    return queries.get_member(session, member_id)


def sign_in(session: Session, member: MemberView, *, key: bytes = KEY) -> str:
    """A session token for the member, without any mail."""
    return sessions.open_session(
        session, member.id, brand_id=member.brand_id, now=clock.now(), key=key
    )


def give_consent(session: Session, member: MemberView, *purposes: str) -> None:
    """Let the member agree to each purpose, in the words of today."""
    for purpose in purposes:
        consent.give(
            session,
            member_id=member.id,
            brand_id=member.brand_id,
            purpose=purpose,
            now=clock.now(),
        )
