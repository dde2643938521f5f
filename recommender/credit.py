"""Whether every credit is earned, seen on all shoppers of a folder as they would be served."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from recommender.bundle import Bundle, Manifest
from recommender.folder import Folder
from recommender.interactions import Event, Weights
from recommender.ranking import Friend, Request, look, rank
from recommender.settings import Settings
from recommender.taste import Floats
from recommender.together import Together

NOW = 1e9
TOP = 10
ONCE = Weights({"like": 1.0})


@dataclass(frozen=True)
class Credit:
    """Of the items in first tens: how many name a friend, and how many of those hold.

    `has` counts those that the friend named has, `lower` those whose score is lower without her
    terms, weights, mean and scale being frozen.
    """

    named: int
    has: int
    lower: int

    def as_json(self) -> dict[str, float]:
        """The number, and two shares of it; 1 where nobody is named."""
        many = max(self.named, 1)
        none = 0 if self.named else 1
        return {
            "named": self.named,
            "has_item": (self.has + none) / many,
            "lower_without": (self.lower + none) / many,
        }


def seen(folder: Folder, factors: Floats, settings: Settings) -> Credit:
    """Serve everybody with something to be found, and look at each friend who is named."""
    weighed = Settings(ONCE, settings.taste, settings.blend, settings.exponent)
    bundle = _bundle(folder, factors, weighed)
    deeds = [
        tuple(Event(user, folder.items[item], "like", NOW) for item in folder.train[[row]].indices)
        for row, user in enumerate(folder.users)
    ]
    checks = [
        check
        for row in np.flatnonzero(np.diff(folder.test.indptr)).tolist()
        if len(friends := folder.friends[[row]].indices)
        for check in _checked(
            bundle, deeds[row], tuple(Friend(folder.users[f], deeds[f]) for f in friends)
        )
    ]
    return Credit(len(checks), sum(has for has, _ in checks), sum(lower for _, lower in checks))


def _checked(
    bundle: Bundle, history: tuple[Event, ...], friends: tuple[Friend, ...]
) -> Iterator[tuple[bool, bool]]:
    owned = frozenset(event.item for event in history)
    asked = Request(history=history, friends=friends, owned=owned, top=TOP, now=NOW)
    scene = look(bundle, asked)
    for suggestion in rank(bundle, asked):
        reason = suggestion.reason
        if reason.friend is None:
            continue
        place = next(n for n, friend in enumerate(friends) if friend.id == reason.friend)
        hers = scene.votes.of(place, bundle.column_of[suggestion.item])
        without = {**reason.terms, "votes": reason.terms["votes"] - hers}
        yield (
            any(event.item == suggestion.item for event in friends[place].events),
            bool(scene.score(without) < scene.score(reason.terms)),
        )


def _bundle(folder: Folder, factors: Floats, settings: Settings) -> Bundle:
    """What a fit to train alone would publish, from its factors and without baskets."""
    none = np.zeros(0, np.int32)
    lists = Together(np.zeros(len(folder.items) + 1, np.int64), none, none.astype(np.float32), none)
    popularity = np.asarray(folder.train.sum(axis=0), np.float32).ravel()
    return Bundle(folder.items, factors, popularity, lists, Manifest(NOW, settings, {}))
