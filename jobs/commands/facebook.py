"""The brand's own Facebook Page: how it stands, and going on after it stopped."""

import click
from flask import current_app

from connectors.networks.facebook_page import PageError
from core import clock
from core.config import Settings
from core.transaction import database
from jobs.commands.group import OperatorGroup
from jobs.page_posts import connected_page
from retail.brands import queries as brands
from retail.page_posts import queries, service


@click.group("facebook", cls=OperatorGroup)
def facebook() -> None:
    """The brand's own Facebook Page."""


@facebook.command("status")
def status() -> None:
    """Say whether the Page answers, what hangs there, what waits, and why nothing moves."""
    settings: Settings = current_app.config["SETTINGS"]
    page, slug = connected_page(settings), settings.facebook_page_brand
    if page is None or slug is None:
        click.echo("No Page is set: FACEBOOK_PAGE_ID, _TOKEN and _BRAND are empty.")
        return
    with database().read() as session:
        state = queries.state_of(session, brands.get_brand_by_slug(session, slug).id)
    try:
        click.echo(f"{page.name()} answers")
    except PageError as error:
        click.echo(f"the Page does not answer: {error.code}")
    click.echo(f"{state.posted} posted, {state.waiting} waiting, {state.refused} refused")
    if state.connection.stopped_at is not None:
        click.echo(
            f"stopped since {state.connection.stopped_at:%Y-%m-%d %H:%M}Z by error "
            f"{state.connection.stopped_code}; mend it, then `flask facebook resume`"
        )
    elif state.connection.paused_until is not None:
        click.echo(f"no calls before {state.connection.paused_until:%Y-%m-%d %H:%M}Z")


@facebook.command("resume")
def resume() -> None:
    """Go on after a stop, e.g. with a new token; what waits and what was refused is tried again."""
    settings: Settings = current_app.config["SETTINGS"]
    with database().write() as session:
        brand = brands.get_brand_by_slug(session, settings.facebook_page_brand or "")
        count = service.resume(session, brand.id, now=clock.now())
    click.echo(f"{count} will be tried again")
