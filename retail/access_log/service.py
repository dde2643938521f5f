"""Writes of disclosures."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from core.ids import new_id
from retail.access_log import rules
from retail.access_log.models import Disclosure


def record(
    session: Session,
    *,
    member_id: str,
    brand_id: str,
    viewer_kind: str,
    viewer_id: str | None,
    purpose: str,
    what: str,
    now: datetime,
) -> None:
    """Remember a look at a member's data; call it in the transaction that shows the data.

    `viewer_kind` is a code of rules.VIEWERS; `purpose` and `what` are codes of rules.PURPOSES and
    rules.DATA, or short words of their own. Raises Invalid.
    """
    rules.check_reason(viewer_kind, purpose, what)
    session.add(
        Disclosure(
            id=new_id(),
            brand_id=brand_id,
            member_id=member_id,
            viewer_kind=viewer_kind,
            viewer_id=viewer_id,
            purpose=purpose,
            what=what,
            seen_at=now,
        )
    )
    session.flush()


def erase(session: Session, member_id: str) -> None:
    """Forget who looked at a member who is no more."""
    session.execute(delete(Disclosure).where(Disclosure.member_id == member_id))
