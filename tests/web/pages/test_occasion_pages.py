"""Occasions without a script: made, friends asked, outfits planned, twins, and calendars."""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

import pytest
from flask import Flask

from core.transaction import Database
from jobs.schedule import new_worker
from retail.consent.rules import SAME_OCCASION
from tests.builders.accounts import sign_in
from tests.builders.outfits import bought
from tests.builders.same_outfit import Shop, another, new_shop
from tests.builders.visitor import Visitor
from tests.web.pages.conftest import settings_key

GoTo = Callable[[], Visitor]
TYPED = {"title": "Tom’s party", "on": "2026-12-05", "at": "19:00", "place": "Soho"}
FILE = """BEGIN:VCALENDAR
BEGIN:VEVENT
UID:1
SUMMARY:Ada's wedding
DTSTART:20261212T140000Z
RRULE:FREQ=YEARLY
END:VEVENT
BEGIN:VEVENT
UID:2
SUMMARY:Broken
DTSTART:soon
END:VEVENT
END:VCALENDAR
"""


@dataclass
class Party:
    """Sarah's and Priya's browsers; both have a dress, and agreed to hear of the same."""

    app: Flask
    db: Database
    shop: Shop
    sarah: Visitor
    priya: Visitor
    address: str

    def come(self, who: Visitor) -> None:
        """Plan to wear the dress, as somebody who comes."""
        who.open(self.address).send(f"{self.address}/plan", variant_ids=self.shop.dress.id)
        with self.app.app_context():
            new_worker(self.db).run_all()

    @property
    def twins(self) -> tuple[str, str]:
        """Where Sarah, and where Priya, says that she would twin."""
        shop = self.shop
        return (
            f"{self.address}/twins/{shop.priya.id}/{shop.dress.id}",
            f"{self.address}/twins/{shop.sarah.id}/{shop.dress.id}",
        )


@pytest.fixture
def party(app: Flask, db: Database, visit: GoTo) -> Party:
    key = settings_key(app)
    with db.write() as session:
        shop = new_shop(session, SAME_OCCASION)
        another(session, shop.store, shop.style, "Sand")
        bought(session, shop.store, shop.sarah, [shop.dress])
        browsers = [
            visit().sign_in(sign_in(session, one, key=key)) for one in (shop.sarah, shop.priya)
        ]
    sarah, priya = browsers
    sarah.open("/me/occasions/new").send("/me/occasions/new", **TYPED)
    address = sarah.path
    sarah.send(f"{address}/guests", friend_ids=shop.priya.id)
    with app.app_context():
        new_worker(db).run_all()
    return Party(app, db, shop, sarah, priya, address)


def test_a_friend_is_asked_answers_and_only_the_maker_reads_it(party: Party) -> None:
    assert "Sarah L. asks you to come" in party.priya.open("/me/notes").text
    listed = party.priya.open("/me/occasions").text
    assert "Tom’s party" in listed
    assert "Saturday 5 December 2026, 19:00, Soho" in listed
    party.priya.open(party.address).send(f"{party.address}/answer", answer="accepted")
    assert "You’re coming." in party.priya.text
    assert "Who you asked" not in party.priya.text
    assert "Is coming" in party.sarah.open(party.address).text
    party.priya.send(f"{party.address}/answer", answer="declined")
    assert "What you wear" not in party.priya.text


def test_both_who_plan_the_same_are_told_and_swap_or_twin(party: Party) -> None:
    party.priya.open(party.address).send(f"{party.address}/answer", answer="accepted")
    party.come(party.priya)
    assert "Snap!" not in party.sarah.open(party.address).text
    party.come(party.sarah)
    snap = "Snap! Sarah L. plans the Wren dress too"
    assert snap in party.priya.open(party.address).text
    assert snap in party.priya.open("/me/notes").text
    assert "Sand" in party.sarah.open(party.address).text
    mine, hers = party.twins
    party.sarah.send(mine)
    assert "You’d twin. It takes both." in party.sarah.text
    assert "Sarah L. would twin." in party.priya.open(party.address).text
    party.priya.send(hers)
    assert "Twins with Sarah L." in party.priya.text
    party.sarah.open(party.address).send(f"{mine}/undo")
    party.sarah.send(f"{party.address}/plan/{party.shop.dress.id}/drop")
    assert "Snap!" not in party.sarah.text
    assert "Snap!" not in party.priya.open(party.address).text


def test_what_is_wrong_stands_beside_what_was_typed(party: Party) -> None:
    form = party.sarah.open("/me/occasions/new")
    page = form.send("/me/occasions/new", **TYPED | {"zone": "Mars/Base", "title": "Landing"})
    assert page.status == 422
    assert "We don’t know this time zone." in page.text
    assert 'value="Landing"' in page.text
    page = party.sarah.open(party.address).send(f"{party.address}/plan", variant_ids="none")
    assert page.status == 422


