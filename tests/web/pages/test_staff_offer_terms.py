"""The page of offers: the installation's terms until a brand sets its own, tried, in versions."""

from collections.abc import Callable

import pytest

from core.clock import FixedClock
from core.config import Settings
from core.transaction import Database
from retail.brands.queries import StoreView
from retail.journeys.offers.set_offer_terms import terms_of
from retail.offers import queries
from retail.offers.queries import TermsView
from tests.builders.brands import new_store
from tests.builders.desk import at_desk, press
from tests.builders.offers import new_boutique
from tests.builders.visitor import Visitor

Visit = Callable[[], Visitor]
PAGE, EDIT, BACK = "/staff/offers", "/staff/offers/edit", "/staff/offers/installations"


@pytest.fixture
def store(db: Database, clock: FixedClock) -> StoreView:
    """A store of a brand that has made one offer, of shoes."""
    del clock
    with db.write() as session:
        shop = new_boutique(session)
        shop.made(session)
        return shop.store


def held(db: Database, store: StoreView) -> TermsView | None:
    with db.read() as session:
        return queries.find_terms(session, store.brand_id)


def test_a_brand_goes_by_the_installation_until_it_sets_terms_of_its_own(
    db: Database, store: StoreView, visit: Visit
) -> None:
    page = at_desk(db, store, visit, name="Robin Vale").open(PAGE)
    assert "has set nothing" in page.text
    late = at_desk(db, store, visit).open(EDIT)
    typed = {"percent": "15", "most_off.GBP": "12.50", "quiet": "shoes"}
    text = " ".join(press(page.open(EDIT), EDIT, f"{EDIT}/try", **typed).text.split())
    assert "0 of 1 offers" in text
    assert held(db, store) is None
    page = press(page, EDIT, **typed)
    for words in ("Version 1 holds from now on.", "Robin Vale", "£12.50", "The first"):
        assert words in page.text
    late = press(late, EDIT, percent="30")
    assert (late.status, "Somebody set other terms meanwhile" in late.text) == (409, True)
    assert late.form(EDIT)["percent"] == "30"
    page = press(page.open(EDIT), EDIT, percent="16")
    assert "<del>15</del> → 16" in page.text
    with db.read() as session:
        terms = terms_of(session, store.brand_id, Settings())
        others = terms_of(session, "another", Settings(offer_percent=33))
    assert (terms.percent, terms.quiet, terms.most_off) == (16, {"shoes"}, {"GBP": 1_250})
    assert others.percent == 33


def test_what_is_wrong_is_said_beside_its_box_and_nothing_is_lost(
    db: Database, store: StoreView, visit: Visit
) -> None:
    wrong = {"percent": "lots", "print_lines": "99", "most_off.GBP": "-1", "a_day": ""}
    page = press(at_desk(db, store, visit).open(EDIT), EDIT, **wrong)
    assert page.status == 422
    for name, typed in wrong.items():
        beside = page.text.split(f'name="{name}"')[1].split("</div>")[0]
        assert 'class="error"' in beside
        assert page.form(EDIT)[name] == typed
    page = press(page, EDIT, quiet="boats", percent="20", print_lines="8", a_day="1")
    assert held(db, store) is None


def test_a_brand_goes_back_to_the_installation_and_forth_again_in_versions(
    db: Database, store: StoreView, visit: Visit
) -> None:
    page, late = (at_desk(db, store, visit) for _ in range(2))
    assert "Back to the installation" not in page.open(PAGE).text, "there it is already"
    page = press(page.open(EDIT), EDIT, percent="15", quiet="shoes")
    late.open(PAGE)
    page = press(page.open(EDIT), EDIT, percent="17")
    refused = late.send(BACK)
    assert (refused.status, "Somebody set other terms meanwhile" in refused.text) == (409, True)
    page = page.open(PAGE).send(BACK)
    for words in ("Version 3 holds", "hold again", "<del>the brand’s</del> → the installation’s"):
        assert words in page.text
    assert "Back to the installation" not in page.text
    with db.read() as session:
        for percent in (20, 33):
            known = Settings(offer_percent=percent)
            assert terms_of(session, store.brand_id, known).percent == percent
            assert terms_of(session, store.brand_id, known).quiet == frozenset()
    page = press(page.open(EDIT), EDIT, percent="18")
    assert "<del>the installation’s</del> → the brand’s" in page.text
    with db.read() as session:
        assert terms_of(session, store.brand_id, Settings()).percent == 18


def test_terms_that_are_the_installations_own_numbers_are_the_brands_once_it_sets_them(
    db: Database, store: StoreView, visit: Visit
) -> None:
    page = press(at_desk(db, store, visit).open(EDIT), EDIT)
    with db.read() as session:
        fixed = terms_of(session, store.brand_id, Settings(offer_percent=44)).percent
    assert fixed != 44
    page.send(BACK)
    with db.read() as session:
        assert terms_of(session, store.brand_id, Settings(offer_percent=44)).percent == 44
    press(page.open(EDIT), EDIT)
    held_now = held(db, store)
    assert held_now is not None
    assert (held_now.version, held_now.is_installations) == (3, False)


@pytest.mark.parametrize("role", ["marketer", "assistant"])
def test_whoever_works_in_one_store_or_may_not_sees_nothing(
    db: Database, store: StoreView, visit: Visit, role: str
) -> None:
    page = at_desk(db, store, visit, role=role, store_id=store.id)
    for address in (PAGE, EDIT):
        assert page.open(address).status == 403


def test_a_store_that_takes_another_currency_has_a_box_of_its_own(
    db: Database, store: StoreView, visit: Visit
) -> None:
    with db.write() as session:
        new_store(session, brand_id=store.brand_id, currency="EUR")
    text = at_desk(db, store, visit).open(EDIT).text
    assert text.index('name="most_off.GBP"') < text.index('name="most_off.EUR"')
