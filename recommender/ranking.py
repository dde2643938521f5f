"""What to suggest to one shopper now, and the reason that a sentence may be built from."""

from collections.abc import Collection, Iterator, Mapping, Set
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from recommender import friends as circle
from recommender.bundle import Bundle
from recommender.interactions import KINDS, Event, confidences, until
from recommender.taste import Floats, fold_in
from recommender.variety import spread

# Scores are compared to this many decimals, so that no order hangs on how sums were rounded.
DECIMALS = 5
# Up to so many allowed items, they are looked up; above, the best are asked whether they are.
LOOKED_UP = 2_000
FIRST = 256
# Variety chooses from so many times as many as are shown.
POOL = 5


@dataclass(frozen=True)
class Friend:
    """A friend with what she did, only what she agreed to show; whose `user` it is, is not read."""

    id: str
    events: tuple[Event, ...]


@dataclass(frozen=True, kw_only=True)
class Request:
    """`anchors` were just bought or are looked at; `owned` and anchors are not suggested.

    `allowed` None allows everything. Events after `now` (POSIX seconds) are left out.
    """

    anchors: tuple[str, ...] = ()
    history: tuple[Event, ...] = ()
    friends: tuple[Friend, ...] = ()
    allowed: Collection[str] | None = None
    owned: frozenset[str] = frozenset()
    top: int = 10
    now: float


@dataclass(frozen=True)
class Reason:
    """Only what happened: `friend` has the item and `friend_did` so (her strongest kind of event).

    `friend_has_anchor` if she bought one of the anchors. `crowd_together` is the number of
    distinct shoppers who bought both `anchor` and the item, 0 where nothing is claimed. `terms`
    are raw: taste, together, votes and again.
    """

    friend: str | None
    friend_did: str | None
    friend_has_anchor: bool
    crowd_together: int
    anchor: str | None
    terms: Mapping[str, float]


@dataclass(frozen=True)
class Suggestion:
    """An item and why; `score` is in standard deviations over all items."""

    item: str
    score: float
    reason: Reason


@dataclass(frozen=True, eq=False)
class Scene:
    """Everything that a request amounts to: raw terms over all items, and how they are weighed."""

    raw: Mapping[str, NDArray[np.float64]]
    weight: Mapping[str, float]
    mean: Mapping[str, float]
    scale: Mapping[str, float]
    votes: circle.Votes
    has_anchor: list[bool]
    anchors: list[int] = field(default_factory=list)

    def score(self, terms: Mapping[str, float]) -> float:
        """The score of raw terms, with weights, mean and scale frozen."""
        return sum(
            self.weight[name] * (terms[name] - self.mean[name]) / self.scale[name] for name in terms
        )

    def terms(self, item: int) -> dict[str, float]:
        """The raw terms of one item."""
        return {name: float(values[item]) for name, values in self.raw.items()}

    def scores(self) -> NDArray[np.float64]:
        """The scores of all items, (items,)."""
        return sum(
            (self.weight[name] / self.scale[name]) * (values - self.mean[name])
            for name, values in self.raw.items()
        ) + np.zeros(len(self.raw["taste"]))


def rank(bundle: Bundle, request: Request) -> list[Suggestion]:
    """The `top` best items for a request, best first; ties by id.

    Whatever the bundle does not know is left out; nothing known gives an empty list. ValueError
    on times that are no numbers.
    """
    if not bundle.items or request.top <= 0:
        return []
    scene = look(bundle, request)
    scores = np.round(scene.scores(), DECIMALS)
    return [
        Suggestion(bundle.items[item], float(scores[item]), _reason(bundle, request, scene, item))
        for item in _chosen(bundle, request, scene, scores)
    ]


