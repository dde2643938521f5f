"""All that a request amounts to: the terms of a score over all items, and how they are weighed."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from recommender import friends as circle
from recommender.bundle import Bundle
from recommender.interactions import Event, confidences, until
from recommender.taste import Floats, fold_in

# A spread that is so small a share of the values is how sums were rounded.
NO_SPREAD = 1e-9


@dataclass(frozen=True)
class Friend:
    """A friend with what she did, only what she agreed to show; whose `user` it is, is not read."""

    id: str
    events: tuple[Event, ...]


@dataclass(frozen=True, kw_only=True)
class Request:
    """`anchors` were just bought or are looked at; `owned` and anchors are not suggested.

    `allowed` None allows everything. A `sieve` is asked about some of that at a time, the best
    first, until enough went through: it gives those of them that may be suggested, with others
    perhaps. Events after `now` (POSIX seconds) are left out.
    """

    anchors: tuple[str, ...] = ()
    history: tuple[Event, ...] = ()
    friends: tuple[Friend, ...] = ()
    allowed: Collection[str] | None = None
    sieve: Callable[[Sequence[str]], Collection[str]] | None = None
    owned: frozenset[str] = frozenset()
    top: int = 10
    now: float


@dataclass(frozen=True, eq=False)
class Term:
    """One term over all items: its raw `values`, its weight, and mean and scale over items.

    `places` are the items that have a value, in order; all others have 0. None means that each has
    one. Few have, of all terms but taste, and a request of many items is mostly what it writes to
    memory: so nothing is written for those without.
    """

    values: NDArray[np.floating]
    places: NDArray[np.intp] | None
    weight: float
    mean: float
    scale: float

    def of(self, item: int) -> float:
        """The raw value of an item."""
        if self.places is None:
            return float(self.values[item])
        at = int(np.searchsorted(self.places, item))
        return float(self.values[at]) if at < len(self.places) and self.places[at] == item else 0.0

    def part(self, raw: float) -> float:
        """What a raw value adds to a score, with weight, mean and scale frozen."""
        return self.weight * (raw - self.mean) / self.scale


@dataclass(frozen=True, eq=False)
class Scene:
    """Everything that a request amounts to."""

    terms_of: Mapping[str, Term]
    votes: circle.Votes
    has_anchor: list[bool]
    anchors: list[int] = field(default_factory=list)

    def score(self, terms: Mapping[str, float]) -> float:
        """The score of raw terms, with weights, mean and scale frozen."""
        return sum(self.terms_of[name].part(value) for name, value in terms.items())

    def terms(self, item: int) -> dict[str, float]:
        """The raw terms of one item."""
        return {name: term.of(item) for name, term in self.terms_of.items()}

    def parts(self, terms: Mapping[str, float]) -> dict[str, float]:
        """What each of an item's raw terms adds to its score."""
        return {name: self.terms_of[name].part(raw) for name, raw in terms.items()}

    def votes_part(self, friend: int, item: int) -> float:
        """What one friend's vote adds to the score of one item."""
        votes = self.terms_of["votes"]
        return votes.weight * self.votes.of(friend, item) / votes.scale

    def scores(self) -> Floats:
        """The scores of all items, (items,)."""
        taste = self.terms_of["taste"]
        total = np.multiply(taste.values, taste.weight / taste.scale, dtype=np.float32)
        total += self.score(dict.fromkeys(self.terms_of, 0.0))
        for term in self.terms_of.values():
            if term.places is not None:
                total[term.places] += term.weight / term.scale * term.values
        return np.asarray(total, np.float32)

    def friends_have(self) -> NDArray[np.intp]:
        """The items that a friend can be credited for, in order."""
        places = self.terms_of["votes"].places
        assert places is not None
        return places


def look(bundle: Bundle, request: Request) -> Scene:
    """Work out every term of a request over all items."""
    history = _rows(bundle, [request.history], request.now)
    has = _rows(bundle, [friend.events for friend in request.friends], request.now)
    settings = bundle.settings
    tastes = fold_in(has, bundle.item_factors, bundle.prior, settings.taste.alpha)
    shopper = fold_in(history, bundle.item_factors, bundle.prior, settings.taste.alpha)[0]
    votes = circle.cast(has, circle.say(shopper, tastes))
    anchors = [bundle.column_of[a] for a in request.anchors if a in bundle.column_of]
    blend, items = settings.blend, len(bundle.items)
    x = shopper if history.nnz else circle.stand_in(tastes, has)
    return Scene(
        {
            "taste": _taste(bundle, x, blend.taste) if x.any() else _popular(bundle, blend.taste),
            "together": _sparse(*_together(bundle, anchors), items, blend.together),
            "votes": _sparse(votes.each.indices, votes.each.data, items, blend.votes),
            "again": _sparse(history.indices, history.data, items, blend.again),
        },
        votes=votes,
        has_anchor=[_bought_any(f, request) for f in request.friends],
        anchors=anchors,
    )


def _taste(bundle: Bundle, taste: Floats, weight: float) -> Term:
    """By her own taste, or by her friends' where she has none yet.

    Mean and scale over all items follow from what the factors sum up to.
    """
    x, items = taste.astype(float), len(bundle.items)
    mean, square = float(x @ bundle.mean_factors), float(x @ bundle.gram @ x) / items
    scale = _scale(max(square - mean**2, 0.0) ** 0.5, square**0.5)
    return Term(bundle.item_factors @ taste, None, weight, mean, scale)


def _popular(bundle: Bundle, weight: float) -> Term:
    """Without her taste or her friends', what is popular."""
    values = bundle.popularity.astype(float)
    scale = _scale(float(values.std()), float(values.max(initial=0.0)))
    return Term(values, None, weight, float(values.mean()), scale)


def _sparse(
    columns: NDArray[np.integer], values: NDArray[np.floating], items: int, weight: float
) -> Term:
    """A term of values at columns, which add up where a column comes twice."""
    places, back = np.unique(columns, return_inverse=True)
    few = np.bincount(back, weights=values, minlength=len(places)).astype(float)
    mean = float(few.sum()) / items
    # What is 0 lies as far off as the mean is.
    squares = float(((few - mean) ** 2).sum()) + (items - len(few)) * mean**2
    scale = _scale((squares / items) ** 0.5, float(few.max(initial=0.0)))
    return Term(few, places.astype(np.intp), weight, mean, scale)


def _scale(spread: float, greatest: float) -> float:
    return spread if spread > NO_SPREAD * greatest else 1.0


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


def _together(
    bundle: Bundle, anchors: list[int]
) -> tuple[NDArray[np.integer], NDArray[np.floating]]:
    """Columns that go with the anchors, and how well; once for each anchor."""
    lists = bundle.together
    spans = [lists.of(anchor) for anchor in anchors]
    columns = [lists.others[span] for span in spans] or [np.zeros(0, np.int32)]
    values = [lists.confidence[span] for span in spans] or [np.zeros(0, np.float32)]
    return np.concatenate(columns), np.concatenate(values)


def _bought_any(friend: Friend, request: Request) -> bool:
    return any(
        event.kind == "purchase" and event.item in request.anchors and event.at <= request.now
        for event in friend.events
    )
