"""Garments in their colours, and boards as pictures."""

import io
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field

import pytest
from PIL import Image

from core.errors import Invalid, NotFound
from retail.outfits import pictures

RED = ("#B33A4B", "#E8C66A", "#0F2A21")


@dataclass
class Piece:
    drawing: str = "skirt"
    colours: dict[str, str] = field(
        default_factory=lambda: {"a": "#B33A4B", "t": "#E8C66A", "l": "#0F2A21"}
    )
    x: int = 300
    y: int = 200
    width: int = 400
    rotation: int = 0
    depth: int = 1
    is_shown: bool = True


@dataclass
class Board:
    pieces: list[Piece]
    background: str = "blush"


def opened(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png)).convert("RGBA")


def test_there_are_twenty_drawings_and_a_tag_for_everything_else() -> None:
    assert len(pictures.DRAWINGS) == 21
    assert pictures.drawing_or_fallback("trench") == "trench"
    assert pictures.drawing_or_fallback(None) == pictures.drawing_or_fallback("sofa") == "tag"


@pytest.mark.parametrize("drawing", pictures.DRAWINGS)
def test_a_garment_stands_alone_in_its_colours(drawing: str) -> None:
    svg = pictures.garment_svg(drawing, *RED)
    assert "var(" not in svg
    root = ET.fromstring(svg)
    ids = {element.get("id") for element in root.iter()}
    used = {element.get("href") for element in root.iter() if element.get("href")}
    assert {name.removeprefix("#") for name in used if name} <= ids
    image = opened(pictures.garment_png(drawing, *RED, width=90))
    width, height = pictures.size_of(drawing)
    assert image.width == 90
    assert image.height == pytest.approx(90 * height / width, abs=1)
    assert image.getchannel("A").getextrema() == (0, 255)


def test_only_colours_and_drawings_of_ours_are_taken() -> None:
    for colours in (("red", *RED[1:]), (*RED[:2], '#000000"/><script'), ("#12345", *RED[1:])):
        with pytest.raises(Invalid):
            pictures.garment_svg("trench", *colours)
    for drawing in ("absent", "../service.py", ""):
        with pytest.raises(NotFound):
            pictures.garment_svg(drawing, *RED)


def test_missing_colours_are_filled_in() -> None:
    assert pictures.clean_colours({"a": "#112233", "t": "lime"}) == {
        "a": "#112233",
        "t": pictures.DEFAULT_COLOURS["t"],
        "l": pictures.DEFAULT_COLOURS["l"],
    }


def test_a_board_shows_its_pieces_on_its_background() -> None:
    image = opened(pictures.board_png(Board([Piece()]), 1200, 630))
    assert image.size == (1200, 630)
    assert image.getpixel((5, 5)) == (0xF2, 0xC9, 0xBC, 255)
    assert image.getpixel((600, 315)) != image.getpixel((5, 5))
    bare = pictures.board_png(Board([Piece(is_shown=False)]), 1200, 630)
    assert len(opened(bare).getcolors() or []) == 1


def test_the_upper_of_two_pieces_is_seen() -> None:
    below = Piece("tote", {"a": "#00FF00", "t": "#00FF00", "l": "#00FF00"}, depth=1)
    above = Piece("tote", {"a": "#0000FF", "t": "#0000FF", "l": "#0000FF"}, depth=2)
    image = opened(pictures.board_png(Board([above, below]), 500, 450))
    red, green, blue, _ = image.getpixel((250, 220))  # type: ignore[misc]
    assert blue > green
    assert blue > red


def test_in_a_pair_neither_number_nor_ad_label_covers_a_piece() -> None:
    # As far up and down at either edge as anybody can drag them.
    corners = ((20, 0), (680, 0), (20, 700), (680, 700))
    full = Board([Piece("trainers", x=x, y=y, width=300) for x, y in corners])
    bare, told = (
        opened(pictures.pair_png(full, full, 1200, 630, ad_labels=(has_ad, has_ad)))
        for has_ad in (False, True)
    )
    head = 33 + 71
    for left in (0, 606):
        below = (left, head, left + 594, 630)
        assert told.crop(below).tobytes() == bare.crop(below).tobytes()
        above = bare.crop((left + 33 + 110, 0, left + 594, head))
        assert len(above.getcolors() or []) == 1, "nothing lies under where the label goes"
        assert told.getpixel((left + 594 - 33 - 55, 38)) == (0x0A, 0x1B, 0x15, 255)


def test_a_piece_turns_with_the_clock() -> None:
    upright = Piece("umbrella", x=450, y=280, width=100)
    turned = Piece("umbrella", x=450, y=280, width=100, rotation=90)
    for piece, is_wide in ((upright, False), (turned, True)):
        image = opened(pictures.board_png(Board([piece]), 500, 450)).convert("RGB")
        plain = Image.new("RGB", image.size, image.getpixel((0, 0)))
        box = difference(image, plain)
        assert (box[2] - box[0] > box[3] - box[1]) is is_wide


def difference(image: Image.Image, plain: Image.Image) -> tuple[int, int, int, int]:
    pixels = [
        (x, y)
        for x in range(image.width)
        for y in range(image.height)
        if image.getpixel((x, y)) != plain.getpixel((x, y))
    ]
    xs, ys = [x for x, _ in pixels], [y for _, y in pixels]
    return min(xs), min(ys), max(xs), max(ys)
