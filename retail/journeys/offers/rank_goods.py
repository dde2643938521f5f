"""Rank goods for an offer by the bundle that a brand's training published last."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path

from recommender.bundle import Bundle
from recommender.interactions import Event
from recommender.ranking import Friend, Request, Suggestion, rank
from retail.offers.rules import Had, Question, Ranker, Tip, Why
from retail.training.serving import current

# So many are ranked; where none of them is here, those are that are.
MOST = 200
# Answers of models about styles alone; then it begins again.
MOST_KEPT = 2_000
GoesWith = Callable[[tuple[str, ...]], Sequence[str]]
_together: dict[tuple[Path, str, str, tuple[str, ...]], tuple[str, ...]] = {}


def ranker_of(brand_id: str, data_dir: Path) -> Ranker | None:
    """What ranks for a brand; None as long as nothing was learned that is good enough."""
    serving = current(brand_id, data_dir)
    return None if serving is None else lambda question: _tips(*serving, question)


def goes_with(brand_id: str, data_dir: Path) -> GoesWith | None:
    """Gives what goes with some styles for anybody, the best first; None as `ranker_of`.

    What a model says of styles alone it says for ever, so it is asked once and the answer is kept.
    """
    serving = current(brand_id, data_dir)
    if serving is None:
        return None
    model, bundle = serving

    def ask(anchors: tuple[str, ...]) -> Sequence[str]:
        key = (data_dir, brand_id, model, anchors)
        if (found := _together.get(key)) is None:
            if len(_together) >= MOST_KEPT:
                _together.clear()
            found = _together[key] = _styles(bundle, anchors)
        return found

    return ask


def _styles(bundle: Bundle, anchors: tuple[str, ...]) -> tuple[str, ...]:
    # Without a history and without friends, there is nothing whose age an instant would tell.
    request = Request(anchors=anchors, owned=frozenset(anchors), top=MOST, now=0.0)
    return tuple(one.item for one in rank(bundle, request))


def _tips(model: str, bundle: Bundle, question: Question) -> Sequence[Tip]:
    request = Request(
        anchors=question.anchors,
        history=tuple(_events(question.history)),
        friends=tuple(
            Friend(friend_id, tuple(_events(had))) for friend_id, had in question.friends.items()
        ),
        sieve=question.sieve,
        owned=question.owned,
        top=MOST,
        now=question.now.timestamp(),
    )
    return [Tip(one.item, one.score, partial(_why, model, one)) for one in rank(bundle, request)]


def _why(model: str, suggestion: Suggestion) -> Why:
    reason = suggestion.reason
    return Why(
        reason.anchor,
        reason.friend,
        reason.crowd_together,
        reason.terms,
        reason.parts,
        reason.friend_part,
        model,
    )


def _events(had: Iterable[Had]) -> Iterable[Event]:
    return (Event(one.member_id, one.style_id, one.kind, one.at.timestamp()) for one in had)
