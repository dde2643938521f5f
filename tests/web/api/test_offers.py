"""An offer with a sale, over HTTP: what the till prints, and that no sale ever waits or fails."""

import json
import shutil
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from core.clock import FixedClock
from core.transaction import Database, database
from jobs.schedule import new_worker
from recommender.bundle import Bundle, Shelf, fit
from recommender.interactions import Event
from retail.consent import service as consent
from retail.consent.rules import FRIEND_OFFERS, OFFERS
from retail.friends import service as friends
from retail.journeys.sales.claim import claim_receipt
from retail.offers import queries
from retail.offers.rules import Question, Tip
from retail.training.serving import folder_of
from tests.builders.accounts import give_consent
from tests.builders.friends import befriend
from tests.builders.offers import Boutique, new_adult, new_boutique
from tests.builders.staff import new_till_key
from tests.builders.tastes import SMALL
from tests.conftest import both_databases
from tests.processes import PATIENCE_SECONDS
from web import offering
from web.auth import settings
from web.offering import RANKERS

pytestmark = both_databases
NOON = "2026-11-22T11:59:00Z"


class Till:
    """A till of the boutique, and the application it talks to."""

    def __init__(self, app: Flask, patch: pytest.MonkeyPatch) -> None:
        self.app, self.client, self.patch = app, app.test_client(), patch
        self.set_budget(20_000)
        with app.app_context(), database().write() as session:
            self.shop = new_boutique(session)
            store = self.shop.store
            _, self.key = new_till_key(session, store.brand_id, store.id, key=settings().key)
            self.folder = folder_of(store.brand_id, settings().data_dir)

    def rank_by(self, ranker: Callable[[Question], Sequence[Tip]]) -> None:
        self.patch.setitem(self.app.config, RANKERS, lambda _brand_id, _data_dir: ranker)

    def set_budget(self, milliseconds: int) -> None:
        known = replace(self.app.config["SETTINGS"], offer_budget_milliseconds=milliseconds)
        self.patch.setitem(self.app.config, "SETTINGS", known)

    def post(self, path: str, body: dict[str, Any]) -> Any:
        headers = {"Authorization": f"Bearer {self.key}"}
        return self.client.post(f"/api/v1{path}", json=body, headers=headers)

    def work(self, db: Database) -> None:
        """Let the worker do everything that is due."""
        with self.app.app_context():
            new_worker(db).run_all()

    def thanks(self) -> list[str]:
        """How each voucher stands by which Nina was thanked."""
        with self.app.app_context(), database().read() as session:
            return [one.state for one in self.shop.vouchers(session, self.shop.nina)]

    def sell(self, number: str = "A-1", *, member_id: str | None = "", **headers: str) -> Any:
        line = {"gtin": self.shop.dress.gtin, "quantity": "1", "total_minor": 18_900}
        sale = {"till": "3", "number": number, "sold_at": NOON, "currency": "GBP"}
        sale |= {"lines": [line], "member_id": self.shop.sarah.id if member_id == "" else None}
        return self.client.post(
            "/api/v1/receipts", json=sale, headers={"Authorization": f"Bearer {self.key}"} | headers
        )


