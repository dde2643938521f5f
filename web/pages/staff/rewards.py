"""Rewards at the desk: offered, watched, stopped; an exchange taken back by its voucher's code."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext

from core import clock, ids
from core.errors import Forbidden, Invalid, NotFound, SwingtagError
from loyalty.rewards import queries, service
from loyalty.rewards.rules import RewardView
from loyalty.tiers import queries as tiers
from loyalty.vouchers import queries as vouchers
from retail.brands import queries as brands
from retail.journeys.points.exchange_points import Voiding, void_exchange
from retail.journeys.points.offer_reward import offer_reward
from retail.staff import roles
from web import limits
from web.auth import current_staff, guarded, needs, settings
from web.fields import read_form
from web.pages.again import shown_again
from web.pages.formats import number
from web.pages.staff import reward_form as forms
from web.pages.staff.boxes import WALLETS
from web.pages.staff.voucher_form import KIND_WORDS, STACKING_WORDS
from web.pages.staff.voucher_words import terms_words
from web.schemas.rewards import ReasonedCode
from web.write import read, write

staff_rewards = guarded(
    Blueprint("staff_rewards", __name__, url_prefix="/staff/rewards"), by="staff_page"
)
_BEGINNING = {
    "terms.kind": "amount",
    "terms.value": "5",
    "terms.uses": "1",
    "price": "500",
    "valid_days": "90",
    "undo_minutes": "60",
}


@staff_rewards.get("")
@needs(roles.MAKE_VOUCHERS)
@read
def show(session: Any, error: SwingtagError | None = None) -> str:
    """Every reward, the newest first, and how many went; and the way to take one back."""
    brand = brands.get_brand(session, _brand_id())
    found = queries.rewards_of(session, brand.id)
    page = {"brand": brand, "rewards": found, "now": clock.now(), "error": error}
    return render_template("staff/rewards.html", gives=_gives(session, found), **page)


@staff_rewards.get("/new")
@needs(roles.MAKE_VOUCHERS)
@read
def new(session: Any, error: SwingtagError | None = None) -> str:
    """An empty form for a reward, or what was typed with what is wrong."""
    wrong = forms.wrong_boxes(error) if isinstance(error, Invalid) else {}
    page = {"brand": brands.get_brand(session, _brand_id()), "wrong": wrong, "error": error}
    page |= {"kinds": KIND_WORDS, "stackings": STACKING_WORDS, "wallets": WALLETS}
    typed = request.form if request.method == "POST" else _BEGINNING | {"reference": ids.new_id()}
    page |= {"tiers": [("", _("Everybody")), *_tiers(session)]}
    return render_template("staff/reward_new.html", typed=typed, **page)


@staff_rewards.post("/new")
@needs(roles.MAKE_VOUCHERS)
@shown_again(new)
@write
def offer(session: Any) -> Any:
    """Offer a reward; sent twice, it is one."""
    wanted = forms.read_reward(request.form, brands.get_brand(session, _brand_id()).currency)
    how = {"by": current_staff().id, "now": clock.now()}
    made = offer_reward(session, wanted, brand_id=_brand_id(), **how)
    flash(_("“%(title)s” is on the phones of members now.", title=made.title))
    return redirect(f"/staff/rewards/{made.id}", 303)


@staff_rewards.get("/<reward_id>")
@needs(roles.MAKE_VOUCHERS)
@read
def look(session: Any, reward_id: str) -> str:
    """One reward: what it asks and brings, and how many went."""
    brand = brands.get_brand(session, _brand_id())
    found = queries.get_reward(session, reward_id, programme_id=brand.id)
    page = {"brand": brand, "reward": found, "now": clock.now(), "tiers": dict(_tiers(session))}
    return render_template("staff/reward.html", gives=_gives(session, [found]), **page)


@staff_rewards.post("/<reward_id>/stop")
@needs(roles.MAKE_VOUCHERS)
@write
def stop(session: Any, reward_id: str) -> Any:
    """Let nobody take it any more."""
    service.stop(session, reward_id, programme_id=_brand_id(), now=clock.now())
    flash(_("Stopped. What members took stays theirs."))
    return redirect(f"/staff/rewards/{reward_id}", 303)


@staff_rewards.post("/void")
@needs(roles.MAKE_VOUCHERS)
@shown_again(show)
@write
def void(session: Any) -> Any:
    """Take back the exchange behind a voucher's code; its member has the points again."""
    limits.refuse_guesser()
    points = _take_back(session, read_form(ReasonedCode))
    flash(_voided_words(points))
    return redirect("/staff/rewards", 303)


def _take_back(session: Any, typed: dict[str, str]) -> int:
    me, when = current_staff(), {"now": clock.now(), "key": settings().key}
    how: dict[str, Any] = {"brand_id": me.brand_id, "by": Voiding(me.role, me.id, typed["reason"])}
    try:
        return void_exchange(session, typed["code"], **how, **when).exchange.points
    except NotFound as unknown:
        limits.count_wrong_codes(1)
        sentence = _("No points were paid for a voucher of this code. Check it for slips.")
        raise Invalid("code_unknown", sentence, fields={"code": [sentence]}) from unknown


def _voided_words(points: int) -> str:
    return str(
        ngettext(
            "Taken back. Its member has %(count)s point again.",
            "Taken back. Its member has %(count)s points again.",
            points,
            count=number(points),
        )
    )


def _gives(session: Any, found: list[RewardView]) -> dict[str, list[str]]:
    """What each reward brings, in words, by its id."""
    terms = vouchers.terms_by_id(session, {one.terms_id for one in found})
    return {one.id: terms_words(terms[one.terms_id]) for one in found}


def _tiers(session: Any) -> list[tuple[str, str]]:
    found = tiers.find_ladder(session, _brand_id())
    return [(one.code, one.name) for one in found.ladder.tiers] if found else []


def _brand_id() -> str:
    """Rewards are the whole brand's, so who works in one store only does not make them."""
    me = current_staff()
    if me.store_id is not None:
        sentence = _("Rewards are the whole brand’s; ask somebody who works for every store.")
        raise Forbidden("brand_only", sentence)
    return me.brand_id
