"""A board as its form sends it: where the pieces lie, and the one step an arrow button asks for."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from core.errors import Invalid
from retail.outfits.queries import OutfitView
from retail.outfits.service import PieceChange

STEP = 25
TURN_DEGREES = 5
GROWTH = 1.1
_FARTHEST = 5_000
_NUMBERS = ("x", "y", "width", "rotation", "depth")


@dataclass(frozen=True)
class Arrangement:
    """What to keep, and where the page leads on to."""

    placements: tuple[PieceChange, ...]
    background: str
    caption: str
    version: int
    next_step: str


def read_arrangement(look: OutfitView, form: Any) -> Arrangement:
    """The board of a submitted form; what the form leaves out stays. Raises Invalid."""
    shown = set(form.getlist("shown"))
    changes = [_change(form, piece, piece.id in shown) for piece in look.pieces]
    move, selected = form.get("move"), form.get("selected", "")
    if move:
        changes = _moved(changes, selected, move)
    return Arrangement(
        placements=tuple(changes),
        background=form.get("background", look.background),
        caption=form.get("caption", look.caption),
        version=_number(form, "version", look.version),
        next_step=f"lay-out?selected={selected}" if move else "audience",
    )


def _change(form: Mapping[str, str], piece: Any, is_shown: bool) -> PieceChange:
    numbers = {name: _number(form, f"{name}-{piece.id}", getattr(piece, name)) for name in _NUMBERS}
    return PieceChange(piece_id=piece.id, is_shown=is_shown, **numbers)


def _number(form: Mapping[str, str], name: str, otherwise: int) -> int:
    text = form.get(name, str(otherwise))
    try:
        value = round(float(text))
    except (ValueError, OverflowError):
        value = _FARTHEST + 1
    if abs(value) > _FARTHEST:
        sentence = "A piece is too far off the board."
        raise Invalid("place_malformed", sentence, fields={name: [sentence]})
    return value


def _moved(changes: list[PieceChange], selected: str, move: str) -> list[PieceChange]:
    if move in ("forward", "back"):
        return _restacked(changes, selected, to_front=move == "forward")
    return [_step(each, move) if each.piece_id == selected else each for each in changes]


def _step(piece: PieceChange, move: str) -> PieceChange:
    """One press of an arrow button; an unknown one changes nothing."""
    if move in ("larger", "smaller"):
        width = round(piece.width * GROWTH) if move == "larger" else round(piece.width / GROWTH)
        return replace(piece, width=width, x=piece.x - (width - piece.width) // 2)
    across, down, turn = {
        "left": (-STEP, 0, 0),
        "right": (STEP, 0, 0),
        "up": (0, -STEP, 0),
        "down": (0, STEP, 0),
        "turn-left": (0, 0, -TURN_DEGREES),
        "turn-right": (0, 0, TURN_DEGREES),
    }.get(move, (0, 0, 0))
    return replace(piece, x=piece.x + across, y=piece.y + down, rotation=piece.rotation + turn)


def _restacked(changes: list[PieceChange], selected: str, *, to_front: bool) -> list[PieceChange]:
    """The pieces stacked anew with the selected one on top or at the bottom."""
    others = [each for each in changes if each.piece_id != selected]
    chosen = [each for each in changes if each.piece_id == selected]
    others.sort(key=lambda each: each.depth)
    order = [*others, *chosen] if to_front else [*chosen, *others]
    return [replace(each, depth=depth) for depth, each in enumerate(order, start=1)]
