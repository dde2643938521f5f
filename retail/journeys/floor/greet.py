"""A member comes in, and is greeted where they wish it; and takes either back."""

from datetime import datetime

from sqlalchemy.orm import Session

from retail.accounts.queries import MemberView
from retail.brands.queries import StoreView
from retail.greetings import service as greetings
from retail.greetings.rules import Way
from retail.visits import queries, service
from retail.visits.rules import VisitView


def come_in(
    session: Session, store: StoreView, *, member: MemberView, way: Way, now: datetime
) -> VisitView:
    """Check the member in, by their own act at a door, a kiosk or in an app.

    Who agreed to be greeted is shown to those who work in the store, for a quarter of an hour.
    Raises NotFound for a store of another brand.
    """
    greetings.take_turn(session, member.id)
    visit = service.check_in(session, store, member=member, now=now)
    greetings.begin(session, store, member=member, visit_id=visit.id, way=way, now=now)
    return visit


def go_out(session: Session, store: StoreView, *, member: MemberView, now: datetime) -> None:
    """Take today's check-in at a store back, with what it shows; without one nothing changes."""
    greetings.take_turn(session, member.id)
    visit = queries.find_visit(session, store, member.id, now=now)
    if visit is not None:
        forget_visit(session, visit.id, member=member)


def forget_visit(session: Session, visit_id: str, *, member: MemberView) -> None:
    """Delete one visit of the member's, with what it shows; what is not theirs changes nothing."""
    greetings.end_with(session, visit_id, member_id=member.id)
    service.forget(session, visit_id, member=member)
