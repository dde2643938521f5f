"""Why somebody had an offer: for themselves, and for who explains it to them, noted for them.

Only numbers were kept, and names are not looked up for anybody else: whoever explains hears that a
friend was in it where the member may be told so still, and never which.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy.orm import Session

from core.errors import Invalid
from loyalty.experiments import queries as experiments
from loyalty.experiments.rules import EVERYTHING
from retail.access_log import rules as looking
from retail.access_log import service as access_log
from retail.journeys.offers.show_offer import facts_of
from retail.offers import queries, rules
from retail.offers.queries import OfferView
from retail.offers.rules import OfferFacts

WHY = "offer_explained"
FRIENDS_PARTS = ("votes",)
Followed = Literal["named_friend", "a_friend", "crowd", "goes_with"]


@dataclass(frozen=True)
class Part:
    """What one term added to the score, in standard deviations over all goods."""

    name: str
    adds: float


@dataclass(frozen=True)
class LeftOut:
    """How many goods that fitted too were left out by a rule, the first that each failed."""

    rule: str
    count: int


@dataclass(frozen=True)
class Drawn:
    """An experiment that was asked whether its member may have offers, and what it said."""

    experiment: str
    arm: str
    asked_at: datetime


@dataclass(frozen=True)
class Explanation:
    """Why an offer was made, as far as that may still be told.

    `follows` is what may be said of it now; `crowd` is rounded down. Where no friend may be told of
    any more, what friends added is in neither the parts nor the score, which is their sum. `anchor`
    was bought, by the friend too where it `is_of_anchor`; `is_liked` says that the friend likes the
    piece on a look and does not have it.
    """

    offer_id: str
    piece: str
    anchor: str
    percent: int
    state: str
    offered_at: datetime
    ends_at: datetime
    follows: Followed
    is_of_anchor: bool
    is_liked: bool
    crowd: int
    score: float
    parts: tuple[Part, ...]
    friend_part: float | None
    left_out: tuple[LeftOut, ...]
    experiments: tuple[Drawn, ...]
    model: str


def explain(
    session: Session, offer: OfferView, *, now: datetime, minimum_age: int
) -> Explanation | None:
    """Why an offer was made; None where its member agrees to no offers on pages now."""
    facts = facts_of(session, offer, channel="web", now=now, minimum_age=minimum_age)
    if facts is None:
        return None
    is_told = bool(facts.friend or facts.a_friend)
    reason = offer.reason
    parts = {n: v for n, v in reason.get("parts", {}).items() if is_told or n not in FRIENDS_PARTS}
    said = reason.get("left_out", {})
    left_out = tuple(LeftOut(rule, said[rule]) for rule in rules.LEAVING_OUT if rule in said)
    return Explanation(
        offer_id=offer.id,
        piece=facts.piece,
        anchor=facts.anchor,
        percent=offer.percent,
        state=offer.state,
        offered_at=offer.offered_at,
        ends_at=offer.ends_at,
        follows=_follows(facts),
        is_of_anchor=facts.has_anchor,
        is_liked=facts.likes,
        crowd=facts.crowd,
        score=sum(parts.values()),
        parts=tuple(Part(name, adds) for name, adds in parts.items()),
        friend_part=reason.get("friend_part") if is_told else None,
        left_out=left_out,
        experiments=_drawn(session, offer),
        model=reason.get("model", ""),
    )


def explain_all(
    session: Session, offers: Sequence[OfferView], *, now: datetime, minimum_age: int
) -> list[Explanation]:
    """Why each of some offers was made, where that may be told."""
    found = (explain(session, one, now=now, minimum_age=minimum_age) for one in offers)
    return [one for one in found if one is not None]


def explain_to(
    session: Session,
    offer_id: str,
    *,
    brand_id: str,
    viewer_kind: str,
    viewer_id: str,
    purpose: str,
    now: datetime,
    minimum_age: int,
) -> Explanation:
    """Why an offer of the brand was made, for somebody else; noted for its member.

    Raises Invalid for another purpose than explaining it, NotFound where there is no such offer or
    its member agrees to none now.
    """
    if purpose != WHY:
        sentence = f"Say what for: {looking.PURPOSES[WHY]} ({WHY})."
        raise Invalid("purpose_needed", sentence, fields={"purpose": [sentence]})
    offer = queries.get_of_brand(session, offer_id, brand_id=brand_id)
    found = explain(session, offer, now=now, minimum_age=minimum_age)
    if found is None:
        raise rules.offer_not_found()
    access_log.record(
        session,
        member_id=offer.member_id,
        brand_id=brand_id,
        viewer_kind=viewer_kind,
        viewer_id=viewer_id,
        purpose=WHY,
        what="offers",
        now=now,
    )
    return found


def _follows(facts: OfferFacts) -> Followed:
    if facts.friend:
        return "named_friend"
    if facts.a_friend:
        return "a_friend"
    return "crowd" if facts.crowd else "goes_with"


def _drawn(session: Session, offer: OfferView) -> tuple[Drawn, ...]:
    """What was drawn for the member of what has a say in offers, by the time of this one."""
    having: dict[str, Any] = {
        one.name: one
        for one in experiments.experiments(session, offer.brand_id)
        if one.treatment in (rules.TREATMENT, EVERYTHING)
    }
    placed = experiments.placements(session, offer.brand_id, offer.member_id)
    return tuple(
        Drawn(one.experiment, one.arm, one.exposed_at)
        for one in placed
        if one.experiment in having and one.exposed_at and one.exposed_at <= offer.offered_at
    )
