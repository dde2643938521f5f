"""`evaluate-baskets`: what goes with one thing in a basket, on receipts parted by week.

The file is a table `week household basket product` parted by tabs, with a header line, perhaps
`.gz`: fitted to weeks 1–43, tuned on 44–47, seen on 48–53. Only products that were sold while it
was fitted can be ranked, so only they are asked for. What a household bought before is what it
bought before the week of the basket, as a shop knows it.
"""

import gzip
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from recommender.folder import BadFolder
from recommender.together import Together, count

TRAIN, VALID, TEST = range(1, 44), range(44, 48), range(48, 54)
EXPONENT = 0.2
AGAIN = (0.5, 1.0, 2.0, 3.0, 5.0)
CUT = 10
SEED = 5


@dataclass(frozen=True, eq=False)
class Receipts:
    """One row for each product in a basket, by basket: codes from 0, (rows,) each."""

    weeks: NDArray[np.int64]
    households: NDArray[np.int64]
    baskets: NDArray[np.int64]
    products: NDArray[np.int64]

    def of(self, weeks: range) -> "Receipts":
        """Those of some weeks."""
        return self.where((self.weeks >= weeks.start) & (self.weeks < weeks.stop))

    def where(self, kept: NDArray[np.bool_]) -> "Receipts":
        """Some of the rows."""
        columns = (self.weeks, self.households, self.baskets, self.products)
        return Receipts(*(column[kept] for column in columns))

    def matrix(self, rows: NDArray[np.int64], shape: tuple[int, int]) -> csr_matrix:
        """How often each row, baskets or households, has each product."""
        ones = np.ones(len(rows), np.float32)
        found = csr_matrix((ones, (rows, self.products)), shape=shape)
        found.sum_duplicates()
        return found


@dataclass(frozen=True)
class Trial:
    """One basket: `target` is to be found from `anchor`."""

    week: int
    household: int
    anchor: int
    target: int


