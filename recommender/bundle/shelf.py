"""A shelf of bundles: the last good one serves, and a worse one is taken off again."""

import re
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from recommender.bundle.model import Bundle, Manifest
from recommender.bundle.storage import Unreadable, load, save, sync_folder

_PUBLISHED = re.compile(r"bundle-(\d{6,})")
_TAKEN_OFF = re.compile(r"bundle-(\d{6,})\.taken-off")
_UNFINISHED = ".unfinished"
_DAY = 86_400.0


class NothingBefore(Exception):
    """There is no earlier good bundle to go back to."""


@dataclass(frozen=True)
class Entry:
    """One bundle on the shelf; `problem` says why it is passed over, None for a good one."""

    name: str
    manifest: Manifest | None
    problem: str | None


_Signs = tuple[tuple[str, int, int, int], ...]
# What was found out about each bundle, as long as its files stay what they were. Checksums of
# everything on a shelf take seconds; what serves is read and checked whenever it is loaded.
_found_out: dict[Path, tuple[_Signs, Entry]] = {}


class Shelf:
    """A folder of bundles, one folder each, never changed once published.

    Any number of processes may read while others publish: a bundle is written beside the others
    and renamed, so it is there as a whole or not at all.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def publish(self, bundle: Bundle) -> str:
        """Put a bundle on the shelf, where it serves from now on; its name."""
        beside = self._folder / f"{uuid4().hex}{_UNFINISHED}"
        save(bundle, beside)
        number = self._next_number()
        while True:
            name = f"bundle-{number:06d}"
            try:
                beside.rename(self._folder / name)
            except OSError:
                if not (self._folder / name).exists():
                    raise
                number += 1  # somebody published meanwhile
            else:
                sync_folder(self._folder)
                return name

    def current(self) -> Bundle | None:
        """The last good bundle, or None where there is none."""
        serving = self.serving()
        return serving[1] if serving else None

    def serving(self) -> tuple[str, Bundle] | None:
        """The last good bundle with its name."""
        for name in self._newest_first():
            try:
                return name, load(self._folder / name)
            except Unreadable:
                # `passed_over` says why, having looked anew.
                _found_out.pop(self._folder / name, None)
        return None

    def stamp(self) -> str | None:
        """The name of the newest bundle, good or not: changes whenever another may serve."""
        return next(iter(self._newest_first()), None)

    def passed_over(self) -> tuple[Entry, ...]:
        """What is newer than the bundle that serves and why it does not, newest first."""
        passed = []
        for name in self._newest_first():
            entry = self._entry(name)
            if not entry.problem:
                break
            passed.append(entry)
        return tuple(passed)

    def history(self) -> tuple[Entry, ...]:
        """Everything on the shelf, newest first, what was taken off too."""
        numbered = self._numbered(_PUBLISHED) + self._numbered(_TAKEN_OFF)
        return tuple(self._entry(name) for _, name in sorted(numbered, reverse=True))

    def rollback(self) -> str:
        """Take the bundle that serves off and go back to the good one before; the latter's name.

        NothingBefore if there is none, and then nothing changes.
        """
        good = [name for name in self._newest_first() if not self._entry(name).problem]
        if len(good) < 2:
            raise NothingBefore("there is no earlier good bundle to go back to")
        (self._folder / good[0]).rename(self._folder / f"{good[0]}.taken-off")
        sync_folder(self._folder)
        return good[1]

    def forget(self, *, keep: int) -> None:
        """Remove all but the `keep` newest bundles (1 at least); the one that serves stays.

        What a publisher left unfinished goes after a day.
        """
        if keep < 1:
            raise ValueError("at least one bundle must be kept")
        serving = self.serving()
        kept = {entry.name for entry in self.history()[:keep]} | {serving[0] if serving else ""}
        for _, name in self._numbered(_PUBLISHED) + self._numbered(_TAKEN_OFF):
            if name not in kept:
                shutil.rmtree(self._folder / name)
                _found_out.pop(self._folder / name, None)
        for path in self._folder.glob(f"*{_UNFINISHED}"):
            if path.stat().st_mtime < time.time() - _DAY:
                shutil.rmtree(path)

    def _entry(self, name: str) -> Entry:
        path = self._folder / name
        signs = _signs(path)
        known = _found_out.get(path)
        if known is None or known[0] != signs:
            _found_out[path] = known = signs, self._look(name)
        return known[1]

    def _look(self, name: str) -> Entry:
        try:
            manifest = load(self._folder / name).manifest
        except Unreadable as reason:
            return Entry(name, None, str(reason))
        return Entry(name, manifest, "it was taken off" if _TAKEN_OFF.fullmatch(name) else None)

    def _newest_first(self) -> list[str]:
        return [name for _, name in sorted(self._numbered(_PUBLISHED), reverse=True)]

    def _numbered(self, pattern: re.Pattern[str]) -> list[tuple[int, str]]:
        try:
            matches = [(path.name, pattern.fullmatch(path.name)) for path in self._folder.iterdir()]
        except (FileNotFoundError, NotADirectoryError):
            return []
        return [(int(match.group(1)), name) for name, match in matches if match]

    def _next_number(self) -> int:
        taken = self._numbered(_PUBLISHED) + self._numbered(_TAKEN_OFF)
        return 1 + max((number for number, _ in taken), default=0)


def _signs(folder: Path) -> _Signs:
    """What shows that somebody wrote in a bundle: names, sizes, times and places of its files."""
    try:
        found = [(path.name, path.stat()) for path in sorted(folder.iterdir())]
    except OSError:
        return ()
    return tuple((name, stat.st_size, stat.st_mtime_ns, stat.st_ino) for name, stat in found)
