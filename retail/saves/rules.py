"""What saving means. Pure."""

from dataclasses import dataclass

from core.errors import Invalid, NotFound

MOST_SAVED = 500


@dataclass(frozen=True)
class SaveState:
    """Whether the asking member keeps an outfit."""

    outfit_id: str
    is_saved: bool


@dataclass(frozen=True)
class PieceState:
    """Whether the asking member keeps a piece, under the GTIN of its label."""

    gtin: str
    is_saved: bool


def check_not_own(stylist_id: str, member_id: str) -> None:
    """One's own looks are kept anyway. Raises Invalid."""
    if stylist_id == member_id:
        raise Invalid("own_outfit", "This look is yours, so it’s among your looks already.")


def not_kept() -> NotFound:
    """The refusal to remind of what is not kept."""
    return NotFound("piece_not_kept", "Keep it first, then choose the day.")
