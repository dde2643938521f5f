"""Offer a piece that goes with what was just bought: draw, think, make; each step on its own.

They are three transactions, the middle one reading only, so that nothing waits while we think.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from core.days import day_after
from loyalty.experiments import service as experiments
from loyalty.vouchers import service as vouchers
from retail.accounts import queries as accounts
from retail.brands import queries as brands
from retail.brands.queries import StoreView
from retail.catalogue import queries as catalogue
from retail.catalogue.queries import VariantView
from retail.consent import queries as consent
from retail.consent.rules import FRIEND_OFFERS, OFFERS
from retail.friends import queries as friends
from retail.journeys.influence.keep_from_influence import keep_from_influence
from retail.journeys.influence.speak_of_friends import agreeing, tellers
from retail.journeys.offers.friends_taste import likes_of
from retail.journeys.offers.look_round import Shelves, Sieve
from retail.journeys.offers.pay_offer import agree_terms, can_pay
from retail.offers import queries, rules, service
from retail.offers.rules import Choice, Had, Question, Ranker
from retail.offers.terms import OfferTerms, is_tired
from retail.receipts import queries as receipts
from retail.receipts.kept import Kept, kept_by
from retail.receipts.views import ReceiptView

CLAIMED_JOB = "offer_for_claim"


@dataclass(frozen=True)
class Buyer:
    """Somebody to whom something may be offered, with the receipt and where it was bought."""

    member_id: str
    receipt: ReceiptView
    store: StoreView
    friend_ids: tuple[str, ...]


@dataclass(frozen=True)
class _Things:
    """What people bought and kept, with the variants of it that may be spoken of."""

    kept: list[Kept]
    variants: dict[str, VariantView]

    def of(self, member_id: str) -> tuple[Had, ...]:
        """What one of them has, by style."""
        return tuple(
            Had(member_id, self.variants[one.variant_id].style_id, one.sold_at)
            for one in self.kept
            if one.member_id == member_id and one.variant_id in self.variants
        )


def draw(session: Session, receipt_id: str, *, now: datetime, minimum_age: int) -> Buyer | None:
    """Who bought today, if anything may be offered to them; nothing else was looked at until then.

    Whoever did not agree, or is not known to be of age, is in no experiment. Everybody else is
    drawn before anything else, and that they were asked about is noted. Whoever is kept from the
    influence of friends is offered things as if they had none.
    """
    receipt = receipts.get_receipt(session, receipt_id)
    store = brands.get_store(session, receipt.store_id)
    is_today = day_after(receipt.sold_at, store.zone, 0) > now
    if receipt.member_id is None or not is_today:
        return None
    who = [receipt.member_id]
    known = accounts.members_by_id(session, who, now=now, minimum_age=minimum_age)
    member = known.get(receipt.member_id)
    if member is None or not member.is_adult or not agreeing(session, who, OFFERS):
        return None
    with_ids = friends.friend_ids(session, who)[member.id]
    may = experiments.may_treat(
        session,
        programme_id=receipt.brand_id,
        treatment=rules.TREATMENT,
        owner_id=member.id,
        with_ids=with_ids,
        source=f"receipt:{receipt.id}",
        now=now,
    )
    if not may:
        return None
    is_kept = keep_from_influence(
        session, receipt, friend_ids=with_ids, now=now, minimum_age=minimum_age
    )
    return Buyer(member.id, receipt, store, () if is_kept else tuple(with_ids))


def think(
    session: Session,
    buyer: Buyer,
    *,
    ranker: Ranker,
    terms: OfferTerms,
    now: datetime,
    minimum_age: int,
) -> Choice | None:
    """What to offer somebody, if anything is right; nothing is written."""
    made = queries.made_lately(session, buyer.member_id, zone=buyer.store.zone, now=now)
    if is_tired(*made, terms):
        return None
    refused = queries.refusals_of(session, buyer.member_id)
    waiting = queries.waiting_for(session, buyer.member_id, now=now)
    asked = set(buyer.friend_ids) - refused.friends
    may_tell = tellers(session, buyer.member_id, asked, now=now, minimum_age=minimum_age)
    things = _things(session, buyer.receipt.brand_id, {buyer.member_id, *may_tell})
    bought = _anchors(buyer.receipt, things, terms)
    if not bought:
        return None
    friends_have = _have(session, buyer.receipt.brand_id, may_tell, things)
    question = _question(buyer.member_id, bought, friends_have, things, now)
    sizes = _sizes(session, buyer.member_id, things)
    shelves = Shelves(session, buyer.store, bought, sizes, terms, now)
    named = consent.consenting(session, may_tell, FRIEND_OFFERS, channel="web")
    # The best of everything first: to ask a store for what it has takes longer.
    for sieve in (None, Sieve(shelves)):
        found = ranker(replace(question, sieve=sieve))
        tips, unwanted = rules.wanted(found, question.owned, refused.styles, waiting)
        here, friends_had = shelves.here(tips), len(buyer.friend_ids)
        choice = rules.choose(
            tips, here.goods, barred=here.barred, named=named, friends=friends_had
        )
        if choice is not None:
            return replace(choice, left_out={**unwanted, **choice.left_out})
    return None


def make(
    session: Session,
    buyer: Buyer,
    choice: Choice,
    *,
    terms: OfferTerms,
    now: datetime,
    key: bytes,
) -> str | None:
    """Offer it: with a voucher that is good until the store's day ends. Gives the offer's id.

    None where the receipt has this offer already, or agreement or the budget ended while we
    thought.
    """
    if not agreeing(session, {buyer.member_id}, OFFERS):
        return None
    if not can_pay(session, buyer.receipt.brand_id, choice.variant, terms.percent):
        return None
    offer_id = _write(session, buyer, choice, terms, now)
    if offer_id is not None:
        voucher_id = _issue(session, buyer, choice, terms, offer_id, now=now, key=key)
        service.attach_voucher(session, offer_id, voucher_id)
    return offer_id


def _write(
    session: Session, buyer: Buyer, choice: Choice, terms: OfferTerms, now: datetime
) -> str | None:
    receipt, why = buyer.receipt, choice.tip.why
    return service.make(
        session,
        brand_id=receipt.brand_id,
        store_id=receipt.store_id,
        member_id=buyer.member_id,
        receipt_id=receipt.id,
        anchor_id=choice.anchor.id,
        style_id=choice.tip.style_id,
        variant_id=choice.variant.id,
        kind=choice.kind,
        friend_id=None if choice.kind == "crowd" else why.friend_id,
        crowd=why.crowd,
        percent=terms.percent,
        reason=choice.reason,
        offered_at=now,
        ends_at=day_after(now, buyer.store.zone, 0),
    )


def _issue(
    session: Session,
    buyer: Buyer,
    choice: Choice,
    terms: OfferTerms,
    offer_id: str,
    *,
    now: datetime,
    key: bytes,
) -> str:
    issued = vouchers.issue(
        session,
        programme_id=buyer.receipt.brand_id,
        terms_id=agree_terms(
            session, buyer.receipt.brand_id, choice.variant, terms.percent, now=now
        ),
        owner_id=buyer.member_id,
        source=f"offer:{offer_id}",
        valid_from=now,
        valid_until=day_after(now, buyer.store.zone, 0),
        now=now,
        key=key,
    )
    return issued.voucher_id


def _things(session: Session, brand_id: str, member_ids: Iterable[str]) -> _Things:
    kept = kept_by(session, brand_id, member_ids)
    known = catalogue.get_variants(session, brand_id, {one.variant_id for one in kept})
    speakable = {key: one for key, one in known.items() if not one.is_never_shareable}
    return _Things(kept, speakable)


def _anchors(receipt: ReceiptView, things: _Things, terms: OfferTerms) -> dict[str, VariantView]:
    """What of a receipt may be spoken of, by style; presents and quiet categories may not."""
    bought = [line.variant_id for line in receipt.lines if line.variant_id and not line.is_gift]
    found = [things.variants[one] for one in bought if one in things.variants]
    loud = [one for one in found if one.category_code not in terms.quiet]
    return {one.style_id: one for one in reversed(loud)}


def _have(
    session: Session, brand_id: str, may_tell: Iterable[str], things: _Things
) -> dict[str, tuple[Had, ...]]:
    """What each friend who agreed has, or likes."""
    liked = likes_of(session, brand_id, may_tell)
    return {one: things.of(one) + liked.get(one, ()) for one in sorted(may_tell)}


def _question(
    member_id: str,
    bought: Mapping[str, VariantView],
    friends_have: Mapping[str, tuple[Had, ...]],
    things: _Things,
    now: datetime,
) -> Question:
    mine = things.of(member_id)
    return Question(
        anchors=tuple(bought),
        history=mine,
        friends=friends_have,
        owned=frozenset(one.style_id for one in mine),
        now=now,
    )


def _sizes(session: Session, member_id: str, things: _Things) -> dict[str, set[str]]:
    """The sizes that somebody has, by category: of what they bought, and as their profile says."""
    sizes: dict[str, set[str]] = defaultdict(set)
    for kind, size in accounts.get_member(session, member_id).sizes.items():
        sizes[kind].add(size)
    for one in things.kept:
        variant = things.variants.get(one.variant_id)
        if one.member_id == member_id and variant:
            sizes[variant.category_code].add(variant.size)
    return sizes
