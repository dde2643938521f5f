"""Terms of offers in words: each of them, and what versions changed."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from retail.offers.queries import TermsView
from retail.offers.terms import OfferTerms
from web.pages.formats import money, number
from web.pages.staff.editions import ChangeWords, Edition, with_before
from web.pages.staff.offer_terms_form import GROUPS

Names = Mapping[str, str]


def editions(versions: Sequence[TermsView], names: Names) -> list[Edition]:
    """Versions of the terms with what each changed, the newest first; `names` are categories'."""
    told = with_before(versions, lambda before, one: _told(before, one, names))
    return [Edition(one.version, one.set_at, one.set_by, said) for one, said in told]


def rows(terms: OfferTerms, names: Names) -> list[tuple[str, str]]:
    """Each term by its name, and what it says."""
    whole = [
        (str(spec.label), number(getattr(terms, spec.name)))
        for _heading, specs in GROUPS
        for spec in specs
    ]
    caps = ", ".join(money(most, currency) for currency, most in sorted(terms.most_off.items()))
    quiet = ", ".join(sorted(names.get(code, code) for code in terms.quiet))
    return [
        *whole,
        (_("Most that one offer may take off"), caps or _("any amount")),
        (_("Quiet categories"), quiet or _("none")),
    ]


def _told(before: TermsView, after: TermsView, names: Names) -> list[ChangeWords]:
    """What a version changed, beginning with whose terms hold where that changed."""
    whose = [_whose(one) for one in (before, after)]
    turned = [ChangeWords(_("Whose terms hold"), *whose)] if whose[0] != whose[1] else []
    return [*turned, *_changed(before.terms, after.terms, names)]


def _whose(one: TermsView) -> str:
    return _("the installation’s") if one.is_installations else _("the brand’s")


def _changed(before: OfferTerms, after: OfferTerms, names: Names) -> list[ChangeWords]:
    pairs: list[Any] = list(zip(rows(before, names), rows(after, names), strict=True))
    return [ChangeWords(name, old, new) for (name, old), (_name, new) in pairs if old != new]