@pytest.fixture
def till(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Till:
    return Till(app, monkeypatch)


def bundle_of(shop: Boutique, clock: FixedClock, shoppers: int = 12) -> Bundle:
    """What so many taught, who bought the dress and the shoes together, beside as many others."""
    now = clock.now().timestamp()
    styles = (shop.dress.style_id, shop.shoes.style_id)
    events = [
        Event(f"s{n}", style, "purchase", now - 9) for n in range(shoppers) for style in styles
    ]
    events += [Event(f"t{n}", f"other-{n % 5}", "purchase", now - 9) for n in range(shoppers)]
    return fit(events, [styles] * shoppers, settings=SMALL, now=now)


def test_the_bundle_that_serves_makes_the_offer_that_the_till_prints(
    till: Till, clock: FixedClock
) -> None:
    Shelf(till.folder).publish(bundle_of(till.shop, clock))
    answer = till.sell()
    assert answer.status_code == 201
    (offer,) = answer.json["offers"]
    assert (offer["kind"], offer["sku"], offer["percent"]) == ("friend", till.shop.shoes.sku, 20)
    assert " ".join(offer["lines"]) == (
        "Ad: Thanks for buying Mallory dress, Sarah. Your friend Nina bought it too, and has"
        " Pilar boots as well. 1 left here in your size. 20% off it today, thanks to Nina."
    )
    assert len(offer["code"]) == 19
    again = till.sell()
    assert again.status_code == 200
    assert again.json == answer.json


def test_a_repeat_says_no_name_that_was_taken_back_since(till: Till, clock: FixedClock) -> None:
    till.rank_by(till.shop.ranker)
    assert "Nina" in " ".join(till.sell(**{"Idempotency-Key": "k"}).json["offers"][0]["lines"])
    with till.app.app_context(), database().write() as session:
        nina = till.shop.nina
        who = {"member_id": nina.id, "brand_id": nina.brand_id, "now": clock.now()}
        consent.withdraw(session, **who, purpose=FRIEND_OFFERS)
    again = till.sell(**{"Idempotency-Key": "k"})
    assert again.headers["Idempotent-Replayed"] == "true"
    assert "Nina" not in again.text
    assert len(again.json["offers"]) == 1


@pytest.mark.parametrize("shelf", ["empty", "corrupt"])
def test_without_a_bundle_that_can_be_read_the_sale_has_no_offer(till: Till, shelf: str) -> None:
    if shelf == "corrupt":
        spoil(till.folder)
    answer = till.sell()
    assert (answer.status_code, answer.json["offers"]) == (201, [])


def spoil(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "bundle-1").mkdir()
    (folder / "bundle-1" / "manifest.json").write_text("{")


def test_a_ranker_that_fails_fails_no_sale_and_the_log_says_at_which_step_of_which_request(
    till: Till, logs: Callable[[], str]
) -> None:
    def fail(question: Question) -> Sequence[Tip]:
        raise ZeroDivisionError

    till.rank_by(fail)
    answer = till.sell()
    assert (answer.status_code, answer.json["offers"]) == (201, [])
    [told] = [json.loads(line) for line in logs().splitlines() if '"no_offer"' in line]
    assert (told["step"], told["reason"]) == ("think", "ZeroDivisionError")
    assert told["request_id"] == answer.headers["X-Request-Id"]


@pytest.mark.parametrize("newest", ["cut short", "of another version", "half-written"])
def test_with_a_newer_bundle_that_is_no_good_offers_come_by_the_last_good_one(
    till: Till, clock: FixedClock, newest: str
) -> None:
    good = Shelf(till.folder).publish(bundle_of(till.shop, clock))
    bad = till.folder / "bundle-000002"
    shutil.copytree(till.folder / good, bad)
    if newest == "cut short":
        (bad / "item_factors.npy").write_bytes(b"")
    elif newest == "of another version":
        manifest = json.loads((bad / "manifest.json").read_text()) | {"format": 99}
        (bad / "manifest.json").write_text(json.dumps(manifest))
    else:
        (bad / "manifest.json").unlink()
    assert len(till.sell().json["offers"]) == 1


def test_a_ranker_that_takes_too_long_keeps_no_till_waiting_and_offers_nothing_later(
    till: Till,
) -> None:
    told = threading.Event()

    def ponder(question: Question) -> Sequence[Tip]:
        told.wait(PATIENCE_SECONDS)
        return till.shop.ranker(question)

    till.set_budget(300)
    till.rank_by(ponder)
    answer = till.sell()
    assert (answer.status_code, answer.json["offers"]) == (201, [])
    told.set()
    wait_until_idle()
    assert till.sell().json["offers"] == []


def test_the_whole_story_from_sale_to_thank_you_and_back(
    till: Till, clock: FixedClock, db: Database
) -> None:
    shop, line = (
        till.shop,
        {"total_minor": till.shop.shoes.price_minor, "gtin": till.shop.shoes.gtin},
    )
    Shelf(till.folder).publish(bundle_of(shop, clock))
    (offer,) = till.sell().json["offers"]
    basket = {"till": "3", "reference": "A-2", "currency": "GBP", "lines": [line]}
    used = till.post("/voucher-redemptions", basket | {"vouchers": [offer["code"]]})
    assert used.status_code == 201, used.text
    paid = shop.shoes.price_minor * 4 // 5
    assert used.json["pays_minor"] == paid
    sale = {"till": "3", "number": "A-2", "sold_at": NOON, "currency": "GBP"}
    lines = [{"gtin": shop.shoes.gtin, "quantity": "1", "total_minor": paid}]
    receipt = till.post("/receipts", sale | {"lines": lines, "member_id": shop.sarah.id}).json["id"]
    till.work(db)
    assert till.thanks() == ["issued"]
    back = {"number": "B-1", "returned_at": NOON}
    assert till.post(f"/receipts/{receipt}/returns", back).status_code == 200
    till.work(db)
    assert till.thanks() == ["void"]


def test_rolling_a_redemption_back_takes_the_thank_you_back_too(
    till: Till, clock: FixedClock, db: Database
) -> None:
    Shelf(till.folder).publish(bundle_of(till.shop, clock))
    (offer,) = till.sell().json["offers"]
    line = {"total_minor": 9_000, "gtin": till.shop.shoes.gtin}
    basket = {"till": "3", "reference": "A-2", "currency": "GBP", "lines": [line]}
    used = till.post("/voucher-redemptions", basket | {"vouchers": [offer["code"]]}).json["id"]
    till.work(db)
    assert till.thanks() == ["issued"]
    rolled = till.post(f"/voucher-redemptions/{used}/rollbacks", {"reference": "B-2"})
    assert rolled.status_code == 201, rolled.text
    till.work(db)
    assert till.thanks() == ["void"]


def test_a_receipt_that_is_claimed_on_its_day_brings_its_offer_without_a_till(
    till: Till, clock: FixedClock, db: Database
) -> None:
    Shelf(till.folder).publish(bundle_of(till.shop, clock))
    sold = till.sell(member_id=None).json
    assert sold["offers"] == []
    with till.app.app_context(), database().write() as session:
        token = sold["claim_url"].rsplit("/", 1)[1]
        how = {"now": clock.now(), "settings": settings()}
        claim_receipt(session, member=till.shop.sarah, token=token, **how)
    till.work(db)
    with db.read() as session:
        (offer,) = queries.offers_of(session, till.shop.sarah.id)
    assert (offer.kind, offer.receipt_id) == ("friend", sold["id"])


@pytest.mark.parametrize(("shoppers", "kinds"), [(0, []), (1, []), (12, ["crowd"])])
def test_a_shopper_without_friends_is_told_of_a_crowd_where_there_is_one(
    till: Till, clock: FixedClock, shoppers: int, kinds: list[str]
) -> None:
    with till.app.app_context(), database().write() as session:
        friends.end(session, till.shop.nina.id, member=till.shop.sarah)
    Shelf(till.folder).publish(bundle_of(till.shop, clock, shoppers))
    answer = till.sell()
    assert (answer.status_code, [one["kind"] for one in answer.json["offers"]]) == (201, kinds)


def test_in_an_empty_store_a_sale_has_no_offer(till: Till, clock: FixedClock) -> None:
    Shelf(till.folder).publish(bundle_of(till.shop, clock))
    with till.app.app_context(), database().write() as session:
        till.shop.sell_out(session)
    answer = till.sell()
    assert (answer.status_code, answer.json["offers"]) == (201, [])


def test_in_a_ring_of_friends_the_offer_names_the_one_who_has_the_piece(
    till: Till, clock: FixedClock
) -> None:
    shop = till.shop
    with till.app.app_context(), database().write() as session:
        tom, ada = (new_adult(session, shop.store.brand_id, name) for name in ("Tom", "Ada"))
        for one, other in ((shop.nina, tom), (tom, ada), (ada, shop.sarah)):
            befriend(session, one, other)
            give_consent(session, other, FRIEND_OFFERS)
            give_consent(session, one, OFFERS)
        shop.buy_for(session, tom, shop.shoes)
        shop.buy_for(session, ada, shop.dress)
    Shelf(till.folder).publish(bundle_of(shop, clock, 3))
    (offer,) = till.sell().json["offers"]
    assert offer["sku"] == shop.shoes.sku
    assert {"Nina", "Tom", "Ada"} & set(" ".join(offer["lines"]).split()) == {"Nina"}


def wait_until_idle() -> None:
    """Wait until no thread works at an offer any more."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while offering._free._value < offering._THREADS:
        assert time.monotonic() < deadline
        threading.Event().wait(0.01)
