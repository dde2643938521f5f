"""Foresee whom campaigns would keep back over past purchases; no writes."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
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
from retail.journeys.keep_back import KEPT_BACK, KEPT_BACK_FROM_ALL

CHUNK = 500


@dataclass
class _Drawn:
    """An experiment with those who were drawn and, in their order, those who would be."""

    id: str
    holdout: int
    clusters: dict[str, str]

    def holds_out(self, owner_id: str, friend_ids: Iterable[str]) -> bool:
        """Whether somebody is held out, drawn now if they were not before."""
        if owner_id not in self.clusters:
            near = set(friend_ids)
            first = next((one for one in self.clusters if one in near), None) if near else None
            cluster_id = self.clusters[first] if first else None
            drawn = stands(self.id, owner_id, self.holdout, cluster_id)
            self.clusters[owner_id] = drawn.cluster_id
        return arm_of(self.id, self.clusters[owner_id], self.holdout) == "holdout"


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
    held = {
        key: _drawn(session, key, one.holdout) for key, one in definitions.items() if one.holdout
    }
    of_all = [
        _drawn(session, one.id, one.holdout)
        for one in queries.deciding(session, brand_id, [], now=at)
        if one.treatment == EVERYTHING
    ]
    if not held and not of_all:
        yield from purchases
        return
    everything = tuple(definitions)
    rest = iter(purchases)
    while chunk := list(islice(rest, CHUNK)):
        owner_ids = {one.basket.owner_id for one in chunk if one.basket.owner_id}
        members = accounts.members_by_id(session, owner_ids)
        near = friends.friend_ids(session, owner_ids)
        for facts in chunk:
            owner_id = facts.basket.owner_id
            found: dict[str, str] = {}
            if owner_id is None:
                found = dict.fromkeys(everything, UNKNOWN_BUYER) if of_all else {}
            elif (member := members.get(owner_id)) and member.is_adult is not False:
                # All are asked, as at a till, so that all know of whoever is new.
                for_all = [one.holds_out(owner_id, near[owner_id]) for one in of_all]
                mine = [key for key, one in held.items() if one.holds_out(owner_id, near[owner_id])]
                found = dict.fromkeys(mine, KEPT_BACK)
                found = dict.fromkeys(everything, KEPT_BACK_FROM_ALL) if any(for_all) else found
            yield replace(facts, kept_back=found)


def _drawn(session: Session, experiment_id: str, holdout: int) -> _Drawn:
    return _Drawn(experiment_id, holdout, queries.clusters(session, experiment_id))
