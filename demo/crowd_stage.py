"""People who are in a store together and like what hangs at the back of its kiosk's looks."""

from datetime import date, timedelta

from sqlalchemy.orm import Session

from core import clock
from demo import seed
from demo.later import beside
from demo.service import Service
from retail.accounts import queries as accounts
from retail.accounts import service as joining
from retail.audiences.present import AMONG
from retail.brands import queries as brands
from retail.brands.queries import StoreView
from retail.catalogue import queries as catalogue
from retail.consent import service as consent
from retail.consent.in_stores import SCREENS_CHOOSE
from retail.crowds.rules import LEAST_CROWD
from retail.journeys.floor.greet import come_in
from retail.product_likes import service as likes
from retail.social import queries as social

STORE, SHOWN = "covent-garden", 6
BORN = date(1990, 3, 9)
# They joined and liked days ago; they came long enough ago to be settled by now.
JOINED, CAME = timedelta(days=3), timedelta(minutes=40)


def gather(shop: Service) -> None:
    """Have a crowd be there that agreed, and likes a piece of a look that moves little."""
    with beside(shop) as (session, _):
        brand = brands.get_brand_by_slug(session, seed.BRAND_SLUG)
        store = brands.get_store_by_slug(session, brand.id, STORE)
        liked = _at_the_back(session, store)
        for number in range(LEAST_CROWD):
            _come(session, store, number, liked)


def _at_the_back(session: Session, store: StoreView) -> str:
    """The GTIN of a piece on the look that moves least of those that a kiosk chooses from."""
    found = social.trending(
        session, store.brand_id, store_id=store.id, now=clock.now(), limit=SHOWN * AMONG
    )
    ids = [piece.variant_id for piece in found[-1].pieces if piece.is_shown]
    goods = catalogue.get_variants(session, store.brand_id, ids).values()
    return next(one.gtin for one in goods if one.gtin and not one.is_never_shareable)


def _come(session: Session, store: StoreView, number: int, liked: str) -> None:
    joined_at = clock.now() - JOINED
    who, _ = joining.join(
        session, store.brand_id, f"passer.by.{number}@shopper.example", now=joined_at
    )
    name = f"Passer {number + 1}"
    joining.update_profile(session, who, display_name=name, birth_on=BORN, now=joined_at)
    about = {"member_id": who, "brand_id": store.brand_id, "now": joined_at}
    consent.give(session, purpose=SCREENS_CHOOSE, **about)
    member = accounts.get_member(session, who)
    likes.like(session, liked, member=member, now=joined_at)
    came_at = clock.now() - CAME + timedelta(seconds=number)
    come_in(session, store, member=member, way="door", now=came_at)
