"""Take one's own poll away, with every link to it."""

from datetime import datetime

from sqlalchemy.orm import Session

from retail.accounts.queries import MemberView
from retail.polls import service as polls
from retail.sharing import service as sharing


def remove_poll(session: Session, poll_id: str, *, member: MemberView, now: datetime) -> None:
    """Delete a poll of the member's with its votes, links and visits. Raises NotFound."""
    # Held first: who makes a link to it meanwhile finds it gone.
    polls.hold_own(session, poll_id, member=member)
    sharing.forget_poll(session, poll_id)
    polls.remove(session, poll_id, member=member, now=now)
