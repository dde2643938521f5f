"""What the grocer promises: points, tiers and coupons; none of it is in the data."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from loyalty.baskets.rules import Scope
from loyalty.tiers.rules import Ladder, Tier
from loyalty.vouchers.terms import Terms

ZONE_NAME = "America/New_York"
# Points end some days after they were earned until this day; from it on, with the year.
SWITCH = date(2017, 7, 1)
ROLLING = {"kind": "rolling", "days": 120}
CALENDAR = {"kind": "calendar", "days": 31}
CAMPAIGN_BUDGET_CENTS = 15_000

LADDER = Ladder(
    tiers=(
        Tier("basket", "Basket", 0),
        Tier("crate", "Crate", 300),
        Tier("harvest", "Harvest", 750),
        Tier("orchard", "Orchard", 1_500),
    ),
    basis="earned",
    zone=ZONE_NAME,
    period_days=91,
    grace_days=14,
)


def terms(expiry: dict[str, Any]) -> dict[str, Any]:
    """Two points a dollar, three times as many for produce, and a credit a dollar for tiers."""
    return {
        "currency": "USD",
        "pending_days": 14,
        "warn_days": 0,
        "expiry": expiry,
        "rules": [
            {
                "id": "spend",
                "kind": "spend",
                "points": 2,
                "per_minor": 100,
                "caps": {"per_receipt": 250, "per_day": 300},
            },
            {
                "id": "produce",
                "kind": "multiplier",
                "percent": 300,
                "scope": {"includes": ["category:produce"]},
                "caps": {"per_period": 200, "period_days": 30},
            },
            {
                "id": "credit",
                "kind": "spend",
                "points": 1,
                "per_minor": 100,
                "wallet": "credits",
            },
        ],
    }


@dataclass(frozen=True)
class Face:
    """What a coupon takes off: `cents`, or `percent` up to `most_cents`."""

    cents: int = 0
    percent: int = 0
    most_cents: int = 0


def face_of(coupon: int) -> Face:
    """A face value by the coupon's number: the data tells of none."""
    if coupon % 5 == 0:
        return Face(percent=25, most_cents=300)
    return Face(cents=(55, 75, 100, 150)[coupon % 4])


def coupon_terms(coupon: int, campaign: int, goods: frozenset[int], priority: int) -> Terms:
    """A coupon as terms of vouchers, for its goods alone, stackable, bound to its household."""
    face = face_of(coupon)
    return Terms(
        kind="amount" if face.cents else "percent",
        value=face.cents or face.percent,
        currency="USD",
        title=f"Coupon {coupon}",
        scope=Scope(includes=frozenset(f"sku:{product}" for product in goods)),
        most_minor=face.most_cents or None,
        is_bound=True,
        stacking="stackable",
        priority=priority,
        campaign_id=f"campaign-{campaign}",
    )


def priorities(coupons: list[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """A priority of its own for each campaign and coupon, so that their order is settled."""
    return {one: 1_000 - place for place, one in enumerate(sorted(coupons))}
