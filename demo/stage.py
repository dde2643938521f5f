"""What must have happened before the screens can be shown: people, receipts and looks."""

import contextlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from demo import seed
from demo.occasion_stage import buy_alike
from demo.poll_stage import Polls, set_polls
from demo.rewards import SAVER
from demo.simulator import desk
from demo.simulator.browser import Browser
from demo.simulator.cast import Shopper
from demo.simulator.day import Day
from demo.simulator.phone import Phone
from demo.simulator.plan import (
    BANNED_CAPTION,
    REPORTERS,
    Article,
    Befriend,
    Claim,
    LayOut,
    Like,
    Planner,
    Publish,
    Report,
    Sell,
)

NEWCOMER = Shopper("Robin Vale", "robin.vale@shopper.example", "1990-05-05")
RECEIPT_TO_CLAIM, RECEIPT_OF_DRAFT, RECEIPT_HELD, RECEIPT_FOR_FRIENDS = 9_001, 9_002, 9_003, 9_004


@dataclass(frozen=True)
class Stage:
    """What the scenes need: people, receipts and looks in the right state."""

    stylist: Mapping[str, str]
    stylist_email: str
    stylist_look: str
    newcomer: Mapping[str, str]
    saver: Mapping[str, str]
    manager: Mapping[str, str]
    assistant: Mapping[str, str]
    held: Mapping[str, str]
    held_look: str
    token: str
    typed_code: str
    claimed_token: str
    draft: str
    other_look: str
    liked_look: str
    print_path: str
    friends_look: str
    friend: str
    friends_phone: Mapping[str, str]
    invitation: str
    my_invitation: str
    polls: Polls
    offered: Mapping[str, str]
    offered_email: str


def set_stage(day: Day) -> Stage:
    """Bring about what the scenes of a busy day show."""
    look, stylist = next(iter(day.stylists.items()))
    others = [other for other, owner in day.stylists.items() if owner != stylist]
    planner: Planner = day.plan()
    _sell(day, planner, stylist)
    day.act(Like(others[0], stylist))
    held, held_by = _trouble(day, planner)
    friend, friend_number = _make_friends(day, stylist, liked=others[0], other=others[-1])
    polls = set_polls(day, stylist, friend_number, a_look(planner))
    buy_alike(day, stylist, friend_number, goods=a_look(planner))
    invitation = day.phones[stylist].invite()
    slip, offered = day.slips[RECEIPT_TO_CLAIM], _offered(day)
    return Stage(
        stylist=day.phones[stylist].browser.cookies,
        stylist_email=day.phones[stylist].shopper.email,
        stylist_look=day.looks[look],
        newcomer=_at_home(day, NEWCOMER),
        saver=_at_home(day, SAVER),
        manager=at_work(day, seed.MANAGER),
        assistant=at_work(day, "Sam Reed"),
        held=day.phones[held_by].browser.cookies,
        held_look=day.looks[held],
        token=slip.claim_url.rsplit("/", 1)[1],
        typed_code=slip.code,
        claimed_token=day.slips[RECEIPT_OF_DRAFT].claim_url.rsplit("/", 1)[1],
        draft=day.looks[RECEIPT_OF_DRAFT],
        other_look=day.looks[others[-1]],
        liked_look=day.looks[others[0]],
        print_path=_print_path(day),
        friends_look=day.looks[RECEIPT_FOR_FRIENDS],
        friend=friend,
        friends_phone=day.phones[friend_number].browser.cookies,
        invitation=invitation,
        my_invitation=_first_link(day.phones[stylist], "/me/friends/invitations/"),
        polls=polls,
        offered=offered.browser.cookies,
        offered_email=offered.shopper.email,
    )


def _sell(day: Day, planner: Planner, stylist: int) -> None:
    store = seed.STORES.index("covent-garden")
    for receipt in (RECEIPT_TO_CLAIM, RECEIPT_OF_DRAFT, RECEIPT_FOR_FRIENDS):
        day.act(Sell(receipt, store, "1", a_look(planner), is_repeated=False))
    day.act(Claim(RECEIPT_OF_DRAFT, stylist))
    day.act(LayOut(RECEIPT_OF_DRAFT, stylist, "rain", "Two coats cold"))


