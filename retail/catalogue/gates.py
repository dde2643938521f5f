"""The numbers of the gates that keep two imports, feeds of a store, or holds of one apart."""

import hashlib


def import_gate(brand_id: str) -> int:
    """The gate of a brand's imports."""
    return _number(f"catalogue-import:{brand_id}")


def stock_gate(store_id: str) -> int:
    """The gate of a store's counts."""
    return _number(f"stock:{store_id}")


def holder_gate(kind: str, holder_id: str) -> int:
    """The gate that somebody's new holds pass one at a time."""
    return _number(f"holds:{kind}:{holder_id}")


def _number(name: str) -> int:
    # PostgreSQL's advisory locks are numbered with signed 64-bit integers.
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
