"""What notes say of offers and holds: ids alone lead here, and no name is ever told."""

from sqlalchemy.orm import Session

from retail.brands.queries import BrandView
from retail.catalogue import held
from retail.catalogue import queries as catalogue
from retail.consent.rules import HOLDS_NEWS, OFFERS_NEWS
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


def of_hold(session: Session, note: NoteView, brand: BrandView) -> NoteFacts | None:
    """That what was held is not there; None where it was not so, or the hold is not theirs."""
    hold = held.find_hold(session, subjects.read(note.subject)[1])
    if hold is None or hold.state != "gone" or hold.holder_id != note.member_id:
        return None
    piece = catalogue.get_variants(session, hold.brand_id, [hold.variant_id])[hold.variant_id]
    return NoteFacts(
        purpose=HOLDS_NEWS, brand_name=brand.name, address="/me/offers", title=piece.style_name
    )
