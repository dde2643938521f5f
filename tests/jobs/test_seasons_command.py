"""The stylist league by command."""

from collections.abc import Callable

import pytest
from click.testing import Result
from flask import Flask

from core.clock import FixedClock
from core.transaction import Database
from loyalty.leaderboards import queries as leaderboards
from retail.brands.queries import BrandView
from tests.builders.brands import new_brand, new_store

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask) -> Run:
    return lambda *words: app.test_cli_runner().invoke(args=list(words))


@pytest.fixture
def brand(db: Database) -> BrandView:
    with db.write() as session:
        brand = new_brand(session, slug="alder", name="Alder & Finch")
        new_store(session, brand=brand, name="Covent Garden")
        return brand


def test_a_league_opens_once_and_takes_in_new_stores(
    run: Run, brand: BrandView, db: Database
) -> None:
    assert run("league", "open", "alder").stdout == "12 boards run for Alder & Finch\n"
    with db.write() as session:
        new_store(session, brand=brand, name="Leeds")
    assert run("league", "open", "alder").stdout == "18 boards run for Alder & Finch\n"
    listed = run("league", "boards", "alder")
    assert listed.stdout.count("2026-11-23 00:00 UTC") == 9
    assert listed.stderr == "18 boards\n"


def test_prizes_are_named_place_by_place(run: Run, brand: BrandView, db: Database) -> None:
    prizes = ("1:voucher:2500GBP", "2:points:50", "3:gift:2500GBP:Scarf", "4:invitation:A view")
    asked = [part for prize in prizes for part in ("--prize", prize)]
    assert run("league", "open", "alder", *asked).exit_code == 0
    with db.read() as session:
        (board, *_) = leaderboards.boards(session, brand.id)
    assert [(p.kind, p.value, p.currency, p.title) for p in board.prizes] == [
        ("voucher", 2500, "GBP", ""),
        ("points", 50, None, ""),
        ("gift", 2500, "GBP", "Scarf"),
        ("invitation", 0, None, "A view"),
    ]


@pytest.mark.parametrize(
    "prize",
    [
        "1",
        "1:car:1",
        "x:points:1",
        "1:voucher:10",
        "1:points:many",
        "1:gift:A scarf",
    ],
)
def test_a_prize_that_makes_no_sense_is_refused(run: Run, brand: BrandView, prize: str) -> None:
    result = run("league", "open", "alder", "--prize", prize)
    assert result.exit_code == 2
    assert "is not like 1:voucher:1000GBP" in result.stderr


def test_seasons_are_listed_and_closed_when_due(
    run: Run, brand: BrandView, clock: FixedClock
) -> None:
    run("league", "open", "alder")
    assert run("season", "list", "alder").stderr == "24 seasons\n"
    assert run("season", "close-due").stderr == "0 seasons closed\n"
    clock.advance(days=1)
    assert run("season", "list", "alder").stdout.count("due") == 6
    assert run("season", "close-due").stderr == "6 seasons closed\n"
    assert run("season", "close-due").stderr == "0 seasons closed\n"
    assert run("season", "list", "alder").stdout.count("runs") == 12


def test_an_unknown_brand_is_said_in_a_sentence(run: Run, brand: BrandView) -> None:
    result = run("league", "open", "absent")
    assert (result.exit_code, result.stderr) == (1, "Error: We don’t know this brand.\n")
