"""What an offer takes off, agreed once, and whether the budget of offers still pays for it."""

from datetime import datetime

from sqlalchemy.orm import Session

from loyalty.baskets.rules import Scope
from loyalty.vouchers import outstanding
from loyalty.vouchers import service as vouchers
from loyalty.vouchers.terms import Terms
from retail.catalogue import queries as catalogue
from retail.catalogue.queries import VariantView
from retail.offers.terms import takes_off

CAMPAIGN = "offers"


def campaign_of(currency: str) -> str:
    """The campaign whose budget pays for a brand's offers in a currency."""
    return f"{CAMPAIGN}-{currency}"


def can_pay(session: Session, brand_id: str, variant: VariantView, percent: int) -> bool:
    """Whether what is left of a brand's budget pays for an offer of this piece."""
    left = outstanding.budget_left(session, brand_id, campaign_of(variant.currency))
    return left is None or left >= takes_off(variant.price_minor, percent)


def agree_terms(
    session: Session, brand_id: str, variant: VariantView, percent: int, *, now: datetime
) -> str:
    """So many per cent off one piece of the style, counted against the budget of offers."""
    style = catalogue.get_style(session, brand_id, variant.style_id)
    most = takes_off(variant.price_minor, percent)
    agreed = Terms(
        "percent",
        percent,
        variant.currency,
        scope=Scope(includes=frozenset({f"style:{style.code}"})),
        most_minor=most,
        campaign_id=campaign_of(variant.currency),
    )
    source = f"offer:{style.id}:{percent}:{most}:{variant.currency}"
    return vouchers.agree(session, programme_id=brand_id, source=source, terms=agreed, now=now)
