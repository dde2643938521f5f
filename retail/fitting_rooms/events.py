"""What happens in rooms, by ids."""

from dataclasses import dataclass


@dataclass(frozen=True)
class RoomChanged:
    """Something came into a room, left it, was asked for or brought."""

    zone_id: str
