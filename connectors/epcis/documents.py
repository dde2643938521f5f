"""A piece that was seen, as an ObjectEvent of EPCIS 2.0 in JSON-LD. Pure.

https://ref.gs1.org/standards/epcis/ with the words of the Core Business Vocabulary,
https://ref.gs1.org/cbv/: each short word of the context below stands for its address there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
# What happens in a fitting room has no word of its own there.
STEP, DISPOSITION = "other", "sellable_accessible"


@dataclass(frozen=True)
class Seen:
    """A piece came into a zone: its pure identity URI, the ids of zone and store, and when."""

    epc: str
    zone_id: str
    store_id: str
    at: datetime


def document(seen: Sequence[Seen], *, base_url: str, now: datetime) -> dict[str, Any]:
    """One document with an event for each piece; places are addresses below `base_url`."""
    return {
        "@context": [CONTEXT],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": _instant(now),
        "epcisBody": {"eventList": [_event(one, base_url.rstrip("/")) for one in seen]},
    }


def _event(seen: Seen, base_url: str) -> dict[str, Any]:
    return {
        "type": "ObjectEvent",
        "eventTime": _instant(seen.at),
        "eventTimeZoneOffset": "+00:00",
        "action": "OBSERVE",
        "epcList": [seen.epc],
        "bizStep": STEP,
        "disposition": DISPOSITION,
        "readPoint": {"id": f"{base_url}/zones/{seen.zone_id}"},
        "bizLocation": {"id": f"{base_url}/stores/{seen.store_id}"},
    }


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
