"""Friends for tests: invited and accepted in one call."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from core import clock
from core.transaction import Database
from retail.accounts.queries import MemberView
from retail.friends import codes, service
from tests.builders.brands import new_brand, new_store
from tests.builders.outfits import new_outfit, new_stylist
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


@dataclass
class Stage:
    """Members, each with a look for everyone and one for friends: the same for every run."""

    db: Database
    number: int = 3

    def __post_init__(self) -> None:
        with self.db.write() as session:
            store = new_store(session, brand=new_brand(session))
            self.people = [new_stylist(session, store.brand_id) for _ in range(self.number)]
            self.looks = [
                [
                    new_outfit(session, store, member=member, audience=audience)
                    for member in self.people
                ]
                for audience in ("everyone", "friends")
            ]
