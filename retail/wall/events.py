"""What happens on the wall, told to the rest of the house."""

from dataclasses import dataclass


@dataclass(frozen=True)
class WallPostHeld:
    """A look went off the wall, or waits before it hangs."""

    outfit_id: str


@dataclass(frozen=True)
class WallPostShown:
    """A look may hang from now on."""

    outfit_id: str


@dataclass(frozen=True)
class WallPostReported:
    """So many members reported a look that somebody has to look at it."""

    outfit_id: str