def test_an_occasion_is_changed_for_everybody_and_deleted(party: Party) -> None:
    edit = f"{party.address}/edit"
    page = party.sarah.open(edit).send(edit, title="Tom’s garden party", at="")
    assert "Tom’s garden party" in page.text
    assert "Saturday 5 December 2026" in party.priya.open(party.address).text
    assert party.priya.open(edit).status == 404
    party.sarah.open(party.address).send(f"{party.address}/guests/{party.shop.priya.id}/uninvite")
    assert party.priya.open(party.address).status == 404
    party.sarah.open(party.address).send(f"{party.address}/delete")
    assert "Nothing here" in party.sarah.text
    assert party.sarah.open(party.address).status == 404


def upload(party: Party, text: bytes) -> str:
    page = party.sarah.open("/me/occasions/calendar")
    form = page.form("/me/occasions/calendar")
    data = form | {"file": (BytesIO(text), "mine.ics")}
    party.sarah.page = party.sarah.client.post(
        "/me/occasions/calendar", data=data, headers={"Sec-Fetch-Site": "same-origin"}
    )
    return party.sarah.text


def test_a_calendar_is_seen_first_picked_and_brought_in_once(party: Party) -> None:
    text = upload(party, FILE.encode())
    assert "Ada's wedding" in text
    assert "It repeats: only this first time comes in." in text
    assert "We can’t read when it is." in text
    uid = party.sarah.form("/me/occasions/calendar/picked")["uids"]
    assert "Ada's wedding" not in Visitor(party.sarah.client).open("/me/occasions").text
    for _ in range(2):
        party.sarah.send("/me/occasions/calendar/picked", uids=uid, calendar=FILE)
        upload(party, FILE.encode())
    assert "You have it already." in party.sarah.text
    assert party.sarah.open("/me/occasions").text.count("Ada's wedding") == 1
    taken = party.sarah.api("GET", "/api/v1/me/occasions/calendar.ics")
    assert taken.content_type == "text/calendar; charset=utf-8"
    assert "SUMMARY:Tom’s party\r\n" in taken.text


@pytest.mark.parametrize("file", [b"\xff\xfe\x00", b"BEGIN:VCALENDAR\r\n" * 9])
def test_a_hostile_file_is_refused_and_changes_nothing(party: Party, file: bytes) -> None:
    upload(party, file)
    assert party.sarah.status == 422
    assert "Bring a calendar" in party.sarah.text
    assert party.sarah.open("/me/occasions").text.count("Tom’s party") == 1


def test_the_api_says_and_does_the_same(party: Party) -> None:
    me, priya = party.sarah, party.priya
    wish = {"title": "Lunch", "on": "2026-12-20", "zone": "Europe/London"}
    made = me.api("POST", "/api/v1/me/occasions", json=wish)
    assert made.status_code == 201
    address = f"/api/v1/me/occasions/{made.get_json()['id']}"
    assert me.api("PUT", address, json=wish | {"title": "Brunch"}).status_code == 204
    asked = {"friend_ids": [party.shop.priya.id]}
    assert me.api("POST", f"{address}/guests", json=asked).status_code == 204
    comes = {"answer": "accepted"}
    assert priya.api("PUT", f"{address}/answer", json=comes).status_code == 204
    wears = {"variant_ids": [party.shop.dress.id]}
    for one in (me, priya):
        assert one.api("POST", f"{address}/plan", json=wears).status_code == 204
    seen = me.api("GET", address).get_json()
    assert (seen["occasion"]["title"], seen["guests"][0]["answer"]) == ("Brunch", "accepted")
    (clash,) = seen["clashes"]
    assert (clash["friend"]["name"], clash["are_twins"]) == ("Priya S.", False)
    assert [one["colour"] for one in clash["colours"]] == ["Sand"]
    twin = f"{address}/twins/{party.shop.priya.id}/{party.shop.dress.id}"
    (clash,) = me.api("PUT", twin).get_json()["clashes"]
    assert clash["wishes"]
    assert me.api("DELETE", twin).status_code == 204
    assert me.api("DELETE", f"{address}/plan/{party.shop.dress.id}").status_code == 204
    assert me.api("PUT", twin).status_code == 404
    page = me.api("GET", "/api/v1/me/occasions?limit=1").get_json()
    assert [one["title"] for one in page["occasions"]] == ["Tom’s party"]
    after = me.api("GET", f"/api/v1/me/occasions?after={page['next_after']}").get_json()
    assert [one["title"] for one in after["occasions"]] == ["Brunch"]
    sent = {"calendar": FILE}
    found = me.api("POST", "/api/v1/me/occasions/calendar/preview", json=sent).get_json()
    picked = sent | {"uids": [found[0]["uid"]]}
    brought = me.api("POST", "/api/v1/me/occasions/calendar", json=picked).get_json()
    assert brought == {"made": 1, "known": 0}
    assert me.api("DELETE", f"{address}/guests/{party.shop.priya.id}").status_code == 204
    assert priya.api("GET", address).status_code == 404
    assert me.api("DELETE", address).status_code == 204
