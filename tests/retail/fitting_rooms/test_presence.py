"""Where a tag was, from reads: the same whatever their order, and steady where they flicker."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from retail.fitting_rooms.presence import Presence, Sighting, news_of, presences, sightings_of

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
QUIET = timedelta(seconds=20)
NEAR, FAR = -4_500, -7_000
Reads = list[tuple[str, datetime, int]]


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def where(reads: Reads) -> list[Presence]:
    return presences(sightings_of(reads), quiet=QUIET)


def zones(reads: Reads) -> list[str]:
    return [one.zone_id for one in where(reads)]


def test_one_weak_read_is_nobody_a_second_or_a_strong_one_is() -> None:
    assert where([("4", at(0), FAR)]) == []
    assert zones([("4", at(0), FAR), ("4", at(0.4), FAR)]) == ["4"]
    assert zones([("4", at(0), FAR), ("4", at(3), FAR)]) == ["4"]
    assert zones([("4", at(0), NEAR)]) == ["4"]


def test_it_leaves_when_nothing_is_heard_for_long_and_not_before() -> None:
    flickers = [("4", at(second), NEAR) for second in (0, 19, 38)]
    assert where(flickers) == [Presence("4", at(0), at(38))]
    back = [("4", at(0), NEAR), ("4", at(20), NEAR)]
    assert where(back) == [Presence("4", at(0), at(0)), Presence("4", at(20), at(20))]


def test_next_door_hears_it_too_and_does_not_have_it() -> None:
    here: Reads = [("4", at(second / 2), NEAR) for second in range(40)]
    next_door: Reads = [("5", at(second / 2 + 0.1), FAR) for second in range(40)]
    assert zones([*here, *next_door]) == ["4"]
    burst: Reads = [("5", at(9.3), NEAR - 200)]
    assert zones([*here, *next_door, *burst]) == ["4"]


def test_a_flickering_tag_is_not_lost_to_strays_of_next_door() -> None:
    here: Reads = [("4", at(second), NEAR) for second in range(30) if second not in (11, 12, 13)]
    strays: Reads = [("5", at(second), FAR) for second in (8, 11, 13, 20)]
    assert zones([*here, *strays]) == ["4"]


def test_what_strays_into_next_door_does_not_keep_it_where_it_was() -> None:
    here: Reads = [("4", at(second), NEAR) for second in range(5)]
    strays: Reads = [("5", at(second), FAR) for second in (8, 13, 18, 23)]
    assert where([*here, *strays]) == [Presence("4", at(0), at(4))]
    later: Reads = [("5", at(28), FAR)]
    assert where([*here, *strays, *later])[1:] == [Presence("5", at(28), at(28))], "it is there"


def test_next_door_does_not_make_it_leave_between_two_reads_of_its_own() -> None:
    reads: Reads = [("4", at(0.5), NEAR), ("4", at(20), NEAR), ("5", at(20.9), FAR)]
    assert where(reads) == [Presence("4", at(0.5), at(20))]


def test_what_was_before_the_first_second_counts() -> None:
    stray = sightings_of([("5", at(0), FAR), ("5", at(0.3), FAR), ("4", at(2), FAR)])
    was = Presence("4", at(-500), at(-1))
    assert presences(stray, quiet=QUIET, before=was) == [Presence("4", at(-500), at(2))]
    assert presences([], quiet=QUIET, before=was) == [was]
    assert [one.zone_id for one in presences(stray, quiet=QUIET)] == ["5"]


def test_where_it_is_only_heard_weakly_but_in_every_second_it_goes_over_all_the_same() -> None:
    here: Reads = [("4", at(second), NEAR) for second in range(10)]
    there: Reads = [("5", at(second), FAR) for second in range(10, 20)]
    assert zones([*here, *there]) == ["4", "5"]


def test_it_goes_over_where_it_is_carried() -> None:
    here: Reads = [("4", at(second), NEAR) for second in range(10)]
    there: Reads = [("5", at(second), NEAR) for second in range(10, 20)]
    found = where([*here, *there])
    assert [one.zone_id for one in found] == ["4", "5"]
    assert at(10) <= found[1].entered_at <= at(13)


_READ = st.tuples(
    st.sampled_from(["4", "5", "6"]),
    st.integers(0, 900).map(lambda tenths: at(tenths / 10)),
    st.integers(-9_000, -3_000),
)


@settings(max_examples=150, deadline=None)
@given(reads=st.lists(_READ, max_size=40), data=st.data())
def test_any_order_and_any_repeats_give_the_same(reads: Reads, data: st.DataObject) -> None:
    again = data.draw(st.lists(st.sampled_from(reads), max_size=20)) if reads else []
    shuffled = data.draw(st.permutations([*reads, *again]))
    once, more = where(reads), where(shuffled)
    assert once == more
    for one, following in pairwise(once):
        assert one.last_seen_at <= following.last_seen_at
        assert one.zone_id != following.zone_id or following.entered_at - one.last_seen_at >= QUIET


@settings(max_examples=100, deadline=None)
@given(reads=st.lists(_READ, max_size=40), cut=st.integers(0, 40))
def test_batches_laid_together_are_the_whole(reads: Reads, cut: int) -> None:
    halves = [*sightings_of(reads[:cut]), *sightings_of(reads[cut:])]
    assert presences(halves, quiet=QUIET) == where(reads)


def places(sightings: Iterable[Sighting]) -> list[tuple[datetime, str]]:
    return [(one.second, one.zone_id) for one in sightings]


@settings(max_examples=100, deadline=None)
@given(reads=st.lists(_READ, max_size=40), cut=st.integers(0, 40))
def test_what_is_no_news_need_not_be_noted_and_what_is_told_again_is_none(
    reads: Reads, cut: int
) -> None:
    noted, seen = sightings_of(reads[:cut]), sightings_of(reads[cut:])
    assert presences([*noted, *news_of(seen, noted)], quiet=QUIET) == where(reads)
    assert news_of(sightings_of(reads[:cut]), noted) == []


def test_a_second_that_was_noted_is_news_where_it_says_more() -> None:
    noted, more = sightings_of([("4", at(0), FAR)]), sightings_of([("4", at(0), NEAR)])
    assert news_of(more, noted) == more
    # Who tells news by zone and second alone never notices that it is there.
    by_place = [one for one in more if places([one])[0] not in places(noted)]
    assert presences([*noted, *by_place], quiet=QUIET) == [] != presences(more, quiet=QUIET)
