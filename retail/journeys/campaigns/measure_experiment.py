"""Measure what campaigns do: members who could get them beside those who are kept back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy.orm import Session

from loyalty.experiments import queries
from loyalty.experiments.lift import grouped, lift
from loyalty.experiments.rules import EVERYTHING, ExperimentView, Exposed
from retail.accounts import queries as accounts
from retail.brands import queries as brands
from retail.influence.rules import TREATMENT as INFLUENCE
from retail.receipts.spending import spent_since

FEWEST_PEOPLE = 10
# Tills' clocks differ from ours; the sale that exposed somebody is within a day.
CLOCKS_DIFFER = timedelta(days=1)
CHUNK = 500
State = Literal["planned", "running", "ended"]
About = Literal["campaign", "all_campaigns", "influence"]
_ABOUT: Mapping[str, About] = {EVERYTHING: "all_campaigns", INFLUENCE: "influence"}


@dataclass(frozen=True)
class ExperimentRow:
    """An experiment, and how many people it decided about in each arm, in tens; None for 1 to 9.

    It is `about` one campaign, all of them, or what friends’ tastes sell; `campaign_id` is None but
    for the first. `holdout` is out of a thousand.
    """

    id: str
    name: str
    about: About
    campaign_id: str | None
    state: State
    holdout: int
    starts_at: datetime
    ends_at: datetime | None
    treated_people: int | None
    held_out_people: int | None


@dataclass(frozen=True)
class Compared:
    """A mean for each person in both arms, their difference, and its interval at 95%."""

    treated: float
    held_out: float
    difference: float
    low: float
    high: float
    is_clear: bool


@dataclass(frozen=True)
class ExperimentResult:
    """What a campaign does. `spent` in minor units for each person, `came_back` a share of them.

    Both are None until either arm has ten people, in ten circles of friends.
    """

    experiment: ExperimentRow
    currency: str
    measured_until: datetime
    spent: Compared | None
    came_back: Compared | None


def list_experiments(session: Session, brand_id: str, *, now: datetime) -> list[ExperimentRow]:
    """Every experiment of a brand, the newest first."""
    return [
        _row(one, _exposed(session, one), now) for one in queries.experiments(session, brand_id)
    ]


def measure_experiment(
    session: Session, brand_id: str, experiment_id: str, *, now: datetime
) -> ExperimentResult:
    """What members spent from the sale on that exposed them, and whether they bought again later.

    What came back is taken off; only sales in the brand's currency count, to the experiment's end.
    Minors are left out. Raises NotFound.
    """
    view = queries.get(session, experiment_id, programme_id=brand_id)
    everybody = _exposed(session, view)
    row, exposed = _row(view, everybody, now), _in_tens(everybody)
    until = min(now, view.ends_at or now)
    brand = brands.get_brand(session, brand_id)
    # The till's clock and ours may differ over the sale itself, and a return is no second sale.
    begun = {one.owner_id: one.first_at - CLOCKS_DIFFER for one in exposed}
    later = {one.owner_id: one.first_at + CLOCKS_DIFFER for one in exposed}
    spent = spent_since(session, brand_id, begun, currency=brand.currency, until=until)
    again = spent_since(session, brand_id, later, currency=brand.currency, until=until)
    return ExperimentResult(
        row,
        brand.currency,
        until,
        _compared(exposed, lambda who: spent[who].total_minor if who in spent else 0),
        _compared(exposed, lambda who: 1 if who in again else 0),
    )


def _exposed(session: Session, view: ExperimentView) -> list[Exposed]:
    found = queries.exposures(session, view.id)
    minors = set()
    for start in range(0, len(found), CHUNK):
        ids = [one.owner_id for one in found[start : start + CHUNK]]
        known = accounts.members_by_id(session, ids)
        minors |= {one.id for one in known.values() if one.is_adult is False}
    return [one for one in found if one.owner_id not in minors]


def _row(view: ExperimentView, exposed: list[Exposed], now: datetime) -> ExperimentRow:
    treated = sum(one.arm == "treatment" for one in exposed)
    about = _ABOUT.get(view.treatment, "campaign")
    return ExperimentRow(
        view.id,
        view.name,
        about,
        view.id if about == "campaign" else None,
        _state(view, now),
        view.holdout,
        view.starts_at,
        view.ends_at,
        _told(treated),
        _told(len(exposed) - treated),
    )


def _state(view: ExperimentView, now: datetime) -> State:
    if now < view.starts_at:
        return "planned"
    return "running" if view.is_running(now) else "ended"


def _told(people: int) -> int | None:
    if 0 < people < FEWEST_PEOPLE:
        return None
    return people // FEWEST_PEOPLE * FEWEST_PEOPLE


def _in_tens(exposed: list[Exposed]) -> list[Exposed]:
    """The first of each arm, in whole tens: two readings differ by ten people there, or by none."""
    found = []
    for arm in ("treatment", "holdout"):
        mine = sorted(
            (one for one in exposed if one.arm == arm), key=lambda one: (one.first_at, one.owner_id)
        )
        found += mine[: len(mine) // FEWEST_PEOPLE * FEWEST_PEOPLE]
    return found


def _compared(exposed: list[Exposed], measure: Callable[[str], float]) -> Compared | None:
    arms = grouped((one.arm, one.cluster_id, measure(one.owner_id)) for one in exposed)
    found = lift(arms["treatment"], arms["holdout"])
    if found is None:
        return None
    means = (found.treated.value, found.held_out.value, found.difference)
    return Compared(*means, found.low, found.high, found.is_clear)
