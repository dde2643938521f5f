"""Offer a piece that goes with what was just bought: draw, think, make; each step on its own.

They are three transactions, the middle one reading only, so that nothing waits while we think.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.config import Settings
from core.days import day_after
from loyalty.baskets.rules import Scope
from loyalty.experiments import service as experiments
from loyalty.vouchers import service as vouchers
from loyalty.vouchers.terms import Terms
from retail.accounts import queries as accounts
from retail.brands import queries as brands
from retail.brands.queries import StoreView
from retail.catalogue import queries as catalogue
from retail.catalogue.queries import VariantView
from retail.catalogue.shelf import on_shelf
from retail.consent import queries as consent
from retail.consent.rules import FRIEND_OFFERS, OFFERS
from retail.friends import queries as friends
from retail.journeys.keep_from_influence import keep_from_influence
from retail.journeys.speak_of_friends import agreeing, tellers
from retail.offers import queries, rules, service
from retail.offers.rules import Choice, Had, OfferTerms, Question, Ranker, Tip
from retail.receipts import queries as receipts
from retail.receipts.kept import Kept, kept_by
from retail.receipts.views import ReceiptView

CAMPAIGN = "offers"
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
    if rules.is_tired(*made, terms):
        return None
    refused = queries.refusals_of(session, buyer.member_id)
    asked = set(buyer.friend_ids) - refused.friends
    may_tell = tellers(session, buyer.member_id, asked, now=now, minimum_age=minimum_age)
    things = _things(session, buyer.receipt.brand_id, {buyer.member_id, *may_tell})
    bought = _anchors(buyer.receipt, things)
    if not bought:
        return None
    mine = things.of(buyer.member_id)
    question = Question(
        anchors=tuple(bought),
        history=mine,
        friends={friend_id: things.of(friend_id) for friend_id in sorted(may_tell)},
        owned=frozenset(one.style_id for one in mine),
        now=now,
    )
    unwanted = question.owned | refused.styles
    tips = [tip for tip in ranker(question) if tip.style_id not in unwanted]
    here = _here(session, buyer, tips, bought, _sizes(session, buyer.member_id, things))
    named = consent.consenting(session, may_tell, FRIEND_OFFERS, channel="web")
    return rules.choose(tips, here, named=named, friends=len(buyer.friend_ids))


def terms_of(settings: Settings) -> OfferTerms:
    """What an installation offers."""
    return OfferTerms(settings.offer_percent, settings.offers_a_day, settings.offers_a_week)


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

    None where the receipt has this offer already, or agreement ended while we thought.
    """
    if not agreeing(session, {buyer.member_id}, OFFERS):
        return None
    offer_id = _write(session, buyer, choice, terms, now)
    if offer_id is not None:
        voucher_id = _issue(session, buyer, choice, terms, offer_id, now=now, key=key)
        service.attach_voucher(session, offer_id, voucher_id)
    return offer_id


def _write(
    session: Session, buyer: Buyer, choice: Choice, terms: OfferTerms, now: datetime
) -> str | None:
    receipt, tip = buyer.receipt, choice.tip
    return service.make(
        session,
        brand_id=receipt.brand_id,
        store_id=receipt.store_id,
        member_id=buyer.member_id,
        receipt_id=receipt.id,
        anchor_id=choice.anchor.id,
        style_id=tip.style_id,
        variant_id=choice.variant.id,
        kind=choice.kind,
        friend_id=None if choice.kind == "crowd" else tip.friend_id,
        crowd=tip.crowd,
        percent=terms.percent,
        reason={"score": tip.score, "terms": dict(tip.terms), "crowd": tip.crowd},
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
        terms_id=_agree(session, choice.variant, terms, buyer.receipt.brand_id, now),
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


def _anchors(receipt: ReceiptView, things: _Things) -> dict[str, VariantView]:
    """What of a receipt may be spoken of, by style; presents may not."""
    bought = [line.variant_id for line in receipt.lines if line.variant_id and not line.is_gift]
    found = [things.variants[one] for one in bought if one in things.variants]
    return {one.style_id: one for one in reversed(found)}


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


def _here(
    session: Session,
    buyer: Buyer,
    tips: Sequence[Tip],
    bought: Mapping[str, VariantView],
    sizes: Mapping[str, set[str]],
) -> dict[str, tuple[VariantView, VariantView]]:
    """What was bought and what goes with it here, in size and colour, by the latter's style."""
    brand_id = buyer.receipt.brand_id
    shelf = on_shelf(session, buyer.store.id, brand_id, [tip.style_id for tip in tips])
    first = next(iter(bought.values()))
    found: dict[str, tuple[VariantView, VariantView]] = {}
    for tip in tips:
        anchor = bought.get(tip.anchor or "", first)
        here = shelf.get(tip.style_id, [])
        mine = sizes.get(here[0].category_code, set()) if here else set()
        variant = rules.pick_variant(here, mine, anchor.colours)
        if variant is not None:
            found[tip.style_id] = anchor, variant
    return found


def _agree(
    session: Session, variant: VariantView, terms: OfferTerms, brand_id: str, now: datetime
) -> str:
    """So many per cent off one piece of the style, counted against the budget of offers."""
    style = catalogue.get_style(session, brand_id, variant.style_id)
    most = max(1, variant.price_minor * terms.percent // 100)
    agreed = Terms(
        "percent",
        terms.percent,
        variant.currency,
        scope=Scope(includes=frozenset({f"style:{style.code}"})),
        most_minor=most,
        campaign_id=f"{CAMPAIGN}-{variant.currency}",
    )
    source = f"offer:{style.id}:{terms.percent}:{most}:{variant.currency}"
    return vouchers.agree(session, programme_id=brand_id, source=source, terms=agreed, now=now)
