"""What notes say of friends who ask what one thinks, as it stands at this moment."""

from sqlalchemy.orm import Session

from core import clock
from retail.accounts import queries as accounts
from retail.brands.queries import BrandView
from retail.consent.rules import OPINIONS_NEWS
from retail.notifications.queries import NoteView
from retail.notifications.speech import NoteFacts
from retail.opinions import queries


def of_asked(session: Session, note: NoteView, brand: BrandView) -> NoteFacts | None:
    """That a friend asks; nothing once that is over, taken back or answered."""
    now = clock.now()
    reader = accounts.get_member(session, note.member_id, now=now)
    request_id = note.subject.partition(".")[2]
    asked = queries.find_asked(session, request_id, viewer=reader, now=now)
    if asked is None or asked.choice:
        return None
    return NoteFacts(
        purpose=OPINIONS_NEWS,
        brand_name=brand.name,
        address=f"/me/opinions/{request_id}",
        title=asked.words,
        name=asked.asker_name,
    )
