"""Friends for tests: invited and accepted in one call."""

from sqlalchemy.orm import Session

from core import clock
from retail.accounts.queries import MemberView
from retail.friends import codes, service
from tests.conftest import KEY


def new_invitation(session: Session, member: MemberView, *, places: int = 1) -> str:
    """The token of a new invitation of the member."""
    invitation_id = service.invite(session, member=member, places=places, now=clock.now(), key=KEY)
    return codes.token(KEY, invitation_id)


def befriend(session: Session, member: MemberView, *others: MemberView) -> None:
    """Make the member and each of the others friends, as if invited and accepted."""
    for other in others:
        token = new_invitation(session, member)
        service.accept(session, token, member=other, now=clock.now(), key=KEY)
