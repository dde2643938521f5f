"""Why somebody had an offer, for staff who explain it, over the API, and for themselves."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
from flask import Flask

from core import clock
from core.transaction import Database
from retail.access_log.queries import seen_by
from retail.consent import service as consent
from retail.consent.rules import FRIEND_OFFERS, OFFERS
from retail.offers.queries import OfferView
from retail.offers.rules import Question, Tip, Why
from tests.builders.accounts import sign_in
from tests.builders.brands import new_store
from tests.builders.experiments import new_experiment
from tests.builders.offers import Boutique, new_boutique
from tests.builders.staff import new_integrator_key
from tests.builders.staff_accounts import COOKIE, new_staff, sign_in_staff
from tests.builders.visitor import Visitor

WHY = "offer_explained"
PARTS = {"taste": 1.25, "together": 2.0, "votes": 0.75, "again": 0.0}


@dataclass(frozen=True)
class Desk:
    """A manager's tablet and two systems, and Sarah with an offer thanks to Nina."""

    app: Flask
    shop: Boutique
    offer: OfferView
    tablet: Visitor
    ours: str
    theirs: str
    sarah: str
    nina: str

    def opened(self, purpose: str) -> str:
        """The page of Sarah as the tablet opens it."""
        self.tablet.open("/staff/members")
        email = "sarah@shopper.example"
        return self.tablet.send("/staff/members", email=email, purpose=purpose).text

    def ask(self, method: str, path: str, bearer: str, body: Any = None) -> Any:
        """A request of the API."""
        headers = {"Authorization": f"Bearer {bearer}"}
        return self.app.test_client().open(
            f"/api/v1{path}", method=method, json=body, headers=headers
        )


def _ranked(shop: Boutique) -> Callable[[Question], Sequence[Tip]]:
    """As the shop ranks, with what its scores are made of and more that fits than is offered."""

    def rank(question: Question) -> Sequence[Tip]:
        how = {
            "terms": {"votes": 1.0},
            "parts": PARTS,
            "friend_part": 0.5,
            "model": "bundle-000007",
        }
        mine, style = question.anchors[0], shop.shoes.style_id
        return [
            Tip(style, 4.0, partial(Why, mine, shop.nina.id, 0, **how)),  # type: ignore[arg-type]
            Tip(shop.dress.style_id, 3.0, partial(Why, mine)),
            *(Tip(f"elsewhere-{n}", 2.0, partial(Why, mine)) for n in range(5)),
        ]

    return rank


@pytest.fixture
def desk(app: Flask, db: Database, visit: Callable[[], Visitor]) -> Desk:
    with db.write() as session:
        shop = new_boutique(session, email="sarah@shopper.example")
        brand_id = shop.store.brand_id
        about = {"programme_id": brand_id, "treatment": "offers", "holdout": 0}
        new_experiment(session, name="Are offers worth it?", **about)
        shop.ranker = _ranked(shop)  # type: ignore[assignment]
        offer = shop.made(session)
        tablet = visit().sign_in(
            sign_in_staff(session, new_staff(session, brand_id)), cookie=COOKIE
        )
        keys = [
            new_integrator_key(session, one)[1] for one in (brand_id, new_store(session).brand_id)
        ]
        tokens = [sign_in(session, one) for one in (shop.sarah, shop.nina)]
    return Desk(app, shop, offer, tablet, *keys, *tokens)


def test_who_explains_sees_what_it_was_made_of_and_names_nobody(desk: Desk, db: Database) -> None:
    text = desk.opened(WHY)
    for said in (
        "20% off Pilar boots",
        "They bought Mallory dress.",
        "A friend bought that too. A friend has the piece, and agreed to stand on offers.",
        "“Are offers worth it?” let them have offers.",
        "bundle-000007",
        "Not in this store",
    ):
        assert said in text, said
    assert "Nina" not in text
    assert desk.shop.nina.id not in text
    with db.read() as session:
        looks = {(one.purpose, one.what) for one in seen_by(session, desk.shop.sarah.id)}
    assert ("explaining an offer", "the offers you had, and why") in looks


