"""Ranking many shoppers at once, by the same terms as `ranking` and without reasons."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags

from recommender.friends import FLOOR
from recommender.settings import Settings
from recommender.taste import Floats, fold_in, prior_of

BLOCK = 256  # shoppers scored at once


@dataclass(frozen=True, eq=False)
class Top:
    """The best items of some shoppers: `items` (shoppers × places), best first.

    `has_friend` is as large: whether a friend has the item, so that she can be credited.
    """

    shoppers: NDArray[np.intp]
    items: NDArray[np.intp]
    has_friend: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Crowd:
    """Shoppers with what they did (users × items), their friends (users × users, 0 or 1).

    `item_factors` (items × factors) may come from a fit to others than these.
    """

    user_items: csr_matrix
    friends: csr_matrix
    item_factors: Floats
    settings: Settings

    def tastes(self) -> Floats:
        """Factors of every shopper, (users × factors), 0 without history."""
        taste = self.settings.taste
        prior = prior_of(self.item_factors, taste.regularisation)
        return fold_in(self.user_items, self.item_factors, prior, taste.alpha)


def best(
    crowd: Crowd,
    shoppers: NDArray[np.intp],
    top: int,
    *,
    masked: csr_matrix,
    tastes: Floats | None = None,
) -> Iterator[Top]:
    """The `top` items of each shopper, block by block, without those that `masked` holds."""
    tastes = crowd.tastes() if tastes is None else tastes
    say, has = _say(crowd.friends, tastes), _at_most_one(crowd.user_items)
    stand_ins = _stand_ins(crowd, tastes)
    popularity = np.asarray(crowd.user_items.sum(axis=0), np.float32).ravel()
    kinds = _kinds(crowd, stand_ins)
    for start in range(0, len(shoppers), BLOCK):
        rows = shoppers[start : start + BLOCK]
        scores = np.where((kinds[rows] == 1)[:, None], stand_ins[rows], tastes[rows])
        scores = scores @ crowd.item_factors.T
        scores[kinds[rows] == 2] = popularity
        votes = (say[rows] @ has).tocsr()
        _scale(scores, crowd.settings.blend.taste)
        voted = np.zeros(scores.shape, np.float32)
        cells = (np.repeat(np.arange(len(rows)), np.diff(votes.indptr)), votes.indices)
        voted[cells] = votes.data
        claims = voted > 0
        _scale(voted, crowd.settings.blend.votes)
        scores += voted
        scores[masked[rows].nonzero()] = -np.inf
        yield _top(rows, scores, claims, top, crowd.settings.blend.names)


def _kinds(crowd: Crowd, stand_ins: Floats) -> NDArray[np.intp]:
    """0 with a history, 1 with friends alone, 2 with neither."""
    has_history = np.diff(crowd.user_items.indptr) > 0
    return np.where(has_history, 0, np.where(stand_ins.any(axis=1), 1, 2))


def _scale(scores: Floats, weight: float) -> None:
    """In place to standard deviations times weight; a row without spread says nothing."""
    scores -= scores.mean(axis=1, keepdims=True)
    spread = scores.std(axis=1, keepdims=True)
    scores *= np.where(spread > 0, weight / np.maximum(spread, 1e-12), 0.0).astype(np.float32)


def _at_most_one(matrix: csr_matrix) -> csr_matrix:
    capped = matrix.astype(np.float32)
    capped.data = np.minimum(capped.data, 1.0)
    return capped


def _say(friends: csr_matrix, tastes: Floats) -> csr_matrix:
    """w of each friend, (users × users), rows summing to 1; see `friends.say`."""
    norms = np.linalg.norm(tastes, axis=1, keepdims=True)
    unit = np.divide(tastes, norms, out=np.zeros_like(tastes), where=norms > 0)
    pairs = friends.tocoo()
    cosines = np.einsum("ij,ij->i", unit[pairs.row], unit[pairs.col])
    weights = np.maximum(cosines, 0.0) + FLOOR
    say = csr_matrix((weights, (pairs.row, pairs.col)), shape=friends.shape)
    totals = np.asarray(say.sum(axis=1)).ravel()
    scale = np.divide(1.0, totals, out=np.zeros_like(totals), where=totals > 0)
    return (diags(scale) @ say).tocsr().astype(np.float32)


def _stand_ins(crowd: Crowd, tastes: Floats) -> Floats:
    """The mean taste of everybody's friends, (users × factors); see `friends.stand_in`."""
    busy = np.sqrt(np.diff(crowd.user_items.indptr)).astype(np.float32)
    weighed = (crowd.friends @ diags(busy)).tocsr()
    totals = np.maximum(np.asarray(weighed.sum(axis=1)), 1.0)
    return np.asarray(weighed @ tastes / totals, np.float32)


def _top(
    rows: NDArray[np.intp], scores: Floats, claims: NDArray[np.bool_], top: int, names: float
) -> Top:
    """Which are shown, by scores and names; then in order of score, ties by item."""
    places = min(top, scores.shape[1])
    shown = scores + np.float32(names) * claims if names else scores
    some = np.sort(np.argpartition(-shown, places - 1, axis=1)[:, :places], axis=1)
    order = np.argsort(-np.take_along_axis(scores, some, axis=1), axis=1, kind="stable")
    items = np.take_along_axis(some, order, axis=1)
    return Top(rows, items, np.take_along_axis(claims, items, axis=1))
