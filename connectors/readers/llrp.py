"""LLRP 1.0.1, as much of it as takes to be told of tags: messages in bytes, and reads. Pure.

https://www.gs1.org/standards/rfid/llrp (sections 16 and 17). A message is version and type, length
and id; a parameter has its length with it (TLV), or a type that says how long it is (TV).
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from connectors.readers.batch import Read

SET_READER_CONFIG, DELETE_ROSPEC, ADD_ROSPEC, START_ROSPEC, ENABLE_ROSPEC = 3, 21, 20, 22, 24
REPORT, KEEPALIVE, EVENT, KEEPALIVE_ACK = 61, 62, 63, 72
ANSWER_TO = {3: 13, 20: 30, 21: 31, 22: 32, 24: 34}
LARGEST = 1 << 22
ROSPEC_ID = 1177
_HEAD = struct.Struct(">HII")
_VERSION = 1 << 10
# TV parameters of a report: how many bytes follow the type.
_TV = {
    1: 2,
    2: 8,
    3: 8,
    4: 8,
    5: 8,
    6: 1,
    7: 2,
    8: 2,
    9: 4,
    10: 2,
    11: 2,
    12: 2,
    13: 12,
    14: 2,
    15: 2,
    16: 4,
    17: 2,
    18: 4,
    19: 2,
    20: 2,
}
_ANTENNA, _LAST_SEEN, _RSSI, _EPC_96 = 1, 4, 6, 13
_TAG_REPORT, _EPC_DATA, _STATUS, _CONNECTION = 240, 241, 287, 256
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# With each tag: antenna, strongest signal, last instant.
_CONTENT = 1 << 12 | 1 << 10 | 1 << 8


class NotLlrp(ValueError):
    """These bytes are no message, or a broken one."""


@dataclass(frozen=True)
class Message:
    """One message: its type, its id, and what is in it."""

    kind: int
    number: int
    body: bytes = b""

    def encoded(self) -> bytes:
        """The bytes on the wire."""
        return _HEAD.pack(_VERSION | self.kind, 10 + len(self.body), self.number) + self.body


def decoded(heard: bytes) -> tuple[Message | None, bytes]:
    """The first whole message of what was heard, and the rest. Raises NotLlrp."""
    if len(heard) < 10:
        return None, heard
    head, length, number = _HEAD.unpack_from(heard)
    if not 10 <= length <= LARGEST or head >> 10 & 7 not in (1, 2):
        raise NotLlrp("this is no reader that speaks LLRP")
    if len(heard) < length:
        return None, heard
    return Message(head & 1023, number, heard[10:length]), heard[length:]


def orders(keepalive: timedelta) -> list[tuple[int, bytes]]:
    """Type and body of what makes a reader read on all antennas and tell of it, in order."""
    period = int(keepalive.total_seconds() * 1000)
    rospec = struct.pack(">I", ROSPEC_ID)
    return [
        (SET_READER_CONFIG, b"\0" + _tlv(220, struct.pack(">BI", 1, period))),
        (DELETE_ROSPEC, struct.pack(">I", 0)),
        (ADD_ROSPEC, _rospec()),
        (ENABLE_ROSPEC, rospec),
        (START_ROSPEC, rospec),
    ]


def _rospec() -> bytes:
    starts, stops = _tlv(179, b"\0"), _tlv(182, struct.pack(">BI", 0, 0))
    inventory = _tlv(186, struct.pack(">HB", 1, 1))
    antennas = struct.pack(">HH", 1, 0) + _tlv(184, struct.pack(">BI", 0, 0)) + inventory
    reports = struct.pack(">BH", 1, 1) + _tlv(238, struct.pack(">H", _CONTENT))
    inside = _tlv(178, starts + stops) + _tlv(183, antennas) + _tlv(237, reports)
    return _tlv(177, struct.pack(">IBB", ROSPEC_ID, 0, 0) + inside)


def check_answer(message: Message) -> None:
    """Raise NotLlrp, with the reader's words, where it refused or is somebody else's."""
    for kind, body in _parameters(message.body):
        if kind == _STATUS and (found := _status(body)) is not None:
            raise NotLlrp(found)
        if kind == 246:
            check_answer(Message(message.kind, message.number, body))
        if kind == _CONNECTION and body[:2] not in (b"\0\0", b""):
            raise NotLlrp("somebody else is connected to the reader")


def reads_of(report: bytes) -> Iterator[Read]:
    """The reads in a report; what is no tag is left out. Raises NotLlrp."""
    for kind, body in _parameters(report):
        if kind == _TAG_REPORT:
            found = _tag(body)
            if found is not None:
                yield found


def _tag(body: bytes) -> Read | None:
    told = dict(_parameters(body))
    epc = told.get(_EPC_96)
    if epc is None and len(data := told.get(_EPC_DATA, b"")) > 2:
        bits = int.from_bytes(data[:2], "big")
        epc = data[2 : 2 + (bits + 7) // 8]
    if not epc or len(epc) < 4:
        return None
    at = told.get(_LAST_SEEN)
    return Read(
        epc.hex().upper(),
        int.from_bytes(told[_ANTENNA], "big") if _ANTENNA in told else None,
        100 * min(0, int.from_bytes(told[_RSSI], "big", signed=True)) if _RSSI in told else None,
        _instant(int.from_bytes(at, "big")) if at else None,
    )


def _instant(microseconds: int) -> datetime:
    try:
        return _EPOCH + timedelta(microseconds=microseconds)
    except OverflowError:
        raise NotLlrp("an instant that there is not") from None


def _status(body: bytes) -> str | None:
    code, length = struct.unpack_from(">HH", body.ljust(4, b"\0"))
    if code == 0:
        return None
    words = body[4 : 4 + length].decode(errors="replace")
    return f"the reader refused with {code}: {words or 'without a word'}"


def _parameters(body: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(body):
        if body[at] & 0x80:
            kind = body[at] & 0x7F
            begin, end = at + 1, at + 1 + _TV.get(kind, 0)
            if kind not in _TV:
                raise NotLlrp(f"a parameter {kind} that LLRP does not have")
        else:
            kind, length = struct.unpack_from(">HH", body[at : at + 4].ljust(4, b"\0"))
            kind, begin, end = kind & 1023, at + 4, at + length
        if not begin <= end <= len(body):
            raise NotLlrp("a parameter that ends too late")
        yield kind, body[begin:end]
        at = end


def _tlv(kind: int, body: bytes) -> bytes:
    return struct.pack(">HH", kind, 4 + len(body)) + body
