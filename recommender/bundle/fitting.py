"""From what happened to a bundle."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from scipy.sparse import csr_matrix

from recommender import together
from recommender.bundle.model import Bundle, Manifest
from recommender.interactions import Event, Interactions, gather, until
from recommender.settings import Settings
from recommender.taste import factorise


def fit(
    events: Iterable[Event], baskets: Iterable[Sequence[str]], *, settings: Settings, now: float
) -> Bundle:
    """Fit everything to what had happened by `now` (POSIX seconds).

    Without baskets, what one shopper bought counts as one. The same events, in any order, give
    the same bundle. ValueError on times that are no numbers; no events give an empty bundle.
    """
    known = until(events, now)
    gathered = gather(known, weights=settings.weights, now=now)
    column_of = {item: column for column, item in enumerate(gathered.items)}
    bought = _bought(known, gathered, column_of)
    by_basket = together.basket_matrix(baskets, column_of)
    lists = together.count(
        by_basket if by_basket.shape[0] else bought, bought, exponent=settings.exponent
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


def _bought(
    events: list[Event], gathered: Interactions, column_of: Mapping[str, int]
) -> csr_matrix:
    """(users × items), not 0 where a shopper bought an item."""
    row_of = {user: row for row, user in enumerate(gathered.users)}
    pairs = {
        (row_of[event.user], column_of[event.item])
        for event in events
        if event.kind == "purchase" and event.user in row_of and event.item in column_of
    }
    rows, columns = zip(*pairs, strict=True) if pairs else ((), ())
    shape = (len(row_of), len(column_of))
    return csr_matrix((np.ones(len(pairs), np.float32), (rows, columns)), shape=shape)
