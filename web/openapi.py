"""The API's description, made from its schemas and routes, and the page that shows it."""

import dataclasses
import re
import types
import typing
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from flask import Flask
from flask_smorest import Api
from marshmallow import INCLUDE, Schema, fields

PREFIX = "/api/v1"
SECURITY: dict[str, list[dict[str, list[str]]]] = {
    "anyone": [],
    "member": [{"member": []}],
    "till": [{"key": []}],
    "integrator": [{"key": []}],
    "reader": [{"device": []}],
}
_ARGUMENT = re.compile(r"<(?:[^:<>]+:)?([^<>]+)>")


class ProblemDocument(Schema):
    """A problem document, RFC 9457; members beyond these say more about this problem."""

    class Meta:
        """Extension members are part of the format."""

        unknown = INCLUDE

    type = fields.String(required=True, metadata={"description": "Names the kind of problem"})
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    instance = fields.String()
    fields_ = fields.Dict(data_key="fields", metadata={"description": "What is wrong where"})


class SwingtagApi(Api):
    """flask-smorest with problem documents: errors are answered by `web.errors` alone."""

    ERROR_SCHEMA = ProblemDocument

    def _register_error_handlers(self) -> None: ...


class Instant(fields.AwareDateTime):
    """An RFC 3339 instant in UTC, ending in Z."""

    def _serialize(self, value: Any, *_: Any, **__: Any) -> str | None:
        return None if value is None else value.isoformat().replace("+00:00", "Z")


class Exact(fields.Decimal):
    """A decimal that travels as text, since a JSON number need not stay exact."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(as_string=True, **kwargs)


_FIELDS: dict[Any, Any] = {
    str: fields.String,
    int: fields.Integer,
    bool: fields.Boolean,
    float: fields.Float,
    Decimal: Exact,
    datetime: Instant,
    date: fields.Date,
}


@cache
def schema_of(shape: type) -> type[Schema]:
    """The output schema of a dataclass or named tuple: a field for each attribute's annotation."""
    hints = typing.get_type_hints(shape)
    attributes: dict[str, Any] = {name: _field(hint) for name, hint in hints.items()}
    attributes["__doc__"] = shape.__doc__
    return type(f"{shape.__name__}Schema", (Schema,), attributes)


def _field(hint: Any) -> fields.Field[Any]:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        (inner,) = (a for a in arguments if a is not type(None))
        field = _field(inner)
        field.allow_none = True
        return field
    if origin is typing.Literal:
        return fields.String(metadata={"enum": list(arguments)})
    if origin in (list, tuple):
        return fields.List(_field(arguments[0]))
    if origin is dict or hint is dict:
        return fields.Dict()
    if dataclasses.is_dataclass(hint) or hasattr(hint, "_fields"):
        return fields.Nested(schema_of(typing.cast(type, hint)))
    return typing.cast("fields.Field[Any]", _FIELDS[hint]())


def create_api(app: Flask) -> SwingtagApi:
    """The API of an application; blueprints are registered on it."""
    app.config.update(
        API_TITLE="Swingtag",
        API_VERSION="1.0.0",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX=PREFIX,
        OPENAPI_JSON_PATH="openapi.json",
        API_SPEC_OPTIONS={
            "info": {
                "description": "Receipts, what people lay out of them, likes and the league of a "
                "retailer. Money is in minor units with ISO 4217 currency; instants are "
                "RFC 3339 in UTC; every error is an RFC 9457 problem document.",
                "license": {"name": "Proprietary"},
            },
            "servers": [{"url": app.config["SETTINGS"].public_url}],
            "components": {
                "securitySchemes": {
                    "key": {
                        "type": "http",
                        "scheme": "bearer",
                        "description": "A till's or an integrator's API key, `st_…`",
                    },
                    "member": {
                        "type": "http",
                        "scheme": "bearer",
                        "description": "A member's session token",
                    },
                    "device": {
                        "type": "http",
                        "scheme": "bearer",
                        "description": "A device's token, `sd_…`, or as a password with Basic",
                    },
                }
            },
        },
    )
    api = SwingtagApi(app)
    api.register_field(Exact, "string", "decimal")
    return api


def complete(app: Flask, api: SwingtagApi) -> None:
    """Add to the description what decorators cannot: who may call, the key header, problem types.

    Call once, after every resource is registered.
    """
    for response in api.spec.components.responses.values():
        if "application/json" in response.get("content", {}):
            response["content"]["application/problem+json"] = response["content"].pop(
                "application/json"
            )
    for rule in app.url_map.iter_rules():
        path = _ARGUMENT.sub(r"{\1}", rule.rule)
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            operation = api.spec._paths.get(path, {}).get(method.lower())
            if operation is not None:
                _complete_operation(app, rule.endpoint, operation)


def _complete_operation(app: Flask, endpoint: str, operation: dict[str, Any]) -> None:
    blueprint = app.blueprints[endpoint.rsplit(".", 1)[0]]
    operation["operationId"] = endpoint.replace(".", "_")
    operation["security"] = SECURITY[blueprint.guarded_by]  # type: ignore[attr-defined]
    if getattr(app.view_functions[endpoint], "takes_idempotency_key", False):
        operation.setdefault("parameters", []).append(
            {
                "in": "header",
                "name": "Idempotency-Key",
                "schema": {"type": "string", "minLength": 1, "maxLength": 120},
                "description": "A key of the client's; the same request again has one effect.",
            }
        )
