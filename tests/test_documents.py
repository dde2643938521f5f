"""The documents say what is true: examples run, every setting is there, links lead somewhere."""

import re
import shlex
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from connectors.webhooks.signing import signed_headers
from core import clock as core_clock
from core.clock import FixedClock
from core.config import Settings
from core.transaction import Database
from loyalty.leaderboards.rules import Prize
from loyalty.prizes import queries as prizes
from loyalty.prizes.rules import gift_code
from retail.accounts.cards import CARD, code_of
from retail.brands import queries as brands
from retail.journeys.league.season_close import close_season
from retail.journeys.systems import tell_systems
from retail.webhooks.rules import TEST_TYPE, TYPES, new_secret
from tests.application import app, app_settings, kept_app
from tests.builders.accounts import new_member, sign_in
from tests.builders.brands import new_store
from tests.builders.campaigns import new_campaign, ten_per_cent
from tests.builders.catalogue import new_variant
from tests.builders.league import fold, like_times, new_league, ranked_outfit, running_season
from tests.builders.staff import new_integrator_key, new_till_key
from tests.builders.vouchers import new_code
from tests.conftest import ROOT
from web.auth import settings

__all__ = ["app", "app_settings", "kept_app"]

EXAMPLE = re.compile(r"```sh\n(curl .*?)```\n\n→ `(\d{3})`(?: with `(\w+)`)?", re.DOTALL)
PROGRAM = re.compile(r"```python\n(.*?)```", re.DOTALL)
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)[^)]*\)")
DOCUMENTS = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")])


class Curl:
    """As much of curl as the examples use, on the application itself."""

    def __init__(self, app: Flask, **variables: str) -> None:
        self.client = app.test_client()
        self.variables = {"SWINGTAG": ""} | variables

    def run(self, command: str) -> TestResponse:
        """The answer to a curl command line."""
        for name, value in self.variables.items():
            command = command.replace(f"${name}", value)
        words = iter(shlex.split(command.replace("\\\n", " "))[1:])
        headers, body, address, method = {}, None, "", ""
        for word in words:
            if word == "-H":
                name, _, value = next(words).partition(": ")
                headers[name] = value
            elif word == "-X":
                method = next(words)
            elif word == "--json":
                body = next(words)
                headers["Content-Type"] = "application/json"
            else:
                address = word
        method = method or ("GET" if body is None else "POST")
        return self.client.open(address, method=method, headers=headers, data=body)


@dataclass(frozen=True)
class Shop:
    """What stands for the variables of the examples."""

    KEY: str
    INTEGRATOR: str
    BRAND: str
    BOARD: str
    GIFT: str
    VOUCHER: str
    CARD: str
    SESSION: str
    SKU: str
    GTIN: str
    MINE: str


@pytest.fixture
def shop(app: Flask, db: Database, clock: FixedClock) -> Shop:
    """A till, and a league in which a stylist has won a gift that waits."""
    with app.app_context(), db.write() as session:
        store = new_store(session)
        _, key = new_till_key(session, store.brand_id, store.id)
        new_campaign(session, ten_per_cent(), programme_id=store.brand_id)
        scarf = Prize(1, "gift", 2500, "GBP", title="Silk scarf", claim_days=60)
        new_league(session, store.brand_id, [scarf])
        stylist, look = ranked_outfit(session, store)
        like_times(session, look, store.brand_id, 1)
        fold(session)
        season = running_season(session, store)
        close_season(session, season.id, now=season.ends_at, key=settings().key)
        (award,) = prizes.awards_of(session, store.brand_id, stylist.id)
        brand = brands.get_brand(session, store.brand_id)
        gift = gift_code(award.id, settings().key)
        _, office = new_integrator_key(session, store.brand_id)
        owned = {"programme_id": brand.id, "key": settings().key}
        code = new_code(session, **owned)
        shows = {"now": core_clock.now(), "key": settings().key}
        buyer = new_member(session, brand.id)
        card = code_of(CARD, buyer, **shows)
        phone = sign_in(session, buyer, key=settings().key)
        piece, mine = new_variant(session, brand_id=brand.id), new_code(session, buyer.id, **owned)
        own = (piece.sku, piece.gtin or "", mine)
        return Shop(key, office, brand.slug, season.board_id, gift, code, card, phone, *own)


