"""A brand's terms of offers: what they allow, what makes no sense, what they would have made."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from core import clock
from core.errors import Conflict, Invalid
from core.transaction import Database
from retail.offers import queries, service
from retail.offers.terms import OfferTerms, PastOffer, check_terms, foresee
from tests.builders.brands import new_brand
from tests.builders.races import meeting, race
from tests.conftest import both_databases

TERMS = OfferTerms(percent=20, a_day=1, a_week=3)
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
KNOWN = {"categories": {"shoes"}, "currencies": ["GBP"]}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"percent": 0}, "percent"),
        ({"percent": 101}, "percent"),
        ({"thanks_percent": 0}, "thanks_percent"),
        ({"print_lines": 41}, "print_lines"),
        ({"budget_milliseconds": 0}, "budget_milliseconds"),
        ({"a_day": 4}, "a_week"),
        ({"quiet": frozenset({"boats"})}, "quiet"),
        ({"most_off": {"EUR": 500}}, "most_off.EUR"),
        ({"most_off": {"GBP": 0}}, "most_off.GBP"),
    ],
)
def test_what_makes_no_sense_is_refused_beside_its_box(changes: Any, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_terms(replace(TERMS, **changes), **KNOWN)  # type: ignore[arg-type]
    assert list(refused.value.data["fields"]) == [field]


def test_what_is_quiet_or_would_take_off_too_much_is_not_offered() -> None:
    terms = replace(TERMS, quiet=frozenset({"shoes"}), most_off={"GBP": 1_000})
    assert terms.allow("coats", 5_000, "GBP")
    assert not terms.allow("shoes", 5_000, "GBP")
    assert not terms.allow("coats", 5_005, "GBP")
    assert terms.allow("coats", 5_005, "EUR")


@given(st.integers(1, 100), st.integers(1, 10_000), st.integers(0, 100_000))
def test_the_dearest_price_is_that_at_which_an_offer_is_still_allowed(
    percent: int, most: int, price: int
) -> None:
    terms = replace(TERMS, percent=percent, most_off={"GBP": most})
    assert (price <= terms.dearest["GBP"]) == terms.allow("coats", price, "GBP")


def past(hours: int, *, category: str = "coats", used: bool = True) -> PastOffer:
    return PastOffer("sarah", category, 10_000, "GBP", 20, used, NOON + timedelta(hours=hours))


def test_of_past_offers_those_are_left_out_that_would_not_have_been_made() -> None:
    made = [past(30), past(0), past(1), past(24, category="shoes"), past(54, used=False)]
    terms = replace(TERMS, percent=10, quiet=frozenset({"shoes"}), a_week=2)
    found = foresee(made, terms, zone="Europe/London")
    # The second of the first day is one too many, and the one that was not used a third in a week.
    assert (found.made, found.kept, found.barred, found.too_many) == (5, 2, 1, 2)
    assert (found.before["GBP"], found.after["GBP"]) == (8_000, 2_000)


@both_databases
def test_versions_follow_each_other_and_nobody_overwrites_another(session: Session) -> None:
    brand_id, now = new_brand(session).id, clock.now()
    how = {"set_by": "ada", "now": now}
    terms = replace(TERMS, quiet=frozenset({"shoes"}), most_off={"GBP": 900})
    assert service.set_terms(session, brand_id, TERMS, instead_of=0, **how) == 1
    assert service.set_terms(session, brand_id, terms, instead_of=1, **how) == 2
    with pytest.raises(Conflict):
        service.set_terms(session, brand_id, TERMS, instead_of=1, **how)
    assert service.set_terms(session, brand_id, terms, instead_of=1, **how) == 2
    assert [one.version for one in queries.terms_versions(session, brand_id)] == [2, 1]
    held = queries.find_terms(session, brand_id)
    assert held is not None
    assert (held.terms, held.set_by) == (terms, "ada")


TOGETHER = 8
SetTerms = Callable[[Session, str, OfferTerms, int], None]


def _set_if_unchanged(session: Session, brand_id: str, own: OfferTerms, seen: int) -> None:
    service.set_terms(session, brand_id, own, instead_of=seen, set_by="ada", now=clock.now())


def _set_whatever_is_held(session: Session, brand_id: str, own: OfferTerms, _seen: int) -> None:
    """As a naive page does: it overwrites what others set since it was opened, however often."""
    for _ in range(TOGETHER):
        held = queries.find_terms(session, brand_id)
        with suppress(Conflict):
            return _set_if_unchanged(session, brand_id, own, held.version if held else 0)
    raise AssertionError("nobody else is left who could have set them meanwhile")


def _set_by_many_at_once(db: Database, set_terms: SetTerms) -> tuple[int, int]:
    """How many of those who opened the same page got their terms set, and how many versions."""
    with db.write() as session:
        brand_id = new_brand(session).id
    met = meeting()

    def set_own(number: int) -> bool:
        own = replace(TERMS, percent=number + 1)
        with db.read() as session:
            held = queries.find_terms(session, brand_id)
        met()
        try:
            with db.write() as session:
                set_terms(session, brand_id, own, held.version if held else 0)
        except Conflict:
            return False
        return True

    done = sum(race(set_own, attempts=TOGETHER))
    with db.read() as session:
        return done, len(queries.terms_versions(session, brand_id))


@both_databases
def test_of_many_who_set_terms_at_once_one_does(db: Database) -> None:
    assert _set_by_many_at_once(db, _set_if_unchanged) == (1, 1)


@both_databases
def test_control_terms_set_over_whatever_is_held_are_lost(db: Database) -> None:
    assert _set_by_many_at_once(db, _set_whatever_is_held) == (TOGETHER, TOGETHER)
