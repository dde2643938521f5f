"""Keep the brand's own page in step with what may hang there."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.errors import NotFound
from retail.consent import queries as consent
from retail.consent.rules import BRAND_PAGE
from retail.outfits import queries as outfits
from retail.outfits.queries import OutfitView
from retail.page_posts import service as page_posts
from retail.sharing import service as sharing
from retail.sharing.rules import WALL

LOOK_JOB = "hang_on_page"
MEMBER_JOB = "take_off_page"


def hang_on_page(session: Session, outfit_id: str, *, page_of: str | None, now: datetime) -> None:
    """Have the page show a look, or show it no more, as consents and the look's state say now.

    `page_of` is the brand that has a page, None where none has. Saying it again changes nothing.
    """
    look = _find_public(session, outfit_id)
    if look is None or not consent.has_consent(session, look.member_id, BRAND_PAGE):
        page_posts.unwant(session, outfit_id, now=now)
    elif look.brand_id == page_of:
        (link,) = sharing.make_links(session, outfit_id, sharer=None, channels=(WALL,), now=now)
        page_posts.want(
            session,
            outfit_id,
            brand_id=look.brand_id,
            owner_id=look.member_id,
            share_id=link.share_id,
            now=now,
        )


def take_off_page(session: Session, member_id: str, *, now: datetime) -> None:
    """Have the page show nothing any more of a member who took the agreement back."""
    if not consent.has_consent(session, member_id, BRAND_PAGE):
        page_posts.unwant_all(session, member_id, now=now)


def _find_public(session: Session, outfit_id: str) -> OutfitView | None:
    try:
        return outfits.get_visible(session, outfit_id)
    except NotFound:
        return None
