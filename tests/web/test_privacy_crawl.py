"""Two members who agreed to nothing are shown to nobody: every role, every route, every stream."""

import json
from dataclasses import dataclass

import pytest
from flask import Flask, Response
from sqlalchemy import update
from sqlalchemy.orm import Session

from core.clock import FixedClock
from core.outbox import emit
from core.transaction import Database
from loyalty.leaderboards import queries as leaderboards
from retail.accounts.models import Member
from retail.accounts.queries import MemberView
from retail.brands import queries as brands
from retail.brands.queries import StoreView
from retail.fairness import queries as fairness
from retail.journeys.agree import stop_all
from retail.outfits.events import OutfitChanged
from retail.outfits.models import Outfit
from retail.receipts.codes import print_key, token
from retail.social import service as social
from tests.builders.accounts import new_member, sign_in
from tests.builders.brands import new_brand, new_store
from tests.builders.catalogue import new_variants
from tests.builders.league import fold, like_times, new_league, ranked_outfit
from tests.builders.outfits import bought, new_draft, new_outfit, new_stylist
from tests.builders.staff import new_integrator_key, new_till_key
from tests.builders.whole_member import whole_member
from tests.conftest import KEY
from tests.web.crawl import Role, walk

NEVER = ("Wilhelmina", "Quince", "quince@canary.example", "Zebrafinch")
WITHDREW = ("Bartholomew", "Yarrow", "oystercatcher@canary.example", "Oystercatcher")
WORDS = NEVER + WITHDREW
# Arguments that name nothing of anybody's.
PLAIN = {
    "import_id": ("none",),
    "kind": ("styles",),
    "part": ("league", "wall", "looks"),
    "drawing": ("trench",),
    "a": ("aabbcc",),
    "t": ("aabbcc",),
    "l": ("aabbcc",),
    "version": ("1",),
    "filename": ("css/tokens.css",),
}


@dataclass(frozen=True)
class World:
    """Who reads, and examples of what there is to read."""

    roles: list[Role]
    examples: dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class People:
    """Who there is: one never agreed, one took everything back, one agrees; and a shop's look."""

    store: StoreView
    never: MemberView
    withdrew: MemberView
    agrees: MemberView
    looks: tuple[str, ...]


def people(session: Session, clock: FixedClock) -> People:
    store = new_store(session)
    new_league(session, store.brand_id)
    withdrew = whole_member(
        session, store, clock, name="Bartholomew Yarrow", caption="Oystercatcher"
    )
    stop_all(session, member=withdrew.member, now=clock.now())
    agrees, look = ranked_outfit(session, store, display_name="Chloe Martin")
    like_times(session, look, store.brand_id, 2)
    fold(session)
    who = {"display_name": "Wilhelmina Quince", "email": NEVER[2]}
    never = new_member(session, store.brand_id, **who, sizes={"shoes": "Zebrafinch"})
    social.like(session, look, member=never, now=clock.now())
    mine = new_outfit(session, store, member=never, audience="only_me")
    drafts = [new_draft(session, store, member) for member in (never, agrees)]
    captioned = update(Outfit).where(Outfit.id.in_([mine, drafts[0]]))
    session.execute(captioned.values(caption="Zebrafinch"))
    looks = (look, mine, *drafts, withdrew.outfit_id)
    return People(store, never, withdrew.member, agrees, looks)


def readers(session: Session, seen: People) -> list[Role]:
    """Everybody who reads anything."""
    elsewhere = new_stylist(session, new_brand(session).id, display_name="Sam Far")
    store = seen.store
    return [
        Role("stranger"),
        Role("member", cookie=sign_in(session, seen.agrees)),
        Role("member as API", bearer=sign_in(session, seen.agrees)),
        Role("never agreed", cookie=sign_in(session, seen.never), own=NEVER),
        Role("withdrew", cookie=sign_in(session, seen.withdrew), own=WITHDREW),
        Role("member of another brand", cookie=sign_in(session, elsewhere)),
        Role("till", bearer=new_till_key(session, store.brand_id, store.id)[1]),
        Role("integrator", bearer=new_integrator_key(session, store.brand_id)[1]),
    ]


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
            "receipt_id": tuple(receipts),
            "print_key": (print_key(KEY, receipts[0]),),
            "token": tuple(token(KEY, receipt) for receipt in receipts),
            "board_id": tuple(board.id for board in leaderboards.boards(session, brand.id)),
            "style_id": (variants[0].style_id,),
            "case_id": tuple(case.id for case in fairness.decided_cases(session, brand.id)),
        }
        return World(readers(session, seen), examples | PLAIN)


def test_nothing_of_who_agreed_to_nothing_is_shown_to_anybody(app: Flask, world: World) -> None:
    done = walk(app, world.roles, world.examples, WORDS)
    assert done.leaks == []
    assert done.broken == []
    assert done.unvisited(app) == set()
    # Who agrees is seen where people are shown: the walk looked at filled pages.
    filled = {endpoint for endpoint, text in done.texts.items() if "Chloe" in text}
    assert filled >= {"kiosk.show", "league.show", "outfit.show", "outfits.show", "brand.show"}
    assert filled >= {"fragments.kiosk_part", "fragments.league_rows", "boards.show_standings"}


def test_a_planted_leak_is_caught(
    app: Flask, world: World, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gossip(**_: object) -> Response:
        with db.read() as session:
            return Response(session.query(Member).filter_by(email=NEVER[2]).one().display_name)

    monkeypatch.setitem(app.view_functions, "health.alive", gossip)
    leaks = walk(app, world.roles[:1], world.examples, WORDS).leaks
    assert {(role, address) for role, address, _ in leaks} == {("stranger", "/healthz")}


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
