"""Read a member's card at a till: whose basket it is, noted for the member to read."""

from datetime import datetime

from sqlalchemy.orm import Session

from retail.access_log import service as access_log
from retail.accounts import cards
from retail.accounts.card_holders import find_holder
from retail.accounts.queries import MemberView

PURPOSE, WHAT = "basket", "card"


def read_card(
    session: Session,
    typed: str,
    *,
    brand_id: str,
    viewer_kind: str,
    viewer_id: str,
    now: datetime,
    key: bytes,
) -> MemberView | None:
    """Who shows this code just now, or None for every other one alike.

    A code may be read again while it is good: each time is noted.
    """
    member = find_holder(session, typed, cards.CARD, brand_id=brand_id, now=now, key=key)
    if member is not None:
        access_log.record(
            session,
            member_id=member.id,
            brand_id=brand_id,
            viewer_kind=viewer_kind,
            viewer_id=viewer_id,
            purpose=PURPOSE,
            what=WHAT,
            now=now,
        )
    return member
