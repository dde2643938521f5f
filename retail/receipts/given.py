"""What campaigns gave for a receipt, in the terms of receipts."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from loyalty.campaigns import once
from loyalty.campaigns import queries as campaigns
from loyalty.campaigns.rules import Gift
from retail.brands import queries as brands
from retail.receipts.views import ReceiptView


@dataclass(frozen=True)
class Off:
    """A part of a line's discount and whose it is; without a name it is the till's own."""

    name: str
    amount_minor: int


@dataclass(frozen=True)
class Given:
    """Discounts by position of the line, each named; points, vouchers and credits of all."""

    discounts: Mapping[int, Sequence[Off]] = field(default_factory=dict)
    points: int = 0
    vouchers: tuple[str, ...] = ()
    credits: int = 0


NOTHING = Given()


def basket_source(store_id: str, number: str) -> str:
    """Under what campaigns gave for the basket that a till of a store gave this number."""
    return f"basket:{store_id}:{number}"


def claimed_source(source: str) -> str:
    """Under what campaigns gave more for a basket, once its member was known by their claim."""
    return source.replace("basket:", "claim:", 1)


def priced_source(source: str) -> str:
    """The basket of a source that is a claim's; another source is its basket's itself."""
    return source.replace("claim:", "basket:", 1)


def basket_sources(receipt: ReceiptView) -> list[str]:
    """What the basket of a receipt may be called: by till and number where tills share numbers."""
    numbers = (f"{receipt.till}:{receipt.number}", receipt.number)
    return [basket_source(receipt.store_id, number) for number in numbers]


def given_for(session: Session, receipt: ReceiptView) -> Given:
    """What campaigns gave for the basket that became the receipt, on its day, and left."""
    source = once.find_bound(
        session,
        receipt.brand_id,
        basket_sources(receipt),
        to=receipt.id,
        sold_at=receipt.sold_at,
        zone=brands.get_store(session, receipt.store_id).zone,
    )
    if source is None:
        return NOTHING
    return given_by(
        gift
        for each in (source, claimed_source(source))
        for gift in campaigns.gifts_that_stand(session, receipt.brand_id, each)
    )


def given_by(
    gifts: Iterable[tuple[str, Gift]], positions: Mapping[str, int] | None = None
) -> Given:
    """What gifts of named campaigns come to; ids of lines are positions, or have them in a map."""
    discounts: dict[int, list[Off]] = defaultdict(list)
    points, credits_, vouchers = 0, 0, []
    for name, gift in gifts:
        points, credits_ = points + gift.points, credits_ + gift.credits
        for effect in gift.effects:
            vouchers += [effect.voucher] if effect.voucher else []
            for line_id, minor in effect.discounts.items():
                place = int(line_id) if positions is None else positions[line_id]
                discounts[place].append(Off(name, minor))
    return Given(discounts, points, tuple(vouchers), credits_)


def named(position: int, discount_minor: int, given: Given) -> tuple[Off, ...]:
    """Whose the discount of a line is. What campaigns did not give is the till's own.

    Where they gave more than the till took off, the receipt is of another basket than theirs, and
    no name is claimed.
    """
    parts = tuple(given.discounts.get(position, ()))
    rest = discount_minor - sum(part.amount_minor for part in parts)
    if rest < 0:
        parts, rest = (), discount_minor
    return (*parts, Off("", rest)) if rest else parts
