"""The stylist league: opening it, looking at boards, closing what is over."""

import re
from dataclasses import asdict, replace

import click
from flask import current_app

from core import clock
from core.transaction import database
from jobs.commands.group import OperatorGroup
from loyalty.leaderboards import queries as leaderboards
from loyalty.leaderboards.rules import BOARD_KINDS, CLAIM_DAYS, BoardKind, Prize, Unclaimed
from retail.brands import queries as brands
from retail.fairness import queries as fairness_queries
from retail.fairness import service as fairness
from retail.journeys.league.open_league import open_league
from retail.journeys.league.season_close import close_due_seasons
from retail.league import queries

_COSTING = re.compile(r"(?P<minor>[0-9]+)(?P<currency>[A-Z]{3}):(?P<title>.+)")


class PrizeType(click.ParamType):
    """A prize as PLACE:KIND:WORTH, e.g. 1:voucher:1000GBP or 2:points:300.

    A gift says what it costs as well, 3:gift:2500GBP:Silk scarf; an invitation may.
    """

    name = "prize"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> Prize:
        """The prize that somebody typed."""
        place, _, rest = str(value).partition(":")
        kind, _, worth = rest.partition(":")
        try:
            if kind == "points":
                return Prize(int(place), "points", value=int(worth))
            if kind == "voucher" and worth[-3:].isalpha():
                return Prize(int(place), "voucher", value=int(worth[:-3]), currency=worth[-3:])
            if kind in ("gift", "invitation") and (given := _COSTING.fullmatch(worth)):
                cost = {"value": int(given["minor"]), "currency": given["currency"]}
                return Prize(int(place), kind, title=given["title"], **cost)
            if kind == "invitation" and worth:
                return Prize(int(place), "invitation", title=worth)
        except ValueError:
            pass
        return self.fail(
            f"{value!r} is not like 1:voucher:1000GBP, 2:points:300 or 3:gift:2500GBP:Scarf"
        )


@click.group("league", cls=OperatorGroup)
def league() -> None:
    """The stylist league of a brand."""


@league.command("open")
@click.argument("brand_slug")
@click.option(
    "--prize",
    "prizes",
    multiple=True,
    type=PrizeType(),
    help="PLACE:KIND:WORTH, e.g. 1:voucher:1000GBP or 3:gift:2500GBP:Scarf; once for each place.",
)
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice(BOARD_KINDS),
    help="Boards of stylists, outfits or newcomers; all of them if left out.",
)
@click.option(
    "--claim-days",
    default=CLAIM_DAYS,
    type=click.IntRange(1, 365),
    help="How long gifts and invitations wait for their winner.",
)
@click.option(
    "--unclaimed",
    default="expires",
    type=click.Choice(("expires", "passes_on")),
    help="What becomes of them then: nothing, or the next in line wins them.",
)
def open_boards(
    brand_slug: str,
    prizes: tuple[Prize, ...],
    kinds: tuple[BoardKind, ...],
    claim_days: int,
    unclaimed: Unclaimed,
) -> None:
    """Open the boards of a brand and of each of its stores, or those still missing."""
    offered = [replace(p, claim_days=claim_days, unclaimed=unclaimed) for p in prizes] or None
    with database().write() as session:
        brand = brands.get_brand_by_slug(session, brand_slug)
        boards = open_league(
            session, brand.id, kinds=kinds or BOARD_KINDS, prizes=offered, now=clock.now()
        )
    click.echo(f"{len(boards)} boards run for {brand.name}")


@league.command("rules")
@click.argument("brand_slug")
@click.argument("changes", nargs=-1)
def fair_rules(brand_slug: str, changes: tuple[str, ...]) -> None:
    """Show the rules of fair play, or change some, as NAME=NUMBER; likes judged before stay."""
    given = dict(change.partition("=")[::2] for change in changes)
    if any(not value.isdecimal() for value in given.values()):
        raise click.BadParameter("Write changes like likes_per_day=20.")
    with database().write() as session:
        brand = brands.get_brand_by_slug(session, brand_slug)
        play = fairness_queries.rules_of(session, brand.id)
        if given:
            numbers: dict[str, int | bool] = {name: int(value) for name, value in given.items()}
            play = fairness.set_rules(session, brand.id, numbers, now=clock.now())
    for name, value in asdict(play).items():
        click.echo(f"{name}={int(value)}")


@league.command("boards")
@click.argument("brand_slug")
def list_boards(brand_slug: str) -> None:
    """List the boards of a brand with the end of each running season."""
    with database().read() as session:
        brand = brands.get_brand_by_slug(session, brand_slug)
        boards = queries.boards_of(session, brand.id, now=clock.now())
    for board in boards:
        ends = f"{board.season.ends_at:%Y-%m-%d %H:%M} UTC" if board.season else "no season"
        click.echo(f"{board.id}  {board.cadence:5}  {board.kind:9}  {ends:20}  {board.name}")
    click.echo(f"{len(boards)} boards", err=True)


@click.group("season", cls=OperatorGroup)
def season() -> None:
    """Seasons: weeks and months of a board."""


@season.command("list")
@click.argument("brand_slug")
def list_seasons(brand_slug: str) -> None:
    """List the seasons of a brand that are not closed."""
    now = clock.now()
    with database().read() as session:
        brand = brands.get_brand_by_slug(session, brand_slug)
        found = leaderboards.unclosed_seasons(session, brand.id)
    for entry in found:
        state = "due" if entry.ends_at <= now else "runs" if entry.starts_at <= now else "to come"
        span = f"{entry.starts_at:%Y-%m-%d %H:%M} to {entry.ends_at:%Y-%m-%d %H:%M} UTC"
        click.echo(f"{entry.id}  {state:7}  {span}  {entry.scope_kind} {entry.cadence}")
    click.echo(f"{len(found)} seasons", err=True)


@season.command("close-due")
def close_due() -> None:
    """Close every season that is over, as the worker does by itself; prizes go out once."""
    key = current_app.config["SETTINGS"].key
    with database().write() as session:
        closed = close_due_seasons(session, now=clock.now(), key=key)
    for entry in closed:
        click.echo(f"{entry.id}  {entry.scope_kind} {entry.cadence}")
    click.echo(f"{len(closed)} seasons closed", err=True)
