"""A till for staff without one: scan a voucher, see what it takes off, redeem, undo."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext as _

from core import clock, ids
from core.errors import Invalid, SwingtagError
from loyalty.vouchers import written
from loyalty.vouchers.pricing import Refused
from loyalty.vouchers.rules import RedemptionView
from retail.brands import queries as brands
from retail.brands.queries import StoreView
from retail.journeys.vouchers import redeem_vouchers as journey
from retail.journeys.vouchers.price_by_hand import PricedByHand, price_by_hand
from retail.staff import roles
from web import limits
from web.auth import current_staff, guarded, needs, settings
from web.pages.again import shown_again
from web.pages.formats import money
from web.pages.staff.till_basket import read_basket, rows_of
from web.pages.staff.till_buyer import Buyer, known_buyer, read_buyer
from web.write import read, write

staff_till = guarded(Blueprint("staff_till", __name__, url_prefix="/staff/till"), by="staff_page")


@staff_till.get("")
@needs(roles.REDEEM_VOUCHERS)
@read
def show(
    session: Any,
    error: SwingtagError | None = None,
    priced: PricedByHand | None = None,
    names: Sequence[str] = (),
) -> str:
    """A basket to fill in, what was typed before, and what is taken off it."""
    refused = [Refused(**one) for one in error.data.get("refused", ())] if error else []
    page = {"error": error, "priced": priced, "refused": refused, "names": names}
    page["reference"] = reference()
    page["buyer"] = known_buyer()
    stores = _stores(session)
    choices = [("", _("Choose one")), *((store.id, store.name) for store in stores)]
    page |= {"stores": stores, "choices": choices, "rows": rows_of(request.form)}
    return render_template("staff/till.html", words=refusal_words, **page)


@staff_till.post("/check")
@needs(roles.REDEEM_VOUCHERS)
@shown_again(show)
def check() -> str:
    """What campaigns and vouchers would take off; nothing is kept."""
    limits.refuse_guesser()
    priced, names = _price(read_buyer(reference()))
    limits.count_wrong_codes(sum(one.reason == "unknown" for one in priced.quote.refused))
    return show(priced=priced, names=names)


@staff_till.post("/redeem")
@needs(roles.REDEEM_VOUCHERS)
@shown_again(show)
def redeem() -> Any:
    """Redeem them; sent twice, it happens once."""
    limits.refuse_guesser()
    return _redeem(read_buyer(reference()))


@write
def _redeem(session: Any, buyer: Buyer | None) -> Any:
    given = sale(session, buyer)
    source = f"{_at(given['store'])}{current_staff().id}:{reference()}"
    with limits.wrong_codes_counted():
        view = journey.redeem_now(session, source=source, **given)
    return redirect(f"/staff/till/{view.id}", 303)


@staff_till.get("/<redemption_id>")
@needs(roles.REDEEM_VOUCHERS)
@read
def sold(session: Any, redemption_id: str) -> str:
    """What was redeemed, and the way back."""
    view = _redeemed_here(session, redemption_id)
    return render_template("staff/till_sold.html", sold=view, words=refusal_words)


@staff_till.post("/<redemption_id>/undo")
@needs(roles.REDEEM_VOUCHERS)
@write
def undo(session: Any, redemption_id: str) -> Any:
    """Take all of it back: the vouchers can be used again. Sent twice, it happens once."""
    view = _redeemed_here(session, redemption_id)
    when = {"brand_id": current_staff().brand_id, "now": clock.now()}
    journey.roll_back(session, view.id, source="staff:undo", lines=None, **when)
    flash(_("Undone. The vouchers can be used again."))
    return redirect(f"/staff/till/{redemption_id}", 303)


@read
def _price(session: Any, buyer: Buyer | None) -> tuple[PricedByHand, list[str]]:
    sold = sale(session, buyer, needs_voucher=False)
    return price_by_hand(session, **sold), [line.sku or "" for line in sold["shown"].lines]


def sale(session: Any, buyer: Buyer | None, *, needs_voucher: bool = True) -> dict[str, Any]:
    """What the form says is sold, where and to whom. Raises Invalid."""
    store, member_id = _store(session), buyer.id if buyer else None
    how: dict[str, Any] = {"member_id": member_id, "needs_voucher": needs_voucher}
    shown = read_basket(session, store, request.form, **how)
    return {"store": store, "shown": shown, "now": clock.now(), "settings": settings()}


def _stores(session: Any) -> list[StoreView]:
    """Where whoever is signed in may sell."""
    me = current_staff()
    found = brands.list_stores(session, me.brand_id)
    return [store for store in found if me.store_id in (None, store.id)]


def _store(session: Any) -> StoreView:
    stores = _stores(session)
    named = [store for store in stores if store.id == request.form.get("store")]
    if not named and len(stores) != 1:
        sentence = _("Say in which store.")
        raise Invalid("store_unknown", sentence, fields={"store": [sentence]})
    return (named or stores)[0]


def reference() -> str:
    """What names this basket: made when its page was opened."""
    return request.form.get("reference", "")[:26] or ids.new_id()


def _at(store: StoreView) -> str:
    """How the sources of what is redeemed on this page in a store begin."""
    return f"staff:{store.id}:"


def _redeemed_here(session: Any, redemption_id: str) -> RedemptionView:
    """What this page redeemed where whoever is signed in may sell; tills and sales have their own.

    Raises NotFound.
    """
    when = {"programme_id": current_staff().brand_id, "now": clock.now()}
    view = written.get_redemption(session, redemption_id, **when)
    if not written.is_from(session, view.id, *(_at(store) for store in _stores(session))):
        raise written.redemption_not_found()
    return view


def refusal_words(refused: Refused, currency: str) -> str:
    """Why a voucher does not count, in a sentence."""
    if refused.reason == "below_minimum":
        missing = money(refused.missing_minor or 0, currency)
        return str(_("The basket is %(sum)s short of what it needs.", sum=missing))
    return str(_words()[refused.reason])


def _words() -> dict[str, str]:
    return {
        "unknown": _("We don’t know this code. Check it for slips."),
        "void": _("It was taken back."),
        "not_yet_issued": _("It didn’t exist yet."),
        "not_yet_valid": _("It isn’t valid yet."),
        "expired": _("It ran out."),
        "used_up": _("It was used already, or another till holds it."),
        "not_theirs": _("It is for one member alone. Read their card."),
        "other_currency": _("It is in another currency."),
        "owner_needed": _("It is one for each member. Read their card first."),
        "owner_used_up": _("They had as many of these as one member can."),
        "nothing_in_scope": _("Nothing here is what it is for."),
        "stands_alone": _("It can’t be used together with the other one."),
        "nothing_left": _("There is nothing left to take off."),
        "budget_used_up": _("The campaign has given away all that it could."),
        "withheld": _("None is left here, or the last is held for somebody else."),
    }
