"""Whatever is agreed to, taken back or never asked, an offer says what follows from that alone.

All states are gone through beside a rule in four lines that knows no database.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any, Literal

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from core import clock
from retail.accounts.queries import MemberView
from retail.consent import service as consent
from retail.consent.models import Consent
from retail.consent.rules import FRIEND_OFFERS, LIKE_OFFERS, OFFERS
from retail.friends import service as friends
from retail.journeys.offers import show_offer
from retail.journeys.offers.show_offer import facts_of
from retail.offers.queries import OfferView
from retail.offers.rules import CHANNELS, Channel
from retail.offers.wording import deal, on_paper, why
from tests.builders.accounts import new_member
from tests.builders.friends import befriend
from tests.builders.offers import PLAIN, Boutique, new_boutique, set_birth_date
from tests.retail.journeys.offers.test_friends_taste import likes_a_bag
from tests.scale import FACTOR

State = Literal["given", "withdrawn", "never"]
Cells = tuple[State, State]
STATES: tuple[State, ...] = ("given", "withdrawn", "never")
CELLS: tuple[Cells, ...] = tuple(product(STATES, STATES))
YES: Cells = ("given", "given")
NO: Cells = ("never", "never")
# Every state of either channel, and the name on both, on one, on none.
FEW: tuple[Cells, ...] = (
    YES,
    ("given", "withdrawn"),
    ("never", "given"),
    ("withdrawn", "never"),
    ("never", "withdrawn"),
)
Change = Callable[[Session, Boutique], object]


@dataclass(frozen=True)
class Asked:
    """What each of the two agreed to, on web and paper, and how they stand to one another."""

    offers: Cells = YES
    friend_offers: Cells = YES
    like_offers: Cells = NO
    tie: str = "friends"
    has_many: bool = False
    has_it: bool = True


TIES: dict[str, Change] = {
    "friends": lambda session, shop: None,
    "parted": lambda session, shop: friends.end(session, shop.nina.id, member=shop.sarah),
    "she blocks": lambda session, shop: _block(session, shop.nina, shop.sarah),
    "she is blocked": lambda session, shop: _block(session, shop.sarah, shop.nina),
    "she is a minor": lambda session, shop: set_birth_date(
        session, shop.nina, clock.now().date().replace(year=clock.now().year - 15)
    ),
    "her age is unknown": lambda session, shop: set_birth_date(session, shop.nina, None),
}


def _block(session: Session, who: MemberView, whom: MemberView) -> None:
    friends.block(session, whom.id, member=who, now=clock.now())


def follows(asked: Asked, channel: Channel) -> tuple[str, str] | None:
    """What has to be said, and thanks to whom."""
    here = CHANNELS.index(channel)
    needed = [asked.friend_offers] if asked.has_it else [asked.friend_offers, asked.like_offers]
    if asked.offers[here] != "given":
        return None
    may_tell = asked.tie == "friends" and all("given" in cells for cells in needed)
    does = "has {} as well." if asked.has_it else "likes a look with {}."
    if may_tell and all(cells[here] == "given" for cells in needed):
        return f"Your friend Nina bought it too, and {does}", "20% off it today, thanks to Nina."
    if may_tell and asked.has_many:
        return f"A friend of yours bought it too, and {does}", "20% off it today."
    return "It goes with {}.", "20% off it today."


def says(session: Session, offer: OfferView, channel: Channel) -> tuple[str, str] | None:
    """What is said, the name of the piece left open; what stands on paper says the same."""
    found = facts_of(session, offer, channel=channel, now=clock.now(), minimum_age=18)
    if found is None:
        return None
    piece = found.piece
    said = why(found, PLAIN), deal(found, PLAIN)
    paper = " ".join(on_paper(found, PLAIN, most=99))
    assert paper.startswith("Ad: ")
    assert all(sentence in paper for sentence in said)
    assert ("Nina" in paper) == ("Nina" in said[0])
    return said[0].replace(piece, "{}"), said[1]


def states() -> Iterator[Asked]:
    """Every state of the buyer, of each tie, and of the friend with what she said of her likes."""
    cells = CELLS if FACTOR else FEW
    for offers, told in product(CELLS, (YES, *cells[-1:])):
        yield Asked(offers=offers, friend_offers=told)
    for tie, has_many, told in product(TIES, (False, True), cells):
        yield Asked(friend_offers=told, tie=tie, has_many=has_many)
    for has_many, told, liked in product((False, True), cells, cells):
        yield Asked(friend_offers=told, like_offers=liked, has_many=has_many, has_it=False)
    for tie in TIES:
        yield Asked(tie=tie, has_many=True, like_offers=YES, has_it=False)


@dataclass
class World:
    """A boutique that is put into one state after another."""

    session: Session
    shop: Boutique
    offer: OfferView
    now: Asked = Asked(offers=NO, friend_offers=NO)

    def agree(self, asked: Asked) -> None:
        """Have the two agree to this; what is so already is left alone."""
        cells = (
            (self.shop.sarah, OFFERS, self.now.offers, asked.offers),
            (self.shop.nina, FRIEND_OFFERS, self.now.friend_offers, asked.friend_offers),
            (self.shop.nina, LIKE_OFFERS, self.now.like_offers, asked.like_offers),
        )
        for member, purpose, before, after in cells:
            for channel, was, state in zip(CHANNELS, before, after, strict=True):
                if was != state:
                    self._set(member, purpose, channel, state)
        self.now = asked

    def _set(self, member: MemberView, purpose: str, channel: Channel, state: State) -> None:
        cell = {"purpose": purpose, "channel": channel}
        self.session.execute(delete(Consent).filter_by(member_id=member.id, **cell))
        who: Any = {"member_id": member.id, "brand_id": member.brand_id, "now": clock.now()}
        if state != "never":
            consent.give(self.session, **who, **cell)
        if state == "withdrawn":
            consent.withdraw(self.session, **who, **cell)


def world(session: Session, *, has_it: bool, has_many: bool) -> World:
    """An offer thanks to Nina, who has the piece or likes it, with everything agreed to."""
    shop = new_boutique(session) if has_it else likes_a_bag(session)[0]
    offer = shop.made(session)
    if has_many:
        others = (new_member(session, shop.store.brand_id) for _ in "ab")
        befriend(session, shop.sarah, *others)
    made = World(session, shop, offer)
    session.execute(delete(Consent).where(Consent.member_id.in_([shop.sarah.id, shop.nina.id])))
    return made


def wrong(session: Session, asked_of: Iterable[Asked]) -> Iterator[tuple[Asked, Channel, object]]:
    """Each state in which something else is said than what follows from it."""
    by_world: dict[tuple[bool, bool], dict[str, list[Asked]]] = {}
    for asked in asked_of:
        of = by_world.setdefault((asked.has_it, asked.has_many), {})
        of.setdefault(asked.tie, []).append(asked)
    for (has_it, has_many), ties in by_world.items():
        made = world(session, has_it=has_it, has_many=has_many)
        for tie, all_asked in ties.items():
            with session.begin_nested() as here:
                TIES[tie](session, made.shop)
                for asked in all_asked:
                    made.agree(asked)
                    for channel in CHANNELS:
                        said = says(session, made.offer, channel)
                        if said != follows(asked, channel):
                            yield asked, channel, said
                here.rollback()
            session.expire_all()
            made.now = World.now


@pytest.mark.proof
def test_every_sentence_follows_from_what_is_agreed_to_now(session: Session) -> None:
    assert list(wrong(session, states())) == []


def any_channel(session: Session, member_id: str, purpose: str, **_: Any) -> bool:
    return _has_consent(session, member_id, purpose)


def once_given(session: Session, member_id: str, purpose: str, **cell: Any) -> bool:
    rows = session.query(Consent).filter_by(member_id=member_id, purpose=purpose, **cell)
    return rows.count() > 0


def whoever(_session: Session, _member_id: str, friend_ids: Any, **_: Any) -> set[str]:
    return set(friend_ids)


_has_consent = show_offer.consent.has_consent
FAULTS: dict[str, tuple[Any, str, Any]] = {
    "paper prints what was agreed to for pages": (show_offer.consent, "has_consent", any_channel),
    "what was taken back still counts": (show_offer.consent, "has_consent", once_given),
    "whoever is a friend is named": (show_offer, "tellers", whoever),
    "likes need no agreement here": (show_offer, "agreed", lambda _s, ids, *_: set(ids)),
    "a friend is told of among few": (show_offer.rules, "LEAST_FRIENDS", 0),
    "who parted is a friend": (show_offer.friends, "is_friend", lambda *_: True),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_the_matrix_finds_a_planted_fault(
    session: Session, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    monkeypatch.setattr(*FAULTS[fault])
    of_likes = fault.startswith("likes")
    asked_of = (one for one in states() if one.has_it is not of_likes)
    assert next(wrong(session, asked_of), None) is not None
