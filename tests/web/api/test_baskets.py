"""A till asks what a basket is given, beforehand and for good, and takes it back."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from core.clock import FixedClock
from core.transaction import Database
from loyalty.campaigns import queries
from loyalty.campaigns.definition import read_campaign
from loyalty.ledger import queries as ledger
from retail.journeys.points.end_points import release_points
from tests.builders.accounts import new_member
from tests.builders.brands import new_brand, new_store
from tests.builders.campaigns import new_campaign, told
from tests.builders.catalogue import new_variants
from tests.builders.staff import new_integrator_key, new_till_key
from tests.builders.vouchers import agree_on
from tests.conftest import both_databases
from web.auth import settings
from web.pages.shopper.points import statement_page

pytestmark = both_databases

THIRD_OFF_COATS = {"kind": "percent_off", "per_cent": 33, "scope": {"includes": ["category:coats"]}}


class Till:
    """A till, what it sells, and a campaign that gives a third of coats and points to members."""

    def __init__(self, app: Flask, db: Database) -> None:
        self.client, self.db = app.test_client(), db
        with app.app_context(), db.write() as session:
            brand = new_brand(session)
            store = new_store(session, brand=brand, slug="leeds")
            self.brand_id, self.key_of = brand.id, settings().key
            (self.coat,) = new_variants(session, brand_id=brand.id, drawings=("trench",))
            self.member = new_member(session, brand.id)
            self.stranger = new_member(session, new_brand(session).id)
            _, self.key = new_till_key(session, brand.id, store.id, key=self.key_of)
            _, self.office = new_integrator_key(session, brand.id, key=self.key_of)
            agree_on(session, "Thank you", programme_id=brand.id)
            campaign = told(
                THIRD_OFF_COATS,
                {"kind": "points", "points": 50},
                {"kind": "voucher", "terms": "Thank you"},
                limits={"uses": 2, "uses_each": 1},
                name="Coats",
            )
            self.campaign = new_campaign(session, read_campaign(campaign), programme_id=brand.id)

    def price(self, *totals: int, by: str | None = None, **more: Any) -> Any:
        lines = [
            {"gtin": self.coat.gtin, "quantity": "1", "total_minor": total} for total in totals
        ]
        body = {"currency": "GBP", "lines": lines, "member_id": self.member.id} | more
        return self.call("POST", "/baskets/price", by=by, json=body)

    def call(self, method: str, path: str, by: str | None = None, **options: Any) -> Any:
        headers = {"Authorization": f"Bearer {by or self.key}"}
        return self.client.open(f"/api/v1{path}", method=method, headers=headers, **options)

    @property
    def uses(self) -> int:
        with self.db.read() as session:
            return queries.get(session, self.campaign.id, programme_id=self.brand_id).used.uses


@pytest.fixture
def till(app: Flask, db: Database) -> Till:
    return Till(app, db)


def test_a_basket_is_priced_to_the_penny_with_the_reasons_and_nothing_is_written(
    till: Till,
) -> None:
    reply = till.price(1001, 1000).json
    assert [line["discount_minor"] for line in reply["lines"]] == [330, 330]
    assert (reply["total_minor"], reply["discount_minor"], reply["to_pay_minor"]) == (
        2001,
        660,
        1341,
    )
    assert (reply["points"], reply["vouchers"]) == (50, ["Thank you"])
    assert [gift["campaign"] for gift in reply["gifts"]] == ["Coats"]
    assert [(one["campaign"], one["applies"]) for one in reply["reasons"]] == [("Coats", True)]
    assert reply["source"] is None
    assert till.uses == 0


def test_a_number_gives_once_and_answers_the_same_again(till: Till) -> None:
    first = till.price(1000, commit=True, source="A-1").json
    again = till.price(1000, commit=True, source="A-1").json
    assert (first["is_new"], again["is_new"], first["discount_minor"]) == (True, False, 330)
    for name in ("lines", "gifts", "points", "vouchers", "to_pay_minor"):
        assert first[name] == again[name], name
    assert till.uses == 1


def test_another_basket_under_the_number_is_refused(till: Till) -> None:
    till.price(1000, commit=True, source="A-1")
    answer = till.price(1001, commit=True, source="A-1")
    assert (answer.status_code, answer.json["type"]) == (
        409,
        "urn:swingtag:problem:basket_differs",
    )
    assert till.uses == 1


def test_also_a_basket_that_was_given_nothing_keeps_its_number(till: Till) -> None:
    till.price(1000, commit=True, source="A-1", member_id=None)
    assert till.price(1000, commit=True, source="A-1").status_code == 409


def test_what_was_given_is_taken_back_once_and_its_number_stays_spent(till: Till) -> None:
    till.price(1000, commit=True, source="A-1")
    till.price(1000, commit=True, source="A-2")
    assert till.uses == 1
    undone = [till.call("DELETE", "/baskets/A-1").json["undone"] for _ in range(3)]
    assert (undone, till.uses) == ([1, 0, 0], 0)
    answer = till.price(1000, commit=True, source="A-1")
    assert (answer.status_code, answer.json["type"]) == (
        409,
        "urn:swingtag:problem:basket_taken_back",
    )
    assert till.price(1000, commit=True, source="A-3").json["discount_minor"] == 330


def test_an_unknown_number_cannot_be_taken_back(till: Till) -> None:
    assert till.call("DELETE", "/baskets/A-1").status_code == 404


def test_a_basket_that_was_sold_offline_counts_at_its_time(till: Till, clock: FixedClock) -> None:
    before = clock.now() - timedelta(hours=2)
    assert till.price(1000, at=before.isoformat()).json["discount_minor"] == 0
    early = clock.now() - timedelta(days=31)
    assert list(till.price(1000, at=early.isoformat()).json["fields"]) == ["at"]


def test_a_member_of_another_brand_and_unknown_goods_are_told_and_never_stop_a_sale(
    till: Till,
) -> None:
    line = {"sku": "nobody-knows", "quantity": 1, "total_minor": 500}
    reply = till.price(lines=[line], member_id=till.stranger.id).json
    assert [one["code"] for one in reply["notices"]] == ["unknown_product", "unknown_member"]
    assert reply["to_pay_minor"] == 500


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"currency": "EUR"}, "currency"),
        ({"lines": []}, "lines"),
        ({"lines": [{"quantity": 1, "total_minor": -1}]}, "lines.0.total_minor"),
        ({"lines": [{"quantity": 1, "total_minor": 1.5}]}, "lines.0.total_minor"),
        ({"commit": True}, "source"),
        ({"store": "elsewhere"}, "store"),
    ],
)
def test_what_makes_no_sense_names_its_field(till: Till, wrong: dict[str, Any], field: str) -> None:
    answer = till.price(1000, **wrong)
    assert (answer.status_code, list(answer.json["fields"])) == (422, [field])


def test_an_integrator_names_the_store_that_it_sells_for(till: Till) -> None:
    assert till.price(1000, by=till.office).status_code == 422
    assert till.price(1000, by=till.office, store="leeds").json["discount_minor"] == 330


def test_terms_are_agreed_on_under_a_name_once_and_for_ever(till: Till) -> None:
    terms = {"kind": "amount", "value": 300, "currency": "GBP"}

    def put(name: str, **more: Any) -> Any:
        path = f"/voucher-terms/{name}"
        return till.call("PUT", path, by=till.office, json=terms | more)

    first = put("Come again")
    assert (first.status_code, first.json["name"]) == (200, "Come again")
    assert put("Come again").json == first.json
    assert put("Come again", value=400).status_code == 409
    assert put("x" * 81).status_code == 422


def test_the_member_reads_the_name_of_the_campaign_and_that_it_was_taken_back(
    app: Flask, till: Till
) -> None:
    till.price(1000, commit=True, source="A-1")
    with till.db.write() as session:
        for lot in ledger.pending_lots(session, till.brand_id, till.member.id):
            about = {"programme_id": till.brand_id, "source": lot.source}
            release_points(session, **about, now=lot.ends_at)
    assert till.call("DELETE", "/baskets/A-1").json == {
        "undone": 1,
        "points": 50,
        "vouchers_voided": 1,
        "vouchers_used": 0,
    }
    with app.test_request_context(), till.db.read() as session:
        page = statement_page(session, till.member, after=None)
    assert [one.words for one in page.entries] == ["Taken back: Coats", "Campaign: Coats"]
