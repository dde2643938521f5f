"""From what happened to a bundle."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from recommender import together
from recommender.bundle.model import Bundle, Manifest
from recommender.interactions import Event, Interactions, gather, until
from recommender.settings import Settings
from recommender.taste import factorise


def fit(
    events: Iterable[Event],
    baskets: Iterable[Sequence[str]],
    *,
    settings: Settings,
    now: float,
    kinds: Mapping[str, str] | None = None,
) -> Bundle:
    """Fit everything to what had happened by `now` (POSIX seconds).

    Without baskets, what one shopper bought counts as one. With the kind of each item, what was
    seldom bought borrows from its kind. The same events, in any order, give the same bundle.
    ValueError on times that are no numbers; no events give an empty bundle.
    """
    known = until(events, now)
    gathered = gather(known, weights=settings.weights, now=now)
    column_of = {item: column for column, item in enumerate(gathered.items)}
    bought = _bought(known, gathered, column_of)
    by_basket = together.basket_matrix(baskets, column_of)
    lists = together.count(
        by_basket if by_basket.shape[0] else bought,
        bought,
        exponent=settings.exponent,
        kinds=_coded(gathered.items, kinds) if kinds else None,
    )
    counts = {
        "users": len(gathered.users),
        "items": len(gathered.items),
        "interactions": int(gathered.user_items.nnz),
        "baskets": int(by_basket.shape[0]),
        "pairs": len(lists.others),
    }
    return Bundle(
        items=gathered.items,
        item_factors=factorise(gathered.user_items, settings.taste),
        popularity=np.asarray(gathered.user_items.sum(axis=0), np.float32).ravel(),
        together=lists,
        manifest=Manifest(now, settings, counts),
    )


def _coded(items: Sequence[str], kinds: Mapping[str, str]) -> NDArray[np.int64]:
    """The kind of each item, coded from 0; items without one are of one kind together."""
    named = [kinds.get(item, "") for item in items]
    codes = {name: code for code, name in enumerate(sorted(set(named)))}
    return np.array([codes[name] for name in named], np.int64)


def _bought(
    events: list[Event], gathered: Interactions, column_of: Mapping[str, int]
) -> csr_matrix:
    """(users × items), 1 where a shopper bought an item."""
    row_of = {user: row for row, user in enumerate(gathered.users)}
    rows, columns = [], []
    for event in events:
        if event.kind == "purchase" and event.user in row_of and event.item in column_of:
            rows.append(row_of[event.user])
            columns.append(column_of[event.item])
    shape = (len(row_of), len(column_of))
    bought = csr_matrix((np.ones(len(rows), np.float32), (rows, columns)), shape=shape)
    bought.sum_duplicates()
    bought.data[:] = 1.0
    return bought
