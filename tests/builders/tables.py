"""A seeded folder as `recommender evaluate` reads it: two tastes, and friends who share theirs."""

import gzip
from pathlib import Path

import numpy as np

SHOPPERS, PIECES, EACH = 40, 30, 10


def pairs(seed: int = 7) -> dict[str, list[tuple[str, str]]]:
    """train, test and friends; nobody has a pair in two parts."""
    random = np.random.default_rng(seed)
    parts: dict[str, list[tuple[str, str]]] = {"train": [], "test": [], "friends": []}
    for shopper in range(SHOPPERS):
        taste = shopper % 2
        odds = np.where(np.arange(PIECES) % 2 == taste, 6.0, 1.0) / (1 + np.arange(PIECES) / 8)
        has = random.choice(PIECES, EACH, replace=False, p=odds / odds.sum())
        parts["train"] += [(str(shopper), str(item)) for item in has[: EACH - 3]]
        parts["test"] += [(str(shopper), str(item)) for item in has[EACH - 3 :]]
        for friend in random.choice(SHOPPERS // 2, 2, replace=False) * 2 + taste:
            if friend != shopper:
                parts["friends"].append((str(shopper), str(friend)))
    return parts


def write(folder: Path, parts: dict[str, list[tuple[str, str]]]) -> Path:
    """As tables, `train` packed."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in parts.items():
        header = "user\tfriend" if name == "friends" else "user\titem"
        text = "\n".join([header, *("\t".join(row) for row in rows), ""])
        if name == "train":
            (folder / "train.tsv.gz").write_bytes(gzip.compress(text.encode()))
        else:
            (folder / f"{name}.tsv").write_text(text)
    return folder
