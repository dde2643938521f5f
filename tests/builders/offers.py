"""A boutique for tests of offers: Sarah buys a dress that Nina has, with shoes that go with it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from core import clock
from core.transaction import Database
from loyalty.vouchers.queries import vouchers_of
from loyalty.vouchers.rules import VoucherView
from retail.accounts.models import Member
from retail.accounts.queries import MemberView
from retail.brands.queries import StoreView
from retail.catalogue import queries as catalogue
from retail.catalogue.queries import VariantView
from retail.catalogue.service import take_stock
from retail.consent.rules import FRIEND_OFFERS, OFFERS
from retail.journeys.offers.offer import draw, make, think
from retail.journeys.offers.show_offer import facts_of
from retail.journeys.sales.refund import record_refund
from retail.notifications.speech import Speech
from retail.offers import queries, service
from retail.offers.queries import OfferView
from retail.offers.rules import Channel, Had, OfferFacts, Question, Tip, Why
from retail.offers.terms import OfferTerms
from retail.receipts.returns import ReturnInput
from retail.receipts.views import ReceiptView
from tests.builders.accounts import give_consent, new_member
from tests.builders.brands import new_store
from tests.builders.catalogue import new_stock, new_style, new_variant
from tests.builders.friends import befriend
from tests.builders.receipts import new_receipt, till_of
from tests.conftest import KEY

PLAIN = Speech(
    lambda message, /, **values: message % values,
    lambda one, many, num, /, **values: (one if num == 1 else many) % values,
    "{:,}".format,
    str,
)
TERMS = OfferTerms(percent=20, a_day=1, a_week=3)
BORN = date(1990, 5, 17)


@dataclass
class FriendsHave:
    """Ranks as the recommender does, in little: what friends have first, then what many have.

    `crowds` says by style how many have it with what was bought. It keeps what it was asked.
    """

    crowds: dict[str, int] = field(default_factory=dict)
    asked: list[Question] = field(default_factory=list)

    def __call__(self, question: Question) -> Sequence[Tip]:
        self.asked.append(question)
        anchor = question.anchors[0]
        tips = [
            Tip(had.style_id, 2.0, partial(Why, anchor, friend_id, self._crowd(had), {"votes": 1}))
            for friend_id, history in question.friends.items()
            for had in history
        ]
        known = self.crowds.items()
        return [*tips, *(Tip(one, 1.0, partial(Why, anchor, None, n)) for one, n in known)]

    def _crowd(self, had: Had) -> int:
        return self.crowds.get(had.style_id, 0)


@dataclass
class Boutique:
    """A store with a dress and shoes; Sarah agrees to offers, Nina to stand on them."""

    store: StoreView
    dress: VariantView
    shoes: VariantView
    sarah: MemberView
    nina: MemberView
    ranker: FriendsHave = field(default_factory=FriendsHave)
    terms: OfferTerms = TERMS

    def buy(self, session: Session, *variants: VariantView, **about: Any) -> ReceiptView:
        """Sarah buys the dress, or something else."""
        who = {"store": self.store, "member": self.sarah} | about
        return new_receipt(session, variants=variants or (self.dress,), **who)

    def offer(
        self, session: Session, receipt: ReceiptView | None = None, *, key: bytes = KEY
    ) -> OfferView | None:
        """What a purchase brings, all steps in one transaction."""
        receipt = receipt or self.buy(session)
        now = clock.now()
        buyer = draw(session, receipt.id, now=now, minimum_age=18)
        if buyer is None:
            return None
        how: dict[str, Any] = {"terms": self.terms, "now": now}
        choice = think(session, buyer, ranker=self.ranker, minimum_age=18, **how)
        if choice is None:
            return None
        made = make(session, buyer, choice, key=key, **how)
        return queries.find_offer(session, made or "")

    def made(
        self, session: Session, receipt: ReceiptView | None = None, *, key: bytes = KEY
    ) -> OfferView:
        """What a purchase brings, where that has to be something."""
        found = self.offer(session, receipt, key=key)
        assert found is not None
        return found

    def made_before(self, session: Session) -> OfferView:
        """The offer that Sarah had last."""
        return queries.offers_of(session, self.sarah.id)[0]

    def buy_for(self, session: Session, member: MemberView, variant: VariantView) -> ReceiptView:
        """Somebody else buys something."""
        return self.buy(session, variant, member=member)

    def also_here(self, session: Session) -> VariantView:
        """Something else in Sarah's size that Nina has, and the store too."""
        brand_id, size = self.store.brand_id, self.shoes.size
        piece = _variant(session, brand_id, "Quay loafers", "shoes", "loafers", size=size)
        new_stock(session, brand_id=brand_id, store_id=self.store.id, variant_id=piece.id)
        self.buy_for(session, self.nina, piece)
        return piece

    def bring_back(self, session: Session, receipt: ReceiptView) -> None:
        """All of a receipt comes back."""
        given = ReturnInput(f"B-{receipt.id}", clock.now())
        who = {"key": till_of(self.store), "now": clock.now()}
        record_refund(session, receipt_id=receipt.id, given=given, **who)

    def sell_out(self, session: Session) -> None:
        """The last shoes go."""
        where = {"brand_id": self.store.brand_id, "store_id": self.store.id}
        take_stock(session, **where, quantities={self.shoes.id: 99}, now=clock.now())

    def vouchers(self, session: Session, member: MemberView) -> list[VoucherView]:
        """A member's vouchers."""
        return vouchers_of(session, self.store.brand_id, member.id, now=clock.now(), key=KEY)


