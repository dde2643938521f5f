"""The house rules that a linter cannot hold: where things may be and how large they may grow."""

import ast
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = (
    "core",
    "loyalty",
    "recommender",
    "retail",
    "connectors",
    "web",
    "jobs",
    "demo",
    "bench",
)
TOP_LEVEL = {*PACKAGES, "app.py", "kiosk_templates", "migrations", "tests", "docs"}
DUMPING_GROUNDS = {"utils", "util", "helpers", "helper", "common", "misc", "shared", "lib", "tools"}
MAX_LINES = 300
MAX_FUNCTION_LINES = 40
MAX_VIEW_LINES = 8
TABLE_FILES = {
    *("models.py", "service.py", "queries.py", "gate.py", "importer.py", "exporter.py"),
    # What a room that grew keeps apart: who may see what, invitations, likes among friends or
    # under review, what scores, what notes say of outcomes, and what hangs on which key.
    *("visibility.py", "invitations.py", "among_friends.py", "review.py", "scores.py"),
    # Sign-ins, and accounts elsewhere that open a member here.
    *("sessions.py", "identities.py"),
    # Whose card a code is.
    "card_holders.py",
    *("outcomes.py", "keyed.py"),
    # What notes say of polls, tiers and friends who ask, who is told of them, and what was told.
    *("polls.py", "tiers.py", "opinions.py", "news.py", "told.py"),
    # What notes say of offers.
    "offers.py",
    # What is left of vouchers, the baskets they were put to, what is written of that and undone.
    *("standing.py", "lapsed.py", "redemptions.py", "written.py", "rollbacks.py", "batches.py"),
    # What owners hold of them away from tills, and what codes open.
    *("holds.py", "opened.py"),
    # What a ledger that grew keeps apart: how it is written, what ends when, what is taken back,
    # what came to owners by its instants, and the check of it all; what came back of receipts.
    # Tables that only ever grow, and whether what guards them is there.
    "immutable.py",
    *("postings.py", "lots.py", "ends.py", "reversals.py", "books.py", "returned.py"),
    "movements.py",
    # Tokens of devices that replace one another.
    "renewal.py",
    # Where goods lie in a store.
    "places.py",
    # A batch of tags as a whole.
    "sightings.py",
    "arrivals.py",
    "endings.py",
    # What is on its way to webhook endpoints.
    "outgoing.py",
    # What campaigns look at: labels of goods, many receipts at once, each basket once, and which
    # run; what was spent since.
    *("labels.py", "sold.py", "once.py", "running.py", "giving.py", "spending.py"),
    # The ranks of a board, by bands of scores; what closed seasons lose, and prizes doubted for it.
    *("ranks.py", "corrections.py", "doubts.py"),
    # What hangs on a shelf, by the number on its label; what is held, and by whom.
    *("shelf.py", "held.py", "holds.py"),
    # What fitting rooms asked for, phones linked to them, and who is told.
    *("requests.py", "links.py", "telling.py"),
    # What friends of whoever is at a kiosk like.
    "friends_likes.py",
    # What a crowd in a store likes.
    "present.py",
    # What is owed, points and vouchers summed by when they end, and what may still be given.
    *("liability.py", "outstanding.py", "budgets.py"),
    # Points that end when their member does nothing for long.
    "idle.py",
    # What campaigns gave for a receipt, and how it is written.
    *("given.py", "giving.py"),
    # Reminders of what is kept, and what notes say of goods.
    *("reminders.py", "pieces.py"),
    # What friends reported of what they were asked.
    "reports.py",
    # Who plans to wear the same; what notes say of occasions.
    *("clashes.py", "occasions.py"),
    # What was bought and kept, and what a recommender may learn of it all.
    *("kept.py", "lessons.py"),
    # What is known of goods by their edition, and the one statement that reads a room.
    *("known.py", "statement.py"),
}


@cache
def tracked() -> list[Path]:
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / line for line in listing.stdout.splitlines() if (ROOT / line).exists()]


def in_package(name: str) -> list[Path]:
    return [path for path in tracked() if path.relative_to(ROOT).parts[0] == name]


@cache
def functions(path: Path) -> tuple[ast.FunctionDef, ...]:
    nodes = ast.walk(ast.parse(path.read_text()))
    return tuple(node for node in nodes if isinstance(node, ast.FunctionDef))


@cache
def imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
    return names


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_every_folder_of_code_is_a_package() -> None:
    folders = {path.parent for path in tracked() if path.relative_to(ROOT).parts[0] in PACKAGES}
    assert [name_of(f) for f in folders if not (f / "__init__.py").exists()] == []


def test_there_are_no_dumping_grounds() -> None:
    parts = {part for path in tracked() for part in path.relative_to(ROOT).with_suffix("").parts}
    assert parts & DUMPING_GROUNDS == set()


def test_the_top_level_is_the_map() -> None:
    found = {path.relative_to(ROOT).parts[0] for path in tracked()}
    assert found <= TOP_LEVEL


def test_files_stay_readable() -> None:
    code = [path for path in tracked() if "migrations" not in path.parts]
    lengths = {name_of(path): len(path.read_text().splitlines()) for path in code}
    assert {name: lines for name, lines in lengths.items() if lines > MAX_LINES} == {}


def test_functions_stay_readable() -> None:
    long = {
        f"{name_of(path)}:{node.name}": node.end_lineno - node.lineno + 1
        for path in tracked()
        if "migrations" not in path.parts
        for node in functions(path)
        if node.end_lineno is not None and node.end_lineno - node.lineno + 1 > MAX_FUNCTION_LINES
    }
    assert long == {}


def view_length(node: ast.FunctionDef) -> int:
    body = node.body
    if isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
        body = body[1:]
    return body[-1].end_lineno - body[0].lineno + 1 if body else 0  # type: ignore[operator]


def is_view(node: ast.FunctionDef) -> bool:
    names = {ast.unparse(d).split("(")[0].rsplit(".", 1)[-1] for d in node.decorator_list}
    return bool(names & {"get", "post", "put", "patch", "delete", "route"})


def test_views_read_call_and_answer() -> None:
    long = {
        f"{name_of(path)}:{node.name}": view_length(node)
        for path in in_package("web")
        for node in functions(path)
        if is_view(node) and view_length(node) > MAX_VIEW_LINES
    }
    assert long == {}


def test_tables_are_seen_only_by_their_own_room() -> None:
    trespassers = [
        (name_of(path), module)
        for package in PACKAGES
        for path in in_package(package)
        for module in imported(path)
        if module.startswith(("retail.", "loyalty."))
        and ".models" in module
        and module.split(".models")[0].replace(".", "/") != str(path.relative_to(ROOT).parent)
    ]
    assert trespassers == []


@pytest.mark.parametrize("package", ["retail", "loyalty"])
def test_pure_rules_stay_pure(package: str) -> None:
    impure = [
        name_of(path)
        for path in in_package(package)
        if path.name not in TABLE_FILES
        and "journeys" not in path.parts
        and any(module.split(".")[0] == "sqlalchemy" for module in imported(path))
    ]
    assert impure == []


def has_indented_import(path: Path) -> bool:
    """Whether a line could be an import inside of something: parsing every file takes longer."""
    return re.search(r"^[ \t]+(?:import|from)\b", path.read_text(), re.MULTILINE) is not None


def test_no_import_hides_in_a_function() -> None:
    hidden = [
        f"{name_of(path)}:{node.name}"
        for path in tracked()
        if has_indented_import(path)
        for node in functions(path)
        if any(isinstance(inner, ast.Import | ast.ImportFrom) for inner in ast.walk(node))
    ]
    assert hidden == []
