"""Where pieces lie on the board: a default flat lay, and limits for what people drag.

A board is 1000 units wide and 900 high. A piece is placed by the upper left corner and the
width of its upright box, then turned by `rotation` degrees about the middle of that box.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

BOARD_WIDTH = 1000
BOARD_HEIGHT = 900
_NARROWEST = 60
_WIDEST = 900
_DEEPEST = 99

_ROLES = {
    "trench": "coat",
    "chore": "coat",
    "dress": "dress",
    "knit": "top",
    "breton": "top",
    "trousers": "bottom",
    "jeans": "bottom",
    "skirt": "bottom",
    "loafers": "shoes",
    "trainers": "shoes",
    "boots": "shoes",
    "umbrella": "long",
    "bottle": "tall",
    "tube": "tall",
}
_FALLBACK_ROLE = "small"


@dataclass(frozen=True)
class Placement:
    """One piece on the board; higher `depth` lies above."""

    x: int
    y: int
    width: int
    rotation: int
    depth: int


# The first piece of a role takes the role's place; `lead` is the largest piece of the look, which
# everything else makes room for.
_LEAD = {
    "coat": Placement(140, 70, 590, -4, 30),
    "dress": Placement(180, 60, 540, -4, 30),
    "top": Placement(60, 80, 600, -7, 30),
}
_BEHIND_A_COAT = {
    "top": Placement(520, 60, 450, 8, 20),
    "dress": Placement(560, 60, 400, 7, 15),
    "bottom": Placement(545, 190, 400, 7, 10),
    "shoes": Placement(620, 600, 320, -3, 40),
    "long": Placement(10, 130, 220, -13, 5),
}
_BESIDE_A_TOP = {
    "bottom": Placement(520, 230, 385, 8, 20),
    "shoes": Placement(165, 590, 270, -10, 40),
    "long": Placement(20, 120, 210, -13, 5),
}
_WITHOUT_A_LEAD = {
    "bottom": Placement(290, 60, 450, 4, 20),
    "shoes": Placement(80, 560, 300, -8, 40),
    "long": Placement(45, 75, 200, -11, 5),
}
# Round the edge, for scarves, hats and bags, and for whatever found its place taken.
_EDGE = (
    Placement(745, 60, 205, 10, 50),
    Placement(745, 400, 215, -8, 51),
    Placement(40, 620, 200, 8, 52),
    Placement(30, 60, 190, -9, 53),
    Placement(400, 640, 190, 6, 54),
    Placement(35, 330, 180, 7, 55),
    Placement(740, 650, 190, -6, 56),
    Placement(420, 40, 170, 4, 57),
)
_ALONE_WIDTH = {"bottom": 430, "dress": 470, "long": 220, "small": 420, "tall": 280}
_ALONE_TOP = 110
_LONG_ON_THE_EDGE = 80
# Of a cell a row gives it so much in width; half of its height is so many widths.
_ROOM_IN_A_ROW = {"tall": (0.42, 1.14)}


def arrange(drawings: Sequence[str | None]) -> tuple[Placement, ...]:
    """A pleasing flat lay for any pieces, in their order; the same pieces always lie the same."""
    roles = [_ROLES.get(drawing or "", _FALLBACK_ROLE) for drawing in drawings]
    if len(roles) == 1:
        return (_centred(roles[0]),)
    if set(roles) <= {_FALLBACK_ROLE, "tall"}:
        return tuple(_in_rows(index, roles) for index in range(len(roles)))
    free = _places(roles)
    edge = 0
    placements: list[Placement] = []
    for role in roles:
        place = free.pop(role, None)
        if place is None:
            place = _on_the_edge(edge)
            if role == "long":
                place = replace(place, width=_LONG_ON_THE_EDGE)
            edge += 1
        placements.append(place)
    return tuple(placements)


def clamp(placement: Placement, height_ratio: float) -> Placement:
    """The nearest allowed placement: the middle of the piece stays on the board."""
    width = min(max(placement.width, _NARROWEST), _WIDEST)
    half_width, half_height = width / 2, width * height_ratio / 2
    return Placement(
        x=round(min(max(placement.x, -half_width), BOARD_WIDTH - half_width)),
        y=round(min(max(placement.y, -half_height), BOARD_HEIGHT - half_height)),
        width=width,
        rotation=(placement.rotation + 180) % 360 - 180,
        depth=min(max(placement.depth, 0), _DEEPEST),
    )


def _places(roles: Sequence[str]) -> dict[str, Placement]:
    lead = next((role for role in _LEAD if role in roles), None)
    if lead is None:
        return dict(_WITHOUT_A_LEAD)
    others = _BESIDE_A_TOP if lead == "top" else _BEHIND_A_COAT
    return {**others, lead: _LEAD[lead]}


def _centred(role: str) -> Placement:
    width = _ALONE_WIDTH.get(role, 520)
    return Placement((BOARD_WIDTH - width) // 2, _ALONE_TOP, width, -4, 30)


def _in_rows(index: int, roles: Sequence[str]) -> Placement:
    """Small things alone lie in rows, each turned a little; tall ones stand between them."""
    count = len(roles)
    columns = 3 if count == 3 and "tall" in roles else math.isqrt(count - 1) + 1
    rows = -(-count // columns)
    cell_width, cell_height = BOARD_WIDTH / columns, BOARD_HEIGHT / rows
    row, column = divmod(index, columns)
    share, half_height = _ROOM_IN_A_ROW.get(roles[index], (0.62, 0.6))
    width = round(min(cell_width, cell_height) * share)
    x = round((column + 0.5) * cell_width - width / 2)
    y = round((row + 0.5) * cell_height - width * half_height)
    return Placement(x, y, width, -6 if index % 2 else 5, min(30 + index, _DEEPEST))


def _on_the_edge(index: int) -> Placement:
    """The edge's places in turn; a second round lies a little further in."""
    lap, turn = divmod(index, len(_EDGE))
    place = _EDGE[turn]
    inward = 45 * lap % 360
    return Placement(
        x=place.x + (inward if place.x < BOARD_WIDTH // 2 else -inward),
        y=place.y + (inward if place.y < BOARD_HEIGHT // 2 else -inward),
        width=place.width,
        rotation=-place.rotation if lap % 2 else place.rotation,
        depth=min(place.depth + 8 * lap, _DEEPEST),
    )
