"""A look's page is read at once, and says what the rooms it is read from say."""

from datetime import timedelta

import pytest

from core.errors import NotFound
from core.transaction import Database
from retail.brands import service as brands
from retail.brands.queries import StoreView
from retail.catalogue import queries as catalogue
from retail.catalogue.queries import SizeHere
from retail.look_page.queries import LookPage, get_look_page
from retail.outfits import queries as outfits
from tests.builders.brands import new_brand, new_store
from tests.builders.catalogue import new_stock, new_variant
from tests.builders.holds import new_hold
from tests.builders.outfits import new_draft, new_outfit, new_stylist
from tests.conftest import NOON, both_databases


def page_of(
    db: Database, outfit_id: str, *, at: StoreView | None = None, viewer_id: str | None = None
) -> LookPage:
    slug = at.slug if at else None
    with db.glances() as ask:
        return get_look_page(ask, outfit_id, viewer_id=viewer_id, store_slug=slug, now=NOON)


@both_databases
def test_it_shows_the_look_that_everyone_may_see(db: Database) -> None:
    with db.write() as session:
        store = new_store(session)
        outfit_id = new_outfit(session, store, drawings=("trench", "jeans", "boots"))
        look = outfits.get_visible(session, outfit_id)
    page = page_of(db, outfit_id)
    assert page.outfit == look
    assert page.brand.id == store.brand_id
    assert (list(page.stores), page.store) == ([store], store)


@both_databases
def test_stores_that_open_or_change_are_on_the_very_next_page(db: Database) -> None:
    with db.write() as session:
        brand = new_brand(session)
        first = new_store(session, brand=brand, name="Bath")
        outfit_id = new_outfit(session, first)
    assert [store.name for store in page_of(db, outfit_id).stores] == ["Bath"]
    with db.write() as session:
        second = new_store(session, brand=brand, name="Ayr")
    assert [store.name for store in page_of(db, outfit_id).stores] == ["Ayr", "Bath"]
    place = {"zone": second.zone, "currency": second.currency, "locale": second.locale}
    with db.write() as session:
        brands.update_store(session, second.id, brand_id=brand.id, name="Cork", **place)
    assert [store.name for store in page_of(db, outfit_id).stores] == ["Bath", "Cork"]


@both_databases
def test_it_has_the_sizes_of_a_colour_at_the_store_asked_for(db: Database) -> None:
    with db.write() as session:
        brand = new_brand(session)
        first = new_store(session, brand=brand, slug="a-first", name="A first")
        second = new_store(session, brand=brand, slug="b-second", name="B second")
        outfit_id = new_outfit(session, first, drawings=("trench",))
        (piece,) = outfits.get_visible(session, outfit_id).pieces
        style = catalogue.get_style(session, brand.id, piece.style_id)
        larger = new_variant(session, brand_id=brand.id, style=style, size="14")
        other = new_variant(session, brand_id=brand.id, style=style, colour_name="Black")
        late = NOON - timedelta(minutes=6)
        for variant_id in (piece.variant_id, other.id):
            new_stock(session, brand_id=brand.id, store_id=second.id, variant_id=variant_id)
        new_stock(
            session,
            brand_id=brand.id,
            store_id=second.id,
            variant_id=larger.id,
            on_hand=0,
            counted_at=late,
        )
    assert page_of(db, outfit_id).sizes == {}
    page = page_of(db, outfit_id, at=second)
    assert page.store == second
    assert page.sizes == {
        piece.variant_id: [SizeHere("12", 3, NOON, True), SizeHere("14", 0, late, False)]
    }


@both_databases
def test_what_is_held_is_not_among_what_is_left_until_its_time_is_over(db: Database) -> None:
    with db.write() as session:
        store = new_store(session)
        outfit_id = new_outfit(session, store, drawings=("trench",))
        (piece,) = outfits.get_visible(session, outfit_id).pieces
        held = catalogue.get_variants(session, store.brand_id, [piece.variant_id])
        where = {"brand_id": store.brand_id, "store_id": store.id, "variant_id": piece.variant_id}
        new_stock(session, **where)
        until = {"until": NOON + timedelta(minutes=15)}
        for began_at, about in ((NOON, until), (NOON, {"until": NOON})):
            new_hold(session, store, held[piece.variant_id], "0" * 26, now=began_at, **about)
    (size,) = page_of(db, outfit_id).sizes[piece.variant_id]
    assert size.on_hand == 2


@both_databases
def test_what_is_private_is_there_for_its_owner_alone(db: Database) -> None:
    with db.write() as session:
        store = new_store(session)
        stylist = new_stylist(session, store.brand_id)
        private = new_outfit(session, store, member=stylist, audience="only_me")
        draft = new_draft(session, store, stylist)
    assert page_of(db, private, viewer_id=stylist.id).outfit.pieces[0].size == "12"
    for outfit_id in (private, draft, "absent"):
        with pytest.raises(NotFound):
            page_of(db, outfit_id)
