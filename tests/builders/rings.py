"""A society of members who like looks, and a ring among them that likes for hire."""

from dataclasses import dataclass

import numpy as np

from retail.fairness.lockstep import Ints


@dataclass(frozen=True)
class Ring:
    """Who belongs to the ring, and which looks it was hired for."""

    members: frozenset[int]
    looks: frozenset[int]


def society(
    chance: np.random.Generator,
    *,
    density: float,
    members: int = 5_000,
    looks: int = 3_000,
    ring_members: int = 40,
    ring_looks: int = 8,
    likes_each: float = 12,
    tastes: int = 20,
) -> tuple[Ints, Ints, Ring]:
    """Likes as pairs of member and look, and the ring that is hidden in them.

    Natural likes follow popularity, and two in three the member's taste; a tenth of all members
    are fans who like half of one stylist's eight looks. The ring's members like a few looks
    naturally, so that nothing gives them away but what they do together.
    """
    fame = chance.pareto(1.5, looks) + 0.2
    taste_of = chance.integers(tastes, size=looks)
    by_taste = [np.flatnonzero(taste_of == taste) for taste in range(tastes)]
    ring = chance.choice(members, ring_members, replace=False)
    hired = chance.choice(looks, ring_looks, replace=False)
    in_ring = set(ring.tolist())
    pairs: set[tuple[int, int]] = set()
    for member in range(members):
        number = chance.poisson(3 if member in in_ring else likes_each)
        mine = by_taste[chance.integers(tastes)]
        for pool, share in ((mine, 2 / 3), (np.arange(looks), 1 / 3)):
            weights = fame[pool] / fame[pool].sum()
            liked = chance.choice(pool, min(round(number * share), len(pool)), p=weights)
            pairs.update((member, int(look)) for look in liked)
        if member not in in_ring and chance.random() < 0.1:
            first = int(chance.integers(looks // 8)) * 8
            pairs.update((member, first + n) for n in range(8) if chance.random() < 0.5)
    for member in ring.tolist():
        pairs.update((member, int(look)) for look in hired if chance.random() < density)
    both = np.array(sorted(pairs), dtype=np.int64)
    return both[:, 0], both[:, 1], Ring(frozenset(in_ring), frozenset(hired.tolist()))
