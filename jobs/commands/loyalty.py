"""Points: what a brand gives for what, whether it adds up, and what will run out."""

import json
from datetime import UTC, datetime, time
from typing import TextIO

import click
from sqlalchemy.orm import Session

from core import clock
from core.transaction import database
from jobs.commands.group import OperatorGroup
from loyalty.earning import queries as earning
from loyalty.earning.terms import write_terms
from loyalty.ledger import books
from loyalty.ledger import queries as points
from loyalty.ledger.rules import POINTS, WALLETS
from loyalty.tiers import queries as ladders
from loyalty.tiers import service as tier_service
from loyalty.tiers.rules import Ladder
from loyalty.tiers.stored import read as read_ladder
from loyalty.tiers.stored import stored
from loyalty.vouchers import books as voucher_books
from retail.brands import queries as brands
from retail.journeys.campaigns.check_gifts import check_all_gifts
from retail.journeys.league.check_prizes import check_all_prizes
from retail.journeys.points.check_points import check_points
from retail.journeys.points.check_rewards import check_all_rewards
from retail.journeys.points.review_tier import preview_tiers
from retail.journeys.points.set_terms import set_terms
from retail.liability.idle import idle_points


@click.group("loyalty", cls=OperatorGroup)
def loyalty() -> None:
    """What a brand gives points for."""


@loyalty.command("terms")
@click.argument("brand_slug")
@click.argument("file", type=click.File(encoding="utf-8"), required=False)
def terms(brand_slug: str, file: TextIO | None) -> None:
    """Show the terms of a brand as JSON, or have those in FILE hold from now on."""
    if file is None:
        with database().read() as session:
            brand = brands.get_brand_by_slug(session, brand_slug)
            held = earning.current_terms(session, brand.id)
        if held is not None:
            click.echo(json.dumps(write_terms(held), indent=2))
        click.echo(f"version {held.version}" if held else "no terms: nothing earns", err=True)
        return
    try:
        document = json.load(file)
    except ValueError as error:
        raise click.ClickException(f"This is no JSON: {error}") from error
    with database().write() as session:
        brand = brands.get_brand_by_slug(session, brand_slug)
        held = set_terms(session, brand.id, document, now=clock.now())
    click.echo(f"version {held.version} holds for {brand.name}")


@loyalty.command("tiers")
@click.argument("brand_slug")
@click.argument("file", type=click.File(encoding="utf-8"), required=False)
@click.option("--preview", is_flag=True, help="Only say who would move; change nothing.")
def tiers(brand_slug: str, file: TextIO | None, *, preview: bool) -> None:
    """Show the tiers of a brand as JSON, or have those in FILE hold from now on."""
    if file is None:
        with database().read() as session:
            held = ladders.find_ladder(session, brands.get_brand_by_slug(session, brand_slug).id)
        if held is not None:
            click.echo(json.dumps(stored(held.ladder), indent=2))
        click.echo(f"version {held.version}" if held else "no tiers", err=True)
        return
    ladder = _read_ladder(file)
    if preview:
        with database().read() as session:
            _show_moves(session, brands.get_brand_by_slug(session, brand_slug).id, ladder)
        return
    with database().write() as session:
        brand = brands.get_brand_by_slug(session, brand_slug)
        version = tier_service.publish(
            session, programme_id=brand.id, ladder=ladder, now=clock.now()
        )
    click.echo(f"version {version} holds for {brand.name}; members move within minutes")


def _read_ladder(file: TextIO) -> Ladder:
    try:
        return read_ladder(json.load(file))
    except (ValueError, TypeError, KeyError) as error:
        raise click.ClickException(f"This is no ladder of tiers: {error}") from error


def _show_moves(session: Session, brand_id: str, ladder: Ladder) -> None:
    moves = preview_tiers(session, brand_id, ladder, now=clock.now()).moves
    for (before, after), number in sorted(moves.items()):
        click.echo(f"{before} → {after}  {number}")
    click.echo(f"{sum(moves.values())} members would move", err=True)


@loyalty.command("recompute")
@click.argument("brand_slug")
def recompute(brand_slug: str) -> None:
    """Compute again what every receipt earned, and name what comes out differently."""
    with database().read() as session:
        brand = brands.get_brand_by_slug(session, brand_slug)
        found = check_points(session, brand.id)
    _report([f"{one.rule}  {one.subject}  {one.detail}" for one in found], "awards are off")


@loyalty.command("expiring")
@click.argument("brand_slug")
@click.option("--by", required=True, type=click.DateTime(["%Y-%m-%d"]), help="A day, in UTC.")
@click.option("--wallet", default=POINTS, type=click.Choice(WALLETS))
def expiring(brand_slug: str, by: datetime, wallet: str) -> None:
    """List what will have run out by the start of a day if nobody spends it; changes nothing."""
    until = datetime.combine(by.date(), time(), tzinfo=UTC)
    with database().read() as session:
        brand = brands.get_brand_by_slug(session, brand_slug)
        lots = points.expiring_by(session, brand.id, until, wallet)
        idle = idle_points(session, brand.id) if wallet == POINTS else []
    rows = [(lot.ends_at, lot.points, lot.owner_id, lot.id) for lot in lots]
    rows += [
        (one.ends_at, one.points, one.owner_id, f"idle since {one.active_at:%Y-%m-%d}")
        for one in idle
        if one.ends_at <= until
    ]
    for ends_at, count, owner_id, what in sorted(rows):
        click.echo(f"{ends_at:%Y-%m-%d %H:%M} UTC  {count:>8}  {owner_id}  {what}")
    click.echo(f"{len(rows)} lots, {sum(row[1] for row in rows)} {wallet}", err=True)


@loyalty.command("verify")
def verify_loyalty() -> None:
    """Check vouchers (V1 to V5), campaigns (C1 to C3), rewards (R1), prizes (P1, P2); 1 if off."""
    with database().read() as session:
        found = [
            *voucher_books.verify(session),
            *check_all_gifts(session),
            *check_all_rewards(session),
            *check_all_prizes(session),
        ]
        lines = [f"{one.rule}  {one.subject}  {one.detail}" for one in found]
    _report(lines, "breaches of V1 to V5, budgets, C1 to C3, R1, P1 and P2")


@click.group("ledger", cls=OperatorGroup)
def ledger() -> None:
    """The books of all points."""


@ledger.command("verify")
def verify() -> None:
    """Check that all books add up and all awards recompute (L1 to L9); ends with 1 if not."""
    with database().read() as session:
        found = books.verify(session)
        for brand in brands.list_brands(session):
            found += check_points(session, brand.id)
    _report([f"{one.rule}  {one.subject}  {one.detail}" for one in found], "breaches of L1 to L9")


def _report(lines: list[str], what: str) -> None:
    for line in lines:
        click.echo(line)
    click.echo(f"{len(lines)} {what}", err=True)
    if lines:
        raise SystemExit(1)
