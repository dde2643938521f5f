"""Offers as an API: mine with why, no to one of them, and why one was made to somebody."""

from dataclasses import dataclass
from typing import Any

from flask_smorest import Blueprint

from core import clock
from retail.journeys.offers import explain_offer, refuse_offer
from retail.journeys.offers.explain_offer import Explanation, explain_to
from retail.offers import queries
from web.auth import current_key, current_member, guarded, settings
from web.openapi import schema_of
from web.pages.shopper.offers import shown_offers
from web.schemas import offers as schemas
from web.write import read, write

member_offers = guarded(
    Blueprint("member_offers", __name__, description="Offers to members"), "member"
)
offers = guarded(
    Blueprint("offers", __name__, description="Offers to members, explained"), "integrator"
)


@dataclass(frozen=True)
class MyOffer:
    """An offer in words, with the voucher's code while it can be used, and what it is made of."""

    says: str
    code: str
    because: Explanation


@member_offers.get("/me/offers")
@read
@member_offers.response(200, schema_of(MyOffer)(many=True))
def list_mine(session: Any) -> list[MyOffer]:
    """The member's offers and why each was made, the newest first."""
    now, age = clock.now(), settings().minimum_age_years
    mine = shown_offers(session, queries.offers_of(session, current_member().id))
    # What may be told can change between two reads: an offer goes with its reason or not at all.
    told = (
        (one, explain_offer.explain(session, one.offer, now=now, minimum_age=age)) for one in mine
    )
    return [MyOffer(" ".join(one.words), one.code, because) for one, because in told if because]


@member_offers.post("/me/offers/<offer_id>/refusals")
@write
@member_offers.arguments(schemas.OfferRefused)
@member_offers.response(204)
def refuse(session: Any, wish: dict[str, str], offer_id: str) -> None:
    """Say no to the piece of an offer, or to offers with its friend; its voucher ends with it."""
    no = refuse_offer.not_this if wish["to"] == "piece" else refuse_offer.not_with_friend
    no(session, offer_id, member=current_member(), now=clock.now())


@offers.post("/offers/<offer_id>/explanations")
@write
@offers.arguments(schemas.OfferAskedAbout)
@offers.response(200, schema_of(Explanation))
def explain(session: Any, asked: dict[str, str], offer_id: str) -> Explanation:
    """Why an offer was made, for who explains it to its member, who reads that somebody looked."""
    key, age = current_key(), settings().minimum_age_years
    who = {"brand_id": key.brand_id, "viewer_kind": key.kind, "viewer_id": key.id}
    return explain_to(session, offer_id, **who, **asked, now=clock.now(), minimum_age=age)
