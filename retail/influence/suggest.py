"""The one thing that a board of stylists says is worth doing next. Pure."""

from dataclasses import dataclass
from typing import Literal

from retail.influence.views import InfluenceBoard, Influencer

Deed = Literal["keep_back", "wait", "keep_more_back", "move", "build_on", "look_on"]


@dataclass(frozen=True)
class Suggestion:
    """What to do, and about whom; a page puts it into words.

    `costly` was given something and shows no clear lift; `strong` shows the greatest clear one.
    """

    deed: Deed
    costly: Influencer | None = None
    strong: Influencer | None = None


def suggest(board: InfluenceBoard) -> Suggestion | None:
    """What follows from a board; None for one store or other days, whose lift nobody measures."""
    if board.store_id is not None or board.month is None:
        return None
    if board.why == "no_holdout":
        return Suggestion("keep_back")
    if board.why == "early":
        return Suggestion("wait")
    if board.why == "few":
        return Suggestion("keep_more_back")
    costly, strong = _costliest_unclear(board), _strongest(board)
    if costly and strong:
        return Suggestion("move", costly, strong)
    if strong:
        return Suggestion("build_on", strong=strong)
    return Suggestion("look_on")


def _strongest(board: InfluenceBoard) -> Influencer | None:
    clear = [
        (row.lift.extra_minor, row.stylist_id, row)
        for row in board.rows
        if row.lift and row.lift.is_clear and row.lift.extra_minor > 0
    ]
    return max(clear)[2] if clear else None


def _costliest_unclear(board: InfluenceBoard) -> Influencer | None:
    unclear = [
        (row.cost.minor, row.stylist_id, row)
        for row in board.rows
        if row.lift and not row.lift.is_clear and row.cost and row.cost.minor
    ]
    return max(unclear)[2] if unclear else None
