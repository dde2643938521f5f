"""Circles of friends around a stylist, an experiment on them, and purchases of known cause."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count
from random import Random

from sqlalchemy.orm import Session

from core import clock
from core.ids import new_id
from loyalty.experiments import service as experiments
from loyalty.experiments.rules import Assignment
from retail.accounts import queries as accounts
from retail.accounts.models import Member
from retail.accounts.queries import MemberView
from retail.brands.queries import StoreView
from retail.catalogue import queries as catalogue
from retail.catalogue.queries import VariantView
from retail.consent.rules import FRIEND_OFFERS, LEAGUE, OFFERS
from retail.friends.models import Friendship
from retail.influence import service as influence
from retail.influence.periods import Windows, period_of_month
from retail.influence.rules import TREATMENT, Month, month_of
from retail.influence.views import Asked
from retail.journeys.looks.like import like
from retail.journeys.offers.offer import draw
from retail.outfits import queries as outfits
from retail.receipts.views import ReceiptView
from retail.sharing import service as sharing
from tests.builders.accounts import give_consent, new_member
from tests.builders.brands import new_store
from tests.builders.league import ranked_outfit
from tests.builders.offers import BORN, new_adult
from tests.builders.receipts import line, new_receipt

WINDOWS = Windows(14)
# What hearing of a friend sells to somebody, and what it sells to each friend of theirs besides.
DIRECT_MINOR, PASSED_ON_MINOR = 2_000, 500


@dataclass(frozen=True)
class Salon:
    """A store with a stylist of the league whom everybody knows, and an experiment on that."""

    store: StoreView
    stylist: MemberView
    experiment_id: str
    month: Month
    seed: int
    _numbers: Iterator[int] = field(default_factory=count)

    def next_id(self) -> str:
        """An id for somebody new, the same in every run, so that the same arms are drawn."""
        return f"M{self.seed:05}{next(self._numbers):020}"

    def asked(self, **more: object) -> Asked:
        """What a marketer asks of its month."""
        return asked_of(self.store.brand_id, self.month.on, **more)


def asked_of(brand_id: str, day: date, **more: object) -> Asked:
    """What a marketer asks of the calendar month of a day."""
    return Asked(brand_id, period_of_month(day), WINDOWS, **more)  # type: ignore[arg-type]


def new_salon(
    session: Session, *, holdout: int = 500, name: str = "Grace Lane", seed: int = 1
) -> Salon:
    """Such a store, as nobody has bought in it yet; a seed says how everybody will be drawn."""
    store, now = new_store(session), clock.now()
    experiment_id = experiments.start(
        session,
        programme_id=store.brand_id,
        name="Friends’ influence, 1",
        treatment=TREATMENT,
        holdout=holdout,
        starts_at=now - timedelta(hours=1),
        experiment_id=f"EXPERIMENT{seed:016}",
    )
    stylist = new_teller(session, store, name)
    return Salon(store, stylist, experiment_id, month_of(now, store.zone), seed)


def new_teller(session: Session, store: StoreView, name: str) -> MemberView:
    """A stylist of the league who agrees to stand on friends' offers."""
    stylist = new_adult(session, store.brand_id, name)
    give_consent(session, stylist, FRIEND_OFFERS, LEAGUE)
    return stylist


def new_circle(session: Session, salon: Salon, size: int) -> list[str]:
    """Friends of each other and of the stylist, who hear of offers; gives their ids."""
    ids = [salon.next_id() for _ in range(size)]
    session.add_all(
        Member(
            id=one,
            brand_id=salon.store.brand_id,
            email=f"{one.lower()}@shopper.example",
            display_name="Ada Fan",
            sizes={},
            birth_on=BORN,
            joined_at=clock.now() - timedelta(days=31),
        )
        for one in ids
    )
    session.flush()
    know_each_other(session, salon.store, [*ids, salon.stylist.id])
    return ids


def circles_of(session: Session, salon: Salon, sizes: Sequence[int]) -> list[list[MemberView]]:
    """Circles of these sizes, as members."""
    ids = [new_circle(session, salon, size) for size in sizes]
    known = accounts.members_by_id(session, [one for circle in ids for one in circle])
    return [[known[one] for one in circle] for circle in ids]


