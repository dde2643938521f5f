"""How a campaign reads on the phone, on paper and on the kiosk, by the words of those places."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from loyalty.campaigns.definition import Definition
from loyalty.campaigns.rules import Outcome
from retail.journeys.campaigns.sample_basket import Sample
from retail.receipts import slip
from retail.receipts.given import Given, given_by
from retail.receipts.slip import SlipLine
from retail.receipts.views import LineView
from web.pages.campaign_words import announced_words
from web.pages.shopper.receipt import ShownLine, shown_lines

_NONE = Decimal(0)


@dataclass(frozen=True)
class Preview:
    """One basket in three places; `heading` and `sentences` are as a kiosk announces it."""

    phone: Sequence[ShownLine]
    paper: Sequence[SlipLine]
    extras: Sequence[SlipLine]
    given: Given
    total_minor: int
    total: str
    heading: str
    sentences: Sequence[str]
    is_announced: bool


def preview_of(
    sample: Sample,
    definition: Definition | None,
    outcome: Outcome | None,
    *,
    ends_at: datetime | None,
) -> Preview:
    """The sample basket as it would read after the sale; nothing given while a draft is unclear."""
    name = definition.name if definition else ""
    positions = {line.id: place for place, line in enumerate(sample.facts.basket.lines, start=1)}
    gifts = [(name, gift) for gift in outcome.gifts] if outcome else []
    given = given_by(gifts, positions)
    lines = _sold(sample, outcome)
    variants = {variant.id: variant for variant in sample.variants}
    store, paid = sample.store, sum(line.total_minor for line in lines)
    return Preview(
        phone=shown_lines(lines, variants, given),
        paper=slip.goods(lines, variants, store.currency, store.locale, given),
        extras=slip.extras(given),
        given=given,
        total_minor=paid,
        total=slip.total(paid, store.currency, store.locale),
        heading=name,
        sentences=announced_words(definition, store, ends_at=ends_at) if definition else (),
        is_announced=definition is not None and definition.is_announced,
    )


def _sold(sample: Sample, outcome: Outcome | None) -> list[LineView]:
    off = outcome.discounts if outcome else {}
    basket = sample.facts.basket.lines
    ids = [variant.id for variant in sample.variants] or [None] * len(basket)
    return [
        LineView(
            id=line.id,
            position=position,
            variant_id=variant_id,
            gtin=None,
            sku=None,
            description="",
            quantity=line.quantity,
            total_minor=line.total_minor - off.get(line.id, 0),
            discount_minor=off.get(line.id, 0),
            is_gift=False,
            returned_quantity=_NONE,
            returned_minor=0,
            is_returned=False,
        )
        for position, (line, variant_id) in enumerate(zip(basket, ids, strict=True), start=1)
    ]
