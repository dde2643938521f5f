"""`evaluate-baskets`: what goes with one thing in a basket, on receipts parted by week.

The file is a table `week household basket product` parted by tabs, with a header line, perhaps
`.gz`: fitted to weeks 1–43, tuned on 44–47, seen on 48–53. Only products that were sold while it
was fitted can be ranked, so only they are asked for; and once more only those that were sold
`SOLD` times, since of what sold twice nothing can be counted. What a household bought before is
what it bought before the week of the basket, as a shop knows it.
"""

import gzip
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags

from recommender.folder import BadFolder
from recommender.together import Together, count

TRAIN, VALID, TEST = range(1, 44), range(44, 48), range(48, 54)
EXPONENT = 0.2
# Tried on weeks 44 to 47: what a household's own share counts beside a confidence, and how many
# baskets of an anchor weigh as much as knowing nothing of it.
AGAIN = (0.5, 1.0, 2.0, 4.0, 8.0)
BACKING = (0.0, 10.0, 20.0, 40.0)
# A household's baskets count half after so many weeks, and so many weigh as much as none known.
FADES, UNKNOWN = 10.0, 3.0
SOLD = 5
CUT = 10
MOST = 200  # of what is popular, so many are ranked for everybody
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
    """What the fit knows, and what households (rows) bought before each week.

    `sold` is in how many baskets each product was, `popular` those that can be asked for, the most
    popular first; `backing` is the confidence of each with anything at all, p_b^(1 − g).
    """

    lists: Together
    before: Mapping[int, csr_matrix]
    sold: NDArray[np.int64]
    popular: NDArray[np.int64]
    backing: NDArray[np.float64]

    def mine(self, week: int, household: int) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        """What a household bought before a week, and in which share of its baskets."""
        bought = self.before[week]
        places = slice(*bought.indptr[household : household + 2])
        return bought.indices[places], bought.data[places]

    def first(self, trial: Trial, how: "How", *, new: bool) -> list[int]:
        """The first `CUT` products for a trial; with `new` none that the household had before."""
        mine, share = self.mine(trial.week, trial.household)
        sold = float(self.sold[trial.anchor])
        known = sold / (sold + how.backing) if how.together and sold + how.backing else 0.0
        best = self.popular[:MOST]
        scores = dict(zip(best.tolist(), (self.backing[best] * (1 - known)).tolist(), strict=True))
        if how.together:
            span = self.lists.of(trial.anchor)
            others = self.lists.others[span]
            values = self.lists.confidence[span] * known + self.backing[others] * (1 - known)
            scores |= dict(zip(others.tolist(), values.tolist(), strict=True))
        if new:
            for product in mine.tolist():
                scores.pop(product, None)
        elif how.again:
            for product, value in zip(mine.tolist(), (share * how.again).tolist(), strict=True):
                scores[product] = scores.get(product, 0.0) + value
        scores.pop(trial.anchor, None)
        return sorted(scores, key=lambda product: -scores[product])[:CUT]


@dataclass(frozen=True)
class How:
    """What counts: what goes together, backed by what is popular, and what was bought before."""

    together: bool = True
    backing: float = 0.0
    again: float = 0.0


POPULAR = How(together=False)


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


def see(shop: Shop, asked: list[Trial], how: How, *, new: bool = False) -> dict[str, float]:
    """Hit rate and mean reciprocal rank at `CUT`, with standard errors."""
    places = np.zeros(len(asked))
    for number, trial in enumerate(asked):
        first = shop.first(trial, how, new=new)
        places[number] = 1.0 / (first.index(trial.target) + 1) if trial.target in first else 0.0
    figures = {}
    for name, values in (("hit_rate", places > 0), ("mrr", places)):
        figures[f"{name}@{CUT}"] = float(values.mean()) if asked else 0.0
        figures[f"{name}@{CUT}_se"] = float(values.std() / np.sqrt(len(asked))) if asked else 0.0
    return figures


