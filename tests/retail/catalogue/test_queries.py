"""The catalogue as read by others: by page, by code, and never of another brand."""

import pytest
from sqlalchemy.orm import Session

from core.errors import NotFound
from core.transaction import Database
from retail.catalogue import queries
from tests.builders.brands import new_brand
from tests.builders.catalogue import new_style, new_variant, new_variants
from tests.conftest import both_databases


def test_styles_come_in_pages_by_code(session: Session) -> None:
    brand = new_brand(session)
    codes = [new_style(session, brand_id=brand.id, code=code).code for code in ("b", "c", "a")]
    first = queries.list_styles(session, brand.id, limit=2)
    rest = queries.list_styles(session, brand.id, after=first[-1].code, limit=2)
    assert [style.code for style in first + rest] == sorted(codes)


@both_databases
def test_a_style_tells_its_story(db: Database) -> None:
    with db.write() as session:
        brand = new_brand(session)
        style = new_style(
            session,
            brand_id=brand.id,
            press=[{"on": "2026-03-14", "publication": "The Selvedge", "title": "Loud linings"}],
            worn_by=["Imogen Vale"],
        )
    with db.read() as session:
        found = queries.get_style(session, brand.id, style.id)
    assert found == style
    assert found.press[0].publication == "The Selvedge"
    assert found.worn_by == ("Imogen Vale",)


def test_another_brand_sees_nothing(session: Session) -> None:
    brand, other = new_brand(session), new_brand(session)
    variant = new_variant(session, brand_id=brand.id)
    with pytest.raises(NotFound):
        queries.get_style(session, other.id, variant.style_id)
    assert queries.list_styles(session, other.id) == []
    assert queries.get_variants(session, other.id, [variant.id]) == {}
    assert queries.find_variant(session, other.id, sku=variant.sku) is None
    assert queries.find_variant(session, other.id, gtin=variant.gtin) is None
    assert queries.variants_of(session, other.id, variant.style_id) == []


def test_two_brands_may_use_the_same_codes(session: Session) -> None:
    brand, other = new_brand(session), new_brand(session)
    ours = new_variant(session, brand_id=brand.id, sku="A", gtin=None)
    theirs = new_variant(session, brand_id=other.id, sku="A", gtin=None)
    assert queries.find_variant(session, brand.id, sku="A") == ours
    assert queries.find_variant(session, other.id, sku="A") == theirs


def test_the_gtin_decides_where_a_till_sends_both_codes(session: Session) -> None:
    brand = new_brand(session)
    boots, knit = new_variants(session, brand_id=brand.id, drawings=["boots", "knit"])
    assert queries.find_variant(session, brand.id, gtin=boots.gtin, sku=knit.sku) == boots
    assert queries.find_variant(session, brand.id, gtin="00000000000000", sku=knit.sku) == knit
    assert queries.find_variant(session, brand.id) is None


def test_many_codes_are_found_at_once(session: Session) -> None:
    brand = new_brand(session)
    boots, knit = new_variants(session, brand_id=brand.id, drawings=["boots", "knit"])
    skus = {f"unknown-{number}" for number in range(12_000)} | {knit.sku}
    found = queries.find_variants(session, brand.id, {boots.gtin or ""}, skus)
    assert found == {("gtin", boots.gtin): boots, ("sku", knit.sku): knit}


def test_a_variant_knows_that_its_category_is_never_shared(session: Session) -> None:
    brand = new_brand(session)
    style = new_style(
        session, brand_id=brand.id, category_code="underwear", is_never_shareable=True
    )
    assert style.is_never_shareable
    assert new_variant(session, brand_id=brand.id, style=style).is_never_shareable
