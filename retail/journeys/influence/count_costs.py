"""Count what stylists were given in a month: thank-yous, prizes, and points for friends."""

from babel.numbers import get_currency_precision
from sqlalchemy.orm import Session

from loyalty.ledger.liability import given_for
from loyalty.ledger.rules import POINTS
from loyalty.prizes.queries import Handed, handed_over
from loyalty.vouchers.outstanding import taken_off
from retail.brands.queries import BrandView
from retail.influence.rules import Month
from retail.influence.views import Asked, StylistCost
from retail.journeys.league.give_prize import PRIZE_REASON
from retail.journeys.points.earn_points import FRIEND_PURCHASE, SEASON_WON
from retail.liability.rules import worths

GIVEN_FOR = (FRIEND_PURCHASE, SEASON_WON, PRIZE_REASON)
VOUCHERS_FROM = ("offer-thanks:", "prize:")
_NOTHING = Handed(0, 0)


def count_costs(
    session: Session, brand: BrandView, asked: Asked, month: Month
) -> dict[str, StylistCost]:
    """What each stylist got: vouchers as they were used, points as they came, gifts as handed."""
    span = {"since": month.starts_at, "until": month.ends_at}
    points = given_for(session, brand.id, GIVEN_FOR, wallet=POINTS, **span)
    vouchers = taken_off(session, brand.id, VOUCHERS_FROM, currency=brand.currency, **span)
    gifts = handed_over(session, brand.id, currency=brand.currency, **span)
    digits = get_currency_precision(brand.currency)
    found = {}
    for one in {*points, *vouchers, *gifts}:
        given, used = max(0, points.get(one, 0)), vouchers.get(one, 0)
        handed = gifts.get(one, _NOTHING)
        minor: int | None = used + handed.minor
        if given:
            rate = asked.hundred_points
            minor = None if rate is None else used + handed.minor + worths([given], rate, digits)[0]
        found[one] = StylistCost(used, given, handed.minor, handed.gifts_without_value, minor)
    return found
