"""Whatever hangs on SECRET_KEY outlives a change of it, for as long as the old key is listed."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from core.keys import Key
from retail.brands.queries import StoreView
from tests.builders.brands import new_store
from tests.builders.rotation import ROUND_TRIPS, RoundTrip
from tests.conftest import KEY, ROOT, both_databases

OLD, NEW, NEWER = KEY, b"n" * 48, b"o" * 48
# Uses after which nobody holds anything, and why.
NOT_HELD = {
    "log": "A name in logs; nothing is looked up by it.",
    "shopper:": "A name in the lessons of one run of training; no model keeps it.",
    "key-id": "The short name of the key itself.",
    "installation": "The doctor knows the names of all listed keys.",
    "sign-in-gate": "A lock for the length of a transaction.",
    "identity-gate": "Another.",
    "trip-": "Ten minutes at a provider; a trip under way at the change begins again.",
    "spent-state": "Of such a trip, whose other secrets are refused after the change as well.",
}
CALLS = {"keyed_hash", "keyed_hashes", "derive", "seal", "unseal", "seal_file", "unseal_file"}
DEFINED_IN = {"core/ids.py", "core/keys.py", "core/seal.py"}


@pytest.fixture
def store(session: Session) -> StoreView:
    return new_store(session)


@both_databases
@pytest.mark.parametrize("trip", ROUND_TRIPS.values(), ids=ROUND_TRIPS)
def test_it_outlives_a_change_of_keys_and_ends_with_the_old_one(
    session: Session, trip: RoundTrip
) -> None:
    store = new_store(session)
    made = trip.make(session, store, OLD)
    assert trip.works(session, store, OLD, made)
    assert trip.works(session, store, Key(NEW, [OLD]), made)
    assert trip.works(session, store, Key(NEWER, [NEW, OLD]), made), "two changes in a row"
    assert not trip.works(session, store, Key(NEW), made), "dropped, the old key opens nothing"
    assert not trip.works(session, store, Key(NEW, [NEWER]), made)


@pytest.mark.parametrize("trip", ROUND_TRIPS.values(), ids=ROUND_TRIPS)
def test_a_process_that_still_signs_with_the_old_key_knows_the_new_one(
    session: Session, store: StoreView, trip: RoundTrip
) -> None:
    made = trip.make(session, store, Key(NEW, [OLD]))
    assert trip.works(session, store, Key(OLD, [NEW]), made), "whichever comes first"
    assert not trip.works(session, store, Key(OLD), made), "the wrong order: not told of it yet"
    assert trip.works(session, store, Key(NEW), made)


def purposes_in(tree: ast.AST, constants: dict[str, str]) -> Iterator[str]:
    """The purpose of every use of a key; what is no plain word stands as its code."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).rsplit(".", 1)[-1] in CALLS:
            purpose = node.args[1]
            if isinstance(purpose, ast.JoinedStr):
                yield str(purpose.values[0].value).strip()  # type: ignore[attr-defined]
            elif isinstance(purpose, ast.Constant):
                yield str(purpose.value)
            else:
                yield constants.get(ast.unparse(purpose), ast.unparse(purpose))


def uses_of_the_key(root: Path) -> set[str]:
    """Every purpose for which any code of the service uses a key."""
    found: set[str] = set()
    for package in ("core", "loyalty", "retail", "connectors", "web", "jobs"):
        for path in (root / package).rglob("*.py"):
            tree = ast.parse(path.read_text())
            constants = {
                name.id: str(value.value)
                for node in tree.body
                if isinstance(node, ast.Assign)
                for target in node.targets
                for name, value in _pairs(target, node.value)
            }
            if str(path.relative_to(root)) not in DEFINED_IN:
                found |= set(purposes_in(tree, constants))
    return found


def _pairs(target: ast.expr, value: ast.expr) -> Iterator[tuple[ast.Name, ast.Constant]]:
    names = target.elts if isinstance(target, ast.Tuple) else [target]
    values = value.elts if isinstance(value, ast.Tuple) else [value]
    for name, one in zip(names, values, strict=False):
        if isinstance(name, ast.Name) and isinstance(one, ast.Constant):
            yield name, one


# Purposes that are chosen elsewhere than where the key is used.
NAMED = {
    "SESSION_PURPOSE": "member-session staff-session",
    "KEY_PURPOSE": "api-key",
    "TOKEN_PURPOSE": "device-token",
    "CODE_PURPOSE": "device-code",
    "TAG_PURPOSE": "rfid-tag",
    "door.purpose": "sign-in-email",
    "kind.purpose": "member-card held-card",
    "SEALED_FOR": "webhook-secret",
    "purpose": "room-link kiosk-link",
    "queries.SEALED_FOR": "opinion-picture",
}


def test_every_use_of_the_key_is_in_the_table() -> None:
    used = {word for use in uses_of_the_key(ROOT) for word in NAMED.get(use, use).split()}
    known = {word for words in ROUND_TRIPS for word in words.split()} | set(NOT_HELD) - {"key-id"}
    assert used == known


def test_a_use_that_is_not_in_the_table_is_found(tmp_path: Path) -> None:
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / "jar.py").write_text("x = derive(settings().key, 'cookie-jar', 'a', 64)")
    assert uses_of_the_key(tmp_path) == {"cookie-jar"}
