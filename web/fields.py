"""One schema for API and form: reads a form, and tells a template its limits."""

from typing import Any, cast

from flask import request
from marshmallow import EXCLUDE, Schema, ValidationError, validate
from marshmallow.fields import List
from werkzeug.datastructures import MultiDict

from core.errors import Invalid


def read_form(schema: type[Schema]) -> dict[str, Any]:
    """The submitted form as the schema reads it; an empty box counts as not given.

    Raises Invalid whose `fields` name what is wrong where.
    """
    return _read(schema, request.form)


def read_query(schema: type[Schema]) -> dict[str, Any]:
    """The address's query as the schema reads it, as `read_form` reads forms. Raises Invalid."""
    return _read(schema, request.args)


def _read(schema: type[Schema], sent: MultiDict[str, str]) -> dict[str, Any]:
    known = schema().fields
    given = {
        # One tick of several is still a list.
        name: values if len(values) > 1 or isinstance(known.get(name), List) else values[0]
        for name, values in sent.lists()
        if values != [""]
    }
    try:
        return cast(dict[str, Any], schema(unknown=EXCLUDE).load(given))
    except ValidationError as error:
        raise Invalid(
            "input_invalid", "Some fields need another look.", fields=error.normalized_messages()
        ) from error


def limits(schema: type[Schema]) -> dict[str, dict[str, Any]]:
    """For each field the HTML attributes that let a browser say the same as the schema."""
    return {name: _attributes(field) for name, field in schema().fields.items()}


def _attributes(field: Any) -> dict[str, Any]:
    attributes: dict[str, Any] = {"required": True} if field.required else {}
    for rule in field.validators:
        if isinstance(rule, validate.Length):
            attributes |= {"minlength": rule.min, "maxlength": rule.equal or rule.max}
        elif isinstance(rule, validate.Range):
            attributes |= {"min": rule.min, "max": rule.max}
        elif isinstance(rule, validate.Regexp):
            attributes["pattern"] = rule.regex.pattern
    return {name: value for name, value in attributes.items() if value is not None}
