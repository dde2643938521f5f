"""What notes say of goods: sent by a friend, or kept until a day. As it stands at this moment."""

from sqlalchemy.orm import Session

from retail.brands.queries import BrandView
from retail.catalogue.queries import VariantView
from retail.consent.rules import SAVED_NEWS, SENT_NEWS
from retail.note_page import subjects
from retail.notifications.queries import NoteView
from retail.notifications.speech import NoteFacts
from retail.saves import reminders
from retail.sent_pieces import queries as sent

SAVED = "/me/saved"


def of_sent(session: Session, note: NoteView, brand: BrandView) -> NoteFacts | None:
    """What a friend sent, with their line; nothing where that is not to be seen any more."""
    sender_id, _, variant_id = note.subject.partition(".")
    mine = {"member_id": note.member_id, "brand_id": brand.id}
    found = sent.get_received(session, sender_id, variant_id, **mine)
    if found is None:
        return None
    return NoteFacts(
        purpose=SENT_NEWS,
        brand_name=brand.name,
        address="/me/sent",
        title=found.piece.style_name,
        name=found.name,
        reason=found.line,
    )


def of_saved(session: Session, note: NoteView, brand: BrandView) -> NoteFacts | None:
    """What is kept until the day that the note is about; nothing where that is nothing."""
    on = subjects.day_of_saved(note.subject)
    kept = reminders.kept_until(session, note.member_id, on, brand_id=brand.id)
    if not kept:
        return None
    return NoteFacts(
        purpose=SAVED_NEWS,
        brand_name=brand.name,
        address=_address(kept, brand),
        title=kept[0].style_name,
        count=len(kept),
    )


def _address(kept: list[VariantView], brand: BrandView) -> str:
    """The page of the only piece, or the list of all."""
    (first, *others) = kept
    return SAVED if others or first.gtin is None else f"/01/{first.gtin}?b={brand.slug}"