def know_each_other(session: Session, store: StoreView, ids: Sequence[str]) -> None:
    """Make everybody of some people friends of each other, where they are not."""
    session.add_all(
        Friendship(
            member_id=one,
            friend_id=other,
            brand_id=store.brand_id,
            invitation_id=new_id(),
            made_at=clock.now(),
        )
        for one in ids
        for other in ids
        if one != other
    )
    session.flush()


def buy_and_be_drawn(
    session: Session, store: StoreView, member: MemberView, minor: int
) -> bool | None:
    """Somebody buys, and may hear of friends, or is kept from it; None where they are not asked."""
    receipt = new_receipt(session, store=store, member=member, lines=(line(total_minor=minor),))
    buyer = draw(session, receipt.id, now=clock.now(), minimum_age=18)
    return None if buyer is None else bool(buyer.friend_ids)


def spoken_of(session: Session, store: StoreView, buyer: MemberView, stylist: MemberView) -> None:
    """It was decided whether a stylist is spoken of to a buyer, whatever they agreed to."""
    influence.note_audience(
        session,
        new_id(),
        Assignment(buyer.id, "circle", "treatment"),
        brand_id=store.brand_id,
        stylist_ids=[stylist.id],
        month=month_of(clock.now(), store.zone),
        now=clock.now(),
    )


def live_through_a_month(
    session: Session, salon: Salon, circles: Sequence[Sequence[MemberView]]
) -> int:
    """Everybody buys and is drawn, then spends as people do and as hearing of friends has them.

    Gives what that changes for each person, in minor units.
    """
    dice, effects = Random(salon.seed), []
    for circle in circles:
        taste = dice.gauss(6_000, 1_200)
        for member in circle:
            give_consent(session, member, OFFERS)
        arms = [buy_and_be_drawn(session, salon.store, one, 1_000) for one in circle]
        for member, hears in zip(circle, arms, strict=True):
            heard_by = sum(bool(one) for one in arms) - bool(hears)
            effect = bool(hears) * DIRECT_MINOR + heard_by * PASSED_ON_MINOR
            total = max(100, round(dice.gauss(taste, 900))) + effect
            goods = {"lines": (line(total_minor=total),)}
            new_receipt(session, store=salon.store, member=member, **goods)
        effects += [DIRECT_MINOR + (len(circle) - 1) * PASSED_ON_MINOR] * len(circle)
    return round(sum(effects) / len(effects))


def after(month: Month) -> datetime:
    """When a month's sales stand."""
    return month.settles_at + timedelta(minutes=1)


def look_that_travels(
    session: Session, store: StoreView, name: str = "Chloe Martin"
) -> tuple[MemberView, str, VariantView]:
    """A stylist of the league, a look of hers with a link, and one of the pieces it shows."""
    stylist, look = ranked_outfit(session, store, display_name=name)
    piece = outfits.get_visible(session, look).pieces[0].variant_id
    return stylist, look, catalogue.get_variants(session, store.brand_id, [piece])[piece]


def come_and_buy(
    session: Session,
    store: StoreView,
    look: str,
    piece: VariantView,
    people: int,
    *,
    by: MemberView | None = None,
) -> list[MemberView]:
    """So many new members come by a link to a look, like it, and buy a piece of it a day later."""
    now = clock.now()
    (link,) = sharing.make_links(session, look, sharer=by, channels=("copy",), now=now)
    came = [new_member(session, store.brand_id, display_name="Ada Fan") for _ in range(people)]
    for one in came:
        like(session, look, member=one, share_id=link.share_id, now=now)
        buy_piece(session, store, one, piece)
    return came


def buy_piece(
    session: Session, store: StoreView, member: MemberView, piece: VariantView
) -> ReceiptView:
    """A member buys one piece, an hour from now."""
    sold_at = clock.now() + timedelta(hours=1)
    return new_receipt(session, store=store, variants=[piece], member=member, sold_at=sold_at)
