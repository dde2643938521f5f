"""How many like a product, for any display: public, kept for a while, and never about anybody."""

from typing import Any

import pytest
from flask import Flask

from core.clock import FixedClock
from core.transaction import database
from retail.brands.queries import StoreView
from retail.catalogue.queries import VariantView
from retail.product_likes import service
from tests.builders.accounts import new_member, sign_in
from tests.builders.brands import new_brand, new_store
from tests.builders.catalogue import new_variant
from tests.builders.shelf import liked_by_many, two_friends
from tests.conftest import NOON


@pytest.fixture
def store(app: Flask) -> StoreView:
    with app.app_context(), database().write() as session:
        return new_store(session, brand=new_brand(session, slug="alder"))


@pytest.fixture
def coat(app: Flask, store: StoreView) -> VariantView:
    """A coat that 12 people like."""
    with app.app_context(), database().write() as session:
        coat = new_variant(session, brand_id=store.brand_id)
        liked_by_many(session, coat, store.brand_id, 12)
        service.count(session, store.brand_id, now=NOON)
        return coat


def ask(app: Flask, path: str, **headers: str) -> Any:
    return app.test_client().get(f"/api/v1/products/{path}", headers=headers)


def test_a_display_reads_a_rounded_number_and_asks_again_whether_it_changed(
    app: Flask, coat: VariantView
) -> None:
    first = ask(app, f"{coat.gtin}/likes?brand=alder")
    told = {"gtin": coat.gtin, "likes": 10, "counted_at": "2026-11-22T12:00:00Z"}
    assert first.get_json() == told
    assert first.headers["Cache-Control"] == "public, max-age=300"
    assert first.headers["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in first.headers
    again = ask(app, f"{coat.gtin}/likes?brand=alder", **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Access-Control-Allow-Origin"] == "*"


def test_one_like_more_changes_nothing_that_anybody_reads(
    app: Flask, store: StoreView, coat: VariantView, clock: FixedClock
) -> None:
    before = ask(app, f"{coat.gtin}/likes?brand=alder").headers["ETag"]
    with app.app_context(), database().write() as session:
        nina = new_member(session, store.brand_id)
        service.like(session, coat.gtin or "", member=nina, now=clock.now())
    assert ask(app, f"{coat.gtin}/likes?brand=alder").headers["ETag"] == before


def test_many_are_read_at_once_and_only_of_the_brand_that_is_named(
    app: Flask, store: StoreView, coat: VariantView
) -> None:
    with app.app_context(), database().write() as session:
        boots = new_variant(session, brand_id=store.brand_id)
        theirs = new_variant(session, brand_id=new_brand(session, slug="birch").id)
    asked = "&".join(f"gtin={one.gtin}" for one in (coat, boots, theirs))
    found = ask(app, f"likes?brand=alder&{asked}").get_json()
    numbers = {one["gtin"]: one["likes"] for one in found["products"]}
    assert numbers == {coat.gtin: 10, boots.gtin: 0}
    assert found["unknown"] == [theirs.gtin]
    assert ask(app, f"{coat.gtin}/likes?brand=birch").status_code == 404
    assert ask(app, f"{coat.gtin}/likes?brand=nowhere").status_code == 404
    for wrong in ("likes?brand=alder", "likes?brand=alder&gtin=12", f"{coat.gtin}/likes"):
        assert ask(app, wrong).status_code == 422
    assert ask(app, f"likes?brand=alder&{'gtin=4006381333931&' * 101}").status_code == 422


def test_members_like_keep_and_send_over_the_api(app: Flask, store: StoreView) -> None:
    with app.app_context(), database().write() as session:
        coat = new_variant(session, brand_id=store.brand_id)
        nina, sarah = two_friends(session, store.brand_id)
        tokens = {who.id: sign_in(session, who) for who in (nina, sarah)}

    def call(who: str, method: str, path: str, **body: Any) -> Any:
        headers = {"Authorization": f"Bearer {tokens[who]}"}
        return app.test_client().open(f"/api/v1/me/{path}", method=method, headers=headers, **body)

    liked = call(nina.id, "PUT", f"liked-products/{coat.gtin}").get_json()
    assert call(nina.id, "GET", "liked-products").get_json() == [liked]
    assert call(nina.id, "DELETE", f"liked-products/{coat.gtin}").get_json()["is_liked"] is False
    call(nina.id, "PUT", f"saved-pieces/{coat.gtin}")
    reminder = f"saved-pieces/{coat.gtin}/reminder"
    day = {"on": "2026-11-30", "repeats": "last_day"}
    assert call(nina.id, "PUT", reminder, json=day).status_code == 204
    assert call(nina.id, "GET", "saved-pieces").get_json()[0]["remind_on"] == "2026-11-30"
    assert call(nina.id, "DELETE", reminder).status_code == 204
    send = f"friends/{sarah.id}/sent-pieces/{coat.gtin}"
    assert call(nina.id, "PUT", send, json={"line": "You?"}).status_code == 201
    assert call(nina.id, "PUT", send, json={"line": "You?"}).status_code == 409
    (received,) = call(sarah.id, "GET", "sent-pieces").get_json()["received"]
    assert (received["friend_id"], received["line"]) == (nina.id, "You?")
    assert call(sarah.id, "PUT", f"muted-senders/{nina.id}").status_code == 204
    quiet = call(sarah.id, "GET", "sent-pieces").get_json()
    assert (quiet["received"], [one["id"] for one in quiet["muted"]]) == ([], [nina.id])
    assert call(sarah.id, "DELETE", f"muted-senders/{nina.id}").status_code == 204
    assert call(sarah.id, "DELETE", f"sent-pieces/{nina.id}/{coat.id}").status_code == 204
    taken = call(nina.id, "DELETE", f"friends/{sarah.id}/sent-pieces/{coat.id}")
    assert (taken.status_code, call(nina.id, "GET", "sent-pieces").get_json()["sent"]) == (204, [])
