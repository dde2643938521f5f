"""A brand's recommender learns anew: read its lessons, try a candidate, let it serve or not."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from core.config import Settings as Installation
from recommender.bundle import Bundle, Shelf, fit
from recommender.settings import Settings
from retail.brands import queries as brands
from retail.consent import queries as consent
from retail.consent.rules import OFFERS
from retail.training import lessons as teaching
from retail.training import queries, rules, service
from retail.training.lessons import Lessons
from retail.training.rules import Trial, Verdict
from retail.training.serving import folder_of
from retail.training.trial import try_out

Tell = Callable[[str, int], None]


@dataclass(frozen=True)
class Studied:
    """Lessons of one moment, what served then, and whether somebody whom that knows is gone."""

    lessons: Lessons
    serving: Bundle | None
    has_left: bool


@dataclass(frozen=True)
class Learnt:
    """What came of it; `bundle` is the name of what serves now, where that is the candidate."""

    verdict: Verdict
    trial: Trial | None
    bundle: str | None


def study(session: Session, brand_id: str, installation: Installation, *, now: datetime) -> Studied:
    """Everything that a brand's recommender may learn from at this moment."""
    serving = Shelf(folder_of(brand_id, installation.data_dir)).current()
    serving = serving if serving is not None and serving.items else None
    has_left = False
    if serving is not None:
        since = datetime.fromtimestamp(serving.manifest.fitted_at, UTC)
        has_left = teaching.has_anyone_left(session, brand_id, since)
    found = teaching.lessons_of(
        session,
        brand_id,
        now=now,
        key=installation.key,
        minimum_age=installation.minimum_age_years,
    )
    return Studied(found, serving, has_left)


def learn(studied: Studied, folder: Path, *, now: datetime, tell: Tell) -> Learnt:
    """Try a candidate, and publish it where it may serve; `tell` hears step and percent.

    What serves is replaced as a whole at the last moment: whoever is killed before leaves it.
    """
    lessons, settings = studied.lessons, Settings()
    trial = try_out(lessons, studied.serving, settings=settings, tell=tell)
    verdict = rules.judge(
        trial,
        shoppers=lessons.shoppers,
        has_serving=studied.serving is not None,
        has_left=studied.has_left,
    )
    if verdict.state == rules.KEPT:
        return Learnt(verdict, trial, None)
    tell("learning", 60)
    is_promoted = verdict.state == rules.PROMOTED
    # An empty one serves nothing, and lets none of those before come back.
    events, baskets = (lessons.events, lessons.baskets) if is_promoted else ((), ())
    styles = [basket.styles for basket in baskets]
    bundle = fit(events, styles, settings=settings, now=now.timestamp(), kinds=lessons.kinds)
    tell("publishing", 90)
    shelf = Shelf(folder)
    name = shelf.publish(bundle.with_figures({"ndcg@10": trial.candidate.mean} if trial else {}))
    shelf.forget(keep=rules.KEPT_BUNDLES if is_promoted else 1)
    return Learnt(verdict, trial, name if is_promoted else None)


def due_tonight(session: Session, *, now: datetime) -> list[str]:
    """The brands for which nobody has asked since their last night, and that have shoppers."""
    found = []
    for brand in brands.list_brands(session):
        asked_at = queries.last_asked(session, brand.id)
        night = rules.last_night(now, brand.zone)
        if asked_at is None or asked_at < night:
            found.append(brand.id)
    return [
        brand_id
        for brand_id in found
        if consent.count_agreeing(session, brand_id, OFFERS) >= rules.FEWEST_SHOPPERS
    ]


def is_any_due(session: Session, now: datetime) -> bool:
    """Whether a night’s run is to be asked for."""
    return bool(due_tonight(session, now=now))


def ask_for_tonight(session: Session, now: datetime) -> None:
    """Ask for a run of every brand whose night has come."""
    for brand_id in due_tonight(session, now=now):
        service.ask_worker(session, brand_id, origin=rules.NIGHT, now=now)
