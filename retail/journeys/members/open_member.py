"""Open a member: with a stated purpose, which is remembered for the member to read."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.errors import Invalid
from retail.access_log import rules
from retail.access_log import service as access_log
from retail.accounts import queries as accounts
from retail.journeys.offers.explain_offer import WHY
from retail.staff import roles
from retail.staff.queries import StaffView

PURPOSES = ("complaint", "prize_review", WHY)


def open_member(
    session: Session, email: str, *, purpose: str, staff: StaffView, now: datetime
) -> str:
    """The id of the member with this address, whose page the colleague may see for a while.

    Raises Forbidden for roles that may not, Invalid for a purpose that is none and for an address
    that nobody of the brand has.
    """
    roles.check_may(staff.role, roles.OPEN_MEMBER)
    if purpose not in PURPOSES:
        sentence = f"Say what for: {', '.join(rules.PURPOSES[known] for known in PURPOSES)}."
        raise Invalid("purpose_needed", sentence, fields={"purpose": [sentence]})
    member = accounts.find_member_by_email(session, staff.brand_id, email)
    if member is None:
        sentence = "Nobody has joined with this address."
        raise Invalid("no_such_member", sentence, fields={"email": [sentence]})
    for what in ("member", "offers") if purpose == WHY else ("member",):
        access_log.record(
            session,
            member_id=member.id,
            brand_id=staff.brand_id,
            viewer_kind=staff.role,
            viewer_id=staff.id,
            purpose=purpose,
            what=what,
            now=now,
        )
    return member.id
