"""What baskets and deeds earn: by money, pieces, place, time, and never beyond a cap."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Invalid
from loyalty.baskets.rules import Basket, Line
from loyalty.earning.expiry import ends_at
from loyalty.earning.rules import (
    Expiry,
    Facts,
    Terms,
    award_action,
    award_basket,
    points_by_line,
    points_in,
    taken_back,
)
from loyalty.earning.terms import read_terms, write_terms
from tests.builders.terms import POUNDS, terms_document

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)  # a Sunday


def basket(*lines: tuple[str, int], at: datetime = NOON, **overrides: Any) -> Basket:
    """A piece of a category for each (category, total)."""
    values: dict[str, Any] = {
        "currency": "GBP",
        "zone": "Europe/London",
        "at": at,
        "labels": frozenset({"store:oxford"}),
        "lines": tuple(
            Line(f"{place}", frozenset({f"category:{category}"}), Decimal(2), total)
            for place, (category, total) in enumerate(lines)
        ),
    }
    return Basket(**(values | overrides))


def earned(
    rules: list[dict[str, Any]], bought: Basket, facts: Facts | None = None, wallet: str = "points"
) -> int:
    terms = read_terms(terms_document(*rules))
    return points_in(award_basket(terms, bought, facts or Facts()), wallet)


@pytest.mark.parametrize(
    ("rounding", "minor", "points"),
    [
        ("down", 199, 1),
        ("half_up", 149, 1),
        ("half_up", 150, 2),
        ("up", 101, 2),
        ("up", 100, 1),
        ("down", 99, 0),
    ],
)
def test_a_point_for_every_pound_is_rounded_as_the_rule_says(
    rounding: str, minor: int, points: int
) -> None:
    assert earned([POUNDS | {"rounding": rounding}], basket(("tops", minor))) == points


def test_a_basket_is_rounded_as_a_whole_and_shared_out_to_its_lines() -> None:
    terms = read_terms(terms_document())
    parts = award_basket(terms, basket(("tops", 150), ("tops", 150), ("bags", 0)), Facts())
    assert points_by_line(parts, "points") == {"0": 2, "1": 1}


DOUBLE = {
    "id": "double",
    "kind": "multiplier",
    "percent": 200,
    "scope": {"includes": ["category:coats"]},
}


def test_multipliers_add_up_whatever_their_order() -> None:
    half = {"id": "half", "kind": "multiplier", "percent": 150}
    bought = basket(("coats", 1_000), ("tops", 1_000))
    for rules in ([POUNDS, DOUBLE, half], [half, DOUBLE, POUNDS]):
        assert earned(rules, bought) == 20 + 10 + 10


def test_pieces_places_and_what_is_left_out() -> None:
    pieces = {"id": "p", "kind": "pieces", "points": 3, "scope": {"excludes": ["category:bags"]}}
    assert earned([pieces], basket(("tops", 500), ("bags", 500))) == 6
    away = POUNDS | {"scope": {"places": ["store:leeds"]}}
    assert earned([away], basket(("tops", 500))) == 0


def test_a_first_purchase_is_welcomed_once_and_another_currency_earns_nothing() -> None:
    welcome = {"id": "w", "kind": "first_purchase", "points": 50}
    assert earned([welcome], basket(("tops", 0)), Facts(is_first=True)) == 50
    assert earned([welcome], basket(("tops", 0)), Facts()) == 0
    assert earned([POUNDS], basket(("tops", 500), currency="EUR")) == 0


def test_caps_count_what_was_given_before() -> None:
    caps = {"per_receipt": 40, "per_day": 60, "per_period": 70}
    rules, bought = [POUNDS | {"caps": caps}], basket(("tops", 10_000))
    assert earned(rules, bought) == 40
    assert earned(rules, bought, Facts(today={"pounds": 30})) == 30
    assert earned(rules, bought, Facts(in_period={"pounds": 65})) == 5
    assert earned(rules, bought, Facts(today={"pounds": 80})) == 0


@pytest.mark.parametrize(
    ("window", "at", "holds"),
    [
        ({"weekdays": [6]}, "2026-11-22T23:59:59+00:00", True),
        ({"weekdays": [6]}, "2026-11-23T00:00:00+00:00", False),
        # In June the clocks of London are an hour ahead.
        ({"first_day": "2026-06-02"}, "2026-06-01T22:59:59+00:00", False),
        ({"first_day": "2026-06-02"}, "2026-06-01T23:00:00+00:00", True),
        ({"last_day": "2026-06-01"}, "2026-06-01T23:00:00+00:00", False),
        ({"from_time": "18:00", "until_time": "20:00"}, "2026-11-22T18:00:00+00:00", True),
        ({"from_time": "18:00", "until_time": "20:00"}, "2026-11-22T20:00:00+00:00", False),
        ({"from_time": "18:00"}, "2026-06-01T17:00:00+00:00", True),
    ],
)
def test_a_window_is_told_by_the_clocks_of_the_store(
    window: dict[str, Any], at: str, holds: bool
) -> None:
    bought = basket(("tops", 100), at=datetime.fromisoformat(at))
    assert bool(earned([POUNDS | {"window": window}], bought)) is holds


def test_a_deed_earns_and_sharing_is_no_deed() -> None:
    deed = {"id": "look", "kind": "action", "action": "outfit_laid_out", "points": 5}
    terms = read_terms(terms_document(deed))
    assert points_in(award_action(terms, "outfit_laid_out", Facts()), "points") == 5
    assert award_action(terms, "another", Facts()) == ()
    with pytest.raises(Invalid) as refusal:
        read_terms(terms_document(deed | {"action": "shared"}))
    assert list(refusal.value.data["fields"]) == ["rules.0.action"]


@given(
    points=st.integers(0, 10**6),
    total=st.integers(0, 10**6),
    cuts=st.lists(st.integers(0, 10**6), max_size=6),
)
def test_what_goes_with_returns_grows_and_ends_at_what_was_earned(
    points: int, total: int, cuts: list[int]
) -> None:
    steps = [
        taken_back(points, total_minor=total, returned_minor=cut, is_returned=False)
        for cut in sorted(min(cut, total) for cut in cuts)
    ]
    whole = taken_back(points, total_minor=total, returned_minor=total, is_returned=True)
    assert steps == sorted(steps)
    assert all(0 <= step <= points for step in steps)
    assert whole == points


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"currency": "gbp"}, "currency"),
        ({"pending_days": 1.5}, "pending_days"),
        ({"pending_days": -1}, "pending_days"),
        ({"expiry": {"kind": "rolling"}}, "expiry.days"),
        ({"expiry": {"kind": "never"}}, "expiry.kind"),
        ({"expiry": {"kind": "none", "days": 3}}, "expiry.days"),
        ({"rules": [POUNDS, POUNDS]}, "rules"),
        ({"rules": [POUNDS | {"points": True}]}, "rules.0.points"),
        ({"rules": [POUNDS | {"wallet": "stars"}]}, "rules.0.wallet"),
        ({"rules": [POUNDS | {"percent": 50}]}, "rules.0.percent"),
        ({"rules": [POUNDS | {"scope": {"includes": ["coats"]}}]}, "rules.0.scope.includes"),
        ({"rules": [POUNDS | {"window": {"weekdays": [7]}}]}, "rules.0.window.weekdays"),
        ({"rules": [POUNDS | {"window": {"first_day": "soon"}}]}, "rules.0.window.first_day"),
        (
            {"rules": [POUNDS | {"window": {"first_day": "2026-02-02", "last_day": "2026-02-01"}}]},
            "rules.0.window.last_day",
        ),
        ({"rules": [POUNDS | {"caps": {"per_day": 0}}]}, "rules.0.caps.per_day"),
        ({"rules": ["pounds"]}, "rules.0"),
        ({"speed": 3}, "speed"),
    ],
)
def test_terms_that_make_no_sense_name_the_field(change: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read_terms(terms_document() | change)
    assert field in refusal.value.data["fields"]


def test_terms_are_the_same_after_they_were_kept() -> None:
    rules = [
        POUNDS | {"window": {"weekdays": [1, 2], "from_time": "09:30", "last_day": "2027-01-31"}},
        DOUBLE | {"caps": {"per_period": 9, "period_days": 7}},
    ]
    terms = read_terms(terms_document(*rules, expiry={"kind": "rolling", "days": 90}))
    assert isinstance(terms, Terms)
    assert read_terms(write_terms(terms)) == terms


@pytest.mark.parametrize(
    ("expiry", "zone", "earned_at", "end"),
    [
        (Expiry("calendar", 0), "Europe/London", "2026-12-31T23:59:59", "2027-01-01T00:00"),
        (Expiry("calendar", 0), "Europe/London", "2027-01-01T00:00:00", "2028-01-01T00:00"),
        # The year of Kiritimati ends ten hours before noon of Greenwich's last day.
        (Expiry("calendar", 0), "Pacific/Kiritimati", "2026-12-31T09:59", "2026-12-31T10:00"),
        (Expiry("calendar", 0), "Pacific/Kiritimati", "2026-12-31T10:00", "2027-12-31T10:00"),
        (Expiry("calendar", 0), "America/New_York", "2027-01-01T04:59", "2027-01-01T05:00"),
        (Expiry("calendar", 90), "America/New_York", "2026-06-01T00:00", "2027-04-01T04:00"),
        # Samoa left out 30 December 2011: the day after the 29th is the 31st.
        (Expiry("rolling", 1), "Pacific/Apia", "2011-12-29T12:00", "2011-12-30T10:00"),
        # A day of 23 hours, and one of 25.
        (Expiry("rolling", 1), "Europe/London", "2027-03-27T12:00", "2027-03-28T23:00"),
        (Expiry("rolling", 1), "Europe/London", "2026-10-24T12:00", "2026-10-26T00:00"),
        # In Beirut midnight of 28 March 2027 does not exist.
        (Expiry("rolling", 1), "Asia/Beirut", "2027-03-26T12:00", "2027-03-27T22:00"),
    ],
)
def test_points_end_with_a_day_of_the_brands_zone(
    expiry: Expiry, zone: str, earned_at: str, end: str
) -> None:
    at, until = (datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (earned_at, end))
    assert ends_at(expiry, at, zone) == until


@pytest.mark.parametrize("kind", ["none", "sliding"])
def test_no_day_is_set_for_points_that_last_or_follow_ones_doings(kind: Any) -> None:
    assert ends_at(Expiry(kind, 30), NOON, "Europe/London") is None
