"""Where the pieces of an outfit stand in a drawing, as numbers a template can write into SVG.

A board is drawn 1000 units wide. `board` keeps what the stylist laid out; `tall` and `wide`
carry the same pieces over to another frame, each kept whole, for tiles on walls and cards.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal, Protocol

from retail.outfits.pictures import clean_colours, drawing_or_fallback
from retail.outfits.queries import OutfitView, PieceView

Shape = Literal["board", "tall", "wide", "square", "strip"]
_FRAMES: dict[str, tuple[int, int]] = {
    "board": (1000, 900),
    "tall": (600, 1000),
    "wide": (1000, 750),
    "square": (1000, 1000),
    "strip": (1000, 641),
}
_MARGIN = 30
_LABEL = 60
_APART = 1.25
_PIN_WIDTH, _PIN_HEIGHT, _EYELET = 360, 125, 38.5
_LEFTS = range(50, 531, 120)
_TOPS = range(225, 780, 45)


class Drawn(Protocol):
    """A piece that may be drawn, in colours of its own."""

    @property
    def drawing(self) -> str | None: ...
    @property
    def colours(self) -> dict[str, str]: ...


@dataclass(frozen=True)
class DrawnPiece:
    """One garment: its picture's address, its box, and what it is in words."""

    id: str
    name: str
    address: str
    x: float
    y: float
    width: float
    height: float
    rotation: int
    depth: int
    is_shown: bool

    @property
    def middle(self) -> tuple[float, float]:
        """The point around which the piece turns."""
        return round(self.x + self.width / 2, 1), round(self.y + self.height / 2, 1)

    @property
    def turn(self) -> str:
        """The SVG transform that turns the piece around its middle."""
        across, down = self.middle
        return f"rotate({self.rotation} {across:g} {down:g})"


@dataclass(frozen=True)
class Pin:
    """A swing tag on the board, in hundredths of its size, and the thread to its garment."""

    piece: PieceView
    left: int
    top: int
    thread: str


@dataclass(frozen=True)
class Drawing:
    """A whole board, ready to be written."""

    width: int
    height: int
    background: str
    pieces: tuple[DrawnPiece, ...]
    pins: tuple[Pin, ...]

    @property
    def frame(self) -> tuple[int, int]:
        """Its width and height."""
        return self.width, self.height


def garment_address(drawing: str | None, colours: dict[str, str]) -> str:
    """Where the picture of a garment in three colours is served."""
    return _garment_address(drawing, colours.get("a"), colours.get("t"), colours.get("l"))


def garment(piece: Drawn) -> str:
    """The same of a piece; empty where it is not drawn."""
    return garment_address(piece.drawing, piece.colours) if piece.drawing else ""


@lru_cache(maxsize=1024)
def _garment_address(drawing: str | None, *colours: str | None) -> str:
    known = {name: colour for name, colour in zip("atl", colours, strict=True) if colour}
    dyes = (colour.lstrip("#").lower() for colour in clean_colours(known).values())
    return f"/garments/{drawing_or_fallback(drawing)}/{'-'.join(dyes)}.svg"


def draw(outfit: OutfitView, *, shape: Shape = "board", pins: int = 0) -> Drawing:
    """The outfit in a frame, with up to `pins` swing tags, the dearest pieces first."""
    width, height = _FRAMES[shape]
    views = [piece for piece in outfit.pieces if piece.is_shown]
    placed = [_as_laid_out(piece) for piece in views]
    if shape != "board":
        placed = _carried_over(placed, width, height)
    boxes = {piece.id: piece for piece in placed}
    tagged = sorted(views, key=lambda piece: (-piece.price_minor, piece.id))[:pins]
    return Drawing(
        width=width,
        height=height,
        background=outfit.background,
        pieces=tuple(sorted(placed, key=lambda piece: (piece.depth, piece.id))),
        pins=tuple(_pins(tagged, boxes)),
    )


def draw_all_pieces(outfit: OutfitView) -> tuple[DrawnPiece, ...]:
    """Every piece of an outfit, also those left off the board, for laying it out."""
    return tuple(
        sorted(map(_as_laid_out, outfit.pieces), key=lambda piece: (piece.depth, piece.id))
    )


