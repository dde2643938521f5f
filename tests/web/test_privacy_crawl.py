"""Two members who agreed to nothing are shown to nobody: every role, every route, every stream."""

import json
from dataclasses import dataclass

import pytest
from flask import Flask, Response
from sqlalchemy import update
from sqlalchemy.orm import Session

from core import clock as core_clock
from core.clock import FixedClock
from core.outbox import emit
from core.transaction import Database
from loyalty.leaderboards import queries as leaderboards
from loyalty.rewards import queries as rewards
from retail.accounts.models import Member
from retail.accounts.queries import MemberView
from retail.brands import queries as brands
from retail.brands.queries import StoreView
from retail.consent.rules import (
    FRIENDS_NEWS,
    LIKES_NEWS,
    LIKES_TO_FRIENDS,
    NAMED_LIKES,
    RANGES_NEWS,
    SHARING,
)
from retail.fairness import queries as fairness
from retail.friends import codes
from retail.friends import service as friends
from retail.journeys.members.agree import stop_all
from retail.notifications import queries as notes
from retail.notifications.rules import EMAIL
from retail.notifications.unsubscribing import token_for
from retail.outfits.events import OutfitChanged
from retail.outfits.models import Outfit
from retail.receipts.codes import print_key, token
from retail.saves import service as saves
from retail.sharing import service as sharing
from retail.social import service as social
from tests.builders.accounts import give_consent, new_member, sign_in
from tests.builders.brands import new_brand, new_store
from tests.builders.campaigns import new_campaign, ten_per_cent
from tests.builders.catalogue import new_variants
from tests.builders.experiments import new_experiment
from tests.builders.floor import asked_from_a_room, new_device
from tests.builders.friends import befriend
from tests.builders.league import fold, like_times, new_league, ranked_outfit
from tests.builders.notes import hears_of, tell
from tests.builders.occasions import new_occasion
from tests.builders.outfits import bought, new_draft, new_outfit, new_stylist
from tests.builders.polls import polls_of_all_kinds
from tests.builders.staff import new_integrator_key, new_till_key
from tests.builders.staff_accounts import COOKIE as STAFF_COOKIE
from tests.builders.staff_accounts import new_staff, sign_in_staff
from tests.builders.wall import report_times
from tests.builders.webhooks import new_endpoint
from tests.builders.whole_member import whole_member
from tests.conftest import KEY
from tests.web.crawl import PLAIN, SHOWN_TO_ALL, SHOWN_TO_FRIENDS, SHOWN_TO_STAFF, Role, walk

NEVER = ("Wilhelmina", "Quince", "quince@canary.example", "Zebrafinch")
WITHDREW = ("Bartholomew", "Yarrow", "oystercatcher@canary.example", "Oystercatcher")
WORDS = NEVER + WITHDREW
AGREES = "chloe@shopper.example"


@dataclass(frozen=True)
class World:
    """Who reads, and examples of what there is to read."""

    roles: list[Role]
    examples: dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class People:
    """Who there is: one never agreed, one took everything back, one agrees; and their looks.

    One is a friend of the last two, who both showed looks to friends.
    """

    store: StoreView
    never: MemberView
    withdrew: MemberView
    agrees: MemberView
    friend: MemberView
    looks: tuple[str, ...]
    polls: tuple[str, ...]


def people(session: Session, clock: FixedClock) -> People:
    store = new_store(session)
    new_league(session, store.brand_id)
    withdrew = whole_member(
        session, store, clock, name="Bartholomew Yarrow", caption="Oystercatcher"
    )
    agrees, look = ranked_outfit(session, store, display_name="Chloe Martin", email=AGREES)
    friend = new_stylist(session, store.brand_id, display_name="Fay Friend")
    befriend(session, friend, agrees, withdrew.member)
    for shown in (look, withdrew.outfit_id):
        report_times(session, shown, store.brand_id, 3)
        saves.save(session, shown, member=friend, now=clock.now())
    liked = new_outfit(session, store)
    among_friends = [_show_friends(session, store, one, liked) for one in (agrees, withdrew.member)]
    polls = polls_of_all_kinds(session, store, (agrees, "?"), (withdrew.member, WITHDREW[3]))
    stop_all(session, member=withdrew.member, now=clock.now())
    like_times(session, look, store.brand_id, 2)
    fold(session)
    who = {"display_name": "Wilhelmina Quince", "email": NEVER[2]}
    never = new_member(session, store.brand_id, **who, sizes={"shoes": "Zebrafinch"})
    social.like(session, look, member=never, now=clock.now())
    mine = new_outfit(session, store, member=never, audience="only_me")
    drafts = [new_draft(session, store, member) for member in (never, agrees)]
    captioned = update(Outfit).where(Outfit.id.in_([mine, drafts[0]]))
    session.execute(captioned.values(caption="Zebrafinch"))
    looks = (look, liked, mine, *drafts, *among_friends, withdrew.outfit_id)
    return People(store, never, withdrew.member, agrees, friend, looks, polls)