def facts(session: Session, offer: OfferView, channel: Channel = "web") -> OfferFacts:
    """What may be said of an offer now, where anything may."""
    found = facts_of(session, offer, channel=channel, now=clock.now(), minimum_age=18)
    assert found is not None
    return found


def new_adult(session: Session, brand_id: str, name: str, **about: Any) -> MemberView:
    """A member of age."""
    return new_member(session, brand_id, display_name=name, birth_on=BORN, **about)


def set_birth_date(session: Session, member: MemberView, born: date | None) -> None:
    """Say when somebody was born, or that nobody knows."""
    session.execute(update(Member).where(Member.id == member.id).values(birth_on=born))


def new_boutique(session: Session, *, shoes_left: int = 1, **about: Any) -> Boutique:
    """A boutique where everybody agreed, and Sarah, of whom more is told, has Nina's size."""
    store = new_store(session)
    brand_id = store.brand_id
    dress = _variant(session, brand_id, "Mallory dress", "dresses", "dress")
    shoes = _variant(session, brand_id, "Pilar boots", "shoes", "boots", size="39")
    older = _variant(session, brand_id, "Old loafers", "shoes", "loafers", size="39")
    boots = catalogue.get_style(session, brand_id, shoes.style_id)
    new_variant(session, brand_id=brand_id, style=boots, size="40")
    stock = {"brand_id": brand_id, "store_id": store.id}
    new_stock(session, **stock, variant_id=shoes.id, on_hand=shoes_left)
    sarah = new_adult(session, brand_id, "Sarah Quist", **about)
    nina = new_adult(session, brand_id, "Nina Okafor")
    befriend(session, sarah, nina)
    give_consent(session, sarah, OFFERS)
    give_consent(session, nina, FRIEND_OFFERS)
    before = clock.now() - timedelta(days=20)
    new_receipt(session, store=store, variants=[older], member=sarah, sold_at=before)
    new_receipt(session, store=store, variants=[dress, shoes], member=nina, sold_at=before)
    return Boutique(store, dress, shoes, sarah, nina)


def offer_anything(
    session: Session,
    store: StoreView,
    buyer: MemberView,
    teller: MemberView,
    piece: VariantView | None = None,
) -> str:
    """An offer to somebody thanks to somebody, whatever they agreed to; gives its id."""
    piece = piece or new_variant(session, brand_id=store.brand_id)
    made = service.make(
        session,
        brand_id=store.brand_id,
        store_id=store.id,
        member_id=buyer.id,
        receipt_id=new_receipt(session, store=store, variants=[piece], member=buyer).id,
        anchor_id=piece.id,
        style_id=piece.style_id,
        variant_id=piece.id,
        kind="friend",
        friend_id=teller.id,
        crowd=0,
        percent=20,
        reason={},
        offered_at=clock.now(),
        ends_at=clock.now() + timedelta(hours=6),
    )
    assert made is not None
    return made


def open_boutique(db: Database, **about: Any) -> Boutique:
    """A boutique that is committed."""
    with db.write() as session:
        return new_boutique(session, **about)


def _variant(
    session: Session, brand_id: str, name: str, category: str, drawing: str, **about: Any
) -> VariantView:
    style = new_style(
        session, brand_id=brand_id, name=name, category_code=category, drawing=drawing
    )
    return new_variant(session, brand_id=brand_id, style=style, **about)
