"""The rail of staff pages: all of a little at once, much of it folded by kinds of work."""

from web.pages.staff.here import SECTIONS
from web.pages.staff.rail import FEW, GROUPS, rail


def test_every_section_has_its_place_under_one_heading() -> None:
    placed = [name for _, names in GROUPS for name in names]
    assert sorted(placed) == sorted(section.name for section in SECTIONS)


def test_only_the_work_that_somebody_is_at_is_unfolded() -> None:
    groups = rail(SECTIONS, "rewards")
    (unfolded,) = [group for group in groups if group.is_open]
    assert "rewards" in [section.name for section in unfolded.sections]
    assert sum(len(group.sections) for group in groups) == len(SECTIONS)
    first, *others = rail(SECTIONS, "home")
    assert (first.is_open, any(group.is_open for group in others)) == (True, False)


def test_who_may_open_little_sees_it_all() -> None:
    (group,) = rail(SECTIONS[:FEW], "home")
    assert (group.word, group.sections, group.is_open) == ("", SECTIONS[:FEW], True)


def test_a_kind_of_work_without_anything_to_open_has_no_heading() -> None:
    mine = [section for section in SECTIONS if section.name not in ("team", "devices", "webhooks")]
    assert len(rail(mine, "home")) == len(GROUPS) - 1
