"""What to suggest to one shopper now, and the reason that a sentence may be built from."""

from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import islice

import numpy as np

from recommender.bundle import Bundle
from recommender.interactions import KINDS
from recommender.scene import Friend, Request, Scene, look
from recommender.taste import Floats
from recommender.variety import spread

__all__ = ["Friend", "Reason", "Request", "Suggestion", "look", "rank"]

# Scores are compared to this many decimals, so that no order hangs on how sums were rounded.
DECIMALS = 5
# Up to so many allowed items, they are looked up; above, the best are asked whether they are.
LOOKED_UP = 2_000
FIRST = 256
# A sieve is asked about so many first, and about twice as many each time after.
ASKED_FIRST = 500
# Variety chooses from so many times as many as are shown.
POOL = 5


@dataclass(frozen=True)
class Reason:
    """Only what happened: `friend` has the item and `friend_did` so (her strongest kind of event).

    `friend_has_anchor` if she bought one of the anchors. `crowd_together` is the number of
    distinct shoppers who bought both `anchor` and the item, 0 where nothing is claimed. `terms`
    are raw: taste, together, votes and again. `parts` are what each adds to the score, to which
    they sum, and `friend_part` what of the votes' part is the friend's.
    """

    friend: str | None
    friend_did: str | None
    friend_has_anchor: bool
    crowd_together: int
    anchor: str | None
    terms: Mapping[str, float]
    parts: Mapping[str, float]
    friend_part: float


@dataclass(frozen=True)
class Suggestion:
    """An item; `score` is in standard deviations over all items."""

    item: str
    score: float
    _reason: Callable[[], Reason] = field(repr=False, compare=False)

    @cached_property
    def reason(self) -> Reason:
        """Why it is suggested; worked out once asked for, as of most suggestions nobody asks."""
        return self._reason()


def rank(bundle: Bundle, request: Request) -> list[Suggestion]:
    """The `top` best items for a request, best first; ties by id.

    Whatever the bundle does not know is left out; nothing known gives an empty list. ValueError
    on times that are no numbers.
    """
    if not bundle.items or request.top <= 0:
        return []
    scene = look(bundle, request)
    scores = scene.scores()
    np.round(scores, DECIMALS, out=scores)
    return [
        Suggestion(
            bundle.items[item],
            float(scores[item]),
            partial(_reason, bundle, request, scene, item),
        )
        for item in _chosen(bundle, request, scene, scores)
    ]


def _chosen(bundle: Bundle, request: Request, scene: Scene, scores: Floats) -> list[int]:
    """Which are shown, by scores, names and variety; then in order of score, ties by id."""
    blend = bundle.settings.blend
    named = scene.friends_have()
    without = scores[named]
    scores[named] += blend.names
    wanted = request.top * (POOL if blend.variety else 1)
    pool = np.array(_allowed(bundle, request, scores, wanted), np.intp)
    if blend.variety:
        factors = bundle.item_factors[pool]
        pool = pool[spread(scores[pool], factors, top=request.top, strength=blend.variety)]
    scores[named] = without
    pool.sort()
    return [int(item) for item in pool[np.argsort(-scores[pool], kind="stable")]]


def _allowed(bundle: Bundle, request: Request, shown: Floats, wanted: int) -> list[int]:
    """The best items that may be suggested, best first."""
    candidates = _candidates(bundle, request, shown)
    if request.sieve is None:
        return list(islice(candidates, wanted))
    chosen: list[int] = []
    size = ASKED_FIRST
    while len(chosen) < wanted and (several := list(islice(candidates, size))):
        names = [bundle.items[item] for item in several]
        passed = request.sieve(names)
        chosen += [item for item, name in zip(several, names, strict=True) if name in passed]
        size *= 2
    return chosen[:wanted]


def _candidates(bundle: Bundle, request: Request, shown: Floats) -> Iterator[int]:
    """Every item that is allowed and not owned, best first."""
    out = request.owned | frozenset(request.anchors)
    allowed = request.allowed
    if allowed is not None and len(allowed) <= LOOKED_UP:
        known = (bundle.column_of.get(item, -1) for item in set(allowed) - out)
        places = np.array(sorted(place for place in known if place >= 0), np.intp)
        yield from (int(places[i]) for i in np.argsort(-shown[places], kind="stable"))
        return
    if allowed is not None and not isinstance(allowed, Set):
        allowed = frozenset(allowed)
    for item in _best_first(shown):
        name = bundle.items[item]
        if name not in out and (allowed is None or name in allowed):
            yield item


def _best_first(scores: Floats) -> Iterator[int]:
    """Every index, best score first, ties by index; sorts no further than is asked for."""
    if len(scores) > FIRST:
        least = np.partition(scores, len(scores) - FIRST)[len(scores) - FIRST]
        head = np.flatnonzero(scores >= least)
        yield from (int(i) for i in head[np.argsort(-scores[head], kind="stable")])
        scores = np.where(scores >= least, -np.inf, scores)
        order = np.argsort(-scores, kind="stable")[: len(scores) - len(head)]
    else:
        order = np.argsort(-scores, kind="stable")
    yield from (int(i) for i in order)


def _reason(bundle: Bundle, request: Request, scene: Scene, item: int) -> Reason:
    place = scene.votes.credited(item, scene.has_anchor) if request.friends else None
    friend = None if place is None else request.friends[place]
    anchor, shoppers = _crowd(bundle, scene.anchors, item)
    terms = scene.terms(item)
    return Reason(
        friend=friend.id if friend else None,
        friend_did=_did(friend, bundle.items[item], request.now) if friend else None,
        friend_has_anchor=place is not None and scene.has_anchor[place],
        crowd_together=shoppers,
        anchor=anchor,
        terms=terms,
        parts=scene.parts(terms),
        friend_part=0.0 if place is None else scene.votes_part(place, item),
    )


def _did(friend: Friend, item: str, now: float) -> str | None:
    kinds = {event.kind for event in friend.events if event.item == item and event.at <= now}
    return next((kind for kind in KINDS if kind in kinds), None)


def _crowd(bundle: Bundle, anchors: list[int], item: int) -> tuple[str | None, int]:
    """The anchor that the item goes best with, and who bought both."""
    best: tuple[float, str | None, int] = (0.0, None, 0)
    for anchor in anchors:
        span = bundle.together.of(anchor)
        for place in np.flatnonzero(bundle.together.others[span] == item):
            confidence = float(bundle.together.confidence[span][place])
            if confidence > best[0]:
                shoppers = int(bundle.together.shoppers[span][place])
                best = (confidence, bundle.items[anchor], shoppers)
    return best[1], best[2]
