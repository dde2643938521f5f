"""Sarah and Priya, friends at one shop: Priya has a dress that Sarah is about to buy."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from core import clock
from retail.accounts.queries import MemberView
from retail.brands.queries import StoreView
from retail.catalogue.queries import StyleView, VariantView
from retail.consent.rules import SAME_OUTFIT
from retail.journeys.occasions.same_outfit import ask_at_shelf
from retail.same_outfit import queries
from retail.visits import service as visits
from tests.builders.accounts import give_consent
from tests.builders.brands import new_brand, new_store
from tests.builders.catalogue import new_stock, new_style, new_variant
from tests.builders.friends import befriend
from tests.builders.outfits import bought, new_stylist


@dataclass(frozen=True)
class Shop:
    """A dress in green, which Priya has; Sarah, her friend, checked in at the store."""

    store: StoreView
    style: StyleView
    dress: VariantView
    sarah: MemberView
    priya: MemberView


def new_shop(session: Session, *purposes: str) -> Shop:
    """The shop, where both agreed to these purposes; to be told of the same outfit unless said."""
    store = new_store(session, brand=new_brand(session))
    style = new_style(session, brand_id=store.brand_id, name="Wren dress", category_code="dresses")
    dress = another(session, store, style, "Green")
    sarah = new_stylist(session, store.brand_id, display_name="Sarah Lewis")
    priya = new_stylist(session, store.brand_id, display_name="Priya Shah")
    befriend(session, sarah, priya)
    bought(session, store, priya, [dress])
    for one in (sarah, priya):
        give_consent(session, one, *(purposes or (SAME_OUTFIT,)))
    visits.check_in(session, store, member=sarah, now=clock.now())
    return Shop(store, style, dress, sarah, priya)


def another(
    session: Session, store: StoreView, style: StyleView, colour: str, **overrides: object
) -> VariantView:
    """The style in a colour, with three of it in the store, counted now."""
    values = {"colour_name": colour, "style": style} | overrides
    one = new_variant(session, brand_id=store.brand_id, **values)  # type: ignore[arg-type]
    new_stock(session, brand_id=store.brand_id, store_id=store.id, variant_id=one.id)
    return one


def ask(session: Session, shop: Shop) -> str | None:
    """Whom Sarah finds named once she asked about the dress."""
    now = clock.now()
    ask_at_shelf(session, shop.dress.gtin or "", member=shop.sarah, now=now)
    return named(session, shop)


def named(session: Session, shop: Shop) -> str | None:
    """Whom Sarah finds named of what she asked today."""
    today = queries.asked_today(session, shop.sarah, now=clock.now())
    return next((one.friend.name for one in today if one.friend), None)
