"""How many people bought it: on the page of a piece, of a look, of what one keeps, and in store."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from core import clock
from core.transaction import Database
from retail.brands import queries as brands
from retail.catalogue.queries import VariantView
from retail.journeys.looks.lay_out import lay_out
from retail.journeys.looks.publish import publish
from retail.saves import service as saves
from retail.social import service as social
from tests.builders.accounts import new_member, sign_in
from tests.builders.brands import new_store
from tests.builders.catalogue import new_variant, new_variants
from tests.builders.crowds import count_crowds, crowd_buys
from tests.builders.outfits import bought, new_stylist
from tests.builders.visitor import Visitor

LINE = "At least 10 people bought it"
Visit = Callable[[], Visitor]


@contextmanager
def counted(db: Database) -> Iterator[list[str]]:
    """The statements that reach the database meanwhile."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def test_every_page_of_a_piece_that_many_bought_says_so(db: Database, visit: Visit) -> None:
    with db.write() as session:
        store = new_store(session)
        brand = brands.get_brand(session, store.brand_id)
        many, few = new_variants(session, brand_id=brand.id, drawings=["trench", "jeans"])
        crowd_buys(session, store, [many], 11)
        stylist = new_stylist(session, brand.id)
        receipt = bought(session, store, stylist, [many, few])
        look = lay_out(session, receipt.id, member=stylist, now=clock.now())
        publish(session, look, member=stylist, audience="everyone", now=clock.now())
        fan = new_member(session, brand.id)
        social.like(session, look, member=fan, now=clock.now())
        for piece in (many, few):
            saves.save_piece(session, piece.gtin or "", member=fan, now=clock.now())
        count_crowds(session, brand.id)
        token = sign_in(session, fan)
    mine = visit().sign_in(token)
    for browser in (visit(), mine):
        assert browser.open(f"/o/{look}").text.count(LINE) == 1
        assert LINE in browser.open(f"/01/{many.gtin}").text
        assert "people bought" not in browser.open(f"/01/{few.gtin}").text
    assert mine.open("/me/saved").text.count(LINE) == 1
    kiosk = visit().open(f"/kiosk/{brand.slug}/{store.slug}").text
    assert kiosk.count("At least 10 people bought Trench") == 2, "on its tile and its slide"
    told = {
        one["sku"]: one["crowd"] for one in mine.api("GET", "/api/v1/me/saved-pieces").get_json()
    }
    assert told == {many.sku: 10, few.sku: 0}
    [crowd] = mine.api("GET", f"/api/v1/outfits/{look}").get_json()["crowds"]
    assert crowd == {"style_id": many.style_id, "people": 10}


@pytest.mark.parametrize("path", ["/me/saved", "/api/v1/me/saved-pieces"])
def test_a_page_of_many_pieces_asks_as_often_as_one_of_few(
    db: Database, visit: Visit, path: str
) -> None:
    took = []
    for pieces in (1, 12):
        with db.write() as session:
            store = new_store(session)
            member = new_member(session, store.brand_id)
            kept: list[VariantView] = [
                new_variant(session, brand_id=store.brand_id) for _ in range(pieces)
            ]
            for piece in kept:
                saves.save_piece(session, piece.gtin or "", member=member, now=clock.now())
            token = sign_in(session, member)
        browser = visit().sign_in(token)
        with counted(db) as seen:
            assert browser.api("GET", path).status_code == 200
        took.append(len(seen))
        assert sum("style_crowd" in statement for statement in seen) == 1
    assert took[0] == took[1]
