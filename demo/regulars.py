"""People who shopped here before the demo began, so that there is something to learn from.

Each buys of one circle's taste, in a few sizes of their own. They agreed to offers and do nothing
else: no phone of theirs is simulated.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from core.config import Settings
from retail.accounts import queries as members
from retail.accounts import service as accounts
from retail.brands import queries as brands
from retail.brands.queries import StoreView
from retail.catalogue import queries as catalogue
from retail.catalogue.queries import VariantView
from retail.consent import service as consent
from retail.consent.rules import OFFERS
from retail.product_likes import service as likes
from retail.product_likes.rules import JOINS_WITHIN
from retail.receipts import service as receipts
from retail.receipts.rules import LineInput, ReceiptInput

CIRCLES, PEOPLE = 3, 24
# So many days ago they bought so many pieces; the last purchase is what a model is tried on.
PURCHASES = ((33, 3), (19, 2), (2, 2))
MOST_OF_A_KIND = 2
WIDTH = 9
BORN = date(1984, 2, 11)
_LOTS = "regulars"


@dataclass(frozen=True)
class Shop:
    """Where they buy, and whose goods: styles with their variants."""

    brand_id: str
    stores: Sequence[StoreView]
    styles: Mapping[str, Sequence[VariantView]]


def remember(session: Session, brand_id: str, settings: Settings, *, now: datetime) -> None:
    """Let them have joined and bought; the same catalogue brings the same purchases."""
    shop, chance = _shop(session, brand_id), random.Random(_LOTS)
    for circle in _circles(shop, chance):
        for number in range(PEOPLE):
            _live(session, shop, circle, number, chance, settings, now)


def circles_of(session: Session, brand_id: str) -> list[list[Sequence[VariantView]]]:
    """What each circle likes, each style with its variants; the same whenever it is asked."""
    return _circles(_shop(session, brand_id), random.Random(_LOTS))


def _shop(session: Session, brand_id: str) -> Shop:
    return Shop(brand_id, brands.list_stores(session, brand_id), _styles(session, brand_id))


def _styles(session: Session, brand_id: str) -> dict[str, list[VariantView]]:
    """What may be spoken of, by style, in order of their codes."""
    found: dict[str, list[VariantView]] = {}
    rows = session.execute(
        catalogue.GOODS.where(catalogue.GOODS.selected_columns.brand_id == brand_id)
    )
    for variant in sorted((VariantView(*row[:-1]) for row in rows), key=lambda one: one.sku):
        if not variant.is_never_shareable:
            found.setdefault(variant.style_id, []).append(variant)
    return found


def _circles(shop: Shop, chance: random.Random) -> list[list[Sequence[VariantView]]]:
    """Styles of each circle, of few kinds twice, and none in two circles."""
    left = list(shop.styles.values())
    chance.shuffle(left)
    circles: list[list[Sequence[VariantView]]] = [[] for _ in range(CIRCLES)]
    for circle in circles:
        for variants in list(left):
            kinds = [one[0].category_code for one in circle]
            if len(circle) < WIDTH and kinds.count(variants[0].category_code) < MOST_OF_A_KIND:
                circle.append(variants)
                left.remove(variants)
    return circles


def _live(
    session: Session,
    shop: Shop,
    circle: Sequence[Sequence[VariantView]],
    number: int,
    chance: random.Random,
    settings: Settings,
    now: datetime,
) -> None:
    """Somebody joins, agrees to offers, and buys most of what their circle likes."""
    first = now - timedelta(days=PURCHASES[0][0] + 1)
    email = f"regular-{circle[0][0].sku.lower()}-{number}@shopper.example"
    member_id, _ = accounts.join(session, shop.brand_id, email, now=first)
    accounts.update_profile(session, member_id, birth_on=BORN, now=first)
    consent.give(session, member_id=member_id, brand_id=shop.brand_id, purpose=OFFERS, now=first)
    wanted = chance.sample(range(len(circle)), sum(pieces for _, pieces in PURCHASES))
    store = chance.choice(shop.stores)
    for days, pieces in PURCHASES:
        mine, wanted = wanted[:pieces], wanted[pieces:]
        bought = [chance.choice(circle[place]) for place in mine]
        sold_at = now - timedelta(days=days, minutes=chance.randrange(300))
        _buy(session, store, member_id, bought, settings, sold_at)
        _like(session, member_id, bought, sold_at)


def _like(session: Session, member_id: str, bought: Sequence[VariantView], at: datetime) -> None:
    """They liked by its label what they then bought: long enough ago to be counted."""
    member = members.get_member(session, member_id)
    for one in bought:
        likes.like(session, one.gtin or "", member=member, now=at - JOINS_WITHIN)


def _buy(
    session: Session,
    store: StoreView,
    member_id: str,
    bought: Sequence[VariantView],
    settings: Settings,
    sold_at: datetime,
) -> None:
    lines = tuple(
        LineInput(
            Decimal(1), one.price_minor, gtin=one.gtin, sku=one.sku, description=one.style_name
        )
        for one in bought
    )
    given = ReceiptInput("9", f"before-{member_id}-{sold_at:%m%d}", sold_at, store.currency, lines)
    receipts.record(
        session,
        store=store,
        receipt=given,
        variant_ids=[one.id for one in bought],
        member_id=member_id,
        now=sold_at,
        key=settings.key,
        code_days=settings.receipt_code_days,
        claim_days=settings.receipt_claim_days,
    )
