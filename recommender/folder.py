"""A folder of interactions in two parts, with friends: what an evaluation reads.

`train.tsv`, `test.tsv`, `friends.tsv` and perhaps `valid.tsv`, each also with `.gz`; a header
line, then two columns parted by a tab: user and item, or user and friend.
"""

import gzip
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

Pairs = list[tuple[str, str]]


class BadFolder(Exception):
    """This folder cannot be evaluated; the text says why."""


@dataclass(frozen=True, eq=False)
class Folder:
    """Interactions as (users × items) of zeros and ones, friends as (users × users), symmetric.

    No pair is in two parts: what train has is in no other.
    """

    users: tuple[str, ...]
    items: tuple[str, ...]
    train: csr_matrix
    test: csr_matrix
    friends: csr_matrix
    valid: csr_matrix | None = None


def read(folder: Path) -> Folder:
    """Read a folder; `BadFolder` where a part is missing, empty or no table of two columns.

    Repeats fall out, and a friendship told in one direction counts in both.
    """
    parts = {name: _pairs(folder, name) for name in ("train", "test", "friends")}
    parts["valid"] = _pairs(folder, "valid") if _path(folder, "valid") else []
    for name in ("train", "test"):
        if not parts[name]:
            raise BadFolder(f"{name}.tsv has no rows")
    deeds = [*parts["train"], *parts["valid"], *parts["test"]]
    users = _ids([user for user, _ in deeds] + [one for pair in parts["friends"] for one in pair])
    items = _ids([item for _, item in deeds])
    train = matrix(parts["train"], users, items)
    ties = matrix(parts["friends"], users, users)
    friends = ties.maximum(ties.T).tolil()
    friends.setdiag(0)
    valid = without(matrix(parts["valid"], users, items), train) if parts["valid"] else None
    test = without(matrix(parts["test"], users, items), train)
    if not test.nnz:
        raise BadFolder("test.tsv has nothing that train.tsv has not")
    friendly = friends.tocsr()
    friendly.eliminate_zeros()
    return Folder(users, items, train, test, friendly, valid)


def without(part: csr_matrix, other: csr_matrix) -> csr_matrix:
    """A part less what the other has."""
    left = (part - part.multiply(other)).tocsr()
    left.eliminate_zeros()
    return left


def matrix(pairs: Pairs, rows: Sequence[str], columns: Sequence[str]) -> csr_matrix:
    """Zeros and ones, float32."""
    row_of = {name: place for place, name in enumerate(rows)}
    column_of = {name: place for place, name in enumerate(columns)}
    first = np.fromiter((row_of[one] for one, _ in pairs), np.intp, len(pairs))
    second = np.fromiter((column_of[other] for _, other in pairs), np.intp, len(pairs))
    found = csr_matrix(
        (np.ones(len(pairs), np.float32), (first, second)), shape=(len(rows), len(columns))
    )
    found.sum_duplicates()
    found.data[:] = 1.0
    return found


def split(whole: csr_matrix, seed: int, share: float) -> tuple[csr_matrix, csr_matrix]:
    """All but a seeded random share of a matrix, and that share."""
    cells = whole.tocoo()
    out: NDArray[np.bool_] = np.random.default_rng(seed).random(whole.nnz) < share

    def part(chosen: NDArray[np.bool_]) -> csr_matrix:
        places = (cells.row[chosen], cells.col[chosen])
        return csr_matrix((cells.data[chosen], places), shape=whole.shape)

    return part(~out), part(out)


def _ids(names: list[str]) -> tuple[str, ...]:
    """Each once, in order; numbers as numbers, so that 10 comes after 9."""
    return tuple(sorted(set(names), key=lambda name: (len(name), name)))


def _path(folder: Path, name: str) -> Path | None:
    paths = (folder / f"{name}.tsv", folder / f"{name}.tsv.gz")
    return next((path for path in paths if path.is_file()), None)


def _pairs(folder: Path, name: str) -> Pairs:
    path = _path(folder, name)
    if path is None:
        raise BadFolder(f"there is no {name}.tsv or {name}.tsv.gz in {folder}")
    pairs: Pairs = []
    try:
        with gzip.open(path, "rt") if path.suffix == ".gz" else path.open() as file:
            for number, line in enumerate(file, 1):
                cells = line.rstrip("\r\n").split("\t")
                if len(cells) < 2 or not all(cells[:2]):
                    raise BadFolder(f"line {number} of {path.name} has not two columns")
                if number > 1:
                    pairs.append((cells[0], cells[1]))
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise BadFolder(f"{path.name} cannot be read: {error}") from error
    return pairs
