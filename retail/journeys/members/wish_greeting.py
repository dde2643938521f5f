"""Say how one wishes to be greeted, or not at all: the wish and the agreement behind it as one."""

from datetime import datetime

from sqlalchemy.orm import Session

from retail.accounts.queries import MemberView
from retail.consent.rules import GREETING
from retail.greetings import service as greetings
from retail.greetings.rules import Wish
from retail.journeys.members.agree import agree, take_back


def wish_greeting(
    session: Session, wish: Wish | None, *, member: MemberView, now: datetime
) -> None:
    """Be greeted so from now on; None ends it, wherever one is just now, and keeps the wish."""
    if wish is None:
        take_back(session, GREETING, member=member, now=now)
        return
    greetings.set_wish(session, wish, member=member, now=now)
    agree(session, GREETING, member=member, now=now)