def _show_friends(session: Session, store: StoreView, member: MemberView, liked: str) -> str:
    """The id of a look that the member showed to friends, who may also see what they like."""
    give_consent(session, member, NAMED_LIKES, LIKES_TO_FRIENDS, SHARING)
    social.like(session, liked, member=member, now=core_clock.now())
    look = new_outfit(session, store, member=member, audience="friends")
    caption = "Chloe for friends" if member.display_name == "Chloe Martin" else WITHDREW[3]
    session.execute(update(Outfit).where(Outfit.id == look).values(caption=caption))
    return look


def readers(session: Session, seen: People) -> list[Role]:
    """Everybody who reads anything."""
    elsewhere = new_stylist(session, new_brand(session).id, display_name="Sam Far")
    store = seen.store
    return [
        Role("stranger"),
        Role("machine that previews links", agent="WhatsApp/2.24"),
        Role("member", _browser(session, seen.agrees)),
        Role("member as API", bearer=sign_in(session, seen.agrees)),
        # Friends know each other's names, whatever else they agree to.
        Role("friend", _browser(session, seen.friend), own=WITHDREW[:2]),
        Role("never agreed", _browser(session, seen.never), own=NEVER),
        Role("withdrew", _browser(session, seen.withdrew), own=WITHDREW),
        Role("member of another brand", _browser(session, elsewhere)),
        _manager(session, store),
        Role("screen of a fitting room", {"device": new_device(session, store, "screen")}),
        Role("till", bearer=new_till_key(session, store.brand_id, store.id)[1]),
        Role("integrator", bearer=new_integrator_key(session, store.brand_id)[1]),
    ]


def _browser(session: Session, member: MemberView) -> dict[str, str]:
    return {"member": sign_in(session, member)}


def _manager(session: Session, store: StoreView) -> Role:
    """Who may do all that staff may, and has opened a member: one that agrees."""
    browser = {STAFF_COOKIE: sign_in_staff(session, new_staff(session, store.brand_id))}
    opens = {"email": AGREES, "purpose": "complaint"}
    return Role("manager", browser, sends={"/staff/members": opens})


def things_of(session: Session, seen: People) -> dict[str, tuple[str, ...]]:
    """What members have at addresses of its own: links, invitations, notes, friends."""
    member, now = seen.agrees, core_clock.now()
    links = [
        *sharing.make_links(session, seen.looks[0], sharer=member, now=now),
        *sharing.make_links(session, seen.looks[1], sharer=None, now=now),
        *sharing.make_poll_links(session, seen.polls[0], sharer=None, now=now),
    ]
    invitation = friends.invite(session, member=member, now=now, key=KEY)
    hears_of(session, member, RANGES_NEWS, LIKES_NEWS, FRIENDS_NEWS)
    tell(session, member, RANGES_NEWS, member.brand_id)
    tell(session, member, LIKES_NEWS, seen.looks[0])
    for other in (seen.friend, seen.withdrew, seen.never):
        tell(session, member, FRIENDS_NEWS, other.id)
    people = (seen.agrees, seen.friend, seen.never, seen.withdrew)
    parties = (
        new_occasion(session, member, seen.friend),
        new_occasion(session, seen.withdrew, seen.friend),
        new_occasion(session, seen.never, place=NEVER[3]),
    )
    return {
        "occasion_id": parties,
        "share_id": tuple(link.share_id for link in links),
        "invitation_id": (invitation,),
        "note_id": tuple(note.id for note in notes.inbox(session, member.id)),
        "friend_id": tuple(one.id for one in people),
        "member_id": tuple(one.id for one in people),
        "token": (
            codes.token(KEY, invitation),
            *(token_for(KEY, one.id, LIKES_NEWS, EMAIL) for one in people),
        ),
    }


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
        own = things_of(session, seen)
        examples["token"] += own.pop("token")
        return World(readers(session, seen), examples | own | PLAIN)


def test_nothing_of_who_agreed_to_nothing_is_shown_to_anybody(app: Flask, world: World) -> None:
    done = walk(app, world.roles, world.examples, WORDS)
    assert done.leaks == []
    assert done.broken == []
    assert done.unvisited(app) == set()
    # Who agrees is seen where people are shown: the walk looked at filled pages.
    filled = {endpoint for endpoint, text in done.texts.items() if "Chloe" in text}
    assert {*SHOWN_TO_ALL, *SHOWN_TO_FRIENDS, *SHOWN_TO_STAFF} <= filled


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
