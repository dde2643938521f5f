"""The brand's own Facebook Page: which looks should hang there, and the calls that see to it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import structlog
from flask import current_app
from flask_babel import force_locale, gettext
from sqlalchemy.orm import Session

from connectors.networks import facebook_page
from connectors.networks.facebook_page import Page
from core import clock
from core.config import Settings
from core.errors import NotFound
from core.transaction import Database
from jobs.queue import Claimed
from retail.brands import queries as brands
from retail.brands.vocabulary import speaking
from retail.journeys.looks.hang_on_page import hang_on_page, take_off_page
from retail.outfits import queries as outfits
from retail.page_posts import rules, service
from retail.page_posts.rules import Task

log = structlog.get_logger()


def consider_look(session: Session, payload: dict[str, Any], now: datetime) -> None:
    """Something happened to a look: should it hang on the Page now, or no more?"""
    hang_on_page(session, payload["outfit_id"], page_of=_brand_with_page(session), now=now)


def consider_member(session: Session, payload: dict[str, Any], now: datetime) -> None:
    """A member took an agreement back: may the Page still show their looks?"""
    take_off_page(session, payload["member_id"], now=now)


def sync(database: Database, job: Claimed) -> None:
    """Put one look on the Page or take it down, whichever is wanted when this runs."""
    page = connected_page(_settings())
    if page is None:
        return
    with database.write() as session:
        task = service.begin(session, job.payload["outfit_id"], now=clock.now())
    if task is None:
        return
    try:
        record = _posted(database, page, task) if task.verb == "post" else _removed(page, task)
    except facebook_page.PageError as error:
        _set_back(database, task, error)
        return
    with database.write() as session:
        record(session)


def connected_page(settings: Settings) -> Page | None:
    """The Page of the settings, where they name one."""
    if not (settings.facebook_page_id and settings.facebook_page_token):
        return None
    return Page(
        graph_url=settings.facebook_graph_url,
        page_id=settings.facebook_page_id,
        token=settings.facebook_page_token,
    )


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


def _brand_with_page(session: Session) -> str | None:
    settings = _settings()
    slug = settings.facebook_page_brand if connected_page(settings) else None
    brand = brands.find_brand_by_slug(session, slug) if slug else None
    return brand.id if brand else None


def _posted(database: Database, page: Page, task: Task) -> Callable[[Session], None]:
    link = _link(task)
    # Where an earlier try ended without an answer, the post may be there.
    post_id, rest_seconds = (page.find(link) if task.is_tried else None), 0
    if post_id is None:
        message = _message(database, task)
        if message is None:
            return lambda session: service.unwant_and_let_go(session, task, now=clock.now())
        post_id, rest_seconds = _post(page, message, link)

    def record(session: Session) -> None:
        service.note_posted(session, task, post_id, now=clock.now())
        if rest_seconds:
            service.rest(session, task, until=clock.now() + timedelta(seconds=rest_seconds))

    return record


def _post(page: Page, message: str, link: str) -> tuple[str, int]:
    try:
        sent = page.post(message=message, link=link)
    except facebook_page.Duplicate:
        known = page.find(link)
        if known is None:
            raise
        return known, 0
    return sent.post_id, sent.rest_seconds


def _removed(page: Page, task: Task) -> Callable[[Session], None]:
    post_id = task.post_id or page.find(_link(task))
    if post_id is not None:
        page.remove(post_id)
    return lambda session: service.note_removed(session, task, now=clock.now())


def _message(database: Database, task: Task) -> str | None:
    """What to say, or None where the look may not be seen by everyone any more."""
    with database.read() as session:
        try:
            look = outfits.get_visible(session, task.outfit_id)
        except NotFound:
            return None
        brand = brands.get_brand(session, look.brand_id)
    with force_locale(brand.locale.replace("-", "_")), speaking(brand.words):
        return rules.message(
            gettext,
            caption=look.caption,
            name=look.stylist_name,
            brand=brand.name,
            is_ad=look.has_points_ad,
        )


def _link(task: Task) -> str:
    return f"{_settings().public_url.rstrip('/')}/s/{task.share_id}"


def _set_back(database: Database, task: Task, error: facebook_page.PageError) -> None:
    """Keep what the Page's refusal means; a passing one is raised, so that the job comes again."""
    now = clock.now()
    with database.write() as session:
        if isinstance(error, facebook_page.Stopped):
            service.stop(session, task, error.code, now=now)
            log.error("facebook.stopped", code=error.code, brand=task.brand_id)
        elif isinstance(error, facebook_page.Resting):
            service.pause(session, task, until=now + timedelta(seconds=error.seconds))
            log.warning("facebook.paused", code=error.code, seconds=error.seconds)
        elif isinstance(error, facebook_page.Refused):
            service.note_refused(session, task, error.code)
            log.warning("facebook.refused", code=error.code, outfit=task.outfit_id)
        else:
            service.let_go(session, task)
    if isinstance(error, facebook_page.Unreachable):
        raise error
