"""Text as it may come in."""

from typing import Any

from marshmallow import ValidationError, validate

from retail.brands.rules import find_currency_problem


class Whole(validate.Regexp):
    """The whole text matches, described by the anchored pattern that ECMA and Python share.

    Python's `$` would also match before a last line break, which is why the match is a full one.
    """

    def __call__(self, value: Any) -> Any:
        if self.regex.fullmatch(value) is None:
            raise ValidationError(self.error)
        return value


# No code or name needs a control character, and on a receipt it could steer the printer.
PRINTABLE = Whole(r"^[^\x00-\x1f\x7f]*$", error="There is a control character in it.")
# A scanner sends FNC1, which ends an element string of a label, as the group separator.
SCANNED = Whole(r"^[^\x00-\x1c\x1e\x1f\x7f]*$", error=PRINTABLE.error)
CURRENCY = Whole("^[A-Z]{3}$", error="A currency is three capitals, as in ISO 4217.")


def is_traded(currency: str) -> None:
    """Raise ValidationError for three capitals that are no currency of ISO 4217."""
    problem = find_currency_problem(currency)
    if problem:
        raise ValidationError(problem)
