"""Cursors of standings: opaque to whoever pages, and checked when they come back."""

from datetime import datetime

from core.cursor import malformed, pack, unpack


def of_standing(seen: tuple[int, datetime, str]) -> str:
    """A cursor that begins after this score, instant and owner of a live board."""
    score, reached_at, owner_id = seen
    return pack(f"{score} {reached_at.isoformat()} {owner_id}")


def read_standing(text: str | None) -> tuple[int, datetime, str] | None:
    """What `of_standing` packed. Raises Invalid for anything else."""
    if text is None:
        return None
    try:
        score, reached_at, owner_id = unpack(text).split(" ")
        instant = datetime.fromisoformat(reached_at)
        number = int(score)
    except ValueError:
        raise malformed() from None
    if instant.tzinfo is None or not 0 <= number < 2**31:
        raise malformed()
    return number, instant, owner_id


def of_place(place: int) -> str:
    """A cursor that begins after this place of a closed season."""
    return pack(str(place))


def read_place(text: str | None) -> int:
    """What `of_place` packed, 0 for none. Raises Invalid for anything else."""
    if text is None:
        return 0
    unpacked = unpack(text)
    if not unpacked.isdecimal() or len(unpacked) > 9:
        raise malformed()
    return int(unpacked)