@dataclass(frozen=True, eq=False)
class Shop:
    """What the fit knows, and what households (rows) bought before each week."""

    lists: Together
    before: Mapping[int, csr_matrix]
    popular: NDArray[np.int64]

    def mine(self, week: int, household: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """What a household bought before a week, and how often."""
        bought = self.before[week]
        places = slice(*bought.indptr[household : household + 2])
        return bought.indices[places], bought.data[places]

    def first(self, trial: Trial, *, together: float, again: float, new: bool) -> list[int]:
        """The first `CUT` products for a trial; with `new` none that the household had before."""
        mine, often = self.mine(trial.week, trial.household)
        width = len(self.lists.indptr) - 1
        span = self.lists.of(trial.anchor)
        scores: dict[int, float] = dict.fromkeys(self.popular[:200].tolist(), 0.0)
        values = _scaled(self.lists.confidence[span], width) * together
        scores |= dict(zip(self.lists.others[span].tolist(), values.tolist(), strict=True))
        if new:
            for product in mine.tolist():
                scores.pop(product, None)
        elif again:
            more = _scaled(np.log2(1.0 + often), width) * again
            for product, value in zip(mine.tolist(), more.tolist(), strict=True):
                scores[product] = scores.get(product, 0.0) + value
        scores.pop(trial.anchor, None)
        return sorted(scores, key=lambda product: -scores[product])[:CUT]


def _scaled(values: NDArray[np.float32], items: int) -> NDArray[np.float64]:
    """In standard deviations over all items, those that are not named being 0."""
    total, squares = float(values.sum()), float((values.astype(float) ** 2).sum())
    spread = np.sqrt(max(squares / items - (total / items) ** 2, 0.0))
    return np.asarray(values / spread if spread > 0 else values, float)


def trials(receipts: Receipts, shop: Shop, *, new: bool) -> list[Trial]:
    """One seeded pair of each basket of two or more; with `new` the target is new to the household.

    Ordered, and the same for the same receipts.
    """
    random = np.random.default_rng(SEED)
    found = []
    known = np.isin(receipts.products, shop.popular)
    receipts = receipts.where(known)
    edges = np.flatnonzero(np.diff(receipts.baskets)) + 1
    for rows in np.split(np.arange(len(receipts.baskets)), edges):
        if len(rows) < 2:
            continue
        week, household = int(receipts.weeks[rows[0]]), int(receipts.households[rows[0]])
        products, mine = receipts.products[rows], shop.mine(week, household)[0]
        targets = products[~np.isin(products, mine)] if new else products
        if len(targets):
            target = random.choice(targets)
            anchor = random.choice(products[products != target])
            found.append(Trial(week, household, int(anchor), int(target)))
    return found


def see(shop: Shop, asked: list[Trial], **how: Any) -> dict[str, float]:
    """Hit rate and mean reciprocal rank at `CUT`, with standard errors."""
    places = np.zeros(len(asked))
    for number, trial in enumerate(asked):
        first = shop.first(trial, **how)
        places[number] = 1.0 / (first.index(trial.target) + 1) if trial.target in first else 0.0
    figures = {}
    for name, values in (("hit_rate", places > 0), ("mrr", places)):
        figures[f"{name}@{CUT}"] = float(values.mean()) if asked else 0.0
        figures[f"{name}@{CUT}_se"] = float(values.std() / np.sqrt(len(asked))) if asked else 0.0
    return figures


def evaluate_baskets(path: Path) -> dict[str, Any]:
    """Fit, choose how much the household's own history weighs, and look at the test once."""
    receipts = read(path)
    began = time.process_time()
    shop = _fitted(receipts)
    fit_seconds = time.process_time() - began
    tried = trials(receipts.of(VALID), shop, new=False)[::3]
    again = max(
        AGAIN, key=lambda w: see(shop, tried, together=1.0, again=w, new=False)[f"hit_rate@{CUT}"]
    )
    return _figures(shop, receipts.of(TEST), again) | {"again": again, "fit_seconds": fit_seconds}


def _fitted(receipts: Receipts) -> Shop:
    train = receipts.of(TRAIN)
    households, products = int(receipts.households.max()) + 1, int(receipts.products.max()) + 1
    by_basket = train.matrix(train.baskets, (int(receipts.baskets.max()) + 1, products))
    by_basket.data[:] = 1.0
    by_basket = by_basket[np.diff(by_basket.indptr) > 0]
    before = {}
    for week in (*VALID, *TEST):
        past = receipts.of(range(TRAIN.start, week))
        before[week] = past.matrix(past.households, (households, products))
    sold = np.bincount(train.products, minlength=products)
    popular = np.argsort(-sold, kind="stable")[: np.count_nonzero(sold)]
    return Shop(count(by_basket, before[VALID.start], exponent=EXPONENT), before, popular)


def _figures(shop: Shop, test: Receipts, again: float) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, new in (("any", False), ("new", True)):
        asked = trials(test, shop, new=new)
        found[name] = {
            "trials": len(asked),
            "popularity": see(shop, asked, together=0.0, again=0.0, new=new),
            "together": see(shop, asked, together=1.0, again=0.0, new=new),
        }
        if not new:
            found[name]["with_history"] = see(shop, asked, together=1.0, again=again, new=False)
    return found


def as_text(figures: Mapping[str, Any]) -> str:
    """For people."""
    lines = [f"HitRate@{CUT} and MRR@{CUT} ± standard errors"]
    for name in ("any", "new"):
        lines.append(f"{name} target, {figures[name]['trials']} baskets")
        for model in ("popularity", "together", "with_history"):
            if model in figures[name]:
                seen = figures[name][model]
                cells = [
                    f"{seen[f'{one}@{CUT}']:.4f} ± {seen[f'{one}@{CUT}_se']:.4f}"
                    for one in ("hit_rate", "mrr")
                ]
                lines.append(f"  {model:<14}{cells[0]:>18}{cells[1]:>18}")
    lines.append(f"history weighs {figures['again']:g}; fit {figures['fit_seconds']:.1f} s")
    return "\n".join(lines)


def read(path: Path) -> Receipts:
    """Read the table, each product once in a basket; `BadFolder` where it is none."""
    codes: list[dict[str, int]] = [{}, {}, {}]
    rows: set[tuple[int, int, int, int]] = set()
    try:
        with gzip.open(path, "rt") if path.suffix == ".gz" else path.open() as file:
            next(file, None)
            for line in file:
                week, *cells = line.rstrip("\r\n").split("\t")
                one, two, three = (
                    code.setdefault(cell, len(code))
                    for code, cell in zip(codes, cells, strict=True)
                )
                rows.add((two, three, one, int(week)))
    except (OSError, EOFError, ValueError) as problem:
        raise BadFolder(f"{path.name} is no table of receipts: {problem}") from problem
    if not rows:
        raise BadFolder(f"{path.name} has no rows")
    table = np.array(sorted(rows), np.int64)
    return Receipts(table[:, 3], table[:, 2], table[:, 0], table[:, 1])
