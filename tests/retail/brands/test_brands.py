"""Brands and stores: founded once, checked, and never mixed."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from core import clock
from core.errors import Conflict, Invalid, NotFound
from core.transaction import Database
from retail.brands import queries, rules, service
from tests.builders.brands import new_brand, new_store
from tests.conftest import both_databases


@both_databases
def test_a_brand_is_found_by_id_and_by_slug(db: Database) -> None:
    with db.write() as session:
        brand = new_brand(session, slug="alder-and-finch", name="Alder & Finch")
    with db.read() as session:
        assert queries.get_brand(session, brand.id) == brand
        assert queries.get_brand_by_slug(session, "alder-and-finch") == brand
        assert queries.find_brand_by_slug(session, "finch") is None
        assert queries.list_brands(session) == [brand]


@both_databases
def test_a_slug_is_taken_once_and_a_store_slug_once_a_brand(db: Database) -> None:
    with db.write() as session:
        brand = new_brand(session, slug="alder")
        new_store(session, brand=brand, slug="leeds")
        new_store(session, slug="leeds")
        with pytest.raises(Conflict, match="alder"):
            new_brand(session, slug="alder")
        with pytest.raises(Conflict, match="leeds"):
            new_store(session, brand=brand, slug="leeds")


def test_every_wrong_field_is_named(session: Session) -> None:
    with pytest.raises(Invalid) as refused:
        new_brand(
            session, slug="No Good", name=" ", zone="Europe/Leeds", currency="QUID", locale="zz-ZZ"
        )
    assert set(refused.value.data["fields"]) == {"slug", "name", "zone", "currency", "locale"}


@pytest.mark.parametrize("zone", ["", "London", "europe/london", "../etc/passwd", "Europe"])
def test_a_zone_is_one_of_the_database(zone: str) -> None:
    assert rules.find_zone_problem(zone)


@pytest.mark.parametrize("currency", ["", "gbp", "£", "XQQ"])
def test_a_currency_is_an_iso_code(currency: str) -> None:
    assert rules.find_currency_problem(currency)


@pytest.mark.parametrize("locale", ["", "English", "en_GB", "xx", "en-Nowhere", "en-GB@x=y"])
def test_a_locale_is_a_tag_that_we_can_write_dates_in(locale: str) -> None:
    assert rules.find_locale_problem(locale)
    assert rules.find_locale_problem("en-GB") is None


@pytest.mark.parametrize("slug", ["", "-a", "a-", "a--b", "A", "å", "a b", "a" * 61, "a\n"])
def test_a_slug_fits_into_an_address(slug: str) -> None:
    assert rules.find_slug_problem(slug)


def test_a_store_of_another_brand_is_not_found(session: Session) -> None:
    store = new_store(session)
    other = new_brand(session)
    assert queries.get_store(session, store.id, brand_id=store.brand_id) == store
    with pytest.raises(NotFound):
        queries.get_store(session, store.id, brand_id=other.id)
    with pytest.raises(NotFound):
        queries.get_store_by_slug(session, other.id, store.slug)
    assert queries.list_stores(session, other.id) == []


def test_a_store_moves_but_keeps_its_slug(session: Session) -> None:
    store = new_store(session, slug="dublin", zone="Europe/London")
    moved = service.update_store(
        session,
        store.id,
        brand_id=store.brand_id,
        name="Dublin",
        zone="Europe/Dublin",
        currency="EUR",
        locale="en-IE",
    )
    assert (moved.slug, moved.zone, moved.currency) == ("dublin", "Europe/Dublin", "EUR")
    assert queries.get_store(session, store.id) == moved


def test_a_store_needs_its_brand(session: Session) -> None:
    with pytest.raises(NotFound):
        new_store(session, brand_id="01HZZZZZZZZZZZZZZZZZZZZZZZ")


def test_a_till_is_opened_once(session: Session) -> None:
    store = new_store(session)
    keys: dict[str, Any] = {"brand_id": store.brand_id, "store_id": store.id, "now": clock.now()}
    till = service.open_till(session, number=" 3 ", **keys)
    assert till.number == "3"
    assert queries.list_tills(session, store.id) == [till]
    with pytest.raises(Conflict):
        service.open_till(session, number="3", **keys)
    with pytest.raises(Invalid):
        service.open_till(session, number=" ", **keys)


@both_databases
def test_the_consent_epoch_grows(db: Database) -> None:
    with db.write() as session:
        brand, other = new_brand(session), new_brand(session)
        service.bump_epoch(session, brand.id)
        service.bump_epoch(session, brand.id)
    with db.read() as session:
        assert queries.consent_epoch(session, brand.id) == 2
        assert queries.consent_epoch(session, other.id) == 0


def test_an_unknown_brand_has_no_epoch(session: Session) -> None:
    with pytest.raises(NotFound):
        queries.consent_epoch(session, "nobody")
    with pytest.raises(NotFound):
        service.bump_epoch(session, "nobody")
