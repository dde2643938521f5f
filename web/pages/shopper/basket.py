"""My basket on the phone: fill it in a store, see what it comes to, hold vouchers for the till."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext as _

from core import clock, ids
from core.errors import Invalid, SwingtagError
from loyalty.vouchers import holds
from loyalty.vouchers.once import MOST_VOUCHERS
from retail.brands import queries as brands
from retail.journeys.vouchers import fill_phone_basket as filling
from retail.journeys.vouchers import hold_vouchers as holding
from retail.journeys.vouchers.fill_phone_basket import carried_by
from retail.phone_baskets import service
from retail.saves import queries as saves
from web import limits
from web.auth import current_member, guarded, settings
from web.pages.again import shown_again
from web.pages.shopper.basket_shown import other_rows, quote_of, shown_hold, voucher_rows
from web.schemas.phone_baskets import ITEM_LENGTH
from web.schemas.vouchers import CODE_LENGTH
from web.write import read, write

my_basket = guarded(Blueprint("my_basket", __name__, url_prefix="/me/basket"), by="member_page")
_MOST_SAVED = 12


@my_basket.get("")
@read
def show(session: Any, error: SwingtagError | None = None, **_: Any) -> str:
    """My basket with all that my vouchers do to it, or those that I chose."""
    return render_template("shopper/basket.html", error=error, **_content(session))


@my_basket.post("/check")
@shown_again(show)
def check() -> Any:
    """What it would come to with the vouchers that I chose; nothing is kept."""
    limits.refuse_guesser()
    return show()


@my_basket.post("/store")
@shown_again(show)
@write
def move(session: Any) -> Any:
    """Fill it in another store."""
    filling.move_to(session, request.form.get("store"), member=current_member(), now=clock.now())
    return redirect("/me/basket", 303)


@my_basket.post("/lines")
@shown_again(show)
@write
def add(session: Any) -> Any:
    """Put a piece in, by its label, its number, or from what I saved."""
    item = request.form.get("item", "")[:ITEM_LENGTH]
    who = {"member": current_member(), "now": clock.now()}
    filling.put_in(session, item, 1, store_slug=request.form.get("store") or None, **who)
    return redirect("/me/basket", 303)


@my_basket.post("/lines/<variant_id>")
@shown_again(show)
@write
def change(session: Any, variant_id: str) -> Any:
    """Have more of it, fewer, or none."""
    filling.change(session, variant_id, _pieces(), member=current_member())
    return redirect("/me/basket", 303)


@my_basket.post("/empty")
@write
def empty(session: Any) -> Any:
    """Start again with nothing in it."""
    service.forget(session, current_member().id)
    return redirect("/me/basket", 303)


@my_basket.post("/hold")
@shown_again(show)
@write
def hold(session: Any) -> Any:
    """Hold the vouchers that I chose for the till; sent twice, it happens once."""
    limits.refuse_guesser()
    with limits.wrong_codes_counted():
        holding.hold(session, _carried(session), _codes(), wish=_wish(), **_who())
    return redirect("/me/basket", 303)


@my_basket.post("/hold/<hold_id>/extend")
@shown_again(show)
@write
def extend(session: Any, hold_id: str) -> Any:
    """Hold them for longer."""
    holding.extend(session, hold_id, **_who())
    return redirect("/me/basket", 303)


@my_basket.post("/hold/<hold_id>/release")
@write
def release(session: Any, hold_id: str) -> Any:
    """Let them go: I can use them elsewhere."""
    holding.let_go(session, hold_id, member=current_member(), now=clock.now())
    flash(_("Nothing is held any more. Your vouchers are where they were."))
    return redirect("/me/basket", 303)


@my_basket.get("/<any(check, store, lines, empty, hold):part>")
@my_basket.get("/lines/<variant_id>")
def back(**_: str) -> Any:
    """Whoever had to sign in on the way finds the basket again."""
    return redirect("/me/basket")


def held_mark(session: Any) -> str:
    """Names what is held just now, so that a page can tell whether it still is."""
    member = current_member()
    held = holds.find_hold(session, member.brand_id, member.id, now=clock.now())
    return f"{held.id}-{len(held.vouchers)}" if held else "none"


def _content(session: Any) -> dict[str, Any]:
    member, now, chosen = current_member(), clock.now(), _chosen()
    brand = brands.get_brand(session, member.brand_id)
    carried = carried_by(session, member, now=now)
    own = holding.own_vouchers(session, member, now=now, settings=settings())
    typed = _typed()
    codes = None if chosen is None else (*chosen, *typed)
    quote = quote_of(session, carried, codes, **_who())
    if request.method == "POST" and request.path.endswith("/check") and quote:
        limits.count_wrong_codes(sum(one.reason == "unknown" for one in quote.refused))
    held = holds.find_hold(session, brand.id, member.id, now=now)
    stores = brands.list_stores(session, brand.id)
    return {
        "brand": brand,
        "stores": stores,
        "carried": carried,
        "likely": filling.likely_store(session, stores, member=member, now=now),
        "saved": saves.pieces_saved_by(session, member.id, brand_id=brand.id)[:_MOST_SAVED],
        "quote": quote,
        "vouchers": voucher_rows(session, own, quote, chosen, brand=brand),
        "others": other_rows(quote, own, typed),
        "hold": shown_hold(session, held, own, brand),
        "mark": held_mark(session),
        "topic": f"member:{member.id}",
        "wish": _wish(),
        "now": now,
    }


def _who() -> dict[str, Any]:
    return {"member": current_member(), "now": clock.now(), "settings": settings()}


def _carried(session: Any) -> filling.Carried:
    carried = carried_by(session, current_member(), now=clock.now())
    if carried is None:
        raise Invalid("basket_empty", _("Put something into the basket first."))
    return carried


def _chosen() -> tuple[str, ...] | None:
    """The vouchers of mine that were ticked; None where no form was sent that has ticks."""
    if "wish" not in request.form:
        return None
    ticked = [code[:CODE_LENGTH] for code in request.form.getlist("voucher") if code.strip()]
    return tuple(ticked[:MOST_VOUCHERS])


def _typed() -> tuple[str, ...]:
    code = request.form.get("code", "")[:CODE_LENGTH].strip()
    return (code,) if code else ()


def _codes() -> tuple[str, ...]:
    codes = (*(_chosen() or ()), *_typed())
    if not codes:
        raise Invalid("vouchers_unclear", _("Choose a voucher to hold."))
    return codes


def _pieces() -> int:
    typed = request.form.get("pieces", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 3 else -1


def _wish() -> str:
    return request.form.get("wish", "")[:26] or ids.new_id()
