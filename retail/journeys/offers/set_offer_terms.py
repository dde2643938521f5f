"""The terms of a brand's offers: those it set, else the installation's; tried and set anew."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core.config import Settings
from retail.brands import queries as brands
from retail.catalogue import queries as catalogue
from retail.offers import queries, service
from retail.offers.terms import Foreseen, OfferTerms, PastOffer, check_terms, foresee

# The offers of so long are looked at, and so many of them at most.
SPAN = timedelta(days=28)
MOST_LOOKED_AT = 20_000


def terms_of(session: Session, brand_id: str, settings: Settings) -> OfferTerms:
    """What a brand offers: by what it set last, or as the installation's settings say."""
    held = queries.find_terms(session, brand_id)
    if held is None or held.is_installations:
        return installed_terms(settings)
    return held.terms


def installed_terms(settings: Settings) -> OfferTerms:
    """What brands offer that set nothing."""
    return OfferTerms(
        percent=settings.offer_percent,
        a_day=settings.offers_a_day,
        a_week=settings.offers_a_week,
        thanks_percent=settings.offer_thanks_percent,
        print_lines=settings.offer_print_lines,
        budget_milliseconds=settings.offer_budget_milliseconds,
    )


def currencies_of(session: Session, brand_id: str) -> list[str]:
    """In what a brand's stores take money, its own currency first."""
    own = brands.get_brand(session, brand_id).currency
    others = {store.currency for store in brands.list_stores(session, brand_id)} - {own}
    return [own, *sorted(others)]


def check_offer_terms(session: Session, brand_id: str, terms: OfferTerms) -> None:
    """Raises Invalid for what makes no sense for this brand."""
    known = {one.code for one in catalogue.list_categories(session, brand_id)}
    check_terms(terms, categories=known, currencies=currencies_of(session, brand_id))


def set_offer_terms(
    session: Session,
    brand_id: str,
    terms: OfferTerms,
    *,
    instead_of: int,
    set_by: str,
    now: datetime,
) -> int:
    """Have these terms hold for a brand from now on, as `offers.service.set_terms`.

    Offers that were made keep what they promised. Raises Invalid for what makes no sense.
    """
    check_offer_terms(session, brand_id, terms)
    return service.set_terms(
        session, brand_id, terms, instead_of=instead_of, set_by=set_by, now=now
    )


def go_by_installation(
    session: Session,
    brand_id: str,
    settings: Settings,
    *,
    instead_of: int,
    set_by: str,
    now: datetime,
) -> int:
    """Have the installation's terms hold for a brand again, whatever they come to be; gives the
    version that says so. Raises Conflict as `offers.service.set_terms`.
    """
    return service.set_terms(
        session,
        brand_id,
        installed_terms(settings),
        instead_of=instead_of,
        set_by=set_by,
        now=now,
        is_installations=True,
    )


def foresee_offers(
    session: Session, brand_id: str, terms: OfferTerms, *, now: datetime
) -> Foreseen:
    """What of the last weeks' offers these terms would have made too; prices are today's.

    Raises Invalid for what makes no sense.
    """
    check_offer_terms(session, brand_id, terms)
    made = queries.made_since(session, brand_id, now - SPAN, most=MOST_LOOKED_AT)
    known = catalogue.get_variants(session, brand_id, {one[1] for one in made})
    past = [
        PastOffer(
            member_id,
            known[variant_id].category_code,
            known[variant_id].price_minor,
            known[variant_id].currency,
            percent,
            is_used,
            offered_at,
        )
        for member_id, variant_id, percent, is_used, offered_at in made
        if variant_id in known
    ]
    return foresee(past, terms, zone=brands.get_brand(session, brand_id).zone)