def _as_laid_out(piece: PieceView) -> DrawnPiece:
    return DrawnPiece(
        id=piece.id,
        name=f"{piece.style_name}, {piece.colour_name}" if piece.colour_name else piece.style_name,
        address=garment_address(piece.drawing, piece.colours),
        x=float(piece.x),
        y=float(piece.y),
        width=float(piece.width),
        height=float(piece.height),
        rotation=piece.rotation,
        depth=piece.depth,
        is_shown=piece.is_shown,
    )


def _carried_over(pieces: list[DrawnPiece], width: int, height: int) -> list[DrawnPiece]:
    """The same pieces in another frame: scaled alike, their middles drawn together or apart."""
    if not pieces:
        return []
    scale = _scale(pieces, width, height)
    # A label may lie over the lower edge.
    room = (width - 2 * _MARGIN, height - 2 * _MARGIN - _LABEL)
    sizes = [(piece.width * scale, piece.height * scale) for piece in pieces]
    across = _spread([piece.middle[0] for piece in pieces], [w for w, _ in sizes], room[0], scale)
    down = _spread([piece.middle[1] for piece in pieces], [h for _, h in sizes], room[1], scale)
    return [
        replace(
            piece,
            x=round(_MARGIN + x - w / 2, 1),
            y=round(_MARGIN + y - h / 2, 1),
            width=round(w, 1),
            height=round(h, 1),
        )
        for piece, (w, h), x, y in zip(pieces, sizes, across, down, strict=True)
    ]


def _scale(pieces: list[DrawnPiece], width: int, height: int) -> float:
    """As large as the tallest and the widest piece allow, and no larger than half as much again."""
    tallest = max(piece.height for piece in pieces)
    widest = max(piece.width for piece in pieces)
    covered = sum(piece.width * piece.height for piece in pieces)
    roomy = (1.2 * width * height / covered) ** 0.5
    return min(1.5, 0.74 * height / tallest, 0.86 * width / widest, max(roomy, 0.5))


def _spread(
    middles: Sequence[float], sizes: Sequence[float], room: float, scale: float
) -> list[float]:
    """New middles: a little wider apart than scaled, each piece kept whole within the room."""
    centre = (min(middles) + max(middles)) / 2
    spread = [room / 2 + (middle - centre) * scale * _APART for middle in middles]
    return [
        min(max(middle, size / 2), max(room - size / 2, size / 2))
        for middle, size in zip(spread, sizes, strict=True)
    ]


def _pins(tagged: Sequence[PieceView], boxes: dict[str, DrawnPiece]) -> list[Pin]:
    taken: list[tuple[float, float]] = []
    pins = []
    for piece in tagged:
        box = boxes[piece.id]
        across, down = box.middle
        left, top = _best_spot(box.x, down, taken)
        taken.append((left, top))
        pins.append(Pin(piece, round(left / 10), round(top / 9), _thread(left, top, across, down)))
    return pins


def _best_spot(
    edge: float, down: float, taken: Sequence[tuple[float, float]]
) -> tuple[float, float]:
    """Beside the garment's left edge, by its middle, clear of other tags where that can be."""
    left = _LEFTS[_nearest(_LEFTS, edge - 170)]
    # Three tags do not fill a column, and another column is farther away than another row.
    free = _free_tops(left, tuple(taken)) if taken else _TOPS
    top = _TOPS[_nearest(_TOPS, down)]
    return left, top if top in free else min(free or _TOPS, key=lambda top: abs(top - down))


def _nearest(steps: range, wanted: float) -> int:
    """The number of the step that comes nearest."""
    return min(max(round((wanted - steps.start) / steps.step), 0), len(steps) - 1)


@lru_cache(maxsize=1024)
def _free_tops(left: int, taken: tuple[tuple[float, float], ...]) -> tuple[int, ...]:
    """Where another tag goes in a column beside those that are there."""
    near = [y for x, y in taken if abs(x - left) < _PIN_WIDTH + 20]
    return tuple(top for top in _TOPS if all(abs(top - y) >= _PIN_HEIGHT + 30 for y in near))


def _thread(left: float, top: float, across: float, down: float) -> str:
    """A slack thread from the tag's eyelet, up and over to the garment."""
    x, y = left + _EYELET, top + _PIN_HEIGHT / 2
    reach = min(max(across - x - 62, 90), 330)
    climb = min(max(y - 113 - down, 60), 150)
    return (
        f"M{x:.0f} {y:.0f}c-36-31-15-103 62-113c{0.46 * reach:.0f}-13 {0.86 * reach:.0f}"
        f" {-0.15 * climb:.0f} {reach:.0f} {-climb:.0f}"
    )
