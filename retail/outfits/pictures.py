"""Garments in their colours, and outfits as pictures. Pure: bytes out, nothing kept but drawings.

A drawing is an SVG file beside this one with three colours to fill in: `a` the cloth, `t` the
trim and `l` the lining.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from importlib import resources
from io import BytesIO
from typing import Protocol

import resvg_py
from PIL import Image

from core.errors import Invalid, NotFound
from retail.outfits.layout import BOARD_HEIGHT, BOARD_WIDTH

FALLBACK = "tag"
_FOLDER = resources.files(__package__) / "garments"
DRAWINGS = tuple(sorted(entry.name.removesuffix(".svg") for entry in _FOLDER.iterdir()))
BACKGROUND_COLOURS = {
    "blush": "#F2C9BC",
    "rain": "#C3D3DC",
    "straw": "#D9D2A6",
    "bottle": "#14342A",
}
DEFAULT_COLOURS = {"a": "#E7EFEA", "t": "#7A8F86", "l": "#0F2A21"}
_HEX = re.compile(r"#[0-9a-fA-F]{6}")
_SIZE = re.compile(r'viewBox="0 0 (\d+) (\d+)"')
_LARGEST_PIXELS = 2400
# In per mille of a picture's width.
_AD_WIDTH, _AD_MARGIN = 92, 28
_NUMBER_WIDTH, _GAP = 92, 10


class Piece(Protocol):
    """What a board needs to know of a piece."""

    @property
    def drawing(self) -> str: ...
    @property
    def colours(self) -> dict[str, str]: ...
    @property
    def x(self) -> int: ...
    @property
    def y(self) -> int: ...
    @property
    def width(self) -> int: ...
    @property
    def rotation(self) -> int: ...
    @property
    def depth(self) -> int: ...
    @property
    def is_shown(self) -> bool: ...


class Board(Protocol):
    """What a picture needs to know of an outfit."""

    @property
    def background(self) -> str: ...
    @property
    def pieces(self) -> Iterable[Piece]: ...


def drawing_or_fallback(drawing: str | None) -> str:
    """The drawing if there is one of that name, else a plain swing tag."""
    return drawing if drawing in DRAWINGS else FALLBACK


def clean_colours(colours: dict[str, str]) -> dict[str, str]:
    """All three colours, with our own where one is missing or malformed."""
    a, t, l = _clean(colours.get("a"), colours.get("t"), colours.get("l"))  # noqa: E741
    return {"a": a, "t": t, "l": l}


@lru_cache(maxsize=4096)
def _clean(*colours: str | None) -> tuple[str, ...]:
    return tuple(
        colour if colour and _HEX.fullmatch(colour) else default
        for colour, default in zip(colours, DEFAULT_COLOURS.values(), strict=True)
    )


@lru_cache(maxsize=64)
def size_of(drawing: str) -> tuple[int, int]:
    """Width and height of a drawing, in its own units. Raises NotFound."""
    match = _SIZE.search(_source(drawing))
    assert match, f"{drawing}.svg has no plain viewBox"
    return int(match[1]), int(match[2])


def height_ratio(drawing: str) -> float:
    """How high a drawing is for a width of one."""
    width, height = size_of(drawing)
    return height / width


def garment_svg(drawing: str, a: str, t: str, l: str) -> str:  # noqa: E741 (the drawings' own name)
    """A standalone SVG document of the garment in these colours, each like `#A1B2C3`.

    Raises NotFound for an unknown drawing, Invalid for a malformed colour.
    """
    svg = _source(drawing)
    for name, colour in (("a", a), ("t", t), ("l", l)):
        if not _HEX.fullmatch(colour):
            sentence = "A colour is # and six hexadecimal digits."
            raise Invalid("colour_malformed", sentence, fields={name: [sentence]})
        svg = svg.replace(f"var(--{name})", colour)
    return svg


def garment_png(drawing: str, a: str, t: str, l: str, *, width: int) -> bytes:  # noqa: E741
    """The garment as a PNG of `width` pixels on nothing. Raises as `garment_svg` does."""
    return _rasterise(garment_svg(drawing, a, t, l), min(width, _LARGEST_PIXELS))


def board_png(outfit: Board, width: int, height: int, *, has_ad_label: bool = False) -> bytes:
    """The outfit on its background as a PNG of that many pixels; the whole board is in it.

    The Ad label stands in the lower left corner, for previews that show a picture and no words.
    """
    canvas = _board(outfit, width, height)
    if has_ad_label:
        label = _mark("ad_label", width * _AD_WIDTH // 1000)
        margin = width * _AD_MARGIN // 1000
        canvas.paste(label, (margin, height - margin - label.height), label)
    return _png(canvas)


def pair_png(
    first: Board, second: Board, width: int, height: int, *, ad_labels: tuple[bool, bool]
) -> bytes:
    """Two outfits side by side under the numbers 1 and 2, each whole, as a PNG of that many pixels.

    Each has its own background, and its own Ad label where `ad_labels` says so; numbers and
    labels stand above the outfits and cover nothing of them.
    """
    canvas = Image.new("RGB", (width, height), "#FFFFFF")
    margin = width * _AD_MARGIN // 1000
    half = (width - width * _GAP // 1000) // 2
    sides = ((first, 0, ad_labels[0]), (second, width - half, ad_labels[1]))
    for number, (outfit, left, has_ad_label) in enumerate(sides, start=1):
        tag = _mark(f"number_{number}", width * _NUMBER_WIDTH // 1000)
        head = margin + tag.height
        side = Image.new("RGB", (half, height), BACKGROUND_COLOURS[outfit.background])
        side.paste(_board(outfit, half, height - head - margin // 2), (0, head))
        side.paste(tag, (margin, margin), tag)
        if has_ad_label:
            label = _mark("ad_label", width * _AD_WIDTH // 1000)
            side.paste(label, (half - margin - label.width, margin), label)
        canvas.paste(side, (left, 0))
    return _png(canvas)


def _board(outfit: Board, width: int, height: int) -> Image.Image:
    canvas = Image.new("RGB", (width, height), BACKGROUND_COLOURS[outfit.background])
    scale = min(width / BOARD_WIDTH, height / BOARD_HEIGHT)
    left, top = (width - BOARD_WIDTH * scale) / 2, (height - BOARD_HEIGHT * scale) / 2
    for piece in sorted(outfit.pieces, key=lambda piece: piece.depth):
        if piece.is_shown:
            _paste(canvas, piece, scale, left, top)
    return canvas


def _paste(canvas: Image.Image, piece: Piece, scale: float, left: float, top: float) -> None:
    colours = clean_colours(piece.colours)
    pixels = max(round(piece.width * scale), 1)
    garment = _opened(drawing_or_fallback(piece.drawing), tuple(colours.values()), pixels)
    middle_x = left + piece.x * scale + garment.width / 2
    middle_y = top + piece.y * scale + garment.height / 2
    # Pillow turns against the clock, SVG and CSS with it.
    turned = garment.rotate(-piece.rotation, Image.Resampling.BICUBIC, expand=True)
    place = (round(middle_x - turned.width / 2), round(middle_y - turned.height / 2))
    canvas.paste(turned, place, turned)


@lru_cache(maxsize=256)
def _opened(drawing: str, colours: tuple[str, str, str], width: int) -> Image.Image:
    with Image.open(BytesIO(_rasterise(garment_svg(drawing, *colours), width))) as image:
        return image.convert("RGBA")


@lru_cache(maxsize=8)
def _mark(name: str, width: int) -> Image.Image:
    svg = (resources.files(__package__) / f"{name}.svg").read_text()
    with Image.open(BytesIO(_rasterise(svg, width))) as image:
        return image.convert("RGBA")


def _rasterise(svg: str, width: int) -> bytes:
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, width=width, skip_system_fonts=True))


def _png(image: Image.Image) -> bytes:
    buffer = BytesIO()
    # To optimise takes half of the time of a picture, and saves three hundredths of its bytes.
    image.save(buffer, "PNG")
    return buffer.getvalue()


@lru_cache(maxsize=32)
def _source(drawing: str) -> str:
    if drawing not in DRAWINGS:
        raise NotFound("drawing_not_found", "There is no such drawing.")
    return (_FOLDER / f"{drawing}.svg").read_text()
