"""The direction of imports: held by import-linter, which is tried with planted violations."""

import os
import shutil
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

import pytest

from tests.conftest import ROOT

# For each contract a file that breaks it and nothing else needs to.
PLANTED = {
    "layers": ("core/planted.py", "import retail.brands.queries"),
    "rooms": ("retail/brands/planted.py", "import retail.social.service"),
    "journeys": ("retail/journeys/points/planted.py", "import retail.journeys.league.give_prize"),
    "library-rooms": ("loyalty/ledger/planted.py", "import loyalty.vouchers.service"),
    "commit": ("retail/outfits/planted.py", "import core.transaction"),
    "no-web-below": ("loyalty/planted.py", "import flask"),
    "web-without-tables": ("web/api/planted.py", "import sqlalchemy"),
    "pure-recommender": ("recommender/planted.py", "import core.ids"),
    "switch": ("jobs/planted.py", "import app"),
    "shipped-without-demo": ("demo/simulator/planted.py", "import retail.brands.queries"),
}


def contracts() -> dict[str, str]:
    """The name of each contract by its section."""
    parser = ConfigParser()
    parser.read(ROOT / ".importlinter")
    prefix = "importlinter:contract:"
    sections = [section for section in parser.sections() if section.startswith(prefix)]
    return {section.removeprefix(prefix): parser[section]["name"] for section in sections}


def lint(folder: Path) -> str:
    """What import-linter says about the tree in a folder."""
    program = "from importlinter.cli import lint_imports; import sys; sys.exit(lint_imports())"
    ran = subprocess.run(
        [sys.executable, "-c", program],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    return ran.stdout + ran.stderr


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tree of packages, to be spoilt."""
    folder = tmp_path_factory.mktemp("tree")
    parser = ConfigParser()
    parser.read(ROOT / ".importlinter")
    for package in parser["importlinter"]["root_packages"].split():
        shutil.copytree(
            ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__", "data")
        )
    shutil.copy(ROOT / "app.py", folder)
    shutil.copy(ROOT / ".importlinter", folder)
    return folder


def test_every_contract_is_kept() -> None:
    report = lint(ROOT)
    for name in contracts().values():
        assert f"{name} KEPT" in report, report


def test_every_contract_has_a_planted_violation() -> None:
    assert set(PLANTED) == set(contracts())


def test_every_contract_catches_its_planted_violation(copy: Path) -> None:
    for path, line in PLANTED.values():
        (copy / path).write_text(f'"""Planted."""\n\n{line}\n')
    report = lint(copy)
    for section, name in contracts().items():
        module = PLANTED[section][0].removesuffix(".py").replace("/", ".")
        assert f"{name} BROKEN" in report, report
        assert module in report, report
