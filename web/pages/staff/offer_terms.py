"""What offers give and how often: the brand's terms with their versions, tried and changed."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext as _

from core import clock
from core.errors import Forbidden, SwingtagError
from retail.brands import queries as brands
from retail.catalogue.queries import list_categories
from retail.journeys.offers import set_offer_terms as journey
from retail.offers import queries
from retail.offers.terms import Foreseen, OfferTerms
from retail.staff import queries as staff
from retail.staff import roles
from web.auth import current_staff, guarded, needs, settings
from web.fields import read_form
from web.pages.again import shown_again
from web.pages.staff import offer_terms_form as forms
from web.pages.staff import offer_terms_words as words
from web.pages.staff.boxes import Texts
from web.schemas.points import HeldVersion
from web.write import read, write

offer_terms = guarded(
    Blueprint("offer_terms", __name__, url_prefix="/staff/offers"), by="staff_page"
)


@dataclass(frozen=True)
class Tried:
    """Terms that were typed without a fault, and what of the last weeks' offers they would make."""

    terms: OfferTerms
    gives: Foreseen


@offer_terms.get("")
@needs(roles.SET_OFFERS)
@read
def show(session: Any, error: SwingtagError | None = None) -> str:
    """The terms that hold, the brand's or the installation's, and what each version changed."""
    brand = brands.get_brand(session, _brand_id())
    versions, names = queries.terms_versions(session, brand.id), _names(session)
    setters = staff.names_of_staff(session, {one.set_by for one in versions})
    held = journey.terms_of(session, brand.id, settings())
    is_own = bool(versions) and not versions[0].is_installations
    page = {"versions": words.editions(versions, names), "names": setters, "is_own": is_own}
    told = words.rows(held, names)
    return render_template("staff/offer_terms.html", brand=brand, rows=told, error=error, **page)


@offer_terms.get("/edit")
@needs(roles.SET_OFFERS)
@read
def edit(session: Any, error: SwingtagError | None = None) -> str:
    """The form with the terms that hold, or with what was typed and what is wrong."""
    return _page(session, _typed(session), error=error)


@offer_terms.post("/edit")
@needs(roles.SET_OFFERS)
@shown_again(edit)
@write
def save(session: Any) -> Any:
    """Have what was typed hold from now on, as the next version."""
    asked, version = _asked(session), read_form(HeldVersion)["version"]
    how = {"instead_of": version, "set_by": current_staff().id, "now": clock.now()}
    held = journey.set_offer_terms(session, _brand_id(), asked, **how)
    flash(_("Version %(version)s holds from now on.", version=held))
    return redirect("/staff/offers", 303)


@offer_terms.post("/installations")
@needs(roles.SET_OFFERS)
@shown_again(show)
@write
def go_back(session: Any) -> Any:
    """Have the installation's terms hold again, as the next version."""
    version = read_form(HeldVersion)["version"]
    how = {"instead_of": version, "set_by": current_staff().id, "now": clock.now()}
    held = journey.go_by_installation(session, _brand_id(), settings(), **how)
    flash(_("Version %(version)s holds from now on.", version=held))
    return redirect("/staff/offers", 303)


@offer_terms.post("/edit/try")
@needs(roles.SET_OFFERS)
@shown_again(edit)
@read
def try_out(session: Any) -> str:
    """Say what of the last weeks' offers would have been made too, and what they had taken off."""
    asked = _asked(session)
    gives = journey.foresee_offers(session, _brand_id(), asked, now=clock.now())
    return _page(session, _typed(session), tried=Tried(asked, gives))


def _brand_id() -> str:
    me = current_staff()
    if me.store_id is not None:
        sentence = _("Terms are the whole brand’s; ask somebody who works for every store.")
        raise Forbidden("brand_only", sentence)
    return me.brand_id


def _asked(session: Any) -> OfferTerms:
    currencies = journey.currencies_of(session, _brand_id())
    return forms.read(forms.typed_form(request.form), currencies=currencies)


def _typed(session: Any) -> Texts:
    if request.method == "POST":
        return forms.typed_form(request.form)
    return forms.typed_terms(journey.terms_of(session, _brand_id(), settings()))


def _names(session: Any) -> dict[str, str]:
    return {one.code: one.name for one in list_categories(session, _brand_id())}


def _page(
    session: Any, typed: Texts, *, error: SwingtagError | None = None, tried: Tried | None = None
) -> str:
    brand_id = _brand_id()
    wrong = error.data.get("fields", {}) if error else {}
    held = queries.find_terms(session, brand_id)
    return render_template(
        "staff/offer_terms_edit.html",
        brand=brands.get_brand(session, brand_id),
        error=error,
        wrong=wrong,
        groups=forms.groups(typed, wrong),
        caps=forms.caps(typed, wrong, journey.currencies_of(session, brand_id)),
        categories=_names(session),
        quiet=typed.get("quiet", []),
        tried=tried,
        days=journey.SPAN.days,
        # A conflict is told of once; saving after it means to.
        version=held.version if held else 0,
    )
