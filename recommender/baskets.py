"""`evaluate-baskets`: what goes with one thing in a basket, on receipts parted by week.

The file is a table `week household basket product`, perhaps with the product's kind, parted by
tabs, with a header line, perhaps `.gz`: fitted to weeks 1–43, tuned on 44–47, seen on 48–53.
Of each basket of two or more, pairs are drawn: one product is the anchor, another one the target,
to be found among all but the anchor. Two readings: of products in `USUAL` baskets or more while it
was fitted, as if there were no others, and of all that were sold by then. A target is new where
the household had not bought it before the week of the basket, as a shop knows it; what the
household had is then not ranked either.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from recommender import kinds
from recommender.receipts import Receipts, read
from recommender.together import Together, count

TRAIN, VALID, TEST = range(1, 44), range(44, 48), range(48, 54)
EXPONENT = 0.2
# Tried on weeks 44 to 47: how many baskets of an anchor weigh as much as what is popular, and as
# what goes with its kind, and what a household's own share counts beside a confidence.
BACKING = (0.0, 10.0, 40.0)
KIND = (0.0, 20.0, 40.0, 80.0)
AGAIN = (1.0, 2.0, 4.0, 8.0)
USUAL = 5
CUT = 10
DRAWS = 4  # pairs of each basket
SEED = 5
BLOCK = 256  # anchors scored at once

Floats = NDArray[np.float64]
# Of some anchors, (anchors,), the scores of every product: a row for each anchor.
Scores = Callable[[NDArray[np.intp]], Floats]


@dataclass(frozen=True, eq=False)
class Trials:
    """Pairs of products from one basket, ordered by anchor, (pairs,) each."""

    weeks: NDArray[np.int64]
    households: NDArray[np.int64]
    baskets: NDArray[np.int64]
    anchors: NDArray[np.int64]
    targets: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Shop:
    """What the fit knows, and what households (rows) bought before each week.

    `sold` is in how many of `baskets` each product was; `served` are the lists of bundles.
    """

    baskets: csr_matrix
    lists: Together
    served: Together
    kinds: kinds.Kinds | None
    sold: Floats
    before: Mapping[int, csr_matrix]

    def mine(self, week: int, household: int) -> tuple[NDArray[np.int32], Floats]:
        """What a household bought before a week, and in which share of its baskets."""
        bought = self.before[week]
        places = slice(*bought.indptr[household : household + 2])
        return bought.indices[places], bought.data[places]


@dataclass(frozen=True)
class How:
    """How many baskets popularity and kinds weigh as, and what was bought before beside them."""

    backing: float = 0.0
    kind: float = 0.0
    again: float = 0.0


def popularity(shop: Shop) -> Scores:
    """Whatever the anchor, what is in most baskets."""
    return lambda anchors: np.tile(shop.sold, (len(anchors), 1))


def confidence(shop: Shop) -> Scores:
    """n_ab / n_a, a control without any damping."""
    return lambda anchors: _common(shop, anchors) / shop.sold[anchors, None]


def cosine(shop: Shop) -> Scores:
    """n_ab / √(n_a n_b), a control."""
    return lambda anchors: _common(shop, anchors) / np.sqrt(np.outer(shop.sold[anchors], shop.sold))


def damped(shop: Shop) -> Scores:
    """Damped confidence alone, the best hundred."""
    return together(shop, How())


def served(shop: Shop) -> Scores:
    """The lists that bundles serve, as they are."""
    return lambda anchors: _listed(shop.served, anchors, len(shop.sold))


def together(shop: Shop, how: How) -> Scores:
    """Those lists, backed by the kind of the anchor and by what is popular.

    (n_a · damped confidence + k · p_b^(1−g) + m · P(b | kind of a) / p_b^g) / (n_a + k + m).
    """
    share = shop.sold / shop.baskets.shape[0]
    kind = how.kind if shop.kinds else 0.0

    def scores(anchors: NDArray[np.intp]) -> Floats:
        sold = shop.sold[anchors, None]
        found = _listed(shop.lists, anchors, len(share)) * sold + how.backing * share ** (
            1.0 - EXPONENT
        )
        if shop.kinds and kind:
            found += kind * shop.kinds.shares(anchors) / share**EXPONENT
        return np.asarray(found / (sold + how.backing + kind))

    return scores


def _listed(lists: Together, anchors: NDArray[np.intp], products: int) -> Floats:
    """Confidences where lists have some, nought elsewhere."""
    found = np.zeros((len(anchors), products))
    for row, anchor in enumerate(anchors):
        span = lists.of(int(anchor))
        found[row, lists.others[span]] = lists.confidence[span]
    return found


def _common(shop: Shop, anchors: NDArray[np.intp]) -> Floats:
    return np.asarray((shop.baskets[:, anchors].T @ shop.baskets).toarray(), float)


def trials(receipts: Receipts, draws: int) -> Trials:
    """Seeded pairs of each basket of two or more, the same for the same receipts."""
    random = np.random.default_rng(SEED)
    _, starts, sizes = np.unique(receipts.baskets, return_index=True, return_counts=True)
    starts, sizes = (np.repeat(part[sizes > 1], draws) for part in (starts, sizes))
    first = random.integers(sizes)
    second = random.integers(sizes - 1)
    second += second >= first
    anchors, targets = receipts.products[starts + first], receipts.products[starts + second]
    found = (receipts.weeks[starts], receipts.households[starts], receipts.baskets[starts])
    order = np.argsort(anchors, kind="stable")
    return Trials(*(column[order] for column in (*found, anchors, targets)))


def places(
    shop: Shop, asked: Trials, scores: Scores, again: float = 0.0
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """How many are ranked before each target, ties by product, and how many of those are new.

    The second is −1 where the household had the target before.
    """
    before, new = (np.full(len(asked.targets), -1) for _ in range(2))
    anchors, starts = np.unique(asked.anchors, return_index=True)
    ends = np.append(starts[1:], len(asked.anchors))
    for block in range(0, len(anchors), BLOCK):
        rows = scores(anchors[block : block + BLOCK])
        for row, values in enumerate(rows):
            values[anchors[block + row]] = -np.inf
            for pair in range(starts[block + row], ends[block + row]):
                target = int(asked.targets[pair])
                mine, share = shop.mine(int(asked.weeks[pair]), int(asked.households[pair]))
                plain = values[mine].copy()
                values[mine] += again * share
                ahead = values > values[target]
                ahead[:target] |= values[:target] == values[target]
                before[pair] = np.count_nonzero(ahead)
                if target not in mine:
                    new[pair] = before[pair] - np.count_nonzero(ahead[mine])
                values[mine] = plain
    return before, new


def figures_of(ranked: NDArray[np.int64], baskets: NDArray[np.int64]) -> dict[str, float]:
    """Hit rate and mean reciprocal rank at `CUT`; standard errors take a basket's pairs as one."""
    hits = (ranked < CUT).astype(float)
    _, basket = np.unique(baskets, return_inverse=True)
    figures = {}
    for name, values in (("hit_rate", hits), ("mrr", hits / (ranked + 1))):
        mean = float(values.mean()) if len(values) else 0.0
        off = np.bincount(basket, weights=values - mean)
        figures[f"{name}@{CUT}"] = mean
        figures[f"{name}@{CUT}_se"] = float(np.sqrt((off**2).sum())) / max(len(values), 1)
    return figures


