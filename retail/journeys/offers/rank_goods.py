"""Rank goods for an offer by the bundle that a brand's training published last."""

from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path

from recommender.bundle import Bundle
from recommender.interactions import Event
from recommender.ranking import Friend, Request, Suggestion, rank
from retail.offers.rules import Had, Question, Ranker, Tip, Why
from retail.training.serving import current

# So many are ranked; where none of them is here, those are that are.
MOST = 200


def ranker_of(brand_id: str, data_dir: Path) -> Ranker | None:
    """What ranks for a brand; None as long as nothing was learned that is good enough."""
    serving = current(brand_id, data_dir)
    return None if serving is None else lambda question: _tips(*serving, question)


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
