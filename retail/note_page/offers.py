"""What notes say of offers: ids alone lead here, and no name is ever told."""

from sqlalchemy.orm import Session

from retail.brands.queries import BrandView
from retail.consent.rules import OFFERS_NEWS
from retail.note_page import subjects
from retail.notifications.queries import NoteView
from retail.notifications.speech import NoteFacts
from retail.offers import queries


def of_offer(session: Session, note: NoteView, brand: BrandView) -> NoteFacts | None:
    """That an offer was used, or what it led to was taken back; None once that is not so."""
    _kind, offer_id, what = note.subject.split(".")
    offer = queries.find_offer(session, offer_id)
    if offer is None or note.member_id not in (offer.member_id, offer.friend_id):
        return None
    is_back = what in (subjects.BACK, subjects.UNTHANKED)
    if (offer.state == "taken_back") != is_back:
        return None
    is_mine = what in (subjects.USED, subjects.BACK)
    return NoteFacts(
        purpose=OFFERS_NEWS,
        brand_name=brand.name,
        address="/me/offers" if is_mine else "/me/prizes",
        kind=what,
    )
