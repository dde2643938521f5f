"""Choosing settings on parts of train, never on test."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace

from scipy.sparse import csr_matrix

from recommender.folder import Folder, split
from recommender.passes import Part, pass_over
from recommender.settings import Settings
from recommender.taste import Floats, TasteSettings, factorise

SEEDS = (1, 2, 3)
SHARE = 0.15
MEASURE = "ndcg@10"
# Tried in this order, each against the best so far.
REGULARISATION = (5.0, 10.0, 20.0, 35.0, 50.0, 75.0, 100.0, 150.0)
ALPHA = (2.0, 5.0, 10.0, 20.0, 40.0)
FACTORS = (24, 32, 48, 64, 96)
VOTES = (0.05, 0.1, 0.15, 0.2, 0.3)
NAMES = (0.0, 0.5, 1.0, 1.5, 2.0)
# Of the measure, at most, for names that can be credited: below the best, and below no friends.
LOST, HURT = 0.01, 0.005
Say = Callable[[str], None]


def parts(folder: Folder) -> list[Part]:
    """The validation part where the folder has one, else three seeded parts of train."""
    if folder.valid is not None and folder.valid.nnz:
        return [Part(folder.train, folder.valid)]
    return [Part(*split(folder.train, seed, SHARE)) for seed in SEEDS]


def tune(folder: Folder, start: Settings, say: Say) -> Settings:
    """The settings that rank best on `parts`, one knob after another, friends' votes last.

    A knob is turned on while that helps, up and down from where it stands.
    """
    trials = _Trials(parts(folder), folder.friends, say)
    tuned = replace(start, blend=replace(start.blend, votes=0.0, names=0.0))
    for knob, steps in (("regularisation", REGULARISATION), ("alpha", ALPHA), ("factors", FACTORS)):
        tuned = _climb(trials, tuned, knob, steps)
    tuned = _climb(trials, tuned, "regularisation", REGULARISATION)
    return _weigh_friends(trials, tuned)


def _climb(trials: "_Trials", at: Settings, knob: str, steps: Sequence[float]) -> Settings:
    value = getattr(at.taste, knob)
    place = min(range(len(steps)), key=lambda i: abs(math.log(steps[i] / value)))
    for direction in (1, -1):
        for step in _onward(steps, place, direction):
            further = replace(at, taste=_turned(at.taste, knob, step))
            if trials.mean(further) <= trials.mean(at):
                break
            at = further
    return at


def _turned(taste: TasteSettings, knob: str, step: float) -> TasteSettings:
    return TasteSettings(**{**asdict(taste), knob: type(getattr(taste, knob))(step)})


def _onward(steps: Sequence[float], place: int, direction: int) -> Iterator[float]:
    yield from steps[place + 1 :] if direction > 0 else steps[:place][::-1]


def _weigh_friends(trials: "_Trials", at: Settings) -> Settings:
    """As many creditable friends as cost nothing.

    Of the weights of votes and names whose measure is at most `HURT` below that without friends
    and at most `LOST` below the best of all, those with the most to credit; where there are
    none, friends stay out.
    """
    alone = trials.mean(at)
    seen = [(trials.mean(one), trials.creditable(one), one) for one in _friendly(trials, at)]
    best = max((mean for mean, _, _ in seen), default=alone)
    enough = [one for one in seen if one[0] >= max((1 - HURT) * alone, (1 - LOST) * best)]
    return max(enough, key=lambda one: one[1])[2] if enough else at


def _friendly(trials: "_Trials", at: Settings) -> Iterator[Settings]:
    """With votes, ever more; names are only tried with votes that do no harm by themselves."""
    for votes in VOTES:
        for names in NAMES:
            friendly = replace(at, blend=replace(at.blend, votes=votes, names=names))
            yield friendly
            if trials.mean(friendly) < (1 - HURT) * trials.mean(at):
                break


class _Trials:
    """Fits and measures, each settings once."""

    def __init__(self, parts: list[Part], friends: csr_matrix, say: Say) -> None:
        self._parts, self._friends, self._say = parts, friends, say
        self._seen: dict[str, tuple[float, float]] = {}
        self._factors: dict[str, list[Floats]] = {}

    def mean(self, settings: Settings) -> float:
        """The measure, mean over parts."""
        return self._measured(settings)[0]

    def creditable(self, settings: Settings) -> float:
        """The share of first places with a friend who has the item, mean over parts."""
        return self._measured(settings)[1]

    def _measured(self, settings: Settings) -> tuple[float, float]:
        key = str(settings.as_json())
        if key not in self._seen:
            passes = [
                pass_over(part, self._friends, factors, settings)
                for part, factors in zip(self._parts, self._fitted(settings), strict=True)
            ]
            mean = sum(one.scores.mean(MEASURE) for one in passes) / len(passes)
            self._seen[key] = mean, sum(one.creditable for one in passes) / len(passes)
            taste, blend = settings.taste, settings.blend
            self._say(
                f"{taste.factors} factors, alpha {taste.alpha:g}, regularisation"
                f" {taste.regularisation:g}, votes {blend.votes:g}, names {blend.names:g}:"
                f" {mean:.4f}, creditable {self._seen[key][1]:.3f}"
            )
        return self._seen[key]

    def _fitted(self, settings: Settings) -> list[Floats]:
        key = str(settings.taste)
        if key not in self._factors:
            fitted = [factorise(part.train, settings.taste) for part in self._parts]
            self._factors = {key: fitted}
        return self._factors[key]
