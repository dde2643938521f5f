"""The form of a brand's terms of offers: what was typed, as it stands, and the terms it makes."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.datastructures import MultiDict

from core.errors import Invalid
from retail.offers.terms import LIMITS, OfferTerms
from web.pages.staff.boxes import Box, Reading, Spec, Texts, Wrong, box, text_of

GROUPS: Sequence[tuple[Any, Sequence[Spec]]] = (
    (
        lazy_gettext("What is given"),
        (
            Spec("percent", "whole", lazy_gettext("Per cent off the piece")),
            Spec("thanks_percent", "whole", lazy_gettext("Per cent off to thank a friend")),
        ),
    ),
    (
        lazy_gettext("How often, to one person"),
        (
            Spec("a_day", "whole", lazy_gettext("Offers in a day")),
            Spec("a_week", "whole", lazy_gettext("Offers in a week")),
        ),
    ),
    (
        lazy_gettext("At the till"),
        (
            Spec("print_lines", "whole", lazy_gettext("Lines on the receipt")),
            Spec("budget_milliseconds", "whole", lazy_gettext("Milliseconds a sale may wait")),
        ),
    ),
)
_WHOLE = [spec for _heading, specs in GROUPS for spec in specs]


def typed_form(form: MultiDict[str, str]) -> Texts:
    """What was sent."""
    return {name: list(texts) for name, texts in form.lists()}


def typed_terms(terms: OfferTerms) -> Texts:
    """Terms as they would be typed."""
    texts = {spec.name: text_of(spec.control, getattr(terms, spec.name), "") for spec in _WHOLE}
    texts["quiet"] = sorted(terms.quiet)
    for currency, most in terms.most_off.items():
        texts[f"most_off.{currency}"] = text_of("money", most, currency)
    return texts


def read(typed: Texts, *, currencies: Sequence[str]) -> OfferTerms:
    """The terms that were typed. Raises Invalid, with every box that is wrong by its name."""
    wrong: dict[str, list[str]] = {}
    told = Reading("", wrong).part("", _WHOLE, typed)
    for spec in _WHOLE:
        least, most = LIMITS[spec.name]
        if not least <= told.get(spec.name, least - 1) <= most:
            sentence = _("A whole number from %(least)s to %(most)s.", least=least, most=most)
            wrong.setdefault(spec.name, [sentence])
    most_off = {}
    for spec in _of_money(currencies):
        currency = spec.name.removeprefix("most_off.")
        amount = Reading(currency, wrong).value(spec.name, "money", typed.get(spec.name, []))
        if amount is not None and amount < 1:
            wrong[spec.name] = [_("An amount above nought, or nothing.")]
        elif amount is not None:
            most_off[currency] = amount
    if wrong:
        raise Invalid("offer_terms_unclear", _("Some fields need another look."), fields=wrong)
    return OfferTerms(**told, quiet=frozenset(typed.get("quiet", [])), most_off=most_off)


def groups(typed: Texts, wrong: Wrong) -> list[tuple[Any, list[Box]]]:
    """The boxes of numbers under their headings, to draw."""
    return [(heading, [box("", spec, typed, wrong) for spec in specs]) for heading, specs in GROUPS]


def caps(typed: Texts, wrong: Wrong, currencies: Sequence[str]) -> list[tuple[str, Box]]:
    """A box for each currency, with it, to draw."""
    specs = _of_money(currencies)
    boxes = [box("", spec, typed, wrong) for spec in specs]
    return list(zip(currencies, boxes, strict=True))


def _of_money(currencies: Sequence[str]) -> list[Spec]:
    label = lazy_gettext("Most that one offer may take off")
    return [Spec(f"most_off.{currency}", "money", label) for currency in currencies]
