"""Where credits put somebody: a function of what was earned and when, checked day by day."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Invalid
from loyalty.tiers.rules import Credit, Ladder, Standing, Tier, check_ladder, standing
from tests.builders.tiers import TIERS, ladder

LONDON = "Europe/London"
JOINED = datetime(2024, 1, 1, tzinfo=UTC)


def on(year: int, month: int, day: int, hour: int = 12) -> datetime:
    return datetime(year, month, day, hour, tzinfo=ZoneInfo(LONDON)).astimezone(UTC)


def stands(of: Ladder, *earned: tuple[datetime, int], now: datetime) -> Standing:
    return standing(of, [Credit(*one) for one in earned], joined_at=JOINED, now=now)


@pytest.mark.parametrize(
    ("credits_", "tier", "following", "missing"),
    [
        (0, "classic", "silver", 100),
        (99, "classic", "silver", 1),
        (100, "silver", "gold", 200),
        (300, "gold", None, 0),
        (9999, "gold", None, 0),
    ],
)
def test_a_tier_is_reached_with_its_last_credit(
    credits_: int, tier: str, following: str | None, missing: int
) -> None:
    found = stands(ladder(), (on(2026, 3, 1), credits_), now=on(2026, 3, 2))
    assert found.tier.code == tier
    assert (found.next and found.next.code, found.missing) == (following, missing)
    assert found.since == (on(2026, 3, 1) if tier != "classic" else JOINED)


def test_what_was_reached_holds_until_the_year_is_over_in_the_zone_and_grace_besides() -> None:
    earned = (on(2026, 3, 1), 100)
    midnight = datetime(2027, 1, 1, tzinfo=ZoneInfo(LONDON)).astimezone(UTC)
    for grace, end in ((0, midnight), (31, midnight + timedelta(days=31))):
        of = ladder(grace_days=grace)
        before = stands(of, earned, now=end - timedelta(microseconds=1))
        assert (before.tier.code, before.until) == ("silver", end)
        after = stands(of, earned, now=end)
        assert (after.tier.code, after.since, after.until) == ("classic", end, None)


def test_with_a_year_of_grace_a_lower_tier_earned_meanwhile_is_what_remains() -> None:
    of = ladder(grace_days=365)
    earned = ((on(2026, 3, 1), 300), (on(2027, 5, 1), 150))
    assert stands(of, *earned, now=on(2027, 12, 31)).tier.code == "gold"
    later = stands(of, *earned, now=on(2028, 1, 1))
    assert (later.tier.code, later.until) == ("silver", on(2028, 12, 31, 0))
    assert stands(of, *earned, now=on(2028, 12, 31, 0)).tier.code == "classic"


def test_one_step_at_a_time_where_the_ladder_says_so() -> None:
    of, earned = ladder(drop="one_step"), (on(2026, 3, 1), 300)
    assert stands(of, earned, now=on(2027, 1, 1)).tier.code == "silver"
    assert stands(of, earned, now=on(2027, 12, 31)).tier.code == "silver"
    assert stands(of, earned, now=on(2028, 1, 1)).tier.code == "classic"


def test_days_before_now_count_where_the_period_is_days() -> None:
    of = ladder(period_days=30)
    first, second = on(2026, 3, 1), on(2026, 3, 20)
    assert stands(of, (first, 60), (second, 60), now=second).tier.code == "silver"
    assert stands(
        of, (first, 60), (first + timedelta(days=31), 60), now=on(2026, 4, 2)
    ).tier.code == ("classic")
    over = second + timedelta(days=30)
    assert stands(of, (first, 60), (second, 60), now=over).tier.code == "classic"


def test_by_balance_whatever_one_has_now_counts() -> None:
    of = ladder(basis="balance")
    earned = ((on(2024, 3, 1), 120), (on(2026, 3, 1), 200), (on(2026, 6, 1), -150))
    assert stands(of, *earned[:1], now=on(2026, 2, 1)).tier.code == "silver"
    assert stands(of, *earned[:2], now=on(2026, 4, 1)).tier.code == "gold"
    found = stands(of, *earned, now=on(2026, 7, 1))
    assert (found.tier.code, found.until, found.credits) == ("silver", None, 170)


def test_a_credit_taken_back_is_as_if_it_had_never_been() -> None:
    bought, kept = (on(2026, 3, 1), 300), (on(2026, 4, 1), 50)
    assert stands(ladder(), bought, kept, now=on(2026, 5, 1)).tier.code == "gold"
    returned = stands(ladder(), (bought[0], 0), kept, now=on(2026, 5, 1))
    assert returned == stands(ladder(), kept, now=on(2026, 5, 1))


def test_credits_that_run_out_make_nothing_last_longer() -> None:
    of = ladder(period_days=91, grace_days=14)
    earned, ran_out = (on(2026, 3, 1), 300), (on(2026, 5, 1), -40)
    end = earned[0] + timedelta(days=105)
    found = stands(of, earned, ran_out, now=on(2026, 5, 2))
    assert (found.tier.code, found.until) == ("gold", end)
    assert stands(of, earned, ran_out, now=end).tier.code == "classic"


def reference(of: Ladder, earned: list[tuple[datetime, int]], now: datetime) -> str:
    """The highest tier that any instant's credits reached and that still holds, worked out anew."""
    best = 0
    for at, _ in earned:
        if at <= now < of.holds_until(at):
            since = of.window_start(at)
            counted = sum(amount for when, amount in earned if since <= when <= at)
            best = max(best, sum(tier.at <= counted for tier in of.tiers) - 1)
    return of.tiers[best].code


