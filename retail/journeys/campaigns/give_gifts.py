"""Give what running campaigns give for a basket, once for each source, or foresee it."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from loyalty.baskets.rules import check_basket
from loyalty.campaigns import once, queries, service
from loyalty.campaigns.rules import Facts, Outcome
from loyalty.vouchers import queries as voucher_terms
from retail.brands.queries import StoreView
from retail.journeys.baskets.as_basket import Goods, Known, basket_shown
from retail.journeys.campaigns.book_gifts import book_gifts
from retail.journeys.campaigns.claim_gifts import claim_gifts
from retail.journeys.campaigns.keep_back import keep_back
from retail.journeys.campaigns.unbook_gifts import unbook_returned
from retail.journeys.points.review_tier import tier_labels
from retail.receipts import queries as receipts
from retail.receipts import returned, sold
from retail.receipts import service as sales
from retail.receipts.given import basket_source


@dataclass(frozen=True)
class AskedBasket:
    """A basket as a till sends it; without `at` it is bought now."""

    currency: str
    lines: tuple[Goods, ...]
    member_id: str | None = None
    at: datetime | None = None


@dataclass(frozen=True)
class GiftsFor:
    """What campaigns saw of a basket, what they give for it, and whether that is so just now."""

    facts: Facts
    lines: tuple[Known, ...]
    outcome: Outcome
    is_new: bool


def foresee_gifts(
    session: Session, store: StoreView, basket: AskedBasket, *, now: datetime
) -> GiftsFor:
    """What a basket would be given just now, and why; nothing is written.

    Raises Invalid for what makes no sense.
    """
    facts, lines = _facts(session, basket, store, now)
    outcome = service.simulate(session, store.brand_id, facts, now=facts.basket.at)
    return GiftsFor(facts, lines, outcome, is_new=False)


def give_gifts(
    session: Session,
    store: StoreView,
    basket: AskedBasket,
    *,
    number: str,
    now: datetime,
    key: bytes,
) -> GiftsFor:
    """Give for a basket and book it, once for each number of a store.

    Of a receipt that is there already, what came back is taken back at once. Raises Invalid as
    `foresee_gifts`, Conflict for another basket under the number or one that was taken back.
    """
    place, at = basket_source(store.id, number), basket.at or now
    is_new = once.begin(
        session,
        store.brand_id,
        place,
        fingerprint=_fingerprint(basket),
        bought_at=at,
        lines=len(basket.lines),
        now=now,
    )
    facts, lines = _facts(session, basket, store, now, source=place if is_new else None)
    if not is_new:
        known = Outcome(tuple(queries.gifts_of(session, store.brand_id, place)), ())
        return GiftsFor(facts, lines, known, is_new)
    # Before anything is given: a refund holds its receipt while it waits for campaigns.
    since, until = once.span_of(at, store.zone)
    receipt_id = sales.hold_sale(session, store.id, number, since=since, until=until)
    outcome = service.execute(session, store.brand_id, facts, source=place, now=at)
    book_gifts(session, store, place, bought_at=at, now=now, key=key)
    _see_receipt(session, receipt_id, now=now, key=key)
    return GiftsFor(facts, lines, outcome, is_new)


def _facts(
    session: Session,
    basket: AskedBasket,
    store: StoreView,
    now: datetime,
    *,
    source: str | None = None,
) -> tuple[Facts, tuple[Known, ...]]:
    at = basket.at or now
    shown, lines = basket_shown(
        session, basket.lines, store=store, at=at, member_id=basket.member_id
    )
    check_basket(shown)
    member_id = shown.owner_id
    # Asked before anything else is looked at, and noted where it is for good.
    kept_back = keep_back(session, store.brand_id, member_id, at=at, source=source)
    if member_id is None:
        return Facts(shown, kept_back=kept_back), tuple(lines)
    facts = Facts(
        shown,
        tier_labels(session, member_id, brand_id=store.brand_id, now=at),
        sold.purchases_before(session, member_id, at),
        frozenset(voucher_terms.named_terms(session, store.brand_id)),
        kept_back,
    )
    return facts, tuple(lines)


def _see_receipt(session: Session, receipt_id: str | None, *, now: datetime, key: bytes) -> None:
    """Make up for what came before the pricing: a claim of the receipt, and what came back."""
    if receipt_id is not None:
        receipt = receipts.get_receipt(session, receipt_id)
        claim_gifts(session, receipt, now=now, key=key)
        for return_id in returned.returns_of(session, receipt_id):
            unbook_returned(session, receipt, return_id, now=now)


def _fingerprint(basket: AskedBasket) -> str:
    told = asdict(basket) | {"at": basket.at.timestamp() if basket.at else None}
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=_plain).encode()).hexdigest()


def _plain(value: Decimal) -> str:
    return str(value.normalize())
