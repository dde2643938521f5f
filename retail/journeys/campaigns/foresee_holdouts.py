"""Foresee whom campaigns would keep back over past purchases; no writes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice

from sqlalchemy.orm import Session

from loyalty.campaigns.definition import Definition
from loyalty.campaigns.evaluate import UNKNOWN_BUYER
from loyalty.campaigns.rules import Facts
from loyalty.experiments import queries
from loyalty.experiments.rules import EVERYTHING, arm_of, stands
from retail.accounts import queries as accounts
from retail.friends import queries as friends
from retail.journeys.campaigns.keep_back import KEPT_BACK, KEPT_BACK_FROM_ALL

CHUNK = 500


@dataclass
class _Drawn:
    """An experiment with those who were drawn and, after them, those who would be."""

    id: str
    holdout: int
    clusters: dict[str, str]
    places: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        self.places = {one: place for place, one in enumerate(self.clusters)}

    def holds_out(self, owner_id: str, friend_ids: Iterable[str]) -> bool:
        """Whether somebody is held out, drawn now if they were not before."""
        if owner_id not in self.clusters:
            near = [one for one in friend_ids if one in self.places]
            cluster_id = self.clusters[min(near, key=self.places.__getitem__)] if near else None
            drawn = stands(self.id, owner_id, self.holdout, cluster_id)
            self.places[owner_id] = len(self.places)
            self.clusters[owner_id] = drawn.cluster_id
        return arm_of(self.id, self.clusters[owner_id], self.holdout) == "holdout"


@dataclass(frozen=True)
class _Held:
    """What holds somebody out: of one campaign, by its id, or of all; and of which there are."""

    by_campaign: Mapping[str, _Drawn]
    of_all: Sequence[_Drawn]
    campaign_ids: Sequence[str]

    def kept_back(self, owner_id: str | None, friend_ids: Iterable[str]) -> dict[str, str]:
        """From which campaigns a buyer would be kept back, each with the sentence why."""
        if owner_id is None:
            return dict.fromkeys(self.campaign_ids, UNKNOWN_BUYER) if self.of_all else {}
        # All are asked, as at a till, so that all know whoever is new.
        held = [key for key, one in self.by_campaign.items() if one.holds_out(owner_id, friend_ids)]
        held_out = [one.holds_out(owner_id, friend_ids) for one in self.of_all]
        if any(held_out):
            return dict.fromkeys(self.campaign_ids, KEPT_BACK_FROM_ALL)
        return dict.fromkeys(held, KEPT_BACK)


def foresee_holdouts(
    session: Session,
    brand_id: str,
    definitions: Mapping[str, Definition],
    purchases: Iterable[Facts],
    *,
    at: datetime,
) -> Iterator[Facts]:
    """Past purchases in their order, each with the campaigns from which its buyer is kept back.

    Who was drawn stands where they stand; anybody else is drawn as a till would. A holdout from
    everything counts if it runs at an instant. Friends and ages are those of today.
    """
    held = _held(session, brand_id, definitions, at)
    if not held.by_campaign and not held.of_all:
        yield from purchases
        return
    rest = iter(purchases)
    while chunk := list(islice(rest, CHUNK)):
        owner_ids = {one.basket.owner_id for one in chunk if one.basket.owner_id}
        known = accounts.members_by_id(session, list(owner_ids))
        minors = {one.id for one in known.values() if one.is_adult is False}
        near = friends.friend_ids(session, owner_ids)
        for facts in chunk:
            owner_id = facts.basket.owner_id
            if owner_id in minors:
                yield facts
            else:
                yield replace(
                    facts, kept_back=held.kept_back(owner_id, near.get(owner_id or "", ()))
                )


def _held(
    session: Session, brand_id: str, definitions: Mapping[str, Definition], at: datetime
) -> _Held:
    def drawn(experiment_id: str, holdout: int) -> _Drawn:
        return _Drawn(experiment_id, holdout, queries.clusters(session, experiment_id))

    of_all = queries.deciding(session, brand_id, [], now=at)
    return _Held(
        {key: drawn(key, one.holdout) for key, one in definitions.items() if one.holdout},
        [drawn(one.id, one.holdout) for one in of_all if one.treatment == EVERYTHING],
        tuple(definitions),
    )
