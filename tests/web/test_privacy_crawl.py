"""Two members who agreed to nothing are shown to nobody: every role, every route, every stream."""

import json

import pytest
from flask import Flask, Response

from core.clock import FixedClock
from core.outbox import emit
from core.transaction import Database
from loyalty.leaderboards import queries as leaderboards
from loyalty.rewards import queries as rewards
from retail.accounts.models import Member
from retail.brands import queries as brands
from retail.fairness import queries as fairness
from retail.fitting_rooms import links
from retail.outfits.events import OutfitChanged
from retail.receipts.codes import print_key, token
from tests.builders.campaigns import new_campaign, ten_per_cent
from tests.builders.catalogue import new_variants
from tests.builders.clothing import clothing_in
from tests.builders.experiments import new_experiment
from tests.builders.floor import asked_from_a_room, linked
from tests.builders.kiosks import kiosk_of
from tests.builders.outfits import bought
from tests.builders.webhooks import new_endpoint
from tests.conftest import KEY
from tests.web.crawl import (
    PLAIN,
    SHOWN_ON_KIOSKS,
    SHOWN_ON_ROOMS,
    SHOWN_TO_ALL,
    SHOWN_TO_FRIENDS,
    SHOWN_TO_STAFF,
    Walk,
    walk,
)
from tests.web.crawled import NEVER, WORDS, World, people, readers, things_of
from tests.web.crawled_screens import NAMED, SAID

ROOM = "Fitting room 4"  # As the shop itself calls it.
# Names of fields and addresses, which are the same for every shop.
FOR_PROGRAMS = {"api_pages.show", "api-docs.openapi_json", "catalogue.export", "static"}


@pytest.fixture
def world(app: Flask, db: Database, clock: FixedClock) -> World:
    """The shop, and an example of everything that an address may name."""
    with db.write() as session:
        seen = people(session, clock)
        brand = brands.get_brand(session, seen.store.brand_id)
        variants = new_variants(session, brand_id=brand.id, drawings=("boots",))
        buyers = (seen.never, seen.withdrew)
        receipts = [bought(session, seen.store, buyer, variants).id for buyer in buyers]
        examples = {
            "brand_slug": (brand.slug,),
            "store_slug": (seen.store.slug,),
            "brand_id": (brand.id,),
            "store_id": (seen.store.id,),
            "outfit_id": seen.looks,
            "poll_id": seen.polls,
            "receipt_id": tuple(receipts),
            "print_key": (print_key(KEY, receipts[0]),),
            "token": tuple(token(KEY, receipt) for receipt in receipts),
            "board_id": tuple(board.id for board in leaderboards.boards(session, brand.id)),
            "style_id": (variants[0].style_id,),
            "variant_id": (variants[0].id,),
            "gtin": (variants[0].gtin or "",),
            "endpoint_id": (new_endpoint(session, brand.id)[0].id,),
            "case_id": tuple(case.id for case in fairness.decided_cases(session, brand.id)),
        }
        plan = new_campaign(session, ten_per_cent(), programme_id=brand.id)
        examples["campaign_id"] = (plan.id,)
        examples["experiment_id"] = (new_experiment(session, programme_id=brand.id).id,)
        (taken, *_) = rewards.taken_by(session, brand.id, seen.withdrew.id)
        examples |= {"reward_id": (taken.reward.id,), "exchange_id": (taken.exchange.id,)}
        examples["request_id"] = (asked_from_a_room(session, seen.store),)
        linked(session, seen.store, seen.friend)
        link = links.link_of(session, seen.friend.id)
        examples["link_id"] = (link.id if link else "",)
        own = things_of(session, seen)
        examples["token"] += own.pop("token")
        roles = readers(session, seen)
        examples["kiosk_id"] = (kiosk_of(session, seen.friend),)
        return World(roles, examples | own | PLAIN)


def test_nothing_of_who_agreed_to_nothing_is_shown_to_anybody(app: Flask, world: World) -> None:
    done = walk(app, world.roles, world.examples, WORDS)
    assert done.leaks == []
    assert done.broken == []
    assert done.unvisited(app) == set()
    # Who agrees is seen where people are shown: the walk looked at filled pages.
    filled = {endpoint for endpoint, text in done.texts.items() if "Chloe" in text}
    assert {*SHOWN_TO_ALL, *SHOWN_TO_FRIENDS, *SHOWN_TO_STAFF} <= filled
    named, said = (
        {endpoint for endpoint, text in done.texts.items() if words in text}
        for words in (NAMED, SAID)
    )
    assert named == {*SHOWN_ON_ROOMS, *SHOWN_ON_KIOSKS}, "and nowhere else"
    assert said == {*SHOWN_ON_ROOMS}
    # The brand speaks in words of its own, none of them of clothes.
    assert _about_clothes(done) == {}


def _about_clothes(done: Walk) -> dict[str, set[str]]:
    return {
        endpoint: found
        for endpoint, lines in done.lines.items()
        if endpoint not in FOR_PROGRAMS
        and (found := {line for line in lines if clothing_in(line) and ROOM not in line})
    }


def test_a_planted_leak_is_caught(
    app: Flask, world: World, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gossip(**_: object) -> Response:
        with db.read() as session:
            seen = session.query(Member).filter_by(email=NEVER[2]).one()
            symbol = '<svg><use href="/static/icons/icons.svg#i-t-shirt-bold"/></svg>'
            return Response(f"{seen.display_name} wears it\n{symbol}", content_type="text/html")

    monkeypatch.setitem(app.view_functions, "health.alive", gossip)
    done = walk(app, world.roles[:1], world.examples, WORDS)
    assert {(role, address) for role, address, _ in done.leaks} == {("stranger", "/healthz")}
    assert _about_clothes(done) == {
        "health.alive": {"Wilhelmina Quince wears it", "(a picture: t shirt bold)"}
    }


@pytest.mark.own_app
def test_a_route_without_an_example_is_refused(app: Flask, world: World) -> None:
    app.add_url_rule("/planted/<planted_id>", "health.planted", lambda **_: "", methods=["GET"])
    with pytest.raises(LookupError, match="planted_id"):
        walk(app, world.roles[:1], world.examples, WORDS)


@pytest.mark.own_app
def test_a_route_that_nobody_is_shown_is_reported(app: Flask, world: World) -> None:
    app.add_url_rule("/planted", "health.planted", lambda: ("", 404), methods=["GET"])
    assert "health.planted" in walk(app, world.roles[:1], world.examples, WORDS).unvisited(app)


def test_a_stream_names_topics_and_nothing_else(app: Flask, world: World, db: Database) -> None:
    ids = {name: several[0] for name, several in world.examples.items()}
    topics = [f"brand:{ids['brand_id']}", f"outfit:{world.examples['outfit_id'][1]}"]
    answer = app.test_client().get("/live?" + "&".join(f"topic={topic}" for topic in topics))
    chunks = answer.iter_encoded()
    assert b"hello" in next(chunks)
    with db.write() as session:
        emit(session, OutfitChanged(ids["outfit_id"]), topics=topics)
    event, data, *_ = next(chunks).decode().splitlines()
    answer.close()
    assert event == "event: changed"
    assert json.loads(data.removeprefix("data: ")) == {"topics": topics}
