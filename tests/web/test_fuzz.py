"""The API under input made from its own description: no server error, no answer off its schema."""

import os
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
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

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "40"))
CHECKS = (not_a_server_error, response_schema_conformance, content_type_conformance)


@pytest.fixture
def credentials(db: Database) -> dict[str, str]:
    """A valid credential for each kind of caller."""
    with db.write() as session:
        brand = new_brand(session)
        store = new_store(session, brand=brand)
        new_outfit(session, store)
        member = new_member(session, brand.id)
        return {
            "key": new_integrator_key(session, brand.id)[1],
            "member": sign_in(session, member),
        }


def test_no_input_breaks_the_api(app: Flask, credentials: dict[str, str]) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    operations = [result.ok() for result in schema.get_all_operations()]
    assert operations
    for operation in operations:
        _attack(operation, credentials)


def _attack(operation: Any, credentials: dict[str, str]) -> None:
    schemes = [name for scheme in operation.definition.raw["security"] for name in scheme]
    headers = {"Authorization": f"Bearer {credentials[schemes[0]]}"} if schemes else {}

    @given(case=operation.as_strategy())
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def run(case: Any) -> None:
        case.call_and_validate(headers=headers, checks=CHECKS)

    run()
