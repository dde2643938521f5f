"""A board's form: places, one step at a time, and nonsense refused."""

import pytest
from werkzeug.datastructures import MultiDict

from core.errors import Invalid
from tests.web.pages.test_drawing import BOOTS, PIECE, outfit
from web.pages.shopper.arranging import Arrangement, read_arrangement

LOOK = outfit(PIECE, BOOTS)


def arrange(**form: str) -> Arrangement:
    given = MultiDict([("shown", "a"), ("shown", "c"), *form.items()])
    return read_arrangement(LOOK, given)


def test_places_come_from_the_form_and_the_rest_stays() -> None:
    found = arrange(**{"x-a": "12", "background": "straw", "caption": "Two coats cold"})
    trench, boots = found.placements
    assert (trench.x, trench.y, boots.x) == (12, 70, 620)
    assert (found.background, found.caption, found.version) == ("straw", "Two coats cold", 1)
    assert found.next_step == "audience"


def test_an_unticked_piece_leaves_the_board() -> None:
    found = read_arrangement(LOOK, MultiDict([("shown", "c")]))
    assert [(each.piece_id, each.is_shown) for each in found.placements] == [
        ("a", False),
        ("c", True),
    ]


@pytest.mark.parametrize(
    ("move", "changed"),
    [
        ("left", {"x": 115}),
        ("right", {"x": 165}),
        ("up", {"y": 45}),
        ("down", {"y": 95}),
        ("turn-left", {"rotation": -9}),
        ("turn-right", {"rotation": 1}),
        ("larger", {"width": 649}),
        ("smaller", {"width": 536}),
        ("sideways", {"x": 140}),
    ],
)
def test_an_arrow_button_moves_the_chosen_piece_alone(move: str, changed: dict[str, int]) -> None:
    found = arrange(move=move, selected="a")
    trench, boots = found.placements
    assert {name: getattr(trench, name) for name in changed} == changed
    assert (boots.x, boots.y, boots.width) == (620, 600, 320)
    assert found.next_step == "lay-out?selected=a"


def test_to_front_and_to_back_restack_the_board() -> None:
    assert [each.piece_id for each in arrange(move="forward", selected="a").placements] == [
        "c",
        "a",
    ]
    assert [each.depth for each in arrange(move="back", selected="c").placements] == [1, 2]


@pytest.mark.parametrize("nonsense", ["", "left", "1e9", "nan", "inf", "-99999"])
def test_places_far_off_or_no_numbers_are_refused(nonsense: str) -> None:
    with pytest.raises(Invalid, match="too far off"):
        arrange(**{"x-a": nonsense})
