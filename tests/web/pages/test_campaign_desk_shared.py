"""The marketers' desk shared by two: files moved, drafts opened twice, long lists, refusals."""

import io
import json
from collections.abc import Callable
from datetime import timedelta

import pytest

from core import clock as time
from core.clock import FixedClock
from core.transaction import Database
from loyalty.campaigns import queries, service
from loyalty.campaigns.definition import tell_campaign
from loyalty.campaigns.queries import CampaignView
from loyalty.campaigns.rules import NAME_LENGTH
from retail.brands.queries import StoreView
from tests.builders.brands import new_store
from tests.builders.campaigns import ten_per_cent
from tests.builders.receipts import new_receipt
from tests.builders.staff_accounts import COOKIE, new_staff, sign_in_staff
from tests.builders.visitor import Visitor

Visit = Callable[[], Visitor]
DESK = "/staff/campaigns"


@pytest.fixture
def store(db: Database, clock: FixedClock) -> StoreView:
    del clock
    with db.write() as session:
        return new_store(session)


@pytest.fixture
def marketers(db: Database, store: StoreView, visit: Visit) -> list[Visitor]:
    with db.write() as session:
        staff = [new_staff(session, store.brand_id, role="marketer") for _each in range(2)]
        return [visit().sign_in(sign_in_staff(session, one), cookie=COOKIE) for one in staff]


def plan(db: Database, store: StoreView, name: str = "Coats", *, minutes: int = 0) -> str:
    """The address of a draft that starts now and ends after so many minutes, or never."""
    now = time.now()
    with db.write() as session:
        made = service.draft(
            session,
            programme_id=store.brand_id,
            definition=ten_per_cent(name=name),
            starts_at=now - timedelta(days=90),
            ends_at=now + timedelta(minutes=minutes) if minutes else None,
            now=now,
        )
    return f"{DESK}/{made}"


def only(db: Database, store: StoreView) -> CampaignView:
    with db.read() as session:
        (found,) = queries.page(session, store.brand_id)
        return found


def upload(marketer: Visitor, text: str) -> Visitor:
    form: dict[str, object] = dict(marketer.open(f"{DESK}/file").form(f"{DESK}/file"))
    form["file"] = (io.BytesIO(text.encode()), "campaign.json")
    marketer.page = marketer.client.post(
        f"{DESK}/file", data=form, headers={"Sec-Fetch-Site": "same-origin"}
    )
    return marketer


def test_an_uploaded_file_is_imported_by_the_button_under_what_it_would_change(
    db: Database, store: StoreView, marketers: list[Visitor]
) -> None:
    moved = ten_per_cent(name="From the test shop, “moved”", priority=9)
    page = upload(marketers[0], json.dumps(tell_campaign(moved)))
    assert "would be new" in page.text
    assert page.send(f"{DESK}/file", do="import").status == 200
    assert only(db, store).definition == moved


def test_a_file_nested_beyond_reading_is_refused(marketers: list[Visitor]) -> None:
    page = upload(marketers[0], "[" * 100_000)
    assert page.status == 422
    assert "This is no JSON file." in page.text


def test_who_saves_over_a_colleagues_draft_is_told_before(
    db: Database, store: StoreView, marketers: list[Visitor]
) -> None:
    address = plan(db, store)
    ada, jo = (one.open(address) for one in marketers)
    assert ada.send(address, do="save", priority="7").path == DESK
    assert jo.send(address, do="save", priority="5").status == 409
    assert "Somebody changed this draft" in jo.text
    assert jo.form(address)["priority"] == "5"
    assert only(db, store).definition.priority == 7
    # Told of it, they may still put theirs over it.
    assert jo.send(address, do="save", priority="5").path == DESK
    assert only(db, store).definition.priority == 5


def test_a_preview_in_between_keeps_what_was_opened(
    db: Database, store: StoreView, marketers: list[Visitor]
) -> None:
    address = plan(db, store)
    ada, jo = (one.open(address) for one in marketers)
    ada.send(address, do="save", priority="7")
    jo.send(address, do="preview", priority="5")
    assert jo.send(address, do="save").status == 409


def test_nobody_starts_what_they_have_not_seen(
    db: Database, store: StoreView, marketers: list[Visitor]
) -> None:
    address = plan(db, store)
    ada, jo = (one.open(address) for one in marketers)
    ada.send(address, do="save", priority="7")
    assert jo.send(f"{address}/start").status == 409
    assert only(db, store).state == "draft"
    jo.open(address).send(f"{address}/start")
    assert only(db, store).state == "started"


def test_a_campaign_whose_end_is_over_does_not_start(
    db: Database, store: StoreView, marketers: list[Visitor], clock: FixedClock
) -> None:
    address = plan(db, store, minutes=1)
    clock.advance(minutes=1)
    page = marketers[0].open(address).send(f"{address}/start")
    assert page.status == 409
    assert "Its end is over" in page.text
    assert only(db, store).state == "draft"


def test_what_is_over_costs_nothing_in_a_simulation_of_all(
    db: Database, store: StoreView, marketers: list[Visitor], clock: FixedClock
) -> None:
    with db.write() as session:
        new_receipt(session, store=store)
    for name, minutes in (("Short", 1), ("Long", 10)):
        address = plan(db, store, name, minutes=minutes)
        marketers[0].open(address).send(f"{address}/start")
    clock.advance(minutes=1)
    page = marketers[0].open(f"{DESK}/past").text
    assert "Long" in page
    assert "Short" not in page


def test_a_copy_of_the_longest_name_has_a_name_of_its_own(
    db: Database, store: StoreView, marketers: list[Visitor]
) -> None:
    address = plan(db, store, "W" * NAME_LENGTH)
    page = marketers[0].open(address).send(f"{address}/copy")
    assert "A copy, as a draft." in page.text
    again = page.open(address).send(f"{address}/copy")
    assert again.status == 409
    assert "There is another campaign of this name." in again.text
    assert again.form(address)["name"] == "W" * NAME_LENGTH


def test_the_sixtieth_campaign_is_on_the_second_page(
    db: Database, store: StoreView, marketers: list[Visitor]
) -> None:
    for number in range(60):
        plan(db, store, f"Plan {number:02}")
    page = marketers[0].open(DESK)
    assert "Plan 59" in page.text
    assert "Plan 09" not in page.text
    older = page.text.partition(f'href="{DESK}?after=')[2].partition('"')[0]
    page.open(f"{DESK}?after={older}")
    assert "Plan 09" in page.text
    assert "Plan 59" not in page.text
    assert "?after=" not in page.text
