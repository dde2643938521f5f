"""Decisions about looks, ready made."""

from sqlalchemy.orm import Session

from core import clock
from retail.accounts.queries import MemberView
from retail.brands.queries import StoreView
from retail.journeys.looks.arrange import arrange
from retail.journeys.looks.publish import publish
from retail.outfits import queries as outfits
from retail.staff.queries import StaffView
from retail.wall import queries, service
from tests.builders.accounts import new_member
from tests.builders.outfits import new_draft, new_stylist


def new_look(
    session: Session, store: StoreView, caption: str = "", *, member: MemberView | None = None
) -> str:
    """The id of a look that its owner, by default a new stylist, showed to everyone."""
    stylist = member or new_stylist(session, store.brand_id)
    outfit_id = new_draft(session, store, stylist)
    if caption:
        reword(session, outfit_id, stylist, caption)
    publish(session, outfit_id, member=stylist, audience="everyone", now=clock.now())
    return outfit_id


def reword(session: Session, outfit_id: str, owner: MemberView, caption: str) -> None:
    """Let the owner change the words of a look."""
    look = outfits.get_own(session, outfit_id, member_id=owner.id)
    arrange(
        session,
        outfit_id,
        member_id=owner.id,
        placements=[],
        background=look.background,
        caption=caption,
        expected_version=look.version,
        now=clock.now(),
    )


def decide(
    session: Session,
    outfit_id: str,
    staff: StaffView,
    verdict: str,
    reason: str | None = None,
    *,
    note: str = "",
) -> str:
    """The id of a decision on the look as it stands now."""
    post = queries.get_post(session, outfit_id, seen_by=staff)
    return service.decide(
        session,
        outfit_id,
        staff=staff,
        verdict=verdict,
        reason=reason,
        note=note,
        expected_version=post.version,
        now=clock.now(),
    )


def report_times(session: Session, outfit_id: str, brand_id: str, times: int) -> None:
    """As many new members as told report the look."""
    for _ in range(times):
        fan = new_member(session, brand_id)
        service.report(session, outfit_id, member_id=fan.id, owner_id="", now=clock.now())
