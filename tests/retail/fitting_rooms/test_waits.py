"""How long rooms waited: medians and ninetieth percentiles of what was measured."""

from datetime import UTC, datetime, timedelta

import pytest

from retail.fitting_rooms.rules import State, Timeline, percentile, waits_of

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def after(seconds: int | None) -> datetime | None:
    return None if seconds is None else NOON + timedelta(seconds=seconds)


def asked(
    answered: int | None = None,
    door: int | None = None,
    *,
    over: int | None = None,
    state: State = "done",
    late: int | None = None,
    is_call: bool = False,
) -> Timeline:
    times = (after(late), after(answered), after(door), after(over))
    return Timeline("store", NOON, *times, state, is_call)


@pytest.mark.parametrize(
    ("seconds", "half", "most"),
    [
        ([5], 5, 5),
        ([1, 2], 1, 2),
        ([1, 2, 3], 2, 3),
        (list(range(1, 11)), 5, 9),
        (list(range(1, 12)), 6, 10),
    ],
)
def test_a_percentile_is_a_value_that_was_measured(
    seconds: list[int], half: int, most: int
) -> None:
    spans = [timedelta(seconds=one) for one in seconds]
    assert percentile(spans, 50) == timedelta(seconds=half)
    assert percentile(spans, 90) == timedelta(seconds=most)


def test_only_what_got_so_far_counts_among_its_times() -> None:
    waits = waits_of(
        [
            asked(30, 90, over=120),
            asked(60, over=200),
            asked(state="cancelled", over=300, late=120, is_call=True),
            asked(90, state="accepted", late=80),
        ]
    )
    assert (waits.requests, waits.calls, waits.late, waits.off) == (4, 1, 2, 1)
    assert (waits.answered_half, waits.answered_most) == (
        timedelta(seconds=60),
        timedelta(seconds=90),
    )
    assert (waits.brought_half, waits.brought_most) == (
        timedelta(seconds=90),
        timedelta(seconds=200),
    )


def test_of_nothing_nothing_is_said() -> None:
    assert waits_of([asked(state="asked")]).answered_half is None
