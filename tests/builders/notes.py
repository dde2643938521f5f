"""Members who want to hear of things."""

from sqlalchemy.orm import Session

from core import clock
from retail.accounts.queries import MemberView
from retail.journeys.choose_channels import choose_channels
from retail.notifications import service
from retail.notifications.rules import CHANNELS


def hears_of(
    session: Session, member: MemberView, *purposes: str, channels: tuple[str, ...] = CHANNELS
) -> None:
    """Let the member want these purposes on these channels, and nothing else."""
    wanted = {(purpose, channel) for purpose in purposes for channel in channels}
    choose_channels(session, wanted, member=member, now=clock.now())


def tell(session: Session, member: MemberView, purpose: str, subject: str) -> bool:
    """Notify the member now."""
    return service.notify(
        session,
        member_id=member.id,
        brand_id=member.brand_id,
        purpose=purpose,
        subject=subject,
        now=clock.now(),
    )
