"""Batches as readers send them, and as nobody should."""

import json
import random
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.readers.batch import NotABatch, Read, parse_batch

EPC = "3074257BF7194E4000001A85"
AT = datetime(2026, 11, 22, 12, 0, 0, 500_000, tzinfo=UTC)
IMPINJ = {
    "timestamp": "2026-11-22T12:00:00.500000000Z",
    "hostname": "impinj-15-00-01",
    "eventType": "tagInventory",
    "tagInventoryEvent": {
        "epc": "MHQle/cZTkAAABqF",
        "epcHex": EPC,
        "antennaPort": 2,
        "antennaName": "Antenna 2",
        "peakRssiCdbm": -5250,
    },
}
ZEBRA = {
    "data": {
        "antenna": 2,
        "eventNum": 7,
        "format": "epc",
        "idHex": EPC.lower(),
        "peakRssi": -52.5,
        "reads": 3,
    },
    "timestamp": "2026-11-22T13:00:00.500+0100",
    "type": "SIMPLE",
}
OURS = {"epc": EPC, "antenna": 2, "rssi": -52.5, "at": "2026-11-22T12:00:00.5Z"}


@pytest.mark.parametrize("entry", [IMPINJ, ZEBRA, OURS], ids=["Impinj", "Zebra", "ours"])
def test_every_makers_words_are_the_same_read(entry: dict[str, object]) -> None:
    in_lines = "\n".join([json.dumps(entry)] * 2)
    for body in (json.dumps([entry, entry]), in_lines, json.dumps({"reads": [entry, entry]})):
        batch = parse_batch(body.encode())
        assert batch.unreadable == 0
        assert [read.epc.upper() for read in batch.reads] == [EPC, EPC]
        assert {(read.antenna, read.signal, read.at) for read in batch.reads} == {(2, -5250, AT)}


@pytest.mark.parametrize(
    ("encoded", "digits"),
    [
        ("MHQle/cZTkAAABqF", EPC),
        ("MHQle_cZTkAAABqF", EPC),
        ("++++MP////o=", "FBEFBE30FFFFFFFA"),
        ("----MP____o", "FBEFBE30FFFFFFFA"),
    ],
)
def test_an_impinj_reader_that_sends_no_hexadecimal_is_read_from_base_64(
    encoded: str, digits: str
) -> None:
    event = {"epc": encoded, "antennaPort": 2}
    batch = parse_batch(json.dumps([IMPINJ | {"tagInventoryEvent": event}]).encode())
    assert [read.epc for read in batch.reads] == [digits]


def test_a_line_that_was_cut_short_costs_none_of_the_others() -> None:
    line = json.dumps(OURS | {"note": "a\u2028b"}, ensure_ascii=False)
    for body in (f"{line}\n{line}\n{line[:40]}", f"{line[40:]}\r\n\r\n{line}\n{line}\n"):
        batch = parse_batch(body.encode())
        assert ([read.epc for read in batch.reads], batch.unreadable) == ([EPC, EPC], 1)
    alone = parse_batch(f"{line[40:]}\n{line}".encode())
    assert (len(alone.reads), alone.unreadable) == (1, 1)


def test_what_readers_tell_besides_is_left_out_and_what_is_broken_counted() -> None:
    status = {"timestamp": IMPINJ["timestamp"], "eventType": "inventoryStatus"}
    broken = [{"epc": 3}, {"epc": EPC, "at": "yesterday"}, 7, None, {}, {"epc": EPC, "rssi": "x"}]
    batch = parse_batch(json.dumps([status, {"epc": EPC}, *broken]).encode())
    assert (batch.reads, batch.unreadable) == ([Read(EPC)], len(broken))


@pytest.mark.parametrize(
    "body", [b"", b"\xff", b"tags", b"3", b'"x"', b"{", b"[" * 100_000, b"{\n[\n"]
)
def test_what_is_no_batch_says_so(body: bytes) -> None:
    with pytest.raises(NotABatch):
        parse_batch(body)


def test_no_mangled_batch_breaks_it() -> None:
    draw = random.Random(20261122)
    whole = json.dumps([IMPINJ, ZEBRA, OURS]).encode()
    for _ in range(1_500):
        body = bytearray(whole)
        for _ in range(draw.randint(1, 6)):
            body[draw.randrange(len(body))] = draw.choice(b'{}[]",:0123456789.-eEx \n')
        try:
            parse_batch(bytes(body))
        except NotABatch:
            continue


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["reads", "epc", "at", "rssi", "antenna", "data", "idHex", "timestamp"])
            | st.sampled_from(["tagInventoryEvent", "epcHex", "peakRssiCdbm", "antennaPort"]),
            inner,
            max_size=5,
        )
    ),
    max_leaves=15,
)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(whole=_JSON)
def test_any_json_is_reads_in_bounds_or_counted_or_no_batch(whole: Any) -> None:
    try:
        batch = parse_batch(json.dumps(whole).encode())
    except NotABatch:
        return
    assert batch.unreadable >= 0
    for read in batch.reads:
        assert 8 <= len(read.epc) <= 200
        assert read.signal is None or -20_000 <= read.signal <= 0
        assert read.at is None or read.at.tzinfo is UTC