def test_for_another_purpose_no_offer_is_shown_nor_noted(desk: Desk, db: Database) -> None:
    assert "Pilar boots" not in desk.opened("complaint")
    with db.read() as session:
        assert [one.what for one in seen_by(session, desk.shop.sarah.id)] == ["your page with us"]


def test_a_system_of_the_shop_is_told_and_its_look_is_noted(desk: Desk, db: Database) -> None:
    path = f"/offers/{desk.offer.id}/explanations"
    told = desk.ask("POST", path, desk.ours, {"purpose": WHY}).get_json()
    assert {part["name"]: part["adds"] for part in told["parts"]} == PARTS
    assert told["score"] == sum(PARTS.values())
    assert told["friend_part"] == 0.5
    assert {one["rule"]: one["count"] for one in told["left_out"]} == {
        "owned": 1,
        "refused": 0,
        "waiting": 0,
        "not_here": 5,
        "barred": 0,
        "unsaid": 0,
        "lesser": 0,
    }
    assert told["experiments"][0]["arm"] == "treatment"
    assert (told["follows"], told["model"]) == ("named_friend", "bundle-000007")
    assert desk.shop.nina.id not in str(told)
    with db.read() as session:
        [look] = seen_by(session, desk.shop.sarah.id)
    assert (look.viewer, look.purpose) == ("A system of the shop", "explaining an offer")


def test_nobody_else_is_told_and_nothing_is_noted(desk: Desk, db: Database) -> None:
    path, why = f"/offers/{desk.offer.id}/explanations", {"purpose": WHY}
    assert desk.ask("POST", path, desk.theirs, why).status_code == 404
    assert desk.ask("POST", path, desk.sarah, why).status_code in (401, 403)
    assert desk.ask("POST", path, desk.ours, {"purpose": "curiosity"}).status_code == 422
    with db.read() as session:
        assert seen_by(session, desk.shop.sarah.id) == []


@pytest.mark.parametrize("who", ["sarah", "nina"])
def test_what_somebody_takes_back_is_told_to_nobody_any_more(
    desk: Desk, db: Database, who: str
) -> None:
    """Of friends remains no part, and the score adds up without; of offers nothing at all."""
    member = getattr(desk.shop, who)
    purpose = OFFERS if who == "sarah" else FRIEND_OFFERS
    given = {"member_id": member.id, "brand_id": member.brand_id, "purpose": purpose}
    with db.write() as session:
        consent.withdraw(session, **given, now=clock.now())
    answer = desk.ask("POST", f"/offers/{desk.offer.id}/explanations", desk.ours, {"purpose": WHY})
    text = desk.opened(WHY)
    if who == "sarah":
        assert answer.status_code == 404
        assert "Pilar boots" not in text
        assert desk.ask("GET", "/me/offers", desk.sarah).get_json() == []
        return
    told = answer.get_json()
    assert "votes" not in {part["name"] for part in told["parts"]}
    assert told["score"] == PARTS["taste"] + PARTS["together"]
    assert (told["friend_part"], told["follows"]) == (None, "goes_with")
    assert "A friend has" not in text


@pytest.mark.parametrize("to", ["piece", "friend"])
def test_a_member_reads_why_and_says_no_by_the_api(desk: Desk, to: str) -> None:
    [mine] = desk.ask("GET", "/me/offers", desk.sarah).get_json()
    assert "Your friend Nina bought it too, and has Pilar boots as well." in mine["says"]
    assert mine["code"]
    assert mine["because"]["offer_id"] == desk.offer.id
    path, no = f"/me/offers/{desk.offer.id}/refusals", {"to": to}
    assert desk.ask("POST", path, desk.nina, no).status_code == 404
    for _ in range(2):
        assert desk.ask("POST", path, desk.sarah, no).status_code == 204
    assert desk.ask("GET", "/me/offers", desk.sarah).get_json() == []
    assert desk.ask("POST", path, desk.sarah, {"to": "everything"}).status_code == 422
