"""The form for a batch of vouchers: what was typed, as the API would be sent it."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from marshmallow import Schema, ValidationError

from core.errors import Invalid
from retail.journeys.vouchers.make_vouchers import WantedBatch
from web.pages.staff.boxes import value_of
from web.schemas.voucher_batches import VoucherBatch

KIND_WORDS: Mapping[str, Any] = {
    "percent": lazy_gettext("Per cent off"),
    "amount": lazy_gettext("An amount off"),
    "item": lazy_gettext("A piece free"),
    "gift": lazy_gettext("A gift"),
}
STACKING_WORDS: Mapping[str, Any] = {
    "exclusive": lazy_gettext("Alone"),
    "stackable": lazy_gettext("Together with others"),
}
# How each box is typed, by its path in the body that the API takes; all others are text.
_CONTROLS: Mapping[str, str] = {
    **dict.fromkeys(("size", "price", "valid_days", "stock", "per_owner", "undo_minutes"), "whole"),
    "terms.minimum_minor": "money",
    "terms.most_minor": "money",
    "terms.uses": "whole",
    "terms.uses_per_owner": "whole",
    "terms.priority": "whole",
    "terms.scope.includes": "labels",
    "terms.scope.excludes": "labels",
    "terms.scope.places": "labels",
}
TERMS_PATHS = (
    *("terms.kind", "terms.value", "terms.title", "terms.stacking", "terms.campaign_id"),
    *(path for path in _CONTROLS if path.startswith("terms.")),
)
PATHS = (*("reference", "size", "first_day", "last_day", "store"), *TERMS_PATHS)

# Fields that have no box of their own, and the box by which what is wrong with them is said.
_BESIDE: Mapping[str, str] = {
    "valid_until": "last_day",
    "terms.currency": "terms.kind",
    "terms.scope": "terms.scope.includes",
}


def read_batch(form: Mapping[str, str], currency: str) -> WantedBatch:
    """The batch that was typed. Raises Invalid, with every box that is wrong by its path."""
    wanted: WantedBatch = read_terms_form(form, PATHS, VoucherBatch(), currency)
    return wanted


def read_terms_form(
    form: Mapping[str, str], paths: Sequence[str], schema: Schema, currency: str
) -> Any:
    """What a form with terms of vouchers makes under a schema of the API. Raises Invalid."""
    wrong: dict[str, list[str]] = {}
    told: dict[str, Any] = {}
    for path in paths:
        try:
            value = value_of(_control(path, form), [form.get(path, "")], currency)
        except ValueError as error:
            wrong[path] = [str(error)]
            continue
        if value is not None:
            _put(told, path, value)
    terms = told.setdefault("terms", {})
    # An empty box is no limit; to the API that is null, since left out it is one.
    terms.setdefault("uses", None)
    is_money = terms.get("kind") == "amount" or {"minimum_minor", "most_minor", "campaign_id"} & {
        *terms
    }
    terms |= {"currency": currency} if is_money else {}
    try:
        wanted = schema.load(told)
    except ValidationError as error:
        wrong = {**flat(error.normalized_messages()), **wrong}
    if wrong:
        raise Invalid("input_invalid", _("Some fields need another look."), fields=wrong)
    return wanted


def wrong_boxes(error: Invalid) -> dict[str, list[str]]:
    """What is wrong, by the paths of the boxes, also where the terms themselves refused."""
    fields = error.data.get("fields", {})
    return {_BESIDE.get(name, name): said for name, said in fields.items()}


def flat(messages: Mapping[Any, Any], before: str = "") -> dict[str, list[str]]:
    """Nested messages by their paths; those of a list's members are the list's."""
    found: dict[str, list[str]] = {}
    for name, said in messages.items():
        path = before if isinstance(name, int) else f"{before}.{name}" if before else str(name)
        if isinstance(said, Mapping):
            for inner, more in flat(said, path).items():
                found[inner] = [*found.get(inner, []), *more]
        else:
            found[path] = [*found.get(path, []), *map(str, said)]
    return found


def _control(path: str, form: Mapping[str, str]) -> str:
    if path == "terms.value":
        return "money" if form.get("terms.kind") == "amount" else "whole"
    return _CONTROLS.get(path, "text")


def _put(told: dict[str, Any], path: str, value: Any) -> None:
    *outer, last = path.split(".")
    for name in outer:
        told = told.setdefault(name, {})
    told[last] = value
