"""What must have happened before notes can be shown: new pieces, and a mail with its way out."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from retail.accounts import queries as accounts
from retail.catalogue import queries as catalogue
from retail.consent.rules import LIKES_NEWS, RANGES_NEWS
from retail.journeys.sign_up_for_ranges import sign_up_for_ranges
from retail.notifications import queries as notes
from retail.notifications.rules import EMAIL
from retail.notifications.service import notify
from retail.notifications.unsubscribing import token_for

PICKED = frozenset({"coats"})


@dataclass(frozen=True)
class Told:
    """Where a member reads what came in, and where a mail lets her stop such mails."""

    arrivals: str
    unsubscribe: str


def tell(session: Session, member_id: str, *, now: datetime, key: bytes) -> Told:
    """Have a member pick a category and hear of what the shop opened with."""
    member = accounts.get_member(session, member_id, now=now)
    sign_up_for_ranges(session, PICKED, member=member, now=now)
    arrived = session.execute(catalogue.ARRIVALS.limit(1)).one()
    who = {"member_id": member.id, "brand_id": member.brand_id}
    notify(session, **who, purpose=RANGES_NEWS, subject=member.brand_id, now=arrived.created_at)
    mine = notes.inbox(session, member.id)
    arrivals = next(note.id for note in mine if note.purpose == RANGES_NEWS)
    token = token_for(key, member.id, LIKES_NEWS, EMAIL)
    return Told(f"/me/notes/{arrivals}", f"/unsubscribe/{token}")