def look(bundle: Bundle, request: Request) -> Scene:
    """Work out every term of a request over all items."""
    history = _rows(bundle, [request.history], request.now)
    has = _rows(bundle, [friend.events for friend in request.friends], request.now)
    settings = bundle.settings
    tastes = fold_in(has, bundle.item_factors, bundle.prior, settings.taste.alpha)
    shopper = fold_in(history, bundle.item_factors, bundle.prior, settings.taste.alpha)[0]
    votes = circle.cast(has, circle.say(shopper, tastes))
    anchors = [bundle.column_of[a] for a in request.anchors if a in bundle.column_of]
    raw = {
        "taste": _taste(bundle, history, shopper, circle.stand_in(tastes, has)),
        "together": _together(bundle, anchors),
        "votes": votes.term(),
        "again": np.asarray(history.toarray(), float).ravel(),
    }
    return Scene(
        raw,
        weight={name: float(getattr(settings.blend, name)) for name in raw},
        mean={name: float(values.mean()) for name, values in raw.items()},
        scale={name: float(values.std()) or 1.0 for name, values in raw.items()},
        votes=votes,
        has_anchor=[_bought_any(f, request) for f in request.friends],
        anchors=anchors,
    )


def _rows(bundle: Bundle, lists: list[tuple[Event, ...]], now: float) -> csr_matrix:
    known = [(row, event) for row, events in enumerate(lists) for event in until(events, now)]
    rows = np.fromiter((row for row, _ in known), np.intp, len(known))
    events = [event for _, event in known]
    return confidences(
        events,
        rows,
        len(lists),
        bundle.column_of,
        weights=bundle.settings.weights,
        now=now,
    )


def _taste(
    bundle: Bundle, history: csr_matrix, shopper: Floats, stand_in: Floats
) -> NDArray[np.float64]:
    """By her own taste; without any by her friends', without those by what is popular."""
    if history.nnz:
        return np.asarray(bundle.item_factors @ shopper, float)
    if stand_in.any():
        return np.asarray(bundle.item_factors @ stand_in, float)
    return np.asarray(bundle.popularity, float)


def _together(bundle: Bundle, anchors: list[int]) -> NDArray[np.float64]:
    term = np.zeros(len(bundle.items))
    for anchor in anchors:
        span = bundle.together.of(anchor)
        term[bundle.together.others[span]] += bundle.together.confidence[span]
    return term


def _bought_any(friend: Friend, request: Request) -> bool:
    return any(
        event.kind == "purchase" and event.item in request.anchors and event.at <= request.now
        for event in friend.events
    )


def _chosen(
    bundle: Bundle, request: Request, scene: Scene, scores: NDArray[np.float64]
) -> list[int]:
    """Which are shown, by scores, names and variety; then in order of score, ties by id."""
    blend = bundle.settings.blend
    shown = scores + blend.names * (scene.raw["votes"] > 0)
    wanted = request.top * (POOL if blend.variety else 1)
    pool = np.array(_allowed(bundle, request, shown, wanted), np.intp)
    if blend.variety:
        factors = bundle.item_factors[pool]
        pool = pool[spread(shown[pool], factors, top=request.top, strength=blend.variety)]
    pool.sort()
    return [int(item) for item in pool[np.argsort(-scores[pool], kind="stable")]]


def _allowed(
    bundle: Bundle, request: Request, shown: NDArray[np.float64], wanted: int
) -> list[int]:
    """The best items that may be suggested, best first."""
    out = request.owned | frozenset(request.anchors)
    allowed = request.allowed
    if allowed is not None and len(allowed) <= LOOKED_UP:
        known = (bundle.column_of.get(item, -1) for item in set(allowed) - out)
        places = np.array(sorted(place for place in known if place >= 0), np.intp)
        return [int(places[i]) for i in np.argsort(-shown[places], kind="stable")[:wanted]]
    if allowed is not None and not isinstance(allowed, Set):
        allowed = frozenset(allowed)
    chosen: list[int] = []
    for item in _best_first(shown):
        name = bundle.items[item]
        if name not in out and (allowed is None or name in allowed):
            chosen.append(item)
            if len(chosen) == wanted:
                break
    return chosen


def _best_first(scores: NDArray[np.float64]) -> Iterator[int]:
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
    return Reason(
        friend=friend.id if friend else None,
        friend_did=_did(friend, bundle.items[item], request.now) if friend else None,
        friend_has_anchor=place is not None and scene.has_anchor[place],
        crowd_together=shoppers,
        anchor=anchor,
        terms=scene.terms(item),
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
