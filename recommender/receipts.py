"""Receipts parted by week, as `evaluate-baskets` reads them."""

import gzip
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags

from recommender.folder import BadFolder

# A household's baskets count half after so many weeks, and so many weigh as much as none known.
FADES, UNKNOWN = 10.0, 3.0


@dataclass(frozen=True, eq=False)
class Receipts:
    """One row for each product in a basket, by basket: codes from 0, (rows,) each.

    `kinds` is the kind of each product, (products,), or None where the table does not tell.
    """

    weeks: NDArray[np.int64]
    households: NDArray[np.int64]
    baskets: NDArray[np.int64]
    products: NDArray[np.int64]
    kinds: NDArray[np.int64] | None = None

    def of(self, weeks: range) -> "Receipts":
        """Those of some weeks."""
        return self.where((self.weeks >= weeks.start) & (self.weeks < weeks.stop))

    def where(self, kept: NDArray[np.bool_]) -> "Receipts":
        """Some of the rows."""
        weeks, households = self.weeks[kept], self.households[kept]
        return Receipts(weeks, households, self.baskets[kept], self.products[kept], self.kinds)

    def only(self, kept: NDArray[np.bool_]) -> "Receipts":
        """Some of the products, (products,), as if there were no others: coded anew from 0."""
        left = self.where(kept[self.products])
        places = np.cumsum(kept) - 1
        kinds = None if self.kinds is None else self.kinds[kept]
        return Receipts(left.weeks, left.households, left.baskets, places[left.products], kinds)

    def by_basket(self, products: int) -> csr_matrix:
        """(baskets × products) of zeros and ones, without baskets of nothing."""
        _, rows = np.unique(self.baskets, return_inverse=True)
        ones = np.ones(len(rows), np.float32)
        return csr_matrix((ones, (rows, self.products)), shape=(int(rows.max()) + 1, products))

    def shares(self, households: int, products: int) -> csr_matrix:
        """In which share of their baskets households had products, the later ones weighing more."""
        shape = (households, products)
        faded = np.exp2((self.weeks - self.weeks.max()) / FADES)
        had = csr_matrix((faded, (self.households, self.products)), shape=shape)
        had.sum_duplicates()
        _, firsts = np.unique(self.baskets, return_index=True)
        went = np.bincount(self.households[firsts], weights=faded[firsts], minlength=households)
        return (diags(1.0 / (went + UNKNOWN)) @ had).tocsr()


def read(path: Path) -> Receipts:
    """Read the table, each product once in a basket; `BadFolder` where it is none."""
    codes: list[dict[str, int]] = [{}, {}, {}]
    kind_of: dict[int, str] = {}
    rows: set[tuple[int, int, int, int]] = set()
    try:
        with gzip.open(path, "rt") if path.suffix == ".gz" else path.open() as file:
            width = len(next(file, "").split("\t"))
            for line in file:
                week, *cells = line.rstrip("\r\n").split("\t")
                one, two, three = (
                    code.setdefault(cell, len(code))
                    for code, cell in zip(codes, cells[:3], strict=True)
                )
                rows.add((two, three, one, int(week)))
                if width > 4:
                    kind_of[three] = cells[3]
    except (OSError, EOFError, ValueError, IndexError) as problem:
        raise BadFolder(f"{path.name} is no table of receipts: {problem}") from problem
    if not rows:
        raise BadFolder(f"{path.name} has no rows")
    table = np.array(sorted(rows), np.int64)
    kinds = [kind_of[product] for product in range(len(kind_of))]
    coded = np.unique(kinds, return_inverse=True)[1].astype(np.int64) if kinds else None
    return Receipts(table[:, 3], table[:, 2], table[:, 0], table[:, 1], coded)
