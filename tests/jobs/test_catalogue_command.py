"""Brand, store, till and catalogue by command."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from core.transaction import Database
from retail.brands import queries as brands
from retail.catalogue import queries
from tests.builders.brands import new_brand, new_store

CATEGORIES = "category,name,never_shareable\ncoats,Coats,no\n"
Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask) -> Run:
    return lambda *words: app.test_cli_runner().invoke(args=words)


@pytest.fixture
def brand_id(db: Database) -> str:
    with db.write() as session:
        brand = new_brand(session, slug="alder")
        new_store(session, brand=brand, slug="leeds", name="Leeds")
        return brand.id


@pytest.fixture
def categories(tmp_path: Path) -> Path:
    file = tmp_path / "categories.csv"
    file.write_text(CATEGORIES)
    return file


def test_a_brand_gets_a_store_and_a_till(run: Run, db: Database) -> None:
    made = run("brand", "create", "finch", "--name", "Finch", "--zone", "Europe/Dublin")
    assert made.exit_code == 0, made.stderr
    assert run("store", "create", "cork", "--brand", "finch", "--name", "Cork").exit_code == 0
    assert run("store", "till", "3", "--brand", "finch", "--store", "cork").exit_code == 0
    assert "finch" in run("brand", "list").stdout
    listed = run("store", "list", "--brand", "finch").stdout
    assert "cork" in listed
    assert "tills 3" in listed
    with db.read() as session:
        brand = brands.get_brand_by_slug(session, "finch")
        assert brands.get_store_by_slug(session, brand.id, "cork").zone == "Europe/Dublin"


def test_a_dry_run_says_what_would_change(
    run: Run, db: Database, brand_id: str, categories: Path
) -> None:
    result = run("catalogue", "import", "--brand", "alder", "--dry-run", str(categories))
    assert result.exit_code == 0
    assert "categories line 2: add coats" in result.stdout
    assert "nothing was changed" in result.stdout
    with db.read() as session:
        assert queries.list_categories(session, brand_id) == []


def test_an_import_comes_in_and_goes_out(
    run: Run, brand_id: str, categories: Path, tmp_path: Path
) -> None:
    spring = tmp_path / "spring.csv"
    categories.rename(spring)
    imported = run("catalogue", "import", "--brand", "alder", f"categories={spring}")
    assert "categories: 1 add, 0 change, 0 ignore, 0 unchanged" in imported.stdout
    again = run("catalogue", "import", "--brand", "alder", f"categories={spring}")
    assert "categories: 0 add, 0 change, 0 ignore, 1 unchanged" in again.stdout
    assert run("catalogue", "export", "--brand", "alder", "categories").stdout == CATEGORIES
    copy = tmp_path / "copy.csv"
    run("catalogue", "export", "--brand", "alder", "categories", str(copy))
    assert copy.read_text() == CATEGORIES


@pytest.mark.parametrize("dry_run", [[], ["--dry-run"]])
def test_wrong_lines_are_named_and_nothing_comes_in(
    run: Run, db: Database, brand_id: str, categories: Path, dry_run: list[str]
) -> None:
    categories.write_text(CATEGORIES + "hats,,perhaps\n")
    result = run("catalogue", "import", "--brand", "alder", *dry_run, str(categories))
    assert result.exit_code == 1
    assert "categories line 3, name: This cell is empty." in result.stderr
    assert "categories line 3, never_shareable: Write yes or no." in result.stderr
    with db.read() as session:
        assert queries.list_categories(session, brand_id) == []


def test_bytes_that_are_not_utf_8_are_named(run: Run, brand_id: str, categories: Path) -> None:
    categories.write_bytes(CATEGORIES.encode() + b"caf\xe9,Caf\xe9,no\n")
    result = run("catalogue", "import", "--brand", "alder", str(categories))
    assert result.exit_code == 1
    assert "categories line 3: This is not UTF-8." in result.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("brand", "create", "alder", "--name", "A", "--zone", "Europe/London"), "already"),
        (("brand", "create", "a b", "--name", "A", "--zone", "Mars"), "zone:"),
        (("store", "create", "x", "--brand", "nowhere", "--name", "X"), "brand"),
        (("store", "till", "1", "--brand", "alder", "--store", "nowhere"), "store"),
        (("catalogue", "export", "--brand", "nowhere", "stock"), "brand"),
        (("catalogue", "import", "--brand", "alder", "nowhere.csv"), "No such file"),
        (("catalogue", "import", "--brand", "alder", f"people={__file__}"), "at least one file"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    run: Run, brand_id: str, words: tuple[str, ...], said: str
) -> None:
    result = run(*words)
    assert result.exit_code == 1
    assert said in result.stderr
    assert "Traceback" not in result.stderr
