"""What is told of stylists' influence, and what a reader asks for."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from core.errors import NotFound
from retail.brands.queries import StoreView
from retail.influence.measured import Lifted, Why
from retail.influence.periods import Period, Window, Windows
from retail.influence.rules import Month, TravelTier


@dataclass(frozen=True)
class StylistCost:
    """What a stylist was given in a month: vouchers that she used, points, gifts handed to her.

    `minor` is all of it in minor units, None where nobody said what points are worth.
    `gifts_without_value` are left out of it, as nobody said what they cost.
    """

    vouchers_minor: int
    points: int
    gifts_minor: int
    gifts_without_value: int
    minor: int | None


NO_COST = StylistCost(0, 0, 0, 0, 0)


@dataclass(frozen=True)
class Influencer:
    """A stylist of the league, and what may be told of a month of hers; None is held back.

    `return_on_cost` is extra sales for each unit of cost, only where the lift is clear.
    """

    stylist_id: str
    name: str
    initials: str
    avatar: int
    likes: int | None
    engaged: int | None
    share: float | None
    sales_minor: int | None
    lift: Lifted | None
    cost: StylistCost | None
    return_on_cost: Decimal | None


@dataclass(frozen=True)
class InfluenceBoard:
    """All stylists of a brand in a period, at one store or at all; totals are of what rows tell.

    `month` is the period where it is one whole calendar month: only then are there `lift`, costs,
    tiers and sales by store, and all but lift as soon as it `is_over`. Lift and costs are of the
    whole brand, so there are none for one store. `why` says what is told of lift, or what is
    missing; it stands in `days_left` days. `set_aside` are likes that look arranged.
    """

    period: Period
    month: Month | None
    is_over: bool
    windows: tuple[Window, ...]
    store_id: str | None
    currency: str
    measured_until: datetime
    why: Why
    days_left: int
    rows: tuple[Influencer, ...]
    likes: int
    engaged: int
    share: float | None
    sales_minor: int | None
    lift: Lifted | None
    tiers: tuple[TravelTier, ...]
    set_aside: int | None


@dataclass(frozen=True)
class Travels:
    """How far a stylist's looks got, and what offers in her name sold; None is held back."""

    stylist: Influencer
    tiers: tuple[TravelTier, ...]
    offers_minor: int | None


@dataclass(frozen=True)
class Asked:
    """What a reader wants to know: of which brand and days, and by which rules.

    `hundred_points` is what a hundred points cost, in units of the brand's currency; None for no
    assumption.
    """

    brand_id: str
    period: Period
    windows: Windows
    store: StoreView | None = None
    hundred_points: Decimal | None = None


def find_influencer(board: InfluenceBoard, stylist_id: str) -> Influencer:
    """The row of somebody who is on a board. Raises NotFound for all others alike."""
    found = next((row for row in board.rows if row.stylist_id == stylist_id), None)
    if found is None:
        raise NotFound("stylist_not_found", "This stylist isn’t on the board.")
    return found
