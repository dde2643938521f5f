"""A scan: a brand's likes as arrays, looked at for bursts and groups, and what was found as words.

Pure: it is handed rows and hands back suspicions, so that it runs outside of any transaction.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from retail.fairness.bursts import find_bursts
from retail.fairness.lockstep import Ints, find_groups
from retail.fairness.rules import FairPlay, Suspicion


@dataclass(frozen=True)
class Liked:
    """Likes by the numbers of their members and looks; `scores` are those that can be held."""

    members: list[str]
    looks: list[str]
    member: Ints
    look: Ints
    second: Ints
    scores: np.ndarray[Any, np.dtype[np.bool_]]


def numbered(rows: Iterable[Any]) -> Liked:
    """Likes as rows of outfit, member, instant and verdict, each id turned into a number."""
    members: dict[str, int] = {}
    looks: dict[str, int] = {}
    columns: list[list[int]] = [[], [], [], []]
    for outfit_id, member_id, counted_at, verdict in rows:
        columns[0].append(members.setdefault(member_id, len(members)))
        columns[1].append(looks.setdefault(outfit_id, len(looks)))
        columns[2].append(int(counted_at.timestamp()))
        columns[3].append(verdict == "counts")
    member, look, second, scores = (np.array(column, dtype=np.int64) for column in columns)
    return Liked(list(members), list(looks), member, look, second, scores.astype(bool))


def suspicions(liked: Liked, joined: Mapping[str, datetime], play: FairPlay) -> list[Suspicion]:
    """What looks arranged: groups first, then bursts among what is left."""
    found, is_free = [], liked.scores.copy()
    for group in find_groups(
        liked.member,
        liked.look,
        least_members=play.group_members,
        least_looks=play.group_looks,
        least_density=play.group_density_percent / 100,
    ):
        inside = np.isin(liked.member, group.members) & np.isin(liked.look, group.looks)
        evidence = {
            "members": len(group.members),
            "looks": len(group.looks),
            "density_percent": round(group.density * 100),
            "least_density_percent": play.group_density_percent,
            "hours": round(float(np.ptp(liked.second[inside])) / 3600, 1),
        }
        found.append(_suspicion("group", liked, np.flatnonzero(inside & is_free), evidence))
        is_free &= ~inside
    for burst in find_bursts(
        liked.look,
        liked.second,
        _fresh(liked, joined, play),
        least=play.burst_likes,
        window_seconds=play.burst_minutes * 60,
    ):
        evidence = {
            "likes": len(burst.likes),
            "minutes": max(1, round(burst.seconds / 60)),
            "least_likes": play.burst_likes,
            "window_minutes": play.burst_minutes,
            "young_days": play.young_days,
        }
        mine = burst.likes[is_free[burst.likes]]
        found.append(_suspicion("burst", liked, mine, evidence))
    return [suspicion for suspicion in found if suspicion.likes]


def _fresh(liked: Liked, joined: Mapping[str, datetime], play: FairPlay) -> Any:
    """Whether each like's account was young and had given no more than a few likes in all."""
    given = np.bincount(liked.member, minlength=len(liked.members))
    young = timedelta(days=play.young_days).total_seconds()
    since = np.array(
        [joined[member].timestamp() if member in joined else 0.0 for member in liked.members]
    )
    if not len(since):
        return np.zeros(0, dtype=bool)
    is_young = liked.second - since[liked.member] < young
    return is_young & (given[liked.member] <= play.few_likes)


def _suspicion(kind: Any, liked: Liked, places: Ints, evidence: dict[str, Any]) -> Suspicion:
    likes = tuple((liked.looks[liked.look[n]], liked.members[liked.member[n]]) for n in places)
    return Suspicion(kind, likes, evidence)
