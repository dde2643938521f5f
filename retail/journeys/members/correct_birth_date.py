"""Put a member's birth date right; whoever turns out to be a minor leaves all that is public."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from retail.accounts import queries
from retail.accounts import service as accounts
from retail.accounts.queries import MemberView
from retail.consent.rules import SAME_OCCASION, SAME_OUTFIT
from retail.journeys.league.opt_in import leave_league
from retail.journeys.looks.publish import withdraw_public_looks
from retail.journeys.members.agree import take_back


def correct_birth_date(
    session: Session, *, member: MemberView, birth_on: date, now: datetime, minimum_age: int
) -> MemberView:
    """Record the date and give the member as they are then; raises as the room does.

    A member who becomes an adult by it gains nothing at once: they still have to agree.
    """
    accounts.correct_birth_date(session, member.id, birth_on, now=now)
    corrected = queries.get_member(session, member.id, now=now, minimum_age=minimum_age)
    if not corrected.is_adult:
        leave_league(session, member=corrected, now=now)
        withdraw_public_looks(session, member=corrected, now=now)
        for purpose in (SAME_OUTFIT, SAME_OCCASION):
            take_back(session, purpose, member=corrected, now=now)
    return corrected