def evaluate_baskets(path: Path) -> dict[str, Any]:
    """Fit, choose what backs a thin anchor and what history weighs, look at the test once."""
    receipts = read(path)
    train = receipts.of(TRAIN)
    sold = np.bincount(train.products, minlength=int(receipts.products.max()) + 1)
    usual = receipts.only(sold >= USUAL)
    began = time.process_time()
    shop = fitted(usual)
    fit_seconds = time.process_time() - began
    how = tuned(shop, trials(usual.of(VALID), draws=1))
    every = receipts.only(sold > 0)
    return {
        "usual": _seen(shop, usual, how),
        "all": _seen(fitted(every), every, how),
        "backing": how.backing,
        "kind": how.kind,
        "again": how.again,
        "fit_seconds": fit_seconds,
    }


def fitted(receipts: Receipts) -> Shop:
    """Count over the weeks of train; what households had is known before each later week."""
    train = receipts.of(TRAIN)
    products, households = (int(c.max()) + 1 for c in (receipts.products, receipts.households))
    baskets = train.by_basket(products)
    before = {
        week: receipts.of(range(TRAIN.start, week)).shares(households, products)
        for week in (*VALID, *TEST)
    }
    had, kinds_of = before[VALID.start], receipts.kinds
    return Shop(
        baskets,
        count(baskets, had, exponent=EXPONENT),
        count(baskets, had, exponent=EXPONENT, kinds=kinds_of),
        None if receipts.kinds is None else kinds.count(baskets, receipts.kinds),
        np.asarray(baskets.sum(axis=0), float).ravel(),
        before,
    )