def _offered(day: Day) -> Phone:
    """The first phone that was offered something; any where nobody was."""
    phones = [phone for phone in day.phones if phone.browser.cookies]
    said = (one for one in phones if 'class="ad"' in one.browser.open("/me/offers").text)
    return next(said, phones[0])


def _print_path(day: Day) -> str:
    """Where a slip that the hub shows is printed."""
    with contextlib.closing(Browser(day.shop.origin)) as browser:
        found = re.search(r'href="(/print/receipts/[^"]+)"', browser.open("/").text)
    return found[1].replace("&amp;", "&") if found else "/"


def _trouble(day: Day, planner: Planner) -> tuple[int, int]:
    """A look that some report, and one that waits: the number of the second, and its stylist."""
    shown = [look for look in day.stylists if look not in (RECEIPT_TO_CLAIM, RECEIPT_OF_DRAFT)]
    reported, *_ = reversed(shown)
    others = [shopper for shopper in day.stylists.values() if shopper != day.stylists[reported]]
    for shopper in list(dict.fromkeys(others))[:REPORTERS]:
        day.act(Report(reported, shopper))
    store, stylist = seed.STORES.index("covent-garden"), day.stylists[shown[0]]
    day.act(Sell(RECEIPT_HELD, store, "1", a_look(planner), is_repeated=False))
    day.act(Claim(RECEIPT_HELD, stylist))
    day.act(LayOut(RECEIPT_HELD, stylist, "straw", BANNED_CAPTION))
    day.act(Publish(RECEIPT_HELD, stylist, is_in_league=True))
    return RECEIPT_HELD, stylist


def _make_friends(day: Day, stylist: int, *, liked: int, other: int) -> tuple[str, int]:
    """Friends who like the same look, one who shows a look to friends only, one who is blocked.

    Gives the address of a friend's page, and the number of one.
    """
    # Whose looks other scenes show to the stylist cannot be kept away from her.
    known = {stylist, day.stylists[liked], day.stylists[other]}
    first, second, third = [s for s in sorted(set(day.stylists.values())) if s not in known][:3]
    day.act(Befriend(stylist, third))
    day.phones[stylist].block_newest_friend()
    for friend in (second, first):
        day.act(Befriend(stylist, friend))
        day.act(Like(liked, friend))
    day.act(Claim(RECEIPT_FOR_FRIENDS, first))
    day.act(LayOut(RECEIPT_FOR_FRIENDS, first, "straw", "What do you think?"))
    day.act(Publish(RECEIPT_FOR_FRIENDS, first, is_in_league=False, audience="friends"))
    return _first_link(day.phones[stylist], "/me/friends/with/"), first


def _first_link(phone: Phone, beginning: str) -> str:
    found = re.search(beginning + "[0-9A-Z]{26}", phone.browser.open("/me/friends").text)
    if found is None:
        raise LookupError(beginning)
    return found[0]


def a_look(planner: Planner) -> tuple[Article, ...]:
    """One article of each role that a whole outfit has, and one that is nobody's business."""
    roles = ("outer", "top", "bottom", "shoes", "private")
    return tuple(planner.articles[role][7] for role in roles if len(planner.articles[role]) > 7)


def at_work(day: Day, name: str) -> Mapping[str, str]:
    """The cookies of a colleague who signed in."""
    return desk.at_work(day.shop.origin, day.shop.brand, seed.staff_email(name))


def _at_home(day: Day, shopper: Shopper) -> Mapping[str, str]:
    """The cookies of somebody who signed in."""
    phone = Phone(Browser(day.shop.origin), shopper, day.shop.brand)
    with contextlib.closing(phone.browser):
        phone.ask_for_code()
        phone.sign_in()
    return phone.browser.cookies