def evaluate_baskets(path: Path) -> dict[str, Any]:
    """Fit, choose how much popularity and history weigh, and look at the test once."""
    receipts = read(path)
    began = time.process_time()
    shop = _fitted(receipts)
    fit_seconds = time.process_time() - began
    how = _tuned(shop, trials(receipts.of(VALID), shop, new=False)[::3])
    test = receipts.of(TEST)
    often = replace(shop, popular=shop.popular[shop.sold[shop.popular] >= SOLD])
    return {
        **_figures(shop, test, how),
        f"sold_{SOLD}": _figures(often, test, how),
        "backing": how.backing,
        "again": how.again,
        "fit_seconds": fit_seconds,
    }


def _tuned(shop: Shop, tried: list[Trial]) -> How:
    def seen(how: How) -> float:
        return see(shop, tried, how)[f"hit_rate@{CUT}"]

    backed = max((How(backing=weight) for weight in BACKING), key=seen)
    return max((replace(backed, again=weight) for weight in AGAIN), key=seen)


def _fitted(receipts: Receipts) -> Shop:
    train = receipts.of(TRAIN)
    products = int(receipts.products.max()) + 1
    by_basket = train.matrix(train.baskets, (int(receipts.baskets.max()) + 1, products))
    by_basket.data[:] = 1.0
    by_basket = by_basket[np.diff(by_basket.indptr) > 0]
    before = {week: _shares(receipts, week, products) for week in (*VALID, *TEST)}
    sold = np.bincount(train.products, minlength=products)
    popular = np.argsort(-sold, kind="stable")[: np.count_nonzero(sold)]
    return Shop(
        count(by_basket, before[VALID.start], exponent=EXPONENT),
        before,
        sold,
        popular,
        (sold / max(by_basket.shape[0], 1)) ** (1.0 - EXPONENT),
    )


def _shares(receipts: Receipts, week: int, products: int) -> csr_matrix:
    """In which share of their baskets before a week households had products, later ones more."""
    past = receipts.of(range(TRAIN.start, week))
    shape = (int(receipts.households.max()) + 1, products)
    faded = np.exp2((past.weeks - (week - 1)) / FADES)
    had = csr_matrix((faded, (past.households, past.products)), shape=shape)
    had.sum_duplicates()
    _, firsts = np.unique(past.baskets, return_index=True)
    went = np.bincount(past.households[firsts], weights=faded[firsts], minlength=shape[0])
    return (diags(1.0 / (went + UNKNOWN)) @ had).tocsr()


def _figures(shop: Shop, test: Receipts, how: How) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, new in (("any", False), ("new", True)):
        asked = trials(test, shop, new=new)
        found[name] = {
            "trials": len(asked),
            "popularity": see(shop, asked, POPULAR, new=new),
            "together": see(shop, asked, replace(how, again=0.0), new=new),
        }
        if not new:
            found[name]["with_history"] = see(shop, asked, how)
    return found


def as_text(figures: Mapping[str, Any]) -> str:
    """For people."""
    lines = [f"HitRate@{CUT} and MRR@{CUT} ± standard errors"]
    for title, part in (("", figures), (f", sold {SOLD} times", figures[f"sold_{SOLD}"])):
        for name in ("any", "new"):
            lines.append(f"{name} target{title}, {part[name]['trials']} baskets")
            for model, seen in part[name].items():
                if model != "trials":
                    cells = [
                        f"{seen[f'{one}@{CUT}']:.4f} ± {seen[f'{one}@{CUT}_se']:.4f}"
                        for one in ("hit_rate", "mrr")
                    ]
                    lines.append(f"  {model:<14}{cells[0]:>18}{cells[1]:>18}")
    lines.append(
        f"popularity weighs as {figures['backing']:g} baskets, history {figures['again']:g};"
        f" fit {figures['fit_seconds']:.1f} s"
    )
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
