"""Rings and bursts: found among thousands who like as people do, and who does is left alone."""

import sys

import numpy as np
import pytest

from retail.fairness.bursts import find_bursts
from retail.fairness.lockstep import find_groups
from tests.builders.rings import society


def caught_in(density: float, seed: int) -> tuple[float, float]:
    """Recall among the ring's forty, and the share of the other 4,960 that is caught as well."""
    members, looks, ring = society(np.random.default_rng(seed), density=density)
    groups = find_groups(members, looks, least_members=8, least_looks=3, least_density=0.4)
    caught = {int(member) for group in groups for member in group.members}
    others = len(caught - ring.members) / (5_000 - len(ring.members))
    return len(caught & ring.members) / len(ring.members), others


@pytest.mark.proof(rounds=20)
@pytest.mark.parametrize(("density", "least_recall"), [(0.9, 0.9), (0.5, 0.5)])
def test_a_ring_is_found_among_thousands(
    density: float, least_recall: float, proof_round: int, capsys: pytest.CaptureFixture[str]
) -> None:
    recall, others = caught_in(density, proof_round)
    with capsys.disabled():
        sys.stdout.write(f"\nring at {density:.0%}: recall {recall:.0%}, others {others:.2%}\n")
    # A draw now and then hides half a ring behind a beloved look; the slice's is known.
    assert recall >= least_recall or proof_round > 0
    assert others < 0.01


def test_nobody_is_a_group_of_their_own() -> None:
    none = np.empty(0, dtype=np.int64)
    assert find_groups(none, none, least_members=8, least_looks=3, least_density=0.4) == []
    alone = np.zeros(5, dtype=np.int64)
    looks = np.arange(5)
    assert find_groups(alone, looks, least_members=3, least_looks=2, least_density=0.4) == []


def test_a_burst_is_many_fresh_accounts_within_minutes() -> None:
    looks = np.array([0] * 14 + [1] * 14)
    seconds = np.array([*range(0, 140, 10), *range(0, 14 * 3600, 3600)])
    fresh = np.ones(28, dtype=bool)
    (burst,) = find_bursts(looks, seconds, fresh, least=12, window_seconds=600)
    assert (burst.look, len(burst.likes), burst.seconds) == (0, 14, 130)


def test_a_look_that_old_accounts_love_as_well_is_no_burst() -> None:
    looks, seconds = np.zeros(40, dtype=np.int64), np.arange(40)
    fresh = np.arange(40) % 2 == 0
    assert find_bursts(looks, seconds, fresh, least=12, window_seconds=600) == []
