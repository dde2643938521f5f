"""Batches of reads from readers: our own, Impinj's and Zebra's, told apart by their shape. Pure.

Impinj: IoT device interface, `tagInventoryEvent` in an array or in lines of a stream.
https://platform.impinj.com/site/docs/reader_api/
Zebra: IoT Connector, `data` with `idHex`. https://zebradevs.github.io/rfid-ziotc-docs/
"""

import base64
import binascii
import json
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

# With more of them it is no stream.
_MOST_BROKEN_LINES = 100


class NotABatch(ValueError):
    """The whole of it cannot be read."""


@dataclass(frozen=True)
class Read:
    """One read: the EPC as text, the antenna's port, hundredths of dBm, and when, if told."""

    epc: str
    antenna: int | None = None
    signal: int | None = None
    at: datetime | None = None


@dataclass
class Batch:
    """The reads of a batch, and how many entries of it could not be read."""

    reads: list[Read] = field(default_factory=list)
    unreadable: int = 0


def parse_batch(body: bytes) -> Batch:
    """The reads in what a reader sent. Raises NotABatch; single bad entries are only counted."""
    batch = Batch()
    for entry in _entries(body):
        try:
            read = _read(entry)
        except (ValueError, TypeError, KeyError, OverflowError):
            batch.unreadable += 1
        else:
            batch.reads += [read] if read is not None else []
    return batch


def _entries(body: bytes) -> list[Any]:
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise NotABatch("this is no text in UTF-8") from None
    try:
        whole = _loaded(text)
    except ValueError:
        whole = _lines(text)
    if isinstance(whole, dict):
        whole = whole["reads"] if isinstance(whole.get("reads"), list) else [whole]
    if not isinstance(whole, list):
        raise NotABatch("this is neither JSON nor lines of it")
    return whole


def _lines(text: str) -> list[Any] | None:
    """The entries of a stream, one in each line; None where it is none.

    A line that was cut short is an entry that cannot be read: the others count.
    """
    entries: list[Any] = []
    broken = 0
    for line in filter(str.strip, text.split("\n")):
        try:
            entries.append(_loaded(line))
        except ValueError:
            entries.append(None)
            broken += 1
        if broken > _MOST_BROKEN_LINES:
            return None
    return entries if broken < len(entries) else None


def _loaded(text: str) -> Any:
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("too deep") from None


def _read(entry: Any) -> Read | None:
    """One read; None for what a reader tells besides. Raises ValueError, TypeError or KeyError."""
    if not isinstance(entry, dict):
        raise ValueError("an entry is an object")
    shapes: dict[str, Callable[[dict[str, Any]], Read | None]] = {
        "tagInventoryEvent": _impinj,
        "eventType": lambda _: None,
        "data": _zebra,
        "epc": _ours,
    }
    for word, shape in shapes.items():
        if word in entry:
            return shape(entry)
    raise KeyError("epc")


def _ours(entry: dict[str, Any]) -> Read:
    return Read(
        _text(entry["epc"]),
        _port(entry.get("antenna")),
        _hundredths(entry.get("rssi"), 100),
        _instant(entry.get("at")),
    )


def _impinj(entry: dict[str, Any]) -> Read:
    event = _object(entry["tagInventoryEvent"])
    epc = event.get("epcHex")
    if epc is None:
        epc = _hex_of(_text(event["epc"]))
    return Read(
        _text(epc),
        _port(event.get("antennaPort")),
        _hundredths(event.get("peakRssiCdbm"), 1),
        _instant(event.get("lastSeenTime") or entry.get("timestamp")),
    )


def _zebra(entry: dict[str, Any]) -> Read | None:
    data = _object(entry["data"])
    if "idHex" not in data:
        return None
    return Read(
        _text(data["idHex"]),
        _port(data.get("antenna")),
        _hundredths(data.get("peakRssi"), 100),
        _instant(entry.get("timestamp")),
    )


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("an event is an object")
    return value


def _hex_of(encoded: str) -> str:
    # In the alphabet for addresses or in the usual one, filled up or not.
    filled = encoded.rstrip("=") + "=" * (-len(encoded.rstrip("=")) % 4)
    try:
        return base64.b64decode(filled.replace("_", "/"), b"-/", validate=True).hex().upper()
    except binascii.Error:
        raise ValueError("an EPC in base 64") from None


def _text(value: Any) -> str:
    if not isinstance(value, str) or not 8 <= len(value) <= 200:
        raise ValueError("an EPC is text")
    return value


def _port(value: Any) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 1_000:
        raise ValueError("an antenna is a small number")
    return value


def _hundredths(value: Any, scale: int) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError("a signal is a number")
    return max(-20_000, min(0, round(value * scale)))


def _instant(value: Any) -> datetime | None:
    if value is None:
        return None
    found = datetime.fromisoformat(value)
    if found.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return found.astimezone(UTC)
