"""Terms that campaigns give by name, and their budgets, in currencies that stores take."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.errors import Invalid
from loyalty.vouchers import outstanding, service
from loyalty.vouchers.queries import NAMED
from loyalty.vouchers.terms import Terms
from retail.brands import queries as brands


def name_terms(session: Session, name: str, terms: Terms, *, brand_id: str, now: datetime) -> str:
    """Agree on terms under a name, for good, and give their id.

    Raises Invalid for a currency that no store takes, Conflict where the name means others.
    """
    _check_trade(session, brand_id, terms.currency)
    source = f"{NAMED}{name}"
    return service.agree(session, programme_id=brand_id, source=source, terms=terms, now=now)


def set_budget(
    session: Session, campaign_id: str, *, brand_id: str, currency: str, limit_minor: int | None
) -> None:
    """Say how much a campaign may give away in all, what it gave included; None is no limit.

    Raises Invalid for a currency that no store takes, Conflict where it gives away another.
    """
    # A store may leave, and take its currency with it: what was begun can still be ended.
    if outstanding.budget_currency(session, brand_id, campaign_id) != currency:
        _check_trade(session, brand_id, currency)
    key = {"programme_id": brand_id, "campaign_id": campaign_id}
    service.set_budget(session, **key, currency=currency, limit_minor=limit_minor)


def _check_trade(session: Session, brand_id: str, currency: str | None) -> None:
    problem = brands.find_trade_problem(session, brand_id, currency)
    if problem:
        raise Invalid("currency_untraded", problem, fields={"currency": [problem]})
