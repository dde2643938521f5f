"""A candidate, the bestsellers and what serves, on the same shoppers after one instant. Pure."""

import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from recommender.bundle import Bundle, fit
from recommender.interactions import Event
from recommender.ranking import Request, rank
from recommender.settings import Settings
from retail.training import rules
from retail.training.lessons import Lessons
from retail.training.rules import Trial, figure

Tell = Callable[[str, int], None]


@dataclass(frozen=True)
class Shopper:
    """What a shopper did before an instant, and what new styles they bought after it."""

    before: tuple[Event, ...]
    bought: frozenset[str]


def try_out(
    lessons: Lessons, serving: Bundle | None, *, settings: Settings, tell: Tell
) -> Trial | None:
    """How a model fitted like the candidate does; None where too few shoppers can tell.

    The instant is such that the newest fifth of purchases comes after it, and never before what
    serves was fitted, as that would be asked what it had been told. Where too few bought something
    since, what serves is left out.
    """
    bought = sorted(event.at for event in lessons.events if event.kind == "purchase")
    if not bought:
        return None
    newest_fifth = bought[int(len(bought) * (1 - rules.TRIED_SHARE))]
    known_until = serving.manifest.fitted_at if serving else -math.inf
    cuts = [(max(newest_fifth, known_until), serving), (known_until, serving), (newest_fifth, None)]
    for cut, beside in cuts:
        shoppers = shoppers_after(lessons.events, cut) if math.isfinite(cut) else []
        if len(shoppers) >= rules.FEWEST_TRIED:
            tell("trying", 30)
            earlier = [one.styles for one in lessons.baskets if one.at <= cut]
            candidate = fit(
                lessons.events, earlier, settings=settings, now=cut, kinds=lessons.kinds
            )
            tell("trying", 50)
            return _compare(shoppers, candidate, beside, cut)
    return None


def shoppers_after(events: Sequence[Event], cut: float) -> list[Shopper]:
    """Those who were known by an instant and bought something new to them after it.

    In order of their names, which are hashes, so that the first so many are drawn by lot.
    """
    before, after = defaultdict(list), defaultdict(set)
    for event in events:
        if event.at <= cut:
            before[event.user].append(event)
        elif event.kind == "purchase":
            after[event.user].add(event.item)
    found = []
    for user in sorted(after):
        new = frozenset(after[user]) - _owned(before[user])
        if before[user] and new:
            found.append(Shopper(tuple(before[user]), new))
    return found[: rules.MOST_TRIED]


def ndcg(ranked: Sequence[str], wanted: frozenset[str]) -> float:
    """NDCG of a list, 0 to 1; the ideal list is as long as there are places or wanted styles."""
    gains = [1 / math.log2(place + 2) for place in range(rules.TOP)]
    gained = sum(g for g, item in zip(gains, ranked, strict=False) if item in wanted)
    return gained / sum(gains[: len(wanted)])


def _compare(
    shoppers: Sequence[Shopper], candidate: Bundle, serving: Bundle | None, cut: float
) -> Trial:
    best = _bestsellers(candidate)
    scores: Mapping[str, list[float]] = defaultdict(list)
    for one in shoppers:
        scores["candidate"].append(ndcg(_ranked(candidate, one, cut), one.bought))
        scores["popular"].append(ndcg(_without(best, one), one.bought))
        if serving is not None:
            scores["serving"].append(ndcg(_ranked(serving, one, cut), one.bought))
    mine, has_serving = scores["candidate"], serving is not None
    return Trial(
        shoppers=len(shoppers),
        candidate=figure(mine),
        popular=figure(scores["popular"]),
        over_popular=figure(_differences(mine, scores["popular"])),
        serving=figure(scores["serving"]) if has_serving else None,
        over_serving=figure(_differences(mine, scores["serving"])) if has_serving else None,
    )


def _differences(mine: Sequence[float], theirs: Sequence[float]) -> list[float]:
    return [one - other for one, other in zip(mine, theirs, strict=True)]


def _ranked(bundle: Bundle, shopper: Shopper, cut: float) -> list[str]:
    asked = Request(history=shopper.before, owned=_owned(shopper.before), top=rules.TOP, now=cut)
    return [suggestion.item for suggestion in rank(bundle, asked)]


def _bestsellers(bundle: Bundle) -> list[str]:
    return [bundle.items[i] for i in np.argsort(-bundle.popularity, kind="stable")]


def _without(best: Sequence[str], shopper: Shopper) -> list[str]:
    owned = _owned(shopper.before)
    found = []
    for item in best:
        if item not in owned:
            found.append(item)
            if len(found) == rules.TOP:
                break
    return found


def _owned(events: Sequence[Event]) -> frozenset[str]:
    return frozenset(event.item for event in events if event.kind == "purchase")
