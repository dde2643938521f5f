"""What a serving process leaves out of its search for garbage."""

import gc
from collections.abc import Iterator

import pytest

from core.garbage import NEW_OBJECTS, leave_alone_what_is_loaded


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)


def test_what_is_loaded_is_left_alone_and_what_comes_later_is_not() -> None:
    leave_alone_what_is_loaded()
    assert gc.get_freeze_count() > 1_000
    assert gc.get_threshold()[0] == NEW_OBJECTS
    later: list[object] = []
    later.append(later)
    assert any(each is later for each in gc.get_objects())
