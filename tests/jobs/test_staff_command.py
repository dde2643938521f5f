"""Staff by command."""

from collections.abc import Callable

import pytest
from click.testing import Result
from flask import Flask

from core.transaction import Database
from retail.brands.queries import StoreView
from retail.staff import queries as staff
from retail.staff.roles import table
from tests.builders.brands import new_brand, new_store
from tests.conftest import ROOT

Run = Callable[..., Result]
JO = ("--brand", "alder", "--email", "jo@alder.example")


@pytest.fixture
def run(app: Flask) -> Run:
    return lambda *words: app.test_cli_runner().invoke(args=["staff", *words])


@pytest.fixture
def store(db: Database) -> StoreView:
    with db.write() as session:
        return new_store(session, brand=new_brand(session, slug="alder"), slug="covent-garden")


def add(run: Run, *more: str) -> Result:
    return run("add", *JO, "--name", "Jo Hartley", "--role", "manager", *more)


def test_somebody_is_taken_on_listed_let_go_and_taken_back(
    run: Run, store: StoreView, db: Database
) -> None:
    assert "/staff/sign-in/alder" in add(run, "--store", "covent-garden").stdout
    with db.read() as session:
        jo = staff.find_staff_by_email(session, store.brand_id, "jo@alder.example")
    assert jo is not None
    assert (jo.role, jo.store_id) == ("manager", store.id)
    twice = add(run)
    assert (twice.exit_code, "already has an account" in twice.output) == (1, True)
    assert "is disabled" in run("disable", *JO).stdout
    assert "disabled 2026-11-22" in run("list", "--brand", "alder").stdout
    assert run("disable", *JO).exit_code == 1
    assert add(run).exit_code == 0
    assert "every store" in run("list", "--brand", "alder").stdout


def test_an_unknown_role_or_store_is_refused(run: Run, store: StoreView) -> None:
    assert run("add", *JO, "--name", "Jo", "--role", "king").exit_code == 2
    assert add(run, "--store", "nowhere").exit_code == 1


def test_the_table_of_roles_is_the_one_in_the_guide(run: Run) -> None:
    guide = (ROOT / "docs" / "operator.md").read_text()
    assert run("roles").stdout.strip() == table()
    assert f"\n\n{table()}\n\n" in guide
