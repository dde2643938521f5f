"""Keep members from what friends’ tastes would have them offered, to measure what that sells."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from core.errors import Conflict
from loyalty.experiments import queries, service
from loyalty.experiments.lift import FEWEST_CLUSTERS
from loyalty.experiments.rules import ExperimentView
from retail.brands import queries as brands
from retail.friends import queries as friends
from retail.influence import service as influence
from retail.influence.rules import TREATMENT, month_of
from retail.journeys.influence.speak_of_friends import tellers
from retail.offers import queries as offers
from retail.receipts.views import ReceiptView

# With fewer friends nobody can ever be measured, whoever is drawn: so these tie circles together,
# and those with more are what many circles have in common, and tie nobody.
MANY_FRIENDS = 2 * FEWEST_CLUSTERS
# Friends of friends of friends are everybody; a circle that has as many people takes in no more.
MOST_TOGETHER = 30


def keep_from_influence(
    session: Session,
    receipt: ReceiptView,
    *,
    friend_ids: Sequence[str],
    now: datetime,
    minimum_age: int,
) -> bool:
    """Whether whoever bought hears of no friend, for good; noted with every friend it is about.

    Only those are drawn who have a friend that may be spoken of: whether one agreed hangs on
    nothing that is drawn. What friends have, and what is in stock, was not looked at until here.
    """
    member_id = receipt.member_id or ""
    experiment = running(session, receipt.brand_id, now=now)
    if experiment is None:
        return False
    asked = set(friend_ids) - offers.refusals_of(session, member_id).friends
    spoken_of = tellers(session, member_id, asked, now=now, minimum_age=minimum_age)
    if not spoken_of:
        return False
    with_ids = _circle(session, experiment.id, member_id, friend_ids)
    source = f"receipt:{receipt.id}"
    service.expose(session, experiment, member_id, with_ids=with_ids, source=source, now=now)
    drawn = service.assign(session, experiment, member_id, now=now)
    influence.note_audience(
        session,
        experiment.id,
        drawn,
        brand_id=receipt.brand_id,
        stylist_ids=spoken_of,
        month=month_of(now, brands.get_brand(session, receipt.brand_id).zone),
        now=now,
    )
    return drawn.arm == "holdout"


def running(session: Session, brand_id: str, *, now: datetime) -> ExperimentView | None:
    """The experiment that keeps some from the influence of friends just now."""
    asked = queries.deciding(session, brand_id, [TREATMENT], now=now)
    return next((one for one in asked if one.treatment == TREATMENT), None)


def start_keeping(session: Session, brand_id: str, *, holdout: int, now: datetime) -> str:
    """Keep so many of a thousand members from it from now on; gives the experiment's id.

    Raises Conflict while some are, and Invalid for a senseless holdout.
    """
    before = [one for one in queries.experiments(session, brand_id) if one.treatment == TREATMENT]
    if any(one.is_running(now) for one in before):
        raise Conflict("holdout_runs", "Some are kept from friends’ influence already.")
    # Of two starts at once the second finds its name taken.
    return service.start(
        session,
        programme_id=brand_id,
        name=f"Friends’ influence, {len(before) + 1}",
        treatment=TREATMENT,
        holdout=holdout,
        starts_at=now,
    )


def stop_keeping(session: Session, brand_id: str, *, now: datetime) -> None:
    """Let everybody hear of friends again, if some are kept; what was measured stays."""
    found = running(session, brand_id, now=now)
    if found is not None:
        service.end(session, found.id, programme_id=brand_id, now=now)


def _circle(
    session: Session, experiment_id: str, member_id: str, friend_ids: Sequence[str]
) -> list[str]:
    """The friends with whom somebody new is drawn."""
    if queries.find_assignment(session, experiment_id, member_id) is not None:
        return []
    counts = friends.counts(session, friend_ids)
    near = [one for one in friend_ids if counts.get(one, 0) < MANY_FRIENDS]
    return queries.with_room(session, experiment_id, near, most=MOST_TOGETHER)
