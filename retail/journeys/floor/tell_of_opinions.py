"""Tell friends that they are asked what they think; on the channels and at the hours they chose."""

from datetime import datetime

from sqlalchemy.orm import Session

from retail.accounts import queries as accounts
from retail.consent.rules import OPINIONS_NEWS
from retail.note_page import subjects
from retail.notifications.service import notify
from retail.opinions import queries

JOB = "tell_of_opinion"


def tell_of_opinion(session: Session, request_id: str, *, now: datetime) -> None:
    """Note for each friend who is asked; nothing where it is over, or who asks is muted."""
    asker_id, asked = queries.friends_to_tell(session, request_id, now=now)
    for reader in accounts.members_by_id(session, asked, now=now).values():
        if queries.find_asked(session, request_id, viewer=reader, now=now) is None:
            continue
        notify(
            session,
            member_id=reader.id,
            brand_id=reader.brand_id,
            purpose=OPINIONS_NEWS,
            subject=subjects.of_opinion(asker_id, request_id),
            now=now,
        )