def test_the_integrators_examples_do_what_they_say(app: Flask, shop: Shop) -> None:
    curl = Curl(app, **asdict(shop))
    examples = EXAMPLE.findall((ROOT / "docs" / "integrator.md").read_text())
    assert len(examples) >= 25
    for command, status, member in examples:
        answer = curl.run(command)
        assert answer.status_code == int(status), (command, answer.get_data(as_text=True))
        if answer.status_code == 201 and "print_line" in answer.get_json():
            curl.variables["RECEIPT"] = answer.get_json()["id"]
        if member == "member_id":
            curl.variables["MEMBER"] = answer.get_json()["member_id"]
        if member == "reserved_until":
            curl.variables["HELD"] = answer.get_json()["id"]
        if member:
            assert member in answer.get_json()


def test_the_integrators_check_takes_our_messages_and_no_others(
    monkeypatch: pytest.MonkeyPatch, clock: FixedClock
) -> None:
    (program,) = PROGRAM.findall((ROOT / "docs" / "integrator.md").read_text())
    there: dict[str, Any] = {}
    exec(program, there)
    secret, body = new_secret(), b'{"type": "endpoint.test"}'
    headers = signed_headers("01KAP", clock.now(), body, [new_secret(), secret])
    monkeypatch.setattr(there["time"], "time", clock.now().timestamp)
    assert there["is_genuine"](secret, headers, body)
    assert not there["is_genuine"](secret, headers, body + b" ")
    assert not there["is_genuine"](secret, headers | {"webhook-id": "01KAQ"}, body)
    assert not there["is_genuine"](new_secret(), headers, body)
    clock.advance(minutes=6)
    monkeypatch.setattr(there["time"], "time", clock.now().timestamp)
    assert not there["is_genuine"](secret, headers, body), "an old one may be somebody's copy"


def test_the_integrators_guide_names_every_type() -> None:
    guide = (ROOT / "docs" / "integrator.md").read_text()
    assert [name for name in (*TYPES, TEST_TYPE) if f"| `{name}` |" not in guide] == []
    assert sorted(tell_systems.TYPES.values()) == sorted(TYPES)


def test_the_operators_guide_names_every_setting() -> None:
    guide = (ROOT / "docs" / "operator.md").read_text()
    missing = [f.name.upper() for f in fields(Settings) if f"`{f.name.upper()}`" not in guide]
    assert missing == []


@pytest.mark.usefixtures("app")
def test_the_operators_guide_names_every_command(app: Flask) -> None:
    guide = (ROOT / "docs" / "operator.md").read_text()
    others = {"db", "routes", "shell", "run", "openapi", "limiter", "translate"}
    missing = [name for name in app.cli.commands if name not in others and name not in guide]
    assert missing == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_leads_somewhere(document: Path) -> None:
    broken = [
        target
        for target in LINK.findall(document.read_text())
        if not (document.parent / target).exists() and "pictures/" not in target
    ]
    assert broken == []


def test_the_map_names_every_package() -> None:
    tree = (ROOT / "docs" / "architecture.md").read_text()
    packages = [
        folder
        for parent in ("retail", "loyalty")
        for folder in (ROOT / parent).iterdir()
        if (folder / "__init__.py").exists()
    ]
    missing = [str(folder.relative_to(ROOT)) for folder in packages if folder.name not in tree]
    assert missing == []


def test_every_decision_is_listed() -> None:
    records = sorted((ROOT / "docs" / "adr").glob("0*.md"))
    assert [int(path.name[:4]) for path in records] == list(range(1, len(records) + 1))
    for path in records:
        text = path.read_text()
        assert all(f"## {part}" in text for part in ("Context", "Decision", "Consequences")), path
