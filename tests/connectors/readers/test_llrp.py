"""LLRP over real TCP against an emulated reader, and its bytes spoilt in every way."""

import random
from datetime import UTC, datetime

import pytest

from connectors.readers import llrp
from connectors.readers.batch import Read
from connectors.readers.llrp import NotLlrp
from connectors.readers.llrp_client import Reader
from tests.builders.llrp_reader import EPC, KEEPALIVE, emulated, report, tag

NOON = datetime(2026, 11, 22, 12, 0, 0, 500_000, tzinfo=UTC)
NOON_US = int(NOON.timestamp() * 1_000_000)


def test_a_reader_is_set_going_and_what_it_reads_comes_with_antenna_signal_and_instant() -> None:
    long = bytes.fromhex("3674257BF6B7A659B2C2BF1000000000000000000000000000")
    script = report(tag(at=NOON_US), tag(long, antenna=1, rssi=-60)) + KEEPALIVE
    with emulated(script) as reader:
        client = Reader("127.0.0.1", reader.port)
        told, alive = first(client)
    assert alive == [], "a keepalive is no read, and a sign of life"
    assert told == [
        Read(EPC.hex().upper(), 2, -5_200, NOON),
        Read(long.hex().upper(), 1, -6_000, None),
    ]
    kinds = [kind for kind, _ in reader.asked[0]]
    assert kinds == [3, 21, 20, 24, 22, 72], "configured, cleared, added, enabled, started; alive"
    assert reader.asked[0][-1] == (72, 4_711), "a keepalive is acknowledged under its own id"


def first(client: Reader) -> list[list[Read]]:
    """Everything until the reader hangs up."""
    told: list[list[Read]] = []
    with pytest.raises(ConnectionResetError):
        told.extend(client.reads())
    client.close()
    return told


def test_the_order_to_read_is_as_the_standards_tables_say() -> None:
    with emulated(KEEPALIVE) as reader:
        first(Reader("127.0.0.1", reader.port))
    assert reader.bodies[20].hex() == (
        "00b10041"  # ROSpec
        "000004990000"  # its id, priority, disabled
        "00b2001200b300050000b600090000000000"  # boundary: started and stopped by us
        "00b700180001000000b80009000000000000ba0007000101"  # all antennas, Gen 2
        "00ed000d01000100ee00061500"  # each tag: antenna, strongest signal, last instant
    )
    assert reader.bodies[3].hex() == "0000dc00090100002710", "alive every ten seconds"


def test_a_reader_that_refuses_or_is_taken_says_so() -> None:
    with emulated(refuses=20) as reader, pytest.raises(NotLlrp, match="101: no such field"):
        Reader("127.0.0.1", reader.port)
    with emulated(attempt=1) as reader, pytest.raises(NotLlrp, match="somebody else"):
        Reader("127.0.0.1", reader.port)


def test_messages_are_found_however_they_are_cut() -> None:
    whole, heard, found = report(tag()) + KEEPALIVE + report(), b"", []
    for byte in whole:
        heard += bytes([byte])
        message, heard = llrp.decoded(heard)
        found += [message.kind] if message is not None else []
    assert (found, heard) == ([61, 62, 61], b"")


def test_no_spoilt_bytes_break_it() -> None:
    draw, whole = random.Random(20261122), report(tag(at=NOON_US), tag(b"\x30" * 25))
    for _ in range(3_000):
        body = bytearray(whole)
        for _ in range(draw.randint(1, 6)):
            body[draw.randrange(len(body))] = draw.randrange(256)
        try:
            message, _ = llrp.decoded(bytes(body[: draw.randint(0, len(body))]))
            list(llrp.reads_of(message.body if message else b""))
        except NotLlrp:
            continue
