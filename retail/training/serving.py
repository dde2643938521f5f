"""The bundle that serves a brand in this process."""

import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

import structlog

from core.errors import Conflict
from recommender.bundle import Bundle, NothingBefore, Shelf

log = structlog.get_logger()
FOLDER = "recommender"


@dataclass(frozen=True)
class _Kept:
    stamp: str | None
    name: str | None
    bundle: Bundle | None


@dataclass(frozen=True)
class Standing:
    """What serves a brand: its name, when it was made and of how much; `has_earlier` to go back to.

    `problems` says by name why newer ones are passed over.
    """

    name: str
    made_at: datetime
    shoppers: int
    items: int
    has_earlier: bool
    problems: dict[str, str]


_kept: dict[Path, _Kept] = {}
_loading = threading.Lock()


@lru_cache(maxsize=64)
def folder_of(brand_id: str, data_dir: Path) -> Path:
    """Where a brand's bundles lie; no other brand's are there."""
    return data_dir / FOLDER / brand_id


def shelf_of(brand_id: str, data_dir: Path) -> Shelf:
    """The shelf of a brand."""
    return Shelf(folder_of(brand_id, data_dir))


def current_bundle(brand_id: str, data_dir: Path) -> Bundle | None:
    """The bundle that serves a brand now, or None where none does.

    Loaded once for each process, and again when another is published or taken off. One that cannot
    be read is passed over for the good one before, with one line in the log.
    """
    return _current(brand_id, data_dir).bundle


def current(brand_id: str, data_dir: Path) -> tuple[str, Bundle] | None:
    """What `current_bundle` gives, with its name on the shelf."""
    kept = _current(brand_id, data_dir)
    return None if kept.name is None or kept.bundle is None else (kept.name, kept.bundle)


def current_name(brand_id: str, data_dir: Path) -> str | None:
    """What the bundle that serves is called on its shelf."""
    return _current(brand_id, data_dir).name


def standing(brand_id: str, data_dir: Path) -> Standing | None:
    """What serves a brand now, read from its shelf as it lies there; None where nothing does."""
    shelf = shelf_of(brand_id, data_dir)
    good = [one for one in shelf.history() if one.manifest and not one.problem]
    sizes = [one.manifest.counts.get("items", 0) for one in good if one.manifest]
    manifest = good[0].manifest if good else None
    if manifest is None or not sizes[0]:
        return None
    return Standing(
        name=good[0].name,
        made_at=datetime.fromtimestamp(manifest.fitted_at, UTC),
        shoppers=manifest.counts.get("users", 0),
        items=sizes[0],
        has_earlier=any(sizes[1:2]),
        problems=problems(brand_id, data_dir),
    )


def problems(brand_id: str, data_dir: Path) -> dict[str, str]:
    """Why each bundle that is newer than what serves is passed over, by name; empty when well."""
    passed = shelf_of(brand_id, data_dir).passed_over()
    return {entry.name: entry.problem or "" for entry in passed}


def roll_back(brand_id: str, data_dir: Path, *, name: str | None = None) -> str:
    """Have the bundle before serve again, at once; gives its name.

    With `name`, only where that is what serves: pressed twice, it goes back once. Raises Conflict
    where another serves by now, or where there is nothing to go back to.
    """
    shelf = shelf_of(brand_id, data_dir)
    serving = shelf.serving()
    if name is not None and (serving is None or serving[0] != name):
        raise Conflict("another_serves", "Another model serves by now; look again.")
    try:
        return shelf.rollback()
    except NothingBefore:
        sentence = "There is no earlier model to go back to."
        raise Conflict("nothing_before", sentence) from None


def _current(brand_id: str, data_dir: Path) -> _Kept:
    folder = folder_of(brand_id, data_dir)
    shelf = Shelf(folder)
    kept = _kept.get(folder)
    if kept is not None and kept.stamp == shelf.stamp():
        return kept
    with _loading:
        kept = _kept.get(folder)
        # Another thread may have loaded it while this one waited.
        if kept is None or kept.stamp != shelf.stamp():
            # The stamp first: what is published while we load, is loaded at the next call.
            _kept[folder] = kept = _load(shelf, shelf.stamp(), brand_id)
        return kept


def _load(shelf: Shelf, stamp: str | None, brand_id: str) -> _Kept:
    name, bundle = shelf.serving() or (None, None)
    if bundle is not None and not bundle.items:
        # What served was withdrawn, and nothing followed.
        return _Kept(stamp, None, None)
    if name != stamp and (passed := shelf.passed_over()):
        told = {entry.name: entry.problem for entry in passed}
        log.warning("recommender.passed_over", brand=brand_id, serves=name, passed=told)
    return _Kept(stamp, name, bundle)
