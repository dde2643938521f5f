"""The scan for groups over a million likes: seconds and memory."""

import resource
import time
from collections.abc import Iterator

import numpy as np

from bench.measure import Figure
from retail.fairness.lockstep import find_groups

LIKES, MEMBERS, LOOKS = 1_000_000, 60_000, 25_000


def figures() -> Iterator[Figure]:
    """Members who like some looks each, famous ones more often."""
    chance = np.random.default_rng(0)
    fame = chance.pareto(1.5, LOOKS) + 0.2
    members = chance.integers(MEMBERS, size=LIKES)
    looks = chance.choice(LOOKS, LIKES, p=fame / fame.sum())
    both = np.unique(np.stack([members, looks], axis=1), axis=0)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.perf_counter()
    found = find_groups(both[:, 0], both[:, 1], least_members=8, least_looks=3, least_density=0.4)
    seconds = time.perf_counter() - began
    memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    note = f"{len(both)} likes of {MEMBERS} members, {len(found)} groups"
    yield Figure("lockstep scan over a million likes", seconds, 30, 10, "lower", "s", note)
    yield Figure("memory of that scan", memory, 2_000, 1_000, "lower", "MB")
