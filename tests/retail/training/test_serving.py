"""What serves in a process: loaded once, swapped when another is published, never a broken one."""

from collections.abc import Callable
from pathlib import Path

import pytest

from recommender.bundle import Bundle, fit
from recommender.interactions import Event
from recommender.settings import Settings
from retail.training.serving import current_bundle, current_name, folder_of, shelf_of

BRAND = "0" * 26


def bundle(*items: str) -> Bundle:
    events = [Event(f"u{n}", item, "purchase", float(n)) for n, item in enumerate(items)]
    return fit(events, [], settings=Settings(), now=100.0)


def break_it(name: str, data_dir: Path) -> None:
    path = folder_of(BRAND, data_dir) / name / "item_factors.npy"
    path.write_bytes(path.read_bytes()[:-1])


def test_nothing_serves_before_something_was_published(tmp_path: Path) -> None:
    assert current_bundle(BRAND, tmp_path) is None
    assert current_name(BRAND, tmp_path) is None


def test_it_is_loaded_once_and_swapped_when_another_is_published_or_taken_off(
    tmp_path: Path,
) -> None:
    shelf = shelf_of(BRAND, tmp_path)
    shelf.publish(bundle("coat"))
    first = current_bundle(BRAND, tmp_path)
    assert first is not None
    assert current_bundle(BRAND, tmp_path) is first
    shelf.publish(bundle("coat", "hat"))
    second = current_bundle(BRAND, tmp_path)
    assert second is not None
    assert (first.items, second.items) == (("coat",), ("coat", "hat"))
    shelf.rollback()
    back = current_bundle(BRAND, tmp_path)
    assert back is not None
    assert back.items == ("coat",)


def test_a_broken_one_is_passed_over_with_one_line_in_the_log(
    tmp_path: Path, logs: Callable[[], str]
) -> None:
    shelf = shelf_of(BRAND, tmp_path)
    good = shelf.publish(bundle("coat"))
    break_it(shelf.publish(bundle("coat", "hat")), tmp_path)
    for _ in range(3):
        found = current_bundle(BRAND, tmp_path)
        assert found is not None
        assert found.items == ("coat",)
    assert current_name(BRAND, tmp_path) == good
    assert logs().count("recommender.passed_over") == 1


def test_where_none_is_whole_nothing_serves(tmp_path: Path, logs: Callable[[], str]) -> None:
    break_it(shelf_of(BRAND, tmp_path).publish(bundle("coat")), tmp_path)
    assert [current_bundle(BRAND, tmp_path) for _ in range(2)] == [None, None]
    assert logs().count("recommender.passed_over") == 1


@pytest.mark.parametrize("other", ["1" * 26])
def test_each_brand_has_a_shelf_of_its_own(tmp_path: Path, other: str) -> None:
    shelf_of(BRAND, tmp_path).publish(bundle("coat"))
    assert current_bundle(other, tmp_path) is None
