"""Writes of brands, stores and tills."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from core import ids
from core.errors import Conflict, NotFound
from core.sql import insert_ignore
from retail.brands import queries, rules
from retail.brands.models import Brand, Store, Till
from retail.brands.queries import BrandView, StoreView, TillView


def create_brand(
    session: Session,
    *,
    slug: str,
    name: str,
    zone: str,
    locale: str = "en-GB",
    currency: str = "GBP",
    words: str = "",
    coat: str = "",
    now: datetime,
) -> BrandView:
    """Found a tenant. Raises Invalid for an unknown zone, locale, currency, vocabulary or coat,
    Conflict for a slug already taken."""
    rules.check(
        slug=rules.find_slug_problem(slug),
        name=rules.find_name_problem(name),
        zone=rules.find_zone_problem(zone),
        locale=rules.find_locale_problem(locale),
        currency=rules.find_currency_problem(currency),
        words=rules.find_manner_problem(words, rules.VOCABULARIES),
        coat=rules.find_manner_problem(coat, rules.COATS),
    )
    brand = BrandView(ids.new_id(), slug, name.strip(), zone, locale, currency, words, coat)
    if not insert_ignore(
        session,
        Brand,
        **asdict(brand),
        consent_epoch=0,
        settings={},
        created_at=now,
    ):
        raise Conflict("brand_exists", f"There already is a brand with the slug {slug}.")
    return brand


def create_store(
    session: Session,
    *,
    brand_id: str,
    slug: str,
    name: str,
    zone: str,
    currency: str,
    locale: str,
    now: datetime,
) -> StoreView:
    """Open a store of a brand. Raises NotFound for the brand, Invalid for an unknown zone,
    locale or currency, Conflict for a slug that the brand already uses."""
    queries.get_brand(session, brand_id)
    _check_store(slug=slug, name=name, zone=zone, currency=currency, locale=locale)
    store = StoreView(ids.new_id(), brand_id, slug, name.strip(), zone, currency, locale)
    if not insert_ignore(
        session,
        Store,
        id=store.id,
        brand_id=store.brand_id,
        slug=store.slug,
        name=store.name,
        zone=store.zone,
        currency=store.currency,
        locale=store.locale,
        created_at=now,
    ):
        raise Conflict("store_exists", f"This brand already has a store with the slug {slug}.")
    bump_epoch(session, brand_id)
    return store


def update_store(
    session: Session,
    store_id: str,
    *,
    brand_id: str,
    name: str,
    zone: str,
    currency: str,
    locale: str,
) -> StoreView:
    """Change what a store is called and where it trades; its slug stays, as QR codes carry it."""
    store = queries.get_store(session, store_id, brand_id=brand_id)
    _check_store(slug=store.slug, name=name, zone=zone, currency=currency, locale=locale)
    session.execute(
        update(Store)
        .where(Store.id == store_id)
        .values(name=name.strip(), zone=zone, currency=currency, locale=locale)
    )
    bump_epoch(session, brand_id)
    return queries.get_store(session, store_id)


def open_till(
    session: Session, *, brand_id: str, store_id: str, number: str, now: datetime
) -> TillView:
    """Register a till under the number its receipts carry. Raises Conflict where it is there."""
    queries.get_store(session, store_id, brand_id=brand_id)
    number = number.strip()
    is_fitting = 0 < len(number) <= rules.TILL_LENGTH
    rules.check(number=None if is_fitting else f"Use 1 to {rules.TILL_LENGTH} characters.")
    till = TillView(ids.new_id(), brand_id, store_id, number)
    if not insert_ignore(
        session,
        Till,
        id=till.id,
        brand_id=brand_id,
        store_id=store_id,
        number=number,
        created_at=now,
    ):
        raise Conflict("till_exists", f"This store already has a till {number}.")
    return till


def bump_epoch(session: Session, brand_id: str) -> None:
    """Make every cache of the brand stale at once: a consent or a store is another than before."""
    found = session.execute(
        update(Brand)
        .where(Brand.id == brand_id)
        .values(consent_epoch=Brand.consent_epoch + 1)
        .returning(Brand.id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if found is None:
        raise NotFound("brand_not_found", "We don’t know this brand.")


def _check_store(*, slug: str, name: str, zone: str, currency: str, locale: str) -> None:
    rules.check(
        slug=rules.find_slug_problem(slug),
        name=rules.find_name_problem(name),
        zone=rules.find_zone_problem(zone),
        currency=rules.find_currency_problem(currency),
        locale=rules.find_locale_problem(locale),
    )
