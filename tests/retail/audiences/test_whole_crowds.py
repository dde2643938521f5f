"""Who is there, in whole tens: nobody comes or goes alone."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

from retail.audiences.rules import PRESENT_FOR, Taste, lean, settled_at, whole_crowds

OPENS = datetime(2026, 11, 28, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
Came = Sequence[tuple[str, datetime]]
Rule = Callable[[Came, datetime], list[str]]


def everybody_of_the_hour(came: Came, until: datetime) -> list[str]:
    """The control: whoever came within the hour, from ten on."""
    here = [who for who, at in came if until - PRESENT_FOR <= at < until]
    return here if len(here) >= 10 else []


def day(dice: Random, many: int) -> list[tuple[str, datetime]]:
    """So many people who come in within eight hours, the first first."""
    times = sorted(OPENS + dice.randrange(8 * 60) * MINUTE for _ in range(many))
    return [(f"{nth:03}", at) for nth, at in enumerate(times)]


def smallest_change(rule: Rule) -> int:
    """The fewest people by whom two looks at a store differ: a while apart, or one arrival."""
    dice, changes = Random(11), list[int]()
    for many in (3, 9, 10, 11, 40, 120, 250):
        came = day(dice, many)
        times = [OPENS + minutes * MINUTE for minutes in range(0, 10 * 60, 5)]
        for before, after in pairwise(times):
            last = [*came, ("late", after)]
            pairs = [(rule(came, before), rule(came, after))]
            # Whoever comes last, whenever that is: the same instant with them and without.
            here = [one for one in last if one[1] <= after]
            pairs.append((rule(here[:-1], after + MINUTE), rule(here, after + MINUTE)))
            changes += [len(set(one) ^ set(other)) for one, other in pairs]
    return min(change for change in changes if change)


def test_who_is_there_changes_by_ten_people_or_by_nobody() -> None:
    assert smallest_change(whole_crowds) >= 10


def test_everybody_of_the_last_hour_would_change_by_one() -> None:
    """The control: a count from ten on tells the eleventh from the tenth."""
    assert smallest_change(everybody_of_the_hour) == 1


def test_a_ten_begins_once_it_is_full_and_ends_with_the_hour_of_its_first() -> None:
    came = [(str(nth), OPENS + nth * MINUTE) for nth in range(19)]
    ten = [str(nth) for nth in range(10)]
    assert whole_crowds(came, OPENS + 9 * MINUTE) == [], "who comes just then has not come yet"
    assert whole_crowds(came, OPENS + 10 * MINUTE) == ten
    assert whole_crowds(came, OPENS + PRESENT_FOR) == ten
    assert whole_crowds(came, OPENS + PRESENT_FOR + MINUTE) == []


def test_who_came_since_the_last_quarter_of_an_hour_waits_for_the_next() -> None:
    assert settled_at(OPENS) == OPENS
    assert settled_at(OPENS + 14 * MINUTE) == OPENS
    assert settled_at(OPENS + 15 * MINUTE + timedelta(microseconds=1)) == OPENS + 15 * MINUTE


def test_looks_lean_to_a_style_that_a_crowd_likes_then_to_a_kind_and_else_stay() -> None:
    kinds = {"cap": "hats", "hat": "hats", "coat": "coats", "jeans": "trousers"}
    looks = [("a", ["jeans"]), ("b", ["hat", "jeans"]), ("c", ["cap"]), ("d", ["coat"])]
    assert lean(looks, kinds, Taste({}, {"hats": 10})) == ["b", "c", "a", "d"]
    assert lean(looks, kinds, Taste({"cap": 10}, {"hats": 20})) == ["c", "b", "a", "d"]
    assert lean(looks, kinds, Taste({}, {"hats": 10, "coats": 20})) == ["d", "b", "c", "a"]
    assert lean(looks, kinds, Taste({"boots": 10}, {"shoes": 90})) is None
    assert lean([], kinds, Taste({}, {"hats": 10})) is None
