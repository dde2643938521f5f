"""What happens in rooms, by ids."""

from dataclasses import dataclass


@dataclass(frozen=True)
class RoomChanged:
    """Something came into a room, left it, was asked for or brought."""

    zone_id: str


@dataclass(frozen=True)
class PhoneUnlinked:
    """A phone is not linked to its room any more; `link_id` leads to nobody by now."""

    link_id: str
