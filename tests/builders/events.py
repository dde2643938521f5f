"""An event that no room knows, for tests of what carries events."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Opened:
    """A shop was opened."""

    shop_id: str
