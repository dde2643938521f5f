"""The bundle that serves a brand in this process."""

import threading
from dataclasses import dataclass
from pathlib import Path

import structlog

from recommender.bundle import Bundle, Shelf

log = structlog.get_logger()
FOLDER = "recommender"


@dataclass(frozen=True)
class _Kept:
    stamp: str | None
    name: str | None
    bundle: Bundle | None


_kept: dict[Path, _Kept] = {}
_loading = threading.Lock()


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


def current_name(brand_id: str, data_dir: Path) -> str | None:
    """What the bundle that serves is called on its shelf."""
    return _current(brand_id, data_dir).name


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
    if name != stamp and (passed := shelf.passed_over()):
        told = {entry.name: entry.problem for entry in passed}
        log.warning("recommender.passed_over", brand=brand_id, serves=name, passed=told)
    return _Kept(stamp, name, bundle)
