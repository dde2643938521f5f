"""Bundles and their shelf."""

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from recommender.bundle import Bundle, NothingBefore, Shelf, fit, shelf
from recommender.bundle.storage import load
from tests.builders.tastes import NOW, SMALL, fitted, happened, shop

ARRAYS = ("item_factors", "popularity")


def same(one: Bundle, other: Bundle) -> bool:
    lists = zip(vars(one.together).values(), vars(other.together).values(), strict=True)
    arrays = [(getattr(one, name), getattr(other, name)) for name in ARRAYS]
    return (
        one.items == other.items
        and one.manifest == other.manifest
        and all(np.array_equal(a, b) and a.dtype == b.dtype for a, b in [*arrays, *lists])
    )


def test_the_same_events_in_any_order_give_the_same_bundle_to_the_bit() -> None:
    events = shop()
    turned = fit(events[::-1], [], settings=SMALL, now=NOW)
    assert same(fit(events, [], settings=SMALL, now=NOW), turned)


def test_a_bundle_comes_back_from_its_shelf_as_it_was(tmp_path: Path) -> None:
    bundle = fit([*shop(), happened("ann", "Größe·鞋\n")], [], settings=SMALL, now=NOW)
    Shelf(tmp_path / "new" / "shelf").publish(bundle.with_figures({"ndcg@10": 0.25}))
    there = Shelf(tmp_path / "new" / "shelf").current()
    assert there is not None
    assert same(there, bundle.with_figures({"ndcg@10": 0.25}))


def test_no_shopper_is_in_a_bundle_by_name(tmp_path: Path) -> None:
    Shelf(tmp_path).publish(fitted())
    written = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert any(b"red-01" in content for content in written)
    assert not any(b"shopper-" in content for content in written)


def test_an_empty_shop_has_an_empty_bundle(tmp_path: Path) -> None:
    Shelf(tmp_path).publish(fit([], [], settings=SMALL, now=NOW))
    there = Shelf(tmp_path).current()
    assert there is not None
    assert there.items == ()


def test_an_empty_shelf_serves_nothing(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "none")
    assert shelf.current() is None
    assert shelf.stamp() is None
    assert shelf.history() == ()
    with pytest.raises(NothingBefore):
        shelf.rollback()


def _cut_short(folder: Path) -> None:
    array = folder / "item_factors.npy"
    array.write_bytes(array.read_bytes()[:-8])


def _flip_a_bit(folder: Path) -> None:
    array = folder / "popularity.npy"
    content = bytearray(array.read_bytes())
    content[-1] ^= 1
    array.write_bytes(content)


def _other_format(folder: Path) -> None:
    manifest = folder / "manifest.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"format": 99}))


def _no_manifest(folder: Path) -> None:
    (folder / "manifest.json").unlink()


def _half_a_manifest(folder: Path) -> None:
    manifest = folder / "manifest.json"
    manifest.write_text(manifest.read_text()[:40])


def _no_array(folder: Path) -> None:
    (folder / "together_others.npy").unlink()


def _of_another(folder: Path) -> None:
    """Whole and well checked, but of another shop: more items than factors."""
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["settings"]["taste"]["factors"] = 9
    (folder / "manifest.json").write_text(json.dumps(manifest))


DAMAGE = [
    (_cut_short, "item_factors.npy is not what was saved"),
    (_flip_a_bit, "popularity.npy is not what was saved"),
    (_other_format, "its format is 99"),
    (_no_manifest, "manifest.json cannot be read"),
    (_half_a_manifest, "manifest.json or what it names makes no sense"),
    (_no_array, "together_others.npy cannot be read"),
    (_of_another, "do not belong to the items"),
]


@pytest.mark.parametrize(("damage", "reason"), DAMAGE)
def test_a_bad_bundle_is_passed_over_with_a_reason_and_the_last_good_one_serves(
    tmp_path: Path, damage: Callable[[Path], None], reason: str
) -> None:
    shelf = Shelf(tmp_path)
    good, bad = shelf.publish(fitted(1)), shelf.publish(fitted(2))
    damage(tmp_path / bad)
    serving = shelf.serving()
    assert serving is not None
    assert serving[0] == good
    assert same(serving[1], fitted(1))
    assert [entry.name for entry in shelf.passed_over()] == [bad]
    assert reason in (shelf.passed_over()[0].problem or "")


def test_what_was_never_finished_is_not_seen(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    name = shelf.publish(fitted())
    shutil.copytree(tmp_path / name, tmp_path / "killed.unfinished")
    assert [entry.name for entry in shelf.history()] == [name]


def test_rolling_back_serves_the_one_before_until_another_is_published(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    first, second = shelf.publish(fitted(1)), shelf.publish(fitted(2))
    assert shelf.rollback() == first
    assert (shelf.serving() or ("",))[0] == first
    with pytest.raises(NothingBefore):
        shelf.rollback()
    third = shelf.publish(fitted(3))
    assert (shelf.serving() or ("",))[0] == third
    assert [(entry.name, entry.problem) for entry in shelf.history()] == [
        (third, None),
        (f"{second}.taken-off", "it was taken off"),
        (first, None),
    ]


def test_rolling_back_jumps_over_a_bad_one(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    first, second = shelf.publish(fitted(1)), shelf.publish(fitted(2))
    shelf.publish(fitted(3))
    _flip_a_bit(tmp_path / second)
    assert shelf.rollback() == first


def test_old_bundles_are_forgotten_but_never_the_one_that_serves(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    names = [shelf.publish(fitted(seed)) for seed in (1, 2, 3)]
    _no_manifest(tmp_path / names[2])
    shelf.forget(keep=1)
    assert [entry.name for entry in shelf.history()] == [names[2], names[1]]
    with pytest.raises(ValueError, match="at least one"):
        shelf.forget(keep=0)


def test_an_array_with_an_object_in_it_is_not_unpickled(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    name = shelf.publish(fitted())
    evil = tmp_path / name / "popularity.npy"
    np.save(evil, np.array([{"a": 1}], dtype=object), allow_pickle=True)
    manifest = tmp_path / name / "manifest.json"
    plain = json.loads(manifest.read_text())
    plain["sha256"]["popularity"] = hashlib.sha256(evil.read_bytes()).hexdigest()
    manifest.write_text(json.dumps(plain))
    assert shelf.current() is None
    assert "makes no sense" in (shelf.passed_over()[0].problem or "")


def test_a_shelf_that_was_looked_at_is_read_again_only_where_something_was_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [Shelf(tmp_path).publish(fitted()) for _ in range(2)]
    assert [entry.problem for entry in Shelf(tmp_path).history()] == [None, None]
    read: list[str] = []

    def counted(path: Path) -> Bundle:
        read.append(path.name)
        return load(path)

    monkeypatch.setattr(shelf, "load", counted)
    Shelf(tmp_path).history()
    assert read == []
    _flip_a_bit(tmp_path / names[0])
    assert [entry.problem is None for entry in Shelf(tmp_path).history()] == [True, False]
    assert read == names[:1]
