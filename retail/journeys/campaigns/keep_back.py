"""Keep members back from what campaigns give, to measure what that does."""

from datetime import datetime

from sqlalchemy.orm import Session

from loyalty.campaigns.evaluate import UNKNOWN_BUYER
from loyalty.campaigns.running import running_ids
from loyalty.experiments import queries, service
from loyalty.experiments.rules import EVERYTHING, Arm, ExperimentView
from retail.accounts import queries as accounts
from retail.friends import queries as friends

KEPT_BACK = "This member is kept back to measure what this campaign does."
KEPT_BACK_FROM_ALL = "This member is kept back from all campaigns, to measure what they do."


def treatment_of(campaign_id: str) -> str:
    """The name under which experiments know what a campaign gives."""
    return f"campaign:{campaign_id}"


def keep_back(
    session: Session, brand_id: str, member_id: str | None, *, at: datetime, source: str | None
) -> dict[str, str]:
    """From which running campaigns a buyer is kept back, by id, each with the sentence why.

    With a source it is for good: who is new is drawn, and that it was asked is noted. Without one
    it answers the same and writes nothing. Minors take part in no experiment.
    """
    by_treatment = {treatment_of(one): one for one in running_ids(session, brand_id, now=at)}
    asked = queries.deciding(session, brand_id, list(by_treatment), now=at) if by_treatment else []
    if not asked:
        return {}
    if member_id is None:
        is_for_all = any(one.treatment == EVERYTHING for one in asked)
        return dict.fromkeys(by_treatment.values(), UNKNOWN_BUYER) if is_for_all else {}
    if _is_minor(session, member_id):
        return {}
    found: dict[str, str] = {}
    for experiment in asked:
        if _arm(session, experiment, member_id, at, source) == "holdout":
            one = by_treatment.get(experiment.treatment)
            if one is None:
                return dict.fromkeys(by_treatment.values(), KEPT_BACK_FROM_ALL)
            found[one] = KEPT_BACK
    return found


def _is_minor(session: Session, member_id: str) -> bool:
    return accounts.members_by_id(session, [member_id])[member_id].is_adult is False


def _arm(
    session: Session, experiment: ExperimentView, owner_id: str, at: datetime, source: str | None
) -> Arm:
    known = queries.find_assignment(session, experiment.id, owner_id)
    with_ids = () if known else friends.friend_ids(session, [owner_id])[owner_id]
    if source is None:
        return queries.foresee_assignment(session, experiment, owner_id, with_ids=with_ids).arm
    return service.expose(session, experiment, owner_id, with_ids=with_ids, source=source, now=at)
