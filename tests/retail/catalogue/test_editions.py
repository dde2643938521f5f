"""Editions of catalogues: another one whenever goods are others; what is kept is of one of them."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from core import clock
from core.ids import new_id
from core.transaction import Database
from retail.catalogue import known, service
from retail.catalogue.known import free_here, known_styles
from retail.catalogue.models import CatalogueEdition, Category, Style, Variant
from retail.catalogue.queries import StyleView
from retail.catalogue.shelf import on_shelf
from tests.builders.brands import new_brand, new_store
from tests.builders.catalogue import new_category, new_stock, new_style, new_variant
from tests.builders.holds import new_hold
from tests.conftest import both_databases

Change = Callable[[Session, str], object]


def edition(db: Database, brand_id: str) -> int | None:
    with db.read() as session:
        found = select(CatalogueEdition.number).where(CatalogueEdition.brand_id == brand_id)
        return session.scalar(found)


def goods(db: Database) -> tuple[str, StyleView]:
    """A brand that sells one style in one size, and a variant that nobody needs."""
    with db.write() as session:
        brand = new_brand(session)
        style = new_style(session, brand_id=brand.id, name="Harbour trench")
        new_variant(session, brand_id=brand.id, style=style, sku="KEPT")
        new_category(session, brand_id=brand.id, code="unused")
    return brand.id, style


def renamed(session: Session, brand_id: str) -> None:
    row = {"code": "style-x", "name": "Pier trench", "category_code": "coats"}
    found = session.scalar(select(Style.code).where(Style.brand_id == brand_id))
    service.save_styles(session, brand_id, [{**row, "code": found}], now=clock.now())


CHANGES: dict[str, Change] = {
    "a style is renamed": renamed,
    "a price changes": lambda session, brand_id: session.execute(
        update(Variant).where(Variant.brand_id == brand_id).values(price_minor=1)
    ),
    "a size is new": lambda session, brand_id: service.save_variants(
        session,
        brand_id,
        [
            {
                "sku": "NEW",
                "style_id": session.scalar(select(Style.id).where(Style.brand_id == brand_id)),
                "price_minor": 1,
                "currency": "GBP",
                "colours": {},
            }
        ],
    ),
    "a category may not be shared": lambda session, brand_id: service.save_categories(
        session, brand_id, [{"code": "coats", "name": "Coats", "is_never_shareable": True}]
    ),
    "a size goes": lambda session, brand_id: session.execute(
        delete(Variant).where(Variant.brand_id == brand_id)
    ),
    "a category goes": lambda session, brand_id: session.execute(
        delete(Category).where(Category.brand_id == brand_id, Category.code == "unused")
    ),
}


@both_databases
@pytest.mark.parametrize("change", CHANGES)
def test_another_edition_begins_whenever_goods_change(db: Database, change: str) -> None:
    brand_id, _ = goods(db)
    other_id, _ = goods(db)
    before, others = edition(db, brand_id), edition(db, other_id)
    with db.write() as session:
        CHANGES[change](session, brand_id)
    assert edition(db, brand_id) not in {before, None}
    assert edition(db, other_id) == others


@both_databases
def test_what_a_store_has_begins_no_edition(db: Database) -> None:
    with db.write() as session:
        store = new_store(session)
        piece = new_variant(session, brand_id=store.brand_id)
    before = edition(db, store.brand_id)
    with db.write() as session:
        told = {"brand_id": store.brand_id, "store_id": store.id, "variant_id": piece.id}
        new_stock(session, **told)
    assert edition(db, store.brand_id) == before


@both_databases
def test_the_number_of_a_change_that_was_rolled_back_comes_never_again(db: Database) -> None:
    brand_id, _ = goods(db)
    seen = {edition(db, brand_id)}
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), db.write() as session:
            renamed(session, brand_id)
            rolled_back = session.scalar(
                select(CatalogueEdition.number).where(CatalogueEdition.brand_id == brand_id)
            )
            assert rolled_back not in seen
            seen.add(rolled_back)
            raise ZeroDivisionError
        with db.write() as session:
            renamed(session, brand_id)
        assert edition(db, brand_id) not in seen
        seen.add(edition(db, brand_id))


def name_known(db: Database, brand_id: str, style_id: str) -> str:
    """What the style is called by whoever keeps what was read of it."""
    number = edition(db, brand_id)
    with db.glances() as ask:
        return known_styles(ask, brand_id, number, [style_id])[style_id].style.name


@both_databases
def test_what_is_known_of_a_style_is_as_of_its_edition(db: Database) -> None:
    brand_id, style = goods(db)
    assert name_known(db, brand_id, style.id) == "Harbour trench"
    with db.write() as session:
        renamed(session, brand_id)
    assert name_known(db, brand_id, style.id) == "Pier trench"


def test_control_what_is_known_without_an_edition_grows_old(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    brand_id, style = goods(db)
    monkeypatch.setitem(globals(), "edition", lambda *_: 1)
    assert name_known(db, brand_id, style.id) == "Harbour trench"
    with db.write() as session:
        renamed(session, brand_id)
    assert name_known(db, brand_id, style.id) == "Harbour trench"


@both_databases
def test_a_known_style_is_not_read_again_and_goods_are_in_their_order(db: Database) -> None:
    brand_id, style = goods(db)
    with db.write() as session:
        for size in ("14", "8", "10"):
            new_variant(session, brand_id=brand_id, style=style, size=size)
    number = edition(db, brand_id)
    with db.glances() as ask:
        first = known_styles(ask, brand_id, number, [style.id])

        def nobody(*_: Any, **__: Any) -> Any:
            raise AssertionError("this was read already")

        again = known_styles(nobody, brand_id, number, [style.id])
    assert again == first
    assert [one.size for one in first[style.id].goods] == ["8", "10", "12", "14"]


def test_styles_of_another_brand_are_not_known(db: Database) -> None:
    brand_id, _ = goods(db)
    _, foreign = goods(db)
    with db.glances() as ask:
        assert known_styles(ask, brand_id, edition(db, brand_id), [foreign.id]) == {}


def test_so_many_styles_are_known_and_then_it_begins_again(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(known, "MOST", 2)
    brand_id, first = goods(db)
    with db.write() as session:
        others = [new_style(session, brand_id=brand_id) for _ in range(2)]
    number = edition(db, brand_id)
    asked: list[object] = []
    with db.glances() as ask:

        def noting(what: Any, /, **given: str) -> Any:
            asked.append(what)
            return ask(what, **given)

        for one in (first, *others, first):
            asked.clear()
            assert list(known_styles(noting, brand_id, number, [one.id])) == [one.id]
            assert asked
        asked.clear()
        assert list(known_styles(noting, brand_id, number, [first.id])) == [first.id]
        assert not asked


@both_databases
def test_what_is_free_of_known_styles_is_what_hangs_on_the_shelf(db: Database) -> None:
    with db.write() as session:
        store = new_store(session)
        brand_id, other = store.brand_id, new_store(session)
        here = {"brand_id": brand_id, "store_id": store.id}
        sized, sole = (new_style(session, brand_id=brand_id) for _ in range(2))
        quiet = new_style(
            session, brand_id=brand_id, category_code="quiet", is_never_shareable=True
        )
        for style, size, on_hand in (
            *((sized, "8", 1), (sized, "10", 1), (sized, "12", 0), (sized, "14", 2)),
            *((sole, "", 1), (quiet, "10", 1)),
        ):
            piece = new_variant(session, brand_id=brand_id, style=style, size=size)
            new_stock(session, variant_id=piece.id, on_hand=on_hand, **here)
            if size == "14":
                for _ in range(on_hand):
                    new_hold(session, store, piece, new_id(), now=clock.now())
        elsewhere = new_variant(session, brand_id=brand_id, style=sized, size="10")
        new_stock(session, brand_id=brand_id, store_id=other.id, variant_id=elsewhere.id)
    ids, number, now = [sized.id, sole.id, quiet.id], edition(db, brand_id), clock.now()
    for sizes in ({"coats": {"10", "12", "14"}}, {}, {"coats": {"8"}, "quiet": {"10"}}):
        with db.read() as session, db.glances() as ask:
            known_now = known_styles(ask, brand_id, number, ids).values()
            found = free_here(ask, known_now, store.id, sizes, now=now)
            shelf = on_shelf(session, store.id, brand_id, ids, sizes, now=now)
        assert found == shelf
        assert sole.id in found
