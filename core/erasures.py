"""The list of erasures: a file beside the database, so that no backup of the one holds the other.

A line says when somebody was erased and under which keyed hash they were known. Restoring an older
backup erases them again before anything is served; so the list is kept, and never put back.
"""

import os
from datetime import datetime
from pathlib import Path

NAME = "erasures.log"
_UNFINISHED = "restore-unfinished"


def note(data_dir: Path, mark: str, now: datetime) -> None:
    """Add an erasure, durably; noted again, it changes nothing."""
    if mark in marks(data_dir):
        return
    data_dir.mkdir(parents=True, exist_ok=True)
    with (data_dir / NAME).open("a", encoding="ascii") as lines:
        lines.write(f"{now.isoformat()} {mark}\n")
        lines.flush()
        os.fsync(lines.fileno())


def marks(data_dir: Path) -> set[str]:
    """Every erasure that was noted; a line torn by a crash counts for none."""
    path = data_dir / NAME
    if not path.exists():
        return set()
    lines = [line.split() for line in path.read_text(encoding="ascii").splitlines()]
    return {line[1] for line in lines if len(line) == 2 and len(line[1]) == 64}


def add(data_dir: Path, found: set[str], now: datetime) -> None:
    """Add what another copy of the list knows and this one does not."""
    for mark in sorted(found - marks(data_dir)):
        note(data_dir, mark, now)


def begin_restore(data_dir: Path) -> None:
    """Mark that what is here may hold people who were erased."""
    data_dir.mkdir(parents=True, exist_ok=True)
    (data_dir / _UNFINISHED).touch()


def end_restore(data_dir: Path) -> None:
    """Take the mark away: everybody who was erased is erased again."""
    (data_dir / _UNFINISHED).unlink(missing_ok=True)


def is_restore_unfinished(data_dir: Path) -> bool:
    """Whether a restore began and did not end, so that nothing may be served."""
    return (data_dir / _UNFINISHED).exists()
