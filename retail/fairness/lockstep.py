"""Groups of members who like the same sets of looks. Arrays in, arrays out; numpy alone.

Two looks are tied where the members who like both like little else: each shared member adds one
over the number of their other likes, as in Adamic and Adar, "Friends and neighbors on the Web"
(2003). Looks tied to one another are a candidate; it is then narrowed, by turns, to the members
who like enough of its looks and the looks that enough of its members like, and kept where it is
large, dense and most of what its members do.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

# Whoever likes more than this is no hired hand: those are paid for few looks.
MOST_LIKES = 120
LEAST_TIE, LEAST_SHARED, LEAST_LIFT = 0.3, 4, 5.0
# A candidate of more looks than this is split where its ties are weakest.
MOST_LOOKS = 40
LEAST_CONCENTRATION, LEAST_OF_GROUP = 0.45, 0.3


@dataclass(frozen=True)
class Group:
    """Members and looks, by their numbers, and the share of all their pairs that are likes."""

    members: Ints
    looks: Ints
    density: float


def find_groups(
    members: Ints, looks: Ints, *, least_members: int, least_looks: int, least_density: float
) -> list[Group]:
    """The groups in likes, given as pairs of a member's and a look's number from 0, each once."""
    if not len(members):
        return []
    given = np.bincount(members)
    received = np.bincount(looks)
    is_usable = (received[looks] >= least_members) & (given[members] <= MOST_LIKES)
    by_member = np.argsort(members[is_usable], kind="stable")
    who, what = members[is_usable][by_member], looks[is_usable][by_member]
    a, b, tie = _ties(who, what, given, received)
    by_look = np.argsort(what, kind="stable")
    likers = who[by_look]
    first = np.searchsorted(what[by_look], np.arange(len(received) + 1))
    found = []
    for candidate in _candidates(a, b, tie, len(received)):
        group = _narrowed(candidate, likers, first, given, least_looks)
        if group is None:
            continue
        is_large = len(group.members) >= least_members and len(group.looks) >= least_looks
        if is_large and group.density >= least_density:
            found.append(group)
    return found


def _ties(who: Ints, what: Ints, given: Ints, received: Ints) -> tuple[Ints, Ints, Floats]:
    """Pairs of looks and how strongly they are tied, of those tied beyond chance."""
    looks = np.int64(len(received))
    keys, weights = [], []
    for pairs, degree in _pairs(who, what):
        keys.append(pairs.min(axis=1) * looks + pairs.max(axis=1))
        weights.append(1.0 / np.maximum(given[degree] - 1, 1))
    if not keys:
        none = np.empty(0, dtype=np.int64)
        return none, none, np.empty(0)
    pair, place, shared = np.unique(np.concatenate(keys), return_inverse=True, return_counts=True)
    tie = np.bincount(place, weights=np.concatenate(weights))
    a, b = pair // looks, pair % looks
    expected = received[a] * received[b] / len(given)
    is_tied = (tie >= LEAST_TIE) & (shared >= LEAST_SHARED) & (shared >= LEAST_LIFT * expected)
    # What is loved by all is tied to all that is loved; fame must not hide who is hired.
    strength = tie * np.sqrt(shared / expected) / np.sqrt(received[a] * received[b])
    return a[is_tied], b[is_tied], strength[is_tied]


def _pairs(who: Ints, what: Ints) -> Iterator[tuple[Ints, Ints]]:
    """All pairs of looks liked by the same member, with that member; members alike at once."""
    starts = np.flatnonzero(np.r_[True, who[1:] != who[:-1]]) if len(who) else np.empty(0, int)
    lengths = np.diff(np.r_[starts, len(who)])
    for length in np.unique(lengths[lengths > 1]):
        first = starts[lengths == length]
        rows = what[first[:, None] + np.arange(length)]
        left, right = np.triu_indices(length, k=1)
        pairs = np.stack([rows[:, left].ravel(), rows[:, right].ravel()], axis=1)
        yield pairs, np.repeat(who[first], len(left))


def _candidates(a: Ints, b: Ints, tie: Floats, looks: int) -> Iterator[Ints]:
    """Sets of looks tied to one another; those too large are split where they hang together least.

    Every round asks for half as much again, so it ends.
    """
    while len(a):
        label = _components(a, b, looks)
        size = np.bincount(label[np.unique(np.r_[a, b])], minlength=looks)
        for root in np.flatnonzero((size > 1) & (size <= MOST_LOOKS)):
            yield np.flatnonzero(label == root)
        is_large = size[label[a]] > MOST_LOOKS
        a, b, tie = a[is_large], b[is_large], tie[is_large]
        is_strong = tie >= 1.5 * tie.min(initial=np.inf)
        a, b, tie = a[is_strong], b[is_strong], tie[is_strong]


def _components(a: Ints, b: Ints, nodes: int) -> Ints:
    """For each node the smallest number of those it hangs together with."""
    label = np.arange(nodes)
    while True:
        lowest = np.minimum(label[a], label[b])
        before = label.copy()
        np.minimum.at(label, a, lowest)
        np.minimum.at(label, b, lowest)
        label = label[label]
        if np.array_equal(before, label):
            return label


def _narrowed(
    looks: Ints, likers: Ints, first: Ints, given: Ints, least_looks: int
) -> Group | None:
    """Members whose likes are largely for these looks, and looks that many of them like.

    `likers` are the members by look, those of a look from its `first` on.
    """
    who = np.concatenate([likers[first[look] : first[look + 1]] for look in looks])
    what = np.repeat(np.arange(len(looks)), first[looks + 1] - first[looks])
    is_in, share = np.ones(len(looks), dtype=bool), 0.0
    for _ in range(4):
        anyone, liked = np.unique(who[is_in[what]], return_counts=True)
        enough = max(least_looks, share * int(is_in.sum()))
        chosen = anyone[(liked >= enough) & (liked >= LEAST_CONCENTRATION * given[anyone])]
        by_them = np.bincount(what[np.isin(who, chosen)], minlength=len(looks))
        is_in &= by_them >= max(2, LEAST_OF_GROUP * len(chosen))
        if not len(chosen) or not is_in.any():
            return None
        # The first looks are still those of several groups, of which nobody likes a large part.
        share = LEAST_OF_GROUP
    density = float(by_them[is_in].sum() / (len(chosen) * is_in.sum()))
    return Group(chosen, looks[is_in], density)
