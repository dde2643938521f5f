"""Who is walked past every page: two who agreed to nothing, who agrees, and everybody who reads."""

from dataclasses import dataclass

from sqlalchemy import update
from sqlalchemy.orm import Session

from core import clock as core_clock
from core.clock import FixedClock
from retail.accounts.queries import MemberView
from retail.brands.queries import StoreView
from retail.consent.rules import (
    FRIENDS_NEWS,
    LIKES_NEWS,
    LIKES_TO_FRIENDS,
    NAMED_LIKES,
    RANGES_NEWS,
    SHARING,
)
from retail.devices import queries as devices
from retail.fitting_rooms import links
from retail.friends import codes
from retail.friends import service as friends
from retail.greetings.rules import SHOWABLE
from retail.journeys.members.agree import stop_all
from retail.notifications import queries as notes
from retail.notifications.rules import EMAIL
from retail.notifications.unsubscribing import token_for
from retail.opinions import reports
from retail.outfits.models import Outfit
from retail.saves import service as saves
from retail.sharing import service as sharing
from retail.social import service as social
from tests.builders.accounts import give_consent, new_member, sign_in
from tests.builders.brands import new_brand, new_store
from tests.builders.floor import new_device
from tests.builders.friends import befriend
from tests.builders.greetings import comes_in, wishes
from tests.builders.kiosks import at_a_kiosk
from tests.builders.league import fold, like_times, new_league, ranked_outfit
from tests.builders.notes import hears_of, tell
from tests.builders.occasions import new_occasion
from tests.builders.opinions import new_opinion, say
from tests.builders.outfits import new_draft, new_outfit, new_stylist
from tests.builders.polls import polls_of_all_kinds
from tests.builders.staff import new_integrator_key, new_till_key
from tests.builders.staff_accounts import COOKIE as STAFF_COOKIE
from tests.builders.staff_accounts import new_staff, sign_in_staff
from tests.builders.wall import report_times
from tests.builders.whole_member import whole_member
from tests.conftest import KEY
from tests.web.crawl import Role
from tests.web.crawled_screens import shared_screens

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
    store = new_store(session, brand=new_brand(session, words="routine"))
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
    for greeted in (agrees, withdrew.member):
        wishes(session, greeted, *SHOWABLE, "sizes.shoes")
        comes_in(session, store, greeted)
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
    elsewhere = new_stylist(session, new_brand(session, words="routine").id, display_name="Sam Far")
    store = seen.store
    return [
        Role("stranger", reads=True),
        Role("machine that previews links", agent="WhatsApp/2.24"),
        Role("member", _browser(session, seen.agrees), reads=True),
        Role("member as API", bearer=sign_in(session, seen.agrees)),
        # Friends know each other's names, whatever else they agree to.
        Role("friend", _browser(session, seen.friend), own=WITHDREW[:2]),
        Role("never agreed", _browser(session, seen.never), own=NEVER),
        Role("withdrew", _browser(session, seen.withdrew), own=WITHDREW),
        Role("member of another brand", _browser(session, elsewhere)),
        _manager(session, store),
        Role(
            "screen of a fitting room", {"device": new_device(session, store, "screen")}, reads=True
        ),
        Role("screen that a friend’s phone is linked to", _linked_screen(session, seen)),
        Role(
            "kiosk that a friend’s phone is linked to",
            {"device": at_a_kiosk(session, store, seen.friend)},
            reads=True,
        ),
        *shared_screens(session, store, (seen.never, NEVER[3]), (seen.withdrew, WITHDREW[3])),
        Role("till", bearer=new_till_key(session, store.brand_id, store.id)[1]),
        Role("integrator", bearer=new_integrator_key(session, store.brand_id)[1]),
    ]


def _linked_screen(session: Session, seen: People) -> dict[str, str]:
    link = links.link_of(session, seen.friend.id)
    assert link is not None
    zone = devices.zones_in(session, [seen.store.id])[link.spot.zone_id].name
    return {"device": new_device(session, seen.store, "screen", zone=zone)}


def _browser(session: Session, member: MemberView) -> dict[str, str]:
    return {"member": sign_in(session, member)}


def _manager(session: Session, store: StoreView) -> Role:
    """Who may do all that staff may, and has opened a member: one that agrees."""
    browser = {STAFF_COOKIE: sign_in_staff(session, new_staff(session, store.brand_id))}
    opens = {"email": AGREES, "purpose": "complaint"}
    return Role("manager", browser, sends={"/staff/members": opens}, reads=True)


def _tell_of_things(session: Session, seen: People) -> None:
    hears_of(session, seen.agrees, RANGES_NEWS, LIKES_NEWS, FRIENDS_NEWS)
    tell(session, seen.agrees, RANGES_NEWS, seen.agrees.brand_id)
    tell(session, seen.agrees, LIKES_NEWS, seen.looks[0])
    for other in (seen.friend, seen.withdrew, seen.never):
        tell(session, seen.agrees, FRIENDS_NEWS, other.id)


def things_of(session: Session, seen: People) -> dict[str, tuple[str, ...]]:
    """What members have at addresses of its own: links, invitations, notes, friends."""
    member, now = seen.agrees, core_clock.now()
    links = [
        *sharing.make_links(session, seen.looks[0], sharer=member, now=now),
        *sharing.make_links(session, seen.looks[1], sharer=None, now=now),
        *sharing.make_poll_links(session, seen.polls[0], sharer=None, now=now),
    ]
    invitation = friends.invite(session, member=member, now=now, key=KEY)
    _tell_of_things(session, seen)
    people = (seen.agrees, seen.friend, seen.never, seen.withdrew)
    parties = (
        new_occasion(session, member, seen.friend),
        new_occasion(session, seen.withdrew, seen.friend),
        new_occasion(session, seen.never, place=NEVER[3]),
    )
    opinions = (
        new_opinion(session, member, seen.friend),
        new_opinion(session, seen.friend, member, seen.withdrew),
        new_opinion(session, seen.friend, seen.withdrew),
    )
    say(session, opinions[0], seen.friend, "yes")
    say(session, opinions[1], member, "no")
    reports.report(session, opinions[2], reason="unkind", member=seen.withdrew, now=now)
    return {
        "occasion_id": parties,
        "opinion_id": opinions,
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
