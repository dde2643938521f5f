"""`evaluate-splits`: a folder's pairs parted anew, 8:1:1 for each shopper, three times.

The protocol of RecBole-GNN (RUCAIBox/RecBole-GNN, results on social recommendation): train and test
of the folder are thrown together and repeats dropped, each shopper's items are parted at random,
and all that is in neither of the first two parts is ranked, as RecBole takes both for known. The
second, on which others tune, is not fitted; settings stay as they are.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from recommender.evaluate import USUAL, alone, popularity_of
from recommender.folder import read
from recommender.passes import Part, pass_over
from recommender.settings import Settings
from recommender.taste import factorise

SEEDS = (1, 2, 3)
MEASURES = ("recall@10", "ndcg@10")
TENTH = 0.1


def eight_one_one(whole: csr_matrix, seed: int) -> Part:
    """Eight tenths of each row to fit, one aside, one to find.

    A tenth is rounded down, but is one item where that would be none, as long as one stays to fit.
    """
    random = np.random.default_rng(seed)
    shares = np.zeros(whole.nnz, int)
    for start, end in zip(whole.indptr[:-1].tolist(), whole.indptr[1:].tolist(), strict=True):
        places = start + random.permutation(end - start)
        tests, tunes = _tenths(len(places))
        shares[places[:tests]] = 2
        shares[places[tests : tests + tunes]] = 1
    fitted, aside, wanted = (_kept(whole, shares == share) for share in range(3))
    return Part(fitted, wanted, aside)


def evaluate_splits(folder: Path, *, settings: Settings = USUAL) -> dict[str, Any]:
    """The model, ALS alone and popularity on each split, and their means.

    `BadFolder` where the folder holds nothing to evaluate.
    """
    found = read(folder)
    parts = (found.train, found.valid, found.test)
    whole = sum(part for part in parts if part is not None).tocsr()
    splits: list[dict[str, Any]] = []
    for seed in SEEDS:
        part = eight_one_one(whole, seed)
        factors = factorise(part.train, settings.taste)
        passes = {
            "model": pass_over(part, found.friends, factors, settings),
            "als": pass_over(part, found.friends, factors, alone(settings)),
            "popularity": popularity_of(part, settings),
        }
        seen = {name: one.scores.as_json() for name, one in passes.items()}
        splits.append({"seed": seed, **seen})
    means = {
        name: {one: float(np.mean([split[name][one] for split in splits])) for one in MEASURES}
        for name in ("model", "als", "popularity")
    }
    return {"pairs": int(whole.nnz), "splits": splits, "means": means}


def as_text(figures: Mapping[str, Any]) -> str:
    """For people."""
    lines = [f"{figures['pairs']} pairs, parted 8:1:1 for each shopper; R@10 and N@10"]
    rows: Sequence[Any] = [*figures["splits"], {"seed": "mean", **figures["means"]}]
    for row in rows:
        cells = [
            f"{name} {row[name]['recall@10']:.4f} {row[name]['ndcg@10']:.4f}"
            for name in ("model", "als", "popularity")
        ]
        lines.append(f"  seed {row['seed']!s:<6}" + "   ".join(cells))
    return "\n".join(lines)


def _tenths(items: int) -> tuple[int, int]:
    """How many of so many items are to find, and how many are left for tuning."""
    shares = [int(items * TENTH)] * 2
    left = items - sum(shares)
    for place in range(2):
        if left > 1 and shares[place] == 0:
            shares[place] = 1
            left -= 1
    return shares[0], shares[1]


def _kept(whole: csr_matrix, kept: NDArray[np.bool_]) -> csr_matrix:
    part = whole.copy()
    part.data = np.where(kept, part.data, 0).astype(np.float32)
    part.eliminate_zeros()
    return part
