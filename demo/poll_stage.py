"""What must have happened before polls can be shown: two looks, three questions, some votes."""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass

from demo import seed
from demo.simulator.browser import Refused
from demo.simulator.day import Day
from demo.simulator.plan import Article, Claim, LayOut, Publish, Sell

RECEIPTS = (9_005, 9_006)
CAPTIONS = ("Cable knit, no coat", "With the navy trench")


@dataclass(frozen=True)
class Polls:
    """Polls of the stylist: one with a result, one with too few votes, one closed; and a voter."""

    asked: str
    few: str
    closed: str
    voter: Mapping[str, str]


def set_polls(day: Day, stylist: int, friend: int, goods: tuple[Article, ...]) -> Polls:
    """Have the stylist show two looks and ask about them."""
    store, phone = seed.STORES.index("covent-garden"), day.phones[stylist]
    for receipt, caption in zip(RECEIPTS, CAPTIONS, strict=True):
        day.act(Sell(receipt, store, "1", goods[receipt % 2 :], is_repeated=False))
        day.act(Claim(receipt, stylist))
        day.act(LayOut(receipt, stylist, "rain" if receipt % 2 else "straw", caption))
        day.act(Publish(receipt, stylist, is_in_league=True))
    looks = [day.looks[receipt] for receipt in RECEIPTS]
    asked = phone.ask(looks, "everyone", "day", "Which for the first frost?")
    few = phone.ask(looks, "friends", "three_days", "")
    closed = phone.ask(looks, "everyone", "hour", "Market or theatre?")
    voters = [other for other in sorted(set(day.stylists.values())) if other != stylist]
    for number, voter in enumerate(voters):
        for poll in (asked, closed):
            # Whom she keeps away has no vote.
            with contextlib.suppress(Refused, LookupError):
                day.phones[voter].vote(poll, "first" if number else "second")
    for poll in (asked, few):
        day.phones[friend].vote(poll, "first")
    phone.close_poll(closed)
    return Polls(asked, few, closed, day.phones[friend].browser.cookies)
