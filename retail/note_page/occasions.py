"""What notes say of occasions, as these stand at this moment."""

from sqlalchemy.orm import Session

from core import clock
from retail.accounts import queries as accounts
from retail.brands.queries import BrandView
from retail.consent.rules import OCCASIONS_NEWS
from retail.note_page import subjects
from retail.notifications.queries import NoteView
from retail.notifications.speech import NoteFacts
from retail.occasions import queries, rules
from retail.occasions.clashes import clashes_of
from retail.occasions.queries import OccasionView

INVITED, SAME, TWINS = "invited", "same", "twins"


def of_occasion(session: Session, note: NoteView, brand: BrandView) -> NoteFacts | None:
    """That a friend asks, plans the same, or is a twin; nothing where that is so no more."""
    now = clock.now()
    reader = accounts.get_member(session, note.member_id, now=now)
    friend_id, occasion_id, *what = note.subject.split(".")
    seen = queries.get_occasion(session, occasion_id, viewer=reader, now=now)
    if not what:
        is_open = seen.answer == rules.INVITED and not seen.is_over
        return _facts(brand, seen, INVITED, seen.host_name) if is_open else None
    for clash in clashes_of(session, reader, now=now, occasion_id=occasion_id):
        is_it = clash.are_twins if what == [subjects.TWINS] else [clash.digest] == what
        if is_it and clash.friend.id == friend_id:
            kind = TWINS if what == [subjects.TWINS] else SAME
            return _facts(brand, seen, kind, clash.friend.name, clash.variant.style_name)
    return None


def _facts(
    brand: BrandView, seen: OccasionView, kind: str, name: str, piece: str = ""
) -> NoteFacts:
    return NoteFacts(
        purpose=OCCASIONS_NEWS,
        brand_name=brand.name,
        address=f"/me/occasions/{seen.id}",
        title=seen.title,
        name=name,
        kind=kind,
        reason=piece,
    )
