"""Keys by command."""

from collections.abc import Callable

import pytest
from click.testing import Result
from flask import Flask

from core.transaction import Database
from retail.brands.queries import StoreView
from retail.staff import queries as staff
from tests.builders.brands import new_brand, new_store
from tests.conftest import KEY

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask) -> Run:
    return lambda *words: app.test_cli_runner().invoke(args=["key", *words])


@pytest.fixture
def store(db: Database) -> StoreView:
    with db.write() as session:
        return new_store(session, brand=new_brand(session, slug="alder"), slug="covent-garden")


def create(run: Run, *more: str) -> Result:
    return run("create", "--brand", "alder", "--name", "Till 1", *more)


def test_a_new_key_is_printed_alone_and_works(run: Run, store: StoreView, db: Database) -> None:
    result = create(run, "--kind", "till", "--store", "covent-garden")
    assert result.exit_code == 0
    with db.read() as session:
        found = staff.find_key(session, result.stdout.strip(), key=KEY)
    assert found is not None
    assert (found.kind, found.store_id, found.name) == ("till", store.id, "Till 1")


def test_the_list_shows_states_and_no_secret(run: Run, store: StoreView) -> None:
    text = create(run, "--kind", "integrator").stdout.strip()
    listed = run("list", "--brand", "alder").stdout
    _, key_id, secret = text.split("_", 2)
    assert key_id in listed
    assert "never used" in listed
    assert secret not in listed


def test_a_revoked_key_opens_nothing(run: Run, store: StoreView, db: Database) -> None:
    text = create(run, "--kind", "integrator").stdout.strip()
    assert run("revoke", text.split("_")[1]).exit_code == 0
    with db.read() as session:
        assert staff.find_key(session, text, key=KEY) is None
    assert "revoked 2026-11-22 12:00Z" in run("list", "--brand", "alder").stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("create", "--brand", "alder", "--kind", "till", "--name", "Till 1"),
            "belongs to a store",
        ),
        (("create", "--brand", "nowhere", "--kind", "till", "--name", "Till 1"), "brand"),
        (("list", "--brand", "nowhere"), "brand"),
        (("revoke", "unknown"), "no key with this id"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    run: Run, store: StoreView, words: tuple[str, ...], said: str
) -> None:
    result = run(*words)
    assert result.exit_code == 1
    assert said in result.stderr
    assert "Traceback" not in result.stderr
