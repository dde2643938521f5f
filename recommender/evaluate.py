"""`evaluate`: how well a folder of interactions is ranked, beside plain ALS and popularity."""

import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

from recommender import credit
from recommender.credit import Credit
from recommender.folder import Folder, read
from recommender.metrics import MEASURES
from recommender.passes import Part, Pass, pass_over
from recommender.settings import Blend, Settings
from recommender.taste import TasteSettings, factorise
from recommender.tuning import Say, tune

CUTS = (10, 20)
STRANGERS = 0.1  # share of the shoppers whose history is hidden, to see how the new are served
# What three parts of the train part of LastFM with friends ask for.
USUAL = Settings(
    taste=TasteSettings(factors=96, alpha=10.0, regularisation=50.0, iterations=10),
    blend=Blend(votes=0.15, names=1.0),
)


@dataclass(frozen=True, eq=False)
class Report:
    """Everything that an evaluation saw."""

    users: int
    model: Pass
    als: Pass
    popularity: Pass
    strangers: Pass
    strangers_popularity: Pass
    credit: Credit
    settings: Settings
    fit_seconds: float
    cpu_seconds: float
    peak_rss_mb: float

    def as_json(self) -> dict[str, Any]:
        """For machines; `…_se` are standard errors."""
        return {
            "users": self.users,
            **{name: seen.scores.as_json() for name, seen in self._passes().items()},
            "creditable@10": self.model.creditable,
            "credited@10": self.credit.as_json(),
            "catalogue@10": {name: seen.catalogue for name, seen in self._passes().items()},
            "without_history": self._new(),
            "fit_seconds": self.fit_seconds,
            "cpu_seconds": self.cpu_seconds,
            "peak_rss_mb": self.peak_rss_mb,
            "settings": self.settings.as_json(),
        }

    def as_text(self) -> str:
        """For people."""
        names = [f"{measure}@{cut}" for cut in CUTS for measure in MEASURES]
        head = " " * 12 + "".join(f"{name:>16}" for name in names) + f"{'catalogue@10':>14}"
        lines = [f"{self.users} shoppers with something to find; means ± standard errors", "", head]
        for name, one in self._passes().items():
            cells = [f"{one.scores.mean(n):.4f} ± {one.scores.error(n):.4f}" for n in names]
            row = "".join(f"{cell:>16}" for cell in cells)
            lines.append(f"{name:<12}{row}{one.catalogue:>14.3f}")
        new, taste, blend = self._new(), self.settings.taste, self.settings.blend
        credited = self.credit.as_json()
        return "\n".join(
            [
                *lines,
                "",
                f"a friend can be credited for {self.model.creditable:.3f} of the first ten",
                (
                    f"of {self.credit.named} credits, the friend has the item in"
                    f" {credited['has_item']:.2%}, and without her terms the score is lower in"
                    f" {credited['lower_without']:.2%}"
                ),
                (
                    f"without history: NDCG@10 {new['ndcg@10']:.4f}"
                    f" ± {new['ndcg@10_se']:.4f}, {new['over_popularity']:.2f} × popularity"
                ),
                (
                    f"{taste.factors} factors, alpha {taste.alpha:g}, regularisation"
                    f" {taste.regularisation:g}, votes {blend.votes:g}, names {blend.names:g}"
                ),
                (
                    f"fit {self.fit_seconds:.2f} s, all {self.cpu_seconds:.1f} s of processor time,"
                    f" at most {self.peak_rss_mb:.0f} MB"
                ),
            ]
        )

    def _passes(self) -> dict[str, Pass]:
        return {"model": self.model, "als": self.als, "popularity": self.popularity}

    def _new(self) -> dict[str, float]:
        found, popular = self.strangers.scores, self.strangers_popularity.scores
        over = found.mean("ndcg@10") / (popular.mean("ndcg@10") or 1.0)
        seen = {name: value for name, value in found.as_json().items() if "ndcg" in name}
        return seen | {"over_popularity": over}


def evaluate(folder: Path, *, is_tuned: bool = False, say: Say = lambda _: None) -> Report:
    """Read, tune if asked to, fit to train, and look at test once.

    `BadFolder` where the folder holds no such thing.
    """
    read_folder = read(folder)
    settings = tune(read_folder, USUAL, say) if is_tuned else USUAL
    part = Part(read_folder.train, read_folder.test)
    began = time.process_time()
    factors = factorise(part.train, settings.taste)
    fit_seconds = time.process_time() - began
    see = _seeing(part, read_folder.friends, factors)
    strangers, strangers_popularity = _strangers(read_folder, settings)
    return Report(
        users=int((np.diff(part.wanted.indptr) > 0).sum()),
        model=see(settings),
        als=see(alone(settings)),
        popularity=popularity_of(part, settings),
        strangers=strangers,
        strangers_popularity=strangers_popularity,
        credit=credit.seen(read_folder, factors, settings),
        settings=settings,
        fit_seconds=fit_seconds,
        cpu_seconds=time.process_time(),
        peak_rss_mb=peak_rss_mb(),
    )


def alone(settings: Settings) -> Settings:
    """The same without friends: taste and nothing else."""
    return replace(settings, blend=replace(settings.blend, votes=0.0, names=0.0))


def _seeing(
    part: Part, friends: csr_matrix, factors: np.ndarray[Any, np.dtype[np.float32]]
) -> Callable[[Settings], Pass]:
    return lambda settings: pass_over(part, friends, factors, settings, CUTS)


def popularity_of(part: Part, settings: Settings) -> Pass:
    """Everybody's list by how many have an item: shoppers without history or friends."""
    nobody = csr_matrix((part.train.shape[0], part.train.shape[0]), dtype=np.float32)
    popular = np.asarray(part.train.sum(axis=0), np.float32).reshape(-1, 1)
    flat = replace(settings, taste=replace(settings.taste, factors=1))
    return pass_over(part, nobody, popular, flat, CUTS)


def _strangers(folder: Folder, settings: Settings) -> tuple[Pass, Pass]:
    """A tenth of the shoppers as if they came for the first time, and what popularity gives them.

    All that they have is to be found; everything is fitted without them.
    """
    hidden = np.random.default_rng(settings.taste.seed).random(len(folder.users)) < STRANGERS
    keep = csr_matrix(np.where(hidden, 0.0, 1.0).astype(np.float32).reshape(-1, 1))
    train = folder.train.multiply(keep).tocsr()
    train.eliminate_zeros()
    theirs = (folder.train + folder.test).multiply(csr_matrix(hidden.astype(np.float32)[:, None]))
    wanted = theirs.tocsr()
    wanted.eliminate_zeros()
    part = Part(train, wanted)
    factors = factorise(train, settings.taste)
    return pass_over(part, folder.friends, factors, settings), popularity_of(part, settings)


def peak_rss_mb() -> float:
    """The most memory that this process held, in MB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1e6 if sys.platform == "darwin" else 1e3)
