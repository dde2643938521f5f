"""What happened is known to those who react by its name alone, so no two things share one."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.conftest import ROOT

ROOMS = ("core", "retail", "loyalty", "jobs", "web")
Trees = dict[str, ast.Module]


def trees(root: Path) -> Trees:
    paths = [path for room in ROOMS for path in (root / room).rglob("*.py")]
    return {str(path.relative_to(root)): ast.parse(path.read_text()) for path in sorted(paths)}


def told_in(tree: ast.AST) -> Iterator[str]:
    """The names of what is made where it is emitted."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    emits = [call for call in calls if ast.unparse(call.func) == "emit"]
    made = [call.args[1] for call in emits]
    return (ast.unparse(one.func) for one in made if isinstance(one, ast.Call))


def shared(found: Trees) -> dict[str, list[str]]:
    """Names that several classes have which are emitted, or live where events do."""
    told = {name for tree in found.values() for name in told_in(tree)}
    homes: dict[str, list[str]] = {}
    for name, tree in found.items():
        for node in tree.body:
            if isinstance(node, ast.ClassDef):
                is_event = node.name in told or name.endswith("/events.py")
                homes.setdefault(node.name, []).extend([name] if is_event else [])
    return {name: files for name, files in homes.items() if len(files) > 1}


def test_no_two_things_that_happen_have_one_name() -> None:
    assert shared(trees(ROOT)) == {}


def test_two_that_have_one_are_found(tmp_path: Path) -> None:
    for room, name in (("retail", "events.py"), ("loyalty", "service.py"), ("loyalty", "views.py")):
        (tmp_path / room).mkdir(exist_ok=True)
        body = "class Told: ...\nclass Other: ...\nemit(session, Told('a'), topics=[])\n"
        (tmp_path / room / name).write_text(body if name != "views.py" else "class Mine: ...")
    assert shared(trees(tmp_path)) == {"Told": ["loyalty/service.py", "retail/events.py"]}