def tuned(shop: Shop, asked: Trials) -> How:
    """One weight after another, by the hit rate of any product and of new ones together."""

    def seen(how: How) -> float:
        before, new = places(shop, asked, together(shop, how), how.again)
        found = _hit_rate(before)
        return found if how.again else found + _hit_rate(new[new >= 0])

    how = max((How(backing=weight) for weight in BACKING), key=seen)
    if shop.kinds:
        how = max((replace(how, kind=weight) for weight in KIND), key=seen)
    return max((replace(how, again=weight) for weight in AGAIN), key=seen)


def _hit_rate(ranked: NDArray[np.int64]) -> float:
    return float((ranked < CUT).mean()) if len(ranked) else 0.0


def _seen(shop: Shop, receipts: Receipts, how: How) -> dict[str, Any]:
    asked = trials(receipts.of(TEST), DRAWS)
    models: dict[str, tuple[Scores, float]] = {
        "popularity": (popularity(shop), 0.0),
        "confidence": (confidence(shop), 0.0),
        "cosine": (cosine(shop), 0.0),
        "damped": (damped(shop), 0.0),
        "served": (served(shop), 0.0),
        "together": (together(shop, how), 0.0),
        "with_history": (together(shop, how), how.again),
    }
    found: dict[str, Any] = {"any": {}, "new": {}}
    for name, (scores, again) in models.items():
        before, new = places(shop, asked, scores, again)
        is_new = new >= 0
        found["any"][name] = figures_of(before, asked.baskets)
        if not again:
            found["new"][name] = figures_of(new[is_new], asked.baskets[is_new])
    found["any"]["trials"], found["new"]["trials"] = len(asked.targets), int(is_new.sum())
    return found | {"products": len(shop.sold)}


def as_text(figures: Mapping[str, Any]) -> str:
    """For people."""
    lines = [f"HitRate@{CUT} and MRR@{CUT} ± standard errors"]
    for title in ("usual", "all"):
        lines.append(f"{title} products, {figures[title]['products']}")
        for name in ("any", "new"):
            part = figures[title][name]
            lines.append(f" {name} target, {part['trials']} pairs")
            for model, seen in part.items():
                if model != "trials":
                    cells = [
                        f"{seen[f'{one}@{CUT}']:.4f} ± {seen[f'{one}@{CUT}_se']:.4f}"
                        for one in ("hit_rate", "mrr")
                    ]
                    lines.append(f"  {model:<14}{cells[0]:>18}{cells[1]:>18}")
    lines.append(
        f"popularity weighs as {figures['backing']:g} baskets, kinds as {figures['kind']:g},"
        f" history {figures['again']:g}; fit {figures['fit_seconds']:.1f} s"
    )
    return "\n".join(lines)
