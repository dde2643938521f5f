"""When a like is more than a tap, and who may hear of it. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

ENGAGED_WITHIN = timedelta(days=14)
# Below these nothing is said: what one person did must not follow from a number.
FEWEST_PEOPLE = 10
FEWEST_LIKES = 5


@dataclass(frozen=True)
class Engagement:
    """The likes of an outfit for its stylist; `engaged` is None where it would tell too much."""

    likes: int
    engaged: int | None


@dataclass(frozen=True)
class StylistEngagement:
    """The likes of a stylist as marketers see them: None where too few people stand behind it."""

    stylist_id: str
    people: int | None
    likes: int | None
    engaged: int | None


@dataclass(frozen=True)
class Counted:
    """What stands behind a row, before anything is held back."""

    stylist_id: str
    people: frozenset[str]
    engaged_people: frozenset[str]
    likes: int
    engaged: int


def is_engaged(liked_at: datetime, first_acts: Iterable[datetime | None]) -> bool:
    """Whether any of the things done first after a like were done within `ENGAGED_WITHIN`."""
    return any(
        act is not None and liked_at <= act <= liked_at + ENGAGED_WITHIN for act in first_acts
    )


def for_stylist(likes: int, engaged: int) -> Engagement:
    """What a stylist may hear: nothing where her few friends could be told apart by it."""
    return Engagement(likes, engaged if likes >= FEWEST_LIKES and engaged < likes else None)


def for_marketers(counted: Sequence[Counted]) -> list[StylistEngagement]:
    """What marketers may hear: no number with fewer than ten people, and none by subtraction.

    A single row held back would follow from a total, so the smallest shown one goes with it.
    """
    rows = [_row(one) for one in sorted(counted, key=lambda one: (-one.likes, one.stylist_id))]
    hidden = [row for row in rows if row.likes is None]
    if len(hidden) == 1 and len(rows) > 1:
        last = max(index for index, row in enumerate(rows) if row.likes is not None)
        rows[last] = _hidden(rows[last])
    return rows


def _row(one: Counted) -> StylistEngagement:
    if len(one.people) < FEWEST_PEOPLE:
        return StylistEngagement(one.stylist_id, None, None, None)
    others = one.people - one.engaged_people
    is_told = len(one.engaged_people) >= FEWEST_PEOPLE and len(others) >= FEWEST_PEOPLE
    engaged = one.engaged if is_told else None
    return StylistEngagement(one.stylist_id, len(one.people), one.likes, engaged)


def _hidden(row: StylistEngagement) -> StylistEngagement:
    return replace(row, people=None, likes=None, engaged=None)
