"""Boards as numbers: what was laid out stays, other frames keep every piece whole."""

from datetime import UTC, datetime
from typing import Any

import pytest

from retail.outfits.queries import OutfitView, PieceView
from web.pages.drawing import Shape, draw, draw_all_pieces, garment_address

PIECE = PieceView(
    id="a",
    variant_id="v",
    style_id="s",
    style_name="Harbour trench",
    drawing="trench",
    colours={"a": "#CBA36A", "t": "#4E3119", "l": "#D11F5E"},
    colour_name="camel",
    size="",
    price_minor=18_900,
    currency="GBP",
    x=140,
    y=70,
    width=590,
    height=738,
    rotation=-4,
    depth=30,
    is_shown=True,
)
TAPE = PIECE._replace(id="b", style_name="Kick skirt", drawing="skirt", x=545, y=190, width=400)
BOOTS = TAPE._replace(
    id="c", drawing="boots", x=620, y=600, width=320, height=274, depth=40, price_minor=900
)


def outfit(*pieces: PieceView) -> OutfitView:
    values: dict[str, Any] = {
        "id": "o",
        "brand_id": "b",
        "store_id": "s",
        "store_name": "Leeds",
        "member_id": "m",
        "stylist_name": "Nina O.",
        "stylist_initials": "NO",
        "avatar": 0,
        "caption": "",
        "background": "rain",
        "audience": "everyone",
        "state": "published",
        "has_points_ad": True,
        "published_at": None,
        "created_at": datetime(2026, 11, 22, tzinfo=UTC),
        "version": 1,
    }
    return OutfitView(**values, pieces=pieces)


def test_a_board_keeps_every_place_and_stacks_by_depth() -> None:
    drawing = draw(outfit(BOOTS, PIECE))
    assert [(p.id, p.x, p.y, p.width, p.height) for p in drawing.pieces] == [
        ("a", 140, 70, 590, 738),
        ("c", 620, 600, 320, 274),
    ]
    assert drawing.pieces[0].turn == "rotate(-4 435 439)"


@pytest.mark.parametrize("shape", ["tall", "wide", "square", "strip"])
def test_another_frame_keeps_every_piece_whole(shape: Shape) -> None:
    drawing = draw(outfit(PIECE, TAPE, BOOTS), shape=shape)
    for piece in drawing.pieces:
        assert piece.x >= 0
        assert piece.y >= 0
        assert piece.x + piece.width <= drawing.width
        assert piece.y + piece.height <= drawing.height


def test_pieces_off_the_board_are_drawn_only_for_laying_out() -> None:
    look = outfit(PIECE, BOOTS._replace(is_shown=False))
    assert [piece.id for piece in draw(look).pieces] == ["a"]
    assert [piece.id for piece in draw_all_pieces(look)] == ["a", "c"]


def test_the_dearest_pieces_are_pinned_apart_and_within_the_board() -> None:
    pins = draw(outfit(BOOTS, PIECE, TAPE), pins=2).pins
    assert [pin.piece.id for pin in pins] == ["a", "b"]
    assert all(0 <= pin.left <= 60 and 0 <= pin.top <= 87 for pin in pins)
    (one, two) = pins
    assert abs(one.left - two.left) >= 36 or abs(one.top - two.top) >= 12


def test_an_empty_board_is_a_background() -> None:
    drawing = draw(outfit(), shape="tall", pins=2)
    assert (drawing.pieces, drawing.pins, drawing.background) == ((), (), "rain")


def test_what_has_no_drawing_is_a_plain_tag_in_our_colours() -> None:
    assert garment_address(None, {}).startswith("/garments/tag/")
    assert garment_address("trench", PIECE.colours) == "/garments/trench/cba36a-4e3119-d11f5e.svg"
