"""The default flat lay, and where pieces may be dragged."""

from hypothesis import given
from hypothesis import strategies as st

from retail.outfits import pictures
from retail.outfits.layout import BOARD_HEIGHT, BOARD_WIDTH, Placement, arrange, clamp

drawings = st.lists(
    st.sampled_from([*pictures.DRAWINGS, None, "unheard-of"]), min_size=1, max_size=16
)
numbers = st.integers(-10_000, 10_000)


def middle(place: Placement, ratio: float) -> tuple[float, float]:
    return place.x + place.width / 2, place.y + place.width * ratio / 2


@given(drawings)
def test_any_pieces_lie_on_the_board_each_in_a_place_of_its_own(names: list[str | None]) -> None:
    placements = arrange(names)
    assert len(placements) == len(names)
    assert len({(place.x, place.y) for place in placements}) == len(names)
    for name, place in zip(names, placements, strict=True):
        ratio = pictures.height_ratio(pictures.drawing_or_fallback(name))
        assert clamp(place, ratio) == place
        x, y = middle(place, ratio)
        assert 0 < x < BOARD_WIDTH
        assert 0 < y < BOARD_HEIGHT


@given(drawings)
def test_the_same_pieces_always_lie_the_same(names: list[str | None]) -> None:
    assert arrange(names) == arrange(list(names))


def test_a_coat_lies_above_what_is_worn_under_it() -> None:
    coat, top, jeans = arrange(["trench", "breton", "jeans"])
    assert coat.depth > top.depth > jeans.depth


@given(st.builds(Placement, numbers, numbers, numbers, numbers, numbers), st.floats(0.3, 4))
def test_a_dragged_piece_never_leaves_the_board(dragged: Placement, ratio: float) -> None:
    place = clamp(dragged, ratio)
    x, y = middle(place, ratio)
    assert -1 <= x <= BOARD_WIDTH + 1
    assert -1 <= y <= BOARD_HEIGHT + 1
    assert -180 <= place.rotation < 180
    assert (place.rotation - dragged.rotation) % 360 == 0
    assert clamp(place, ratio) == place
