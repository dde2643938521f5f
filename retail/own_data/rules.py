"""How a copy is written, when it is made at once, and how long it waits. Pure."""

import json
from dataclasses import asdict, is_dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

# Whoever has no more rows than these gets their copy while they wait.
ROWS_AT_ONCE = 500
KEPT = timedelta(hours=24)
FILE_NAME = "my-data.json"


def plain(value: Any) -> Any:
    """The value in JSON's own types: instants as RFC 3339 in UTC, decimals as text."""
    if is_dataclass(value) and not isinstance(value, type):
        return plain(asdict(value))
    if isinstance(value, dict):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set):
        return [plain(inner) for inner in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def as_text(document: dict[str, Any]) -> str:
    """The copy as its owner opens it."""
    return json.dumps(plain(document), ensure_ascii=False, indent=2)
