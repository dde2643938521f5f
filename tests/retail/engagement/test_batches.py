"""What may be told of any days: batches of ten people, cut once wherever one looks from."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import combinations
from random import Random

from retail.engagement.batches import batches, within

START = datetime(2026, 11, 1, tzinfo=UTC)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Did:
    id: str
    member_id: str
    at: datetime
    where: str = ""


def month(dice: Random, many: int) -> list[Did]:
    return [
        Did(
            f"{at:03}",
            f"p{dice.randrange(max(1, many))}",
            START + dice.randrange(30 * 24) * timedelta(hours=1),
            dice.choice("ab"),
        )
        for at in range(many)
    ]


def told(deeds: list[Did], first: int, last: int, *, is_over: bool = True) -> set[str]:
    """The ids of what is told of the days from the first until before the last."""
    cut = batches(deeds, is_over=is_over)
    return {one.id for some in within(cut, START + first * DAY, START + last * DAY) for one in some}


def people(deeds: list[Did], ids: set[str]) -> int:
    return len({one.member_id for one in deeds if one.id in ids})


def test_no_two_spans_of_days_differ_by_one_to_nine_people() -> None:
    dice = Random(4)
    for many in (0, 3, 9, 11, 14, 60, 150):
        deeds = month(dice, many)
        spans = [told(deeds, first, last) for first in (0, 3, 8) for last in (10, 11, 29, 30)]
        for one, other in combinations([set(), *spans], 2):
            for apart in (one - other, other - one):
                assert not apart or people(deeds, apart) >= 10


def test_spans_told_as_they_are_would_give_single_people_away() -> None:
    """The control: without batches, the same spans differ by one person."""
    deeds = month(Random(4), 60)

    def plain(last: int) -> set[str]:
        return {one.id for one in deeds if one.at < START + last * DAY}

    assert min(people(deeds, plain(last + 1) - plain(last)) for last in range(29)) < 10


def test_a_month_that_is_over_is_told_whole_and_one_of_few_people_not_at_all() -> None:
    deeds = month(Random(1), 47)
    assert told(deeds, 0, 30) == {one.id for one in deeds}
    few = [Did(str(at), f"p{at % 9}", START + at * DAY) for at in range(25)]
    assert told(few, 0, 30) == set()


def test_as_a_month_runs_and_when_it_ends_what_is_told_grows_by_tens() -> None:
    deeds = sorted(month(Random(6), 90), key=lambda one: (one.at, one.id))
    seen: list[set[str]] = [set()]
    for day in range(1, 31):
        so_far = [one for one in deeds if one.at < START + day * DAY]
        seen.append(told(so_far, 0, 30, is_over=False))
    seen.append(told(deeds, 0, 30))
    for before, after in combinations(seen, 2):
        assert before <= after
        assert before == after or people(deeds, after - before) >= 10


def test_other_figures_of_the_month_and_a_span_never_meet_in_few_people() -> None:
    dice = Random(9)
    for _ in range(20):
        deeds = month(dice, 120)
        for some in batches(deeds, keys=lambda one: (one.where,), is_over=True):
            for where in "ab":
                there = {one.member_id for one in some if one.where == where}
                assert not there or len(there) >= 10
        both = batches(deeds, keys=lambda one: (one.where,), needed="ab", is_over=True)
        assert all({one.where for one in some} == set("ab") for some in both)
        assert sum(map(len, both)) == len(deeds)