DAYS = st.integers(0, 1200).map(lambda day: on(2024, 1, 2) + timedelta(days=day))


@given(
    st.lists(st.tuples(DAYS, st.integers(1, 200)), max_size=25),
    DAYS,
    st.sampled_from([None, 1, 30, 365]),
    st.sampled_from([0, 31, 365]),
)
def test_the_standing_is_the_highest_tier_that_still_holds(
    earned: list[tuple[datetime, int]], now: datetime, period: int | None, grace: int
) -> None:
    of = ladder(period_days=period, grace_days=grace)
    found = stands(of, *earned, now=now)
    assert found.tier.code == reference(of, earned, now)
    assert found.until is None or found.until > now
    assert (found.until is None) == (found.tier.code == "classic")
    assert found.since <= now or found.since == JOINED


@given(st.lists(st.tuples(DAYS, st.integers(1, 200)), max_size=15), DAYS, st.randoms())
def test_neither_order_nor_a_late_review_changes_it(
    earned: list[tuple[datetime, int]], now: datetime, chance: object
) -> None:
    of = ladder(grace_days=31)
    shuffled = list(earned)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert stands(of, *shuffled, now=now).tier == stands(of, *earned, now=now).tier


@pytest.mark.parametrize("zone", ["Pacific/Apia", "America/Sao_Paulo", "Asia/Kathmandu"])
def test_a_year_ends_at_the_midnight_of_its_own_zone(zone: str) -> None:
    of = ladder(zone=zone)
    end = of.holds_until(datetime(2026, 6, 1, tzinfo=UTC))
    assert end.astimezone(ZoneInfo(zone)).date() == date(2027, 1, 1)
    assert (end - timedelta(seconds=1)).astimezone(ZoneInfo(zone)).date() == date(2026, 12, 31)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"tiers": ()}, "tiers"),
        ({"tiers": (Tier("a", "A", 5),)}, "tiers.0.at"),
        ({"tiers": (TIERS[0], TIERS[2], TIERS[1])}, "tiers"),
        ({"tiers": (TIERS[0], Tier("classic", "Again", 5))}, "tiers"),
        ({"tiers": (Tier("a b", "A", 0),)}, "tiers.0.code"),
        ({"tiers": (Tier("a", " ", 0),)}, "tiers.0.name"),
        ({"tiers": (TIERS[0], Tier("b", "B", 1.5))}, "tiers.1.at"),  # type: ignore[arg-type]
        ({"period_days": 0}, "period_days"),
        ({"grace_days": -1}, "grace_days"),
    ],
)
def test_a_ladder_that_makes_no_sense_is_refused_by_field(
    change: dict[str, object], field: str
) -> None:
    check_ladder(ladder())
    with pytest.raises(Invalid) as refused:
        check_ladder(ladder(**change))
    assert field in refused.value.data["fields"]
