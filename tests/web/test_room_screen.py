"""What a room's screen says of its pieces: who wore them, which is meant, and what is here now."""

import pytest
from flask import Flask
from sqlalchemy import text

from core import clock as core_clock
from core.transaction import Database
from retail.catalogue import service as catalogue
from retail.catalogue.models import Style
from retail.catalogue.service import StockCount
from tests.builders.floor import epc_of
from tests.builders.rooms import Room, new_room


@pytest.fixture
def room(app: Flask) -> Room:
    return new_room(app)


def test_what_was_written_of_it_and_who_wore_it_stand_apart(room: Room, db: Database) -> None:
    """An article is not of whoever stands first among those who wore it."""
    written = [{"on": "2026-10-02", "publication": "Evening News", "title": "A coat for rain"}]
    worn = ["Ruth Adeyemi, at the Tidemill", "Theo Marsh, on the night train", "Femi Ellery"]
    for names in ([], worn):
        with db.write() as session:
            for style in session.query(Style):
                style.press, style.worn_by = written, names
        room.read(epc_of(room.floor.trench_10))
        page = room.shows()
        assert "A coat for rain" in page
        assert "Evening News, 2 October 2026" in page
    tag = page.partition('class="seen tag-l">')[2].partition("</div>")[0]
    assert tag.startswith("Seen on Ruth Adeyemi, at the Tidemill<small>Also seen on Theo Marsh")
    assert "Femi Ellery" in tag
    assert "Evening News" not in tag


def test_of_two_sizes_inside_the_one_that_is_shown_is_marked(room: Room) -> None:
    floor = room.floor
    room.read(epc_of(floor.trench_10), epc_of(floor.trench_12))

    def marked(variant_id: str) -> list[bool]:
        page = room.touch("show", variant_id=variant_id).text
        brought = page.partition('aria-label="What you brought in"')[2].partition('class="choose"')
        return [part[:4] == "true" for part in brought[0].split('aria-pressed="')[1:]]

    assert marked(floor.trench_10.id) == [not each for each in marked(floor.trench_12.id)]
    assert marked(floor.navy_12.id) == [True, True], "of the style, and neither of them"


def test_a_screen_is_woken_by_what_changes_the_stock_of_its_store(room: Room, db: Database) -> None:
    """A count here; a sale and a hold are told of in the same words."""
    room.read(epc_of(room.floor.trench_10))
    topics = room.shows().partition('data-topic="')[2].partition('"')[0].split()
    count, store = StockCount(1, gtin=room.floor.trench_12.gtin), room.floor.store
    with db.write() as session:
        told = {"brand_id": store.brand_id, "store_id": store.id, "counts": [count]}
        catalogue.put_stock(session, **told, counted_at=core_clock.now(), now=core_clock.now())
    with db.read() as session:
        newest = session.execute(text("SELECT topics FROM event ORDER BY id DESC LIMIT 1"))
        woken = newest.scalar_one()
    assert any(topic in woken for topic in topics)
    assert "1 here" in room.shows()
