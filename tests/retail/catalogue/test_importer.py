"""Imports: everything named beforehand, all or nothing, and never a guess."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from core import clock
from core.errors import Invalid, NotFound
from core.transaction import Database
from retail.brands import queries as brands
from retail.catalogue import queries
from retail.catalogue.exporter import export_csv
from retail.catalogue.importer import ImportPlan, apply, import_files, plan
from tests.builders.brands import new_brand, new_store
from tests.builders.catalogue import gtin_14, new_variant
from tests.conftest import NOON, both_databases

STORES = "store,name,zone,currency,locale\nleeds,Leeds,Europe/London,GBP,en-GB\n"
CATEGORIES = "category,name,never_shareable\ncoats,Coats,no\nunderwear,Underwear,yes\n"
STYLES = (
    "style,name,category,designer,origin,story,press,worn_by,drawing,picture\n"
    "harbour,Harbour trench,coats,Ines Varga,Porto,Made for rain.,"
    "2026-03-14; The Selvedge; Loud linings | 2026-04-01; Wick & Weft; Rain at last,"
    "Imogen Vale | Theo Marsh,trench,\n"
)
VARIANTS = (
    "sku,gtin,style,colour,main,trim,lining,size,price,currency\n"
    f"HT-CAM-10,{gtin_14(1)},harbour,Camel,#cba36a,#4E3119,#D11F5E,10,189.00,GBP\n"
    f"HT-CAM-12,,harbour,Camel,,,,12,189,GBP\n"
)
STOCK = "store,sku,on_hand,counted_at\nleeds,HT-CAM-10,3,2026-11-22T11:58:00Z\n"
PLACES = 'store,sku,place\nleeds,HT-CAM-10,"Rail 7, near the window"\n'
FILES = {
    "places": PLACES,
    "stock": STOCK,
    "variants": VARIANTS,
    "styles": STYLES,
    "categories": CATEGORIES,
    "stores": STORES,
}


def planned(session: Session, brand_id: str, **files: str) -> ImportPlan:
    return plan(session, brand_id, files, now=clock.now())


def problems(session: Session, brand_id: str, **files: str) -> list[tuple[Any, ...]]:
    found = planned(session, brand_id, **files).problems
    return [(p.file, p.line, p.column) for p in found]


def whole_export(session: Session, brand_id: str) -> dict[str, str]:
    return {kind: export_csv(session, brand_id, kind) for kind in FILES}


@both_databases
def test_files_that_refer_to_each_other_come_in_at_once(db: Database) -> None:
    with db.write() as session:
        brand = new_brand(session)
        done = import_files(session, brand.id, FILES, now=NOON)
    assert {kind: counts["add"] for kind, counts in done.summary().items()} == {
        "stores": 1,
        "categories": 2,
        "styles": 1,
        "variants": 2,
        "stock": 1,
        "places": 1,
    }
    with db.read() as session:
        variant = queries.find_variant(session, brand.id, gtin=gtin_14(1))
        assert variant is not None
        assert (variant.sku, variant.price_minor, variant.currency) == ("HT-CAM-10", 18_900, "GBP")
        assert variant.colours == {"a": "#CBA36A", "t": "#4E3119", "l": "#D11F5E"}
        style = queries.get_style(session, brand.id, variant.style_id)
        assert [feature.title for feature in style.press] == ["Loud linings", "Rain at last"]
        assert style.worn_by == ("Imogen Vale", "Theo Marsh")
        leeds = brands.get_store_by_slug(session, brand.id, "leeds")
        stock = queries.stock_for(session, leeds.id, [variant.id], now=NOON)[variant.id]
        assert (stock.on_hand, stock.is_fresh) == (3, True)


@both_databases
def test_an_export_comes_in_again_without_a_change(db: Database) -> None:
    with db.write() as session:
        brand = new_brand(session)
        import_files(session, brand.id, FILES, now=NOON)
    with db.read() as session:
        exported = whole_export(session, brand.id)
        again = plan(session, brand.id, exported, now=NOON)
    assert again.changes == ()
    assert again.problems == ()
    with db.write() as session:
        copy = new_brand(session)
        import_files(session, copy.id, exported, now=NOON)
    with db.read() as session:
        assert whole_export(session, copy.id) == exported


def test_a_plan_changes_nothing(session: Session) -> None:
    brand = new_brand(session)
    before = whole_export(session, brand.id)
    planned(session, brand.id, **FILES)
    assert whole_export(session, brand.id) == before


def test_a_plan_names_what_each_row_would_change(session: Session) -> None:
    brand = new_brand(session)
    import_files(session, brand.id, FILES, now=NOON)
    dearer = VARIANTS.replace("12,189,", "12,199.50,") + "HT-NAV-10,,harbour,Navy,,,,10,189,GBP\n"
    found = planned(session, brand.id, variants=dearer)
    assert [(c.line, c.key, c.action) for c in found.changes] == [
        (3, "HT-CAM-12", "change"),
        (4, "HT-NAV-10", "add"),
    ]
    assert found.changes[0].cells == {"price": ("189.00", "199.50")}
    assert found.unchanged == {"variants": 1}


@pytest.mark.parametrize(
    ("kind", "line", "column"),
    [
        ("stores", "york,York,Europe/York,GBP,en-GB", "zone"),
        ("stores", "york,York,Europe/London,QUID,en-GB", "currency"),
        ("stores", "york,York,Europe/London,GBP,en-Nowhere", "locale"),
        ("stores", "Not A Slug,York,Europe/London,GBP,en-GB", "store"),
        ("categories", "hats,Hats,perhaps", "never_shareable"),
        ("categories", "hats,,no", "name"),
        ("styles", "s2,Second,shoes,,,,,,,", "category"),
        ("styles", "s2,Second,coats,,,,last week,,,", "press"),
        ("styles", "s2,Second,coats,,,,2026-13-01; A; B,,,", "press"),
        ("styles", "s2,Second,coats,,,,,,spaceship,", "drawing"),
        ("styles", "s2,Second,coats,,,,,,,javascript:alert(1)", "picture"),
        ("styles", "s2,Sec\x00ond,coats,,,,,,,", "name"),
        ("styles", f"s2,{'x' * 121},coats,,,,,,,", "name"),
        ("styles", "s 2,Second,coats,,,,,,,", "style"),
        ("variants", f"A,{gtin_14(2)[:-1]}X,harbour,,,,,,1,GBP", "gtin"),
        ("variants", "A,12345678901234,harbour,,,,,,1,GBP", "gtin"),
        ("variants", "A,٥٠١٢٣٤٥٦٧٨٩٠٠,harbour,,,,,,1,GBP", "gtin"),
        ("variants", f"A,{gtin_14(1)},harbour,,,,,,1,GBP", "gtin"),
        ("variants", "A,,nothing,,,,,,1,GBP", "style"),
        ("variants", "A,,harbour,,,,,,-1.00,GBP", "price"),
        ("variants", "A,,harbour,,,,,,1.005,GBP", "price"),
        ("variants", "A,,harbour,,,,,,£1,GBP", "price"),
        ("variants", "A,,harbour,,,,,,1e3,GBP", "price"),
        ("variants", "A,,harbour,,,,,,9999999999,GBP", "price"),
        ("variants", "A,,harbour,,,,,,,GBP", "price"),
        ("variants", "A,,harbour,,,,,,1,EUR", "currency"),
        ("variants", "A,,harbour,,red,#000000,#000000,,1,GBP", "main"),
        ("variants", "A,,harbour,,#000000,,#000000,,1,GBP", "trim"),
        ("variants", "HT-CAM-10,,harbour,,,,,,1,GBP", "sku"),
        ("stock", "york,HT-CAM-10,1,2026-11-22T11:58:00Z", "store"),
        ("stock", "leeds,NO,1,2026-11-22T11:58:00Z", "sku"),
        ("stock", "leeds,HT-CAM-12,-1,2026-11-22T11:58:00Z", "on_hand"),
        ("stock", "leeds,HT-CAM-12,1.5,2026-11-22T11:58:00Z", "on_hand"),
        ("stock", "leeds,HT-CAM-12,1,2026-11-22T11:58:00", "counted_at"),
        ("stock", "leeds,HT-CAM-12,1,2026-11-23T11:58:00Z", "counted_at"),
        ("stock", "leeds,HT-CAM-12,1,0001-01-01T00:00:00+14:00", "counted_at"),
        ("stock", "leeds,HT-CAM-12", None),
        ("stock", 'leeds,"HT"-CAM-12,1,2026-11-22T11:58:00Z', None),
        ("places", "york,HT-CAM-12,Rail 8", "store"),
        ("places", "leeds,NO,Rail 8", "sku"),
        ("places", f"leeds,HT-CAM-12,{'x' * 61}", "place"),
        ("places", "leeds,HT-CAM-10,Rail 8", "sku"),
    ],
)
def test_a_wrong_row_is_named_and_keeps_everything_out(
    session: Session, kind: str, line: str, column: str | None
) -> None:
    brand = new_brand(session)
    files = FILES | {kind: FILES[kind] + line + "\n"}
    found = planned(session, brand.id, **files)
    last = FILES[kind].count("\n") + 1
    assert [(p.file, p.column) for p in found.problems] == [(kind, column)]
    assert found.problems[0].line in (last, last - 1 if column is None else last)
    assert found.problems[0].message.endswith(".")
    with pytest.raises(Invalid) as refused:
        import_files(session, brand.id, files, now=NOON)
    assert refused.value.code == "import_refused"
    assert len(refused.value.data["problems"]) == 1
    assert queries.list_categories(session, brand.id) == []
    assert brands.list_stores(session, brand.id) == []


def test_every_wrong_line_is_reported_at_once(session: Session) -> None:
    brand = new_brand(session)
    variants = VARIANTS + "B,,harbour,,,,,,-1,QUID\nC,1,gone,,,,,,x,GBP\n"
    found = problems(session, brand.id, **FILES | {"variants": variants})
    assert found == [
        ("variants", 4, "price"),
        ("variants", 4, "currency"),
        ("variants", 5, "gtin"),
        ("variants", 5, "price"),
    ]


def test_what_refers_to_a_wrong_row_is_not_wrong_as_well(session: Session) -> None:
    brand = new_brand(session)
    styles = STYLES.replace(",trench,", ",spaceship,")
    assert problems(session, brand.id, **FILES | {"styles": styles}) == [("styles", 2, "drawing")]


def test_columns_are_missing_unknown_or_double(session: Session) -> None:
    brand = new_brand(session)
    header = "category,Name,name,colour\n"
    assert problems(session, brand.id, categories=header) == [
        ("categories", 1, "never_shareable"),
        ("categories", 1, "name"),
        ("categories", 1, "colour"),
    ]
    assert len(problems(session, brand.id, categories="")) == 3


def test_columns_come_in_any_order_and_with_a_byte_order_mark(session: Session) -> None:
    brand = new_brand(session)
    text = "\ufeffnever_shareable;name;category\r\n".replace(";", ",") + "\r\nno, Coats ,coats\r\n"
    import_files(session, brand.id, {"categories": text}, now=NOON)
    assert [c.name for c in queries.list_categories(session, brand.id)] == ["Coats"]


def test_lines_are_counted_as_an_editor_does(session: Session) -> None:
    brand = new_brand(session)
    styles = STYLES.replace("Made for rain.", '"Made\nfor\nrain."') + "s2,,coats,,,,,,,\n"
    assert problems(session, brand.id, **FILES | {"styles": styles}) == [("styles", 5, "name")]


def test_variants_may_swap_their_gtins(session: Session) -> None:
    brand = new_brand(session)
    import_files(session, brand.id, FILES, now=NOON)
    rows = VARIANTS.replace(",,harbour", f",{gtin_14(2)},harbour")
    import_files(session, brand.id, {"variants": rows}, now=NOON)
    first, second = gtin_14(1), gtin_14(2)
    swapped = rows.replace(first, "?").replace(second, first).replace("?", second)
    import_files(session, brand.id, {"variants": swapped}, now=NOON)
    found = queries.find_variants(session, brand.id, {first, second}, set())
    assert found["gtin", first].sku == "HT-CAM-12"
    assert found["gtin", second].sku == "HT-CAM-10"


def test_an_older_count_is_ignored_and_said_to_be(session: Session) -> None:
    brand = new_brand(session)
    import_files(session, brand.id, FILES, now=NOON)
    older = STOCK.replace(",3,", ",9,").replace("11:58", "11:00")
    done = import_files(session, brand.id, {"stock": older}, now=NOON)
    assert [change.action for change in done.changes] == ["ignore"]
    assert ",3,2026-11-22T11:58:00Z" in export_csv(session, brand.id, "stock")


def test_a_store_changes_by_import(session: Session) -> None:
    brand = new_brand(session)
    store = new_store(session, brand=brand, slug="leeds", name="Old name")
    done = import_files(session, brand.id, {"stores": STORES}, now=NOON)
    assert done.changes[0].cells == {"name": ("Old name", "Leeds")}
    assert brands.get_store(session, store.id).name == "Leeds"


def test_the_money_of_a_store_is_not_foreign(session: Session) -> None:
    brand = new_brand(session)
    stores = STORES + "osaka,Osaka,Asia/Tokyo,JPY,ja-JP\n"
    yen = VARIANTS + "HT-O,,harbour,,,,,,19800,JPY\n"
    import_files(session, brand.id, FILES | {"stores": stores, "variants": yen}, now=NOON)
    found = queries.find_variant(session, brand.id, sku="HT-O")
    assert found is not None
    assert (found.price_minor, found.currency) == (19_800, "JPY")


def test_another_brand_may_have_the_same_goods(session: Session) -> None:
    ours, theirs = new_brand(session), new_brand(session)
    new_variant(session, brand_id=theirs.id, sku="HT-CAM-10", gtin=gtin_14(1))
    import_files(session, ours.id, FILES, now=NOON)
    variant = queries.find_variant(session, theirs.id, gtin=gtin_14(1))
    assert variant is not None
    assert variant.style_name == "Harbour trench"
    assert variant.size == "12"


def test_unknown_kinds_and_brands_are_refused(session: Session) -> None:
    brand = new_brand(session)
    with pytest.raises(Invalid):
        planned(session, brand.id, people="name\nNina\n")
    with pytest.raises(Invalid):
        planned(session, brand.id)
    with pytest.raises(NotFound):
        planned(session, "nobody", stores=STORES)
    with pytest.raises(NotFound):
        export_csv(session, brand.id, "people")


def test_apply_refuses_a_plan_with_problems(session: Session) -> None:
    brand = new_brand(session)
    found = planned(session, brand.id, categories=CATEGORIES + "hats,,no\n")
    with pytest.raises(Invalid):
        apply(session, found, now=NOON)
