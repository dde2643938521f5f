"""Members who want to hear of things."""

from typing import Any

from sqlalchemy.orm import Session

from core import clock
from core.ids import new_id
from loyalty.prizes import service as prizes
from loyalty.prizes.rules import Kind, Worth
from retail.accounts.queries import MemberView
from retail.journeys.members.choose_channels import choose_channels
from retail.notifications import service
from retail.notifications.rules import CHANNELS
from tests.conftest import KEY


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


def new_win(session: Session, member: MemberView, kind: Kind = "voucher", **worth: Any) -> str:
    """The id of a prize, a voucher unless said, that is the member's and not told of yet."""
    voucher = {"value": 1000, "currency": "GBP"} if kind == "voucher" else {}
    award = prizes.award(
        session,
        programme_id=member.brand_id,
        contest_id=new_id(),
        place=1,
        owner_id=member.id,
        source=f"prize:{new_id()}:1",
        worth=Worth(kind, **(voucher | worth)),
        is_held=False,
        zone="Europe/London",
        now=clock.now(),
        key=KEY,
    )
    assert award is not None
    return award.id
