"""What we tell a repository, held against GS1's own JSON schema."""

import hashlib
import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from connectors.epcis.documents import Seen, document

SCHEMA = Path(__file__).parent / "gs1" / "EPCISDocument.schema.json"
SHA_256 = "70b7ecb60eb605c6edd230761557763e4d470333510d28619291476de635bf20"
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
EPC = "urn:epc:id:sgtin:0614141.812345.6789"


@pytest.fixture(scope="module")
def schema() -> Any:
    text = SCHEMA.read_bytes()
    assert hashlib.sha256(text).hexdigest() == SHA_256, "the schema is GS1's, unchanged"
    return jsonschema_rs.validator_for(json.loads(text), validate_formats=True)


def told(**changes: Any) -> dict[str, Any]:
    at = NOON.astimezone(timezone(timedelta(hours=1)))
    seen = [Seen(EPC, "ZONE4", "STORE1", at), Seen(EPC + "0", "ZONE5", "STORE1", NOON)]
    found = document(seen, base_url="https://shop.example/", now=NOON)
    found["epcisBody"]["eventList"][0] |= changes
    return found


def test_what_we_tell_is_valid_by_gs1s_schema(schema: Any) -> None:
    assert schema.is_valid(told())


def test_an_event_says_what_was_seen_where_and_when() -> None:
    event = told()["epcisBody"]["eventList"][0]
    assert (event["action"], event["epcList"]) == ("OBSERVE", [EPC])
    assert event["eventTime"] == "2026-11-22T12:00:00.000Z"
    assert event["readPoint"]["id"] == "https://shop.example/zones/ZONE4"
    assert event["bizLocation"]["id"] == "https://shop.example/stores/STORE1"


@pytest.mark.parametrize(
    "spoilt",
    [
        {"action": "SEEN"},
        {"bizStep": "trying_on"},
        {"disposition": "worn"},
        {"eventTime": "noon"},
        {"eventTimeZoneOffset": "Z"},
        {"readPoint": {}},
        {"member": "01J"},
    ],
    ids=lambda spoilt: next(iter(spoilt)),
)
def test_the_schema_refuses_what_is_spoilt(schema: Any, spoilt: dict[str, Any]) -> None:
    assert not schema.is_valid(told(**spoilt))
