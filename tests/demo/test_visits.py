"""The visits to fitting rooms: the same from the same seed, and of every kind that there is."""

from itertools import islice

import pytest

from demo import seed
from demo.simulator import articles
from demo.simulator.visits import (
    Ask,
    End,
    Leave,
    Piece,
    PutBack,
    ThinkAgain,
    Visit,
    VisitPlanner,
    sgtin_96,
)
from retail.catalogue.epc import read_epc

GOODS = articles.read(seed.DATA)
MANY = 60


def visits(day: int = 1, room: int = 0, *, seed_text: str = "a floor") -> list[Visit]:
    return list(islice(VisitPlanner(seed_text, day, GOODS).visits(room), MANY))


def chips(found: list[Visit]) -> set[Piece]:
    return {piece for visit in found for piece in visit.brought}


def test_the_same_seed_and_day_bring_the_same_visits() -> None:
    assert visits() == visits()
    assert visits() != visits(seed_text="another")


def test_no_chip_is_in_two_visits_rooms_or_days() -> None:
    every = [visits(day, room) for day in (1, 2) for room in (0, 1)]
    brought = [piece.serial for found in every for visit in found for piece in visit.brought]
    assert len(set(brought)) == len(brought)


def test_something_is_asked_for_within_ten_seconds_of_the_first_visit() -> None:
    first = visits()[0]
    assert first.motions[0].at == 0
    assert min(motion.at for motion in first.motions if isinstance(motion, Ask)) <= 10


def test_some_think_again_put_back_wear_what_they_bought_or_leave_without_a_touch() -> None:
    found = visits()
    kinds = {type(motion) for visit in found for motion in visit.motions}
    assert {ThinkAgain, PutBack, End, Leave} <= kinds
    assert 0 < sum(visit.worn is not None for visit in found) < MANY
    ends = [type(visit.motions[-1]) for visit in found]
    assert 0 < ends.count(Leave) < ends.count(End)


def test_a_visit_is_in_order_and_puts_back_only_what_it_brought() -> None:
    for visit in visits():
        assert [motion.at for motion in visit.motions] == sorted(m.at for m in visit.motions)
        back = {motion.piece for motion in visit.motions if isinstance(motion, PutBack)}
        assert back <= set(visit.brought)


@pytest.mark.parametrize("serial", [0, 77, (1 << 38) - 1])
def test_a_chip_says_its_gtin_and_serial_number(serial: int) -> None:
    for gtin in ("09520010000148", "19520010000145"):
        read = read_epc(sgtin_96(gtin, serial))
        assert read is not None
        assert (read.gtin, read.serial) == (gtin, str(serial))
