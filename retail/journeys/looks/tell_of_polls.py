"""Tell friends that somebody asks them which of two looks, and who asked how it ended."""

from datetime import datetime

from sqlalchemy.orm import Session

from retail.accounts import queries as accounts
from retail.consent.rules import POLLS_NEWS, RESULTS_NEWS
from retail.notifications import queries as notes
from retail.notifications.rules import get_purpose
from retail.notifications.service import notify
from retail.polls import news

JOB = "tell_of_poll"
RESULT_JOB = "tell_of_result"
# All polls of a window are one note, so that its subject names nobody.
_SUBJECT = "friends"


def tell_of_poll(session: Session, poll_id: str, *, now: datetime) -> None:
    """Note a new poll for friends for those of them who want to hear of it.

    Nothing for one that everyone may see: nobody in particular is asked there.
    """
    asked = news.friends_to_ask(session, poll_id)
    wanting = notes.wanting(session, asked, get_purpose(POLLS_NEWS))
    for friend in accounts.members_by_id(session, sorted(wanting), now=now).values():
        notify(
            session,
            member_id=friend.id,
            brand_id=friend.brand_id,
            purpose=POLLS_NEWS,
            subject=_SUBJECT,
            now=now,
        )


def tell_of_result(session: Session, poll_id: str, *, now: datetime) -> bool:
    """Note for who asked that their poll has closed, once; nothing where it is open or gone."""
    found = news.asker_of_closed(session, poll_id, now)
    if found is None:
        return False
    brand_id, asker_id = found
    return notify(
        session,
        member_id=asker_id,
        brand_id=brand_id,
        purpose=RESULTS_NEWS,
        subject=poll_id,
        now=now,
    )
