"""The API's description in words: every operation with what goes in, what comes out, and examples.

Made from the OpenAPI document alone, so that the page cannot say anything else than it.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

Spec = Mapping[str, Any]
METHODS = ("get", "post", "put", "patch", "delete")
CALLERS = {
    "key": "A till's or an integrator's API key",
    "member": "A member's session",
    "device": "A device's token",
}
DEPTH = 6

# Values that a reader recognises; what is not here follows from type and format.
_EXAMPLES: dict[str, Any] = {
    "brand": "alder",
    "caption": "Rain or shine",
    "code": "7K3MZ4Q1XB",
    "currency": "GBP",
    "description": "Trench coat",
    "email": "nina@shopper.example",
    "gtin": "05012345678900",
    "locale": "en-GB",
    "name": "Trench coat",
    "number": "A-10077",
    "quantity": "1",
    "sku": "TRENCH-CAMEL-38",
    "slug": "leeds",
    "store": "leeds",
    "till": "3",
    "total_minor": 18900,
    "zone": "Europe/London",
}
_BY_FORMAT: dict[str, Any] = {
    "date-time": "2026-11-22T11:59:00Z",
    "date": "2026-11-22",
    "binary": "(bytes)",
}
_BY_TYPE: dict[str, Any] = {"integer": 1, "number": 1.0, "boolean": True, "string": "text"}


@dataclass(frozen=True)
class Field:
    """One field of a body, or one parameter."""

    name: str
    kind: str
    is_required: bool
    note: str


@dataclass(frozen=True)
class Body:
    """What is sent or answered: its content type, its fields and an example."""

    content_type: str
    fields: tuple[Field, ...]
    example: str | None


@dataclass(frozen=True)
class Reply:
    """One possible answer."""

    status: str
    meaning: str
    body: Body | None


@dataclass(frozen=True)
class Operation:
    """One method on one path."""

    id: str
    method: str
    path: str
    summary: str
    description: str
    callers: tuple[str, ...]
    parameters: tuple[Field, ...]
    body: Body | None
    replies: tuple[Reply, ...]


@dataclass(frozen=True)
class Chapter:
    """The operations on one kind of thing."""

    name: str
    description: str
    operations: tuple[Operation, ...]


def chapters(spec: Spec) -> tuple[Chapter, ...]:
    """The whole description, in the order of its tags."""
    operations = list(_operations(spec))
    return tuple(
        Chapter(
            tag["name"].replace("_", " ").capitalize(),
            tag.get("description", ""),
            tuple(found for name, found in operations if name == tag["name"]),
        )
        for tag in spec.get("tags", ())
    )


def _operations(spec: Spec) -> Iterator[tuple[str, Operation]]:
    for path, item in spec["paths"].items():
        shared = item.get("parameters", [])
        for method in METHODS:
            if method in item:
                raw = item[method]
                yield raw["tags"][0], _operation(spec, method, path, raw, shared)


def _operation(
    spec: Spec, method: str, path: str, raw: Spec, shared: list[dict[str, Any]]
) -> Operation:
    schemes = [name for scheme in raw.get("security", ()) for name in scheme]
    given = [_resolve(spec, parameter) for parameter in [*shared, *raw.get("parameters", ())]]
    return Operation(
        id=raw["operationId"],
        method=method.upper(),
        path=path,
        summary=raw.get("summary", ""),
        description=raw.get("description", ""),
        callers=tuple(CALLERS[name] for name in schemes),
        parameters=tuple(_parameter(spec, parameter) for parameter in given),
        body=_body(spec, raw.get("requestBody", {})),
        replies=tuple(
            _reply(spec, status, _resolve(spec, reply))
            for status, reply in sorted(raw["responses"].items())
        ),
    )


def _parameter(spec: Spec, raw: Spec) -> Field:
    kind, note = _kind(spec, raw.get("schema", {}))
    place = {"path": "in the path", "query": "in the query", "header": "as a header"}[raw["in"]]
    notes = filter(None, (place, note, raw.get("description", "")))
    return Field(raw["name"], kind, bool(raw.get("required")), " · ".join(notes))


def _reply(spec: Spec, status: str, raw: Spec) -> Reply:
    if status == "default":
        return Reply("4xx, 5xx", "Refused: a problem document", _body(spec, raw))
    phrase = HTTPStatus(int(status)).phrase
    said = raw.get("description", "")
    meaning = phrase if said in ("", phrase) else f"{phrase}: {said}"
    return Reply(status, meaning, _body(spec, raw))


def _body(spec: Spec, raw: Spec) -> Body | None:
    for content_type, media in raw.get("content", {}).items():
        schema = _resolve(spec, media.get("schema", {}))
        structured = _inner(spec, schema).get("properties") is not None
        example = _example(spec, "", schema) if structured else None
        text = json.dumps(example, indent=2, ensure_ascii=False) if structured else None
        return Body(content_type, tuple(_fields(spec, schema, "", 0)), text)
    return None


def _fields(spec: Spec, schema: Spec, prefix: str, depth: int) -> Iterator[Field]:
    inner = _inner(spec, schema)
    required = inner.get("required", ())
    for name, raw in inner.get("properties", {}).items():
        kind, note = _kind(spec, raw)
        yield Field(prefix + name, kind, name in required, note)
        if depth < DEPTH:
            suffix = "[]." if _resolve(spec, raw).get("type") == "array" else "."
            yield from _fields(spec, _resolve(spec, raw), f"{prefix}{name}{suffix}", depth + 1)


def _inner(spec: Spec, schema: Spec) -> Spec:
    """The object that a schema describes: itself, or what its list holds."""
    items = schema.get("items")
    return _resolve(spec, items) if items is not None else schema


def _kind(spec: Spec, raw: Spec) -> tuple[str, str]:
    schema = _resolve(spec, raw)
    types = schema.get("type", "any")
    kind = " or ".join(types) if isinstance(types, list) else str(types)
    if schema.get("format"):
        kind += f" ({schema['format']})"
    if "items" in schema:
        kind = f"list of {_kind(spec, schema['items'])[0]}"
    notes = [schema.get("description", "")]
    if choices := [c for c in schema.get("enum", ()) if c is not None]:
        notes.append("one of " + ", ".join(map(str, choices)))
    for word, sign in (("minLength", "at least {} characters"), ("maxLength", "at most {}")):
        if word in schema:
            notes.append(sign.format(schema[word]))
    if "minimum" in schema or "maximum" in schema:
        notes.append(f"{schema.get('minimum', '…')} to {schema.get('maximum', '…')}")
    return kind, " · ".join(note for note in notes if note)


def _resolve(spec: Spec, raw: Spec) -> Spec:
    """What a reference or a nullable reference points at."""
    for choice in raw.get("anyOf", raw.get("allOf", ())):
        if "$ref" in choice:
            return _resolve(spec, choice)
    if "$ref" not in raw:
        return raw
    target: Any = spec
    for part in raw["$ref"].removeprefix("#/").split("/"):
        target = target[part]
    return _resolve(spec, target)


def _example(spec: Spec, name: str, raw: Spec, depth: int = 0) -> Any:
    schema = _resolve(spec, raw)
    if "properties" in schema and depth < DEPTH:
        return {
            inner: _example(spec, inner, value, depth + 1)
            for inner, value in schema["properties"].items()
        }
    if "items" in schema:
        return [_example(spec, name.removesuffix("s"), schema["items"], depth + 1)]
    if "enum" in schema:
        return schema["enum"][0]
    types = schema.get("type", "string")
    kind = next((t for t in types if t != "null"), "null") if isinstance(types, list) else types
    if kind == "object":
        return {}
    if name in _EXAMPLES:
        return _EXAMPLES[name]
    if name == "id" or name.endswith("_id"):
        return "01KAQ3ZV9D8S2Q4N6M0T7WX5YB"
    return _BY_FORMAT.get(schema.get("format", ""), _BY_TYPE.get(kind))
