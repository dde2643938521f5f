"""What goes with what."""

import numpy as np
import pytest

from recommender import together
from recommender.together import Together, basket_matrix, count

ITEMS = {"dress": 0, "shoes": 1, "bag": 2, "socks": 3}


def lists(baskets: list[list[str]], bought: list[list[str]], exponent: float = 0.0) -> Together:
    return count(basket_matrix(baskets, ITEMS), basket_matrix(bought, ITEMS), exponent=exponent)


def with_dress(found: Together) -> dict[int, tuple[float, int]]:
    span = found.of(0)
    rows = zip(found.others[span], found.confidence[span], found.shoppers[span], strict=True)
    return {int(other): (float(value), int(shoppers)) for other, value, shoppers in rows}


def test_two_common_baskets_are_chance_and_each_further_one_counts() -> None:
    baskets = [["dress", "shoes"]] * 5 + [["dress", "bag"]] * 2 + [["dress"]] * 3
    assert with_dress(lists(baskets, [])) == {1: (pytest.approx(3 / 10), 0)}


def test_what_is_in_every_basket_is_damped() -> None:
    """Ten baskets with a dress, five of them with shoes; socks are in 50 of 100 baskets, too."""
    baskets = [["dress", "shoes", "socks"]] * 5 + [["dress"]] * 5 + [["socks"]] * 45 + [[]] * 45
    plain = with_dress(lists(baskets, []))
    damped = with_dress(lists(baskets, [], exponent=0.5))
    assert plain[1] == plain[3]
    assert damped[1][0] == pytest.approx(0.3 / np.sqrt(0.05))
    assert damped[3][0] == pytest.approx(0.3 / np.sqrt(0.5))


def test_the_crowd_is_counted_in_shoppers_and_not_in_baskets() -> None:
    baskets = [["dress", "shoes"]] * 9
    shoppers = [["dress", "shoes"], ["dress", "shoes", "bag"], ["dress"], ["shoes"]]
    assert with_dress(lists(baskets, shoppers))[1][1] == 2


def test_pieces_named_twice_and_pieces_unknown_change_nothing() -> None:
    plain = lists([["dress", "shoes"]] * 3, [])
    odd = lists([["dress", "shoes", "dress", "crown"]] * 3, [])
    assert with_dress(plain) == with_dress(odd)


def test_only_the_best_are_kept_in_order_and_level_ones_by_place(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(together, "KEPT", 2)
    monkeypatch.setattr(together, "BLOCK", 1)
    found = lists([["dress", "shoes", "socks", "bag"]] * 3 + [["dress", "socks"]], [])
    assert list(with_dress(found)) == [3, 1]
    assert found.indptr.tolist() == [0, 2, 4, 6, 8]


def test_no_baskets_give_empty_lists() -> None:
    assert lists([], []).indptr.tolist() == [0, 0, 0, 0, 0]


def test_what_was_seldom_bought_borrows_from_its_kind_and_what_was_often_hardly() -> None:
    """Of twenty baskets with a kind of dress sixteen have shoes; four of a hundred have socks."""
    gown = ITEMS | {"gown": 4}
    baskets = [["dress", "shoes"]] * 16 + [["dress"]] * 3 + [["gown"]] + [["socks"]] * 4 + [[]] * 76
    kinds = np.array([0, 1, 2, 3, 0])
    matrix = basket_matrix(baskets, gown)
    plain = count(matrix, basket_matrix([], gown), exponent=0.0)
    found = count(matrix, basket_matrix([], gown), exponent=0.0, kinds=kinds)
    assert plain.of(4) == slice(len(plain.others), len(plain.others))
    lent = dict(zip(found.others[found.of(4)], found.confidence[found.of(4)], strict=True))
    assert lent == {1: pytest.approx((10 * 0.16 + 40 * 16 / 20) / 51)}
    own = dict(zip(found.others[found.of(0)], found.confidence[found.of(0)], strict=True))
    assert own == {1: pytest.approx((14 + 10 * 0.16 + 40 * 16 / 20) / 69)}
    assert found.shoppers[found.of(4)].tolist() == [0]


def test_among_things_of_one_kind_a_pair_is_less_than_certain() -> None:
    baskets = [["dress", "shoes"]] * 5
    kinds = np.array([0, 0, 0, 0])
    found = count(
        basket_matrix(baskets, ITEMS), basket_matrix([], ITEMS), exponent=0.2, kinds=kinds
    )
    assert found.others[found.of(0)].tolist() == [1]
    assert 0 < found.confidence[found.of(0)][0] < 1
    none = count(basket_matrix([], ITEMS), basket_matrix([], ITEMS), exponent=0.2, kinds=kinds)
    assert none.indptr.tolist() == [0, 0, 0, 0, 0]
