"""What readers hear: flickering, through walls, twice and late; and that rooms sort it out."""

import json
from collections import defaultdict
from datetime import UTC, datetime, timedelta

from connectors.readers.batch import parse_batch
from demo.simulator.antennas import (
    LATE_BY_SECONDS,
    Heard,
    Line,
    in_impinjs_words,
    in_our_words,
    listen,
)
from demo.simulator.visits import Piece
from retail.fitting_rooms.presence import Presence, presences, sightings_of

START = datetime(2026, 11, 22, 23, 50, tzinfo=UTC)
PIECES = {0: [Piece("09520010000148", n) for n in range(4)], 1: [Piece("09520010009455", 9)]}
SECONDS = 120
ROOMS = {0: "room 1", 1: "room 2"}


def hear(room: int, second: int) -> list[Heard]:
    return listen("a floor", second, room, PIECES, START + timedelta(seconds=second))


def everything() -> dict[int, list[Heard]]:
    return {
        room: [one for second in range(SECONDS) for one in hear(room, second)] for room in ROOMS
    }


def test_the_same_second_of_the_same_seed_is_heard_the_same() -> None:
    assert hear(0, 7) == hear(0, 7)
    assert hear(0, 7) != listen("another", 7, 0, PIECES, START + timedelta(seconds=7))


def test_tags_flicker_and_are_heard_through_the_wall_but_weaker() -> None:
    found = everything()
    for room, pieces in PIECES.items():
        mine = {piece.epc for piece in pieces}
        near = [one.signal for one in found[room] if one.epc in mine]
        far = [one.signal for one in found[room] if one.epc not in mine]
        assert near
        assert far
        assert max(far) < min(near)
    epc = PIECES[1][0].epc
    heard_in = {one.at.replace(microsecond=0) for one in found[1] if one.epc == epc}
    assert SECONDS / 2 < len(heard_in) < SECONDS


def test_both_makers_words_say_the_same() -> None:
    heard = hear(0, 0)
    ours, impinjs = (
        parse_batch(json.dumps(words(heard)).encode()) for words in (in_our_words, in_impinjs_words)
    )
    assert ours.reads == impinjs.reads
    assert len(ours.reads) == len(heard)
    assert ours.unreadable == impinjs.unreadable == 0


def test_a_bad_line_loses_nothing_but_sends_some_twice_and_some_late() -> None:
    line, sent, arrived = Line("a line"), defaultdict(int), defaultdict(list)
    for second in range(600):
        heard = [Heard("30", START + timedelta(seconds=second), -5_000)] if second < 580 else []
        for one in heard:
            sent[one.at] = second
        for batch in line.carry(second, heard):
            arrived[batch[0].at].append(second)
    assert arrived.keys() == sent.keys()
    assert any(len(when) == 2 for when in arrived.values())
    delays = {when[0] - sent[at] for at, when in arrived.items()}
    assert delays == {0, LATE_BY_SECONDS}


def test_once_everything_arrived_each_piece_was_in_its_own_room_all_the_time() -> None:
    found, quiet = everything(), timedelta(seconds=20)
    for room, pieces in PIECES.items():
        for piece in pieces:
            reads = [
                (ROOMS[reader], one.at, one.signal)
                for reader, heard in found.items()
                for one in heard
                if one.epc == piece.epc
            ]
            where: list[Presence] = presences(sightings_of(reads), quiet=quiet)
            assert [one.zone_id for one in where] == [ROOMS[room]]
