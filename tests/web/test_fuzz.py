"""The API under input made from its own description: no server error, no answer off its schema."""

from dataclasses import dataclass
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
)

from core.transaction import Database
from tests.builders.accounts import new_member, sign_in
from tests.builders.brands import new_brand, new_store
from tests.builders.outfits import new_outfit
from tests.builders.staff import new_integrator_key
from tests.conftest import both_databases

EXAMPLES = 3
CHECKS = (not_a_server_error, response_schema_conformance, content_type_conformance)


@dataclass(frozen=True)
class Callers:
    """Gives each kind of caller a valid credential, a new one every time: one may end its own.

    Members are new every time too: one may leave for good.
    """

    db: Database
    brand_id: str

    def credential(self, kind: str) -> str:
        with self.db.write() as session:
            if kind == "member":
                return sign_in(session, new_member(session, self.brand_id))
            return new_integrator_key(session, self.brand_id)[1]


@pytest.fixture
def callers(db: Database) -> Callers:
    with db.write() as session:
        brand = new_brand(session)
        new_outfit(session, new_store(session, brand=brand))
        return Callers(db, brand.id)


@pytest.mark.proof(rounds=250)
@both_databases
def test_no_input_breaks_the_api(app: Flask, callers: Callers, proof_round: int) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    operations = [result.ok() for result in schema.get_all_operations()]
    assert operations
    for operation in operations:
        _attack(operation, callers, proof_round)


def _attack(operation: Any, callers: Callers, number: int) -> None:
    kind = next((name for scheme in operation.definition.raw["security"] for name in scheme), None)

    @seed(number)
    @given(case=operation.as_strategy())
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def run(case: Any) -> None:
        headers = {"Authorization": f"Bearer {callers.credential(kind)}"} if kind else {}
        case.call_and_validate(headers=headers, checks=CHECKS)

    run()
