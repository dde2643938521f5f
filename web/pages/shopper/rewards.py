"""What my points bring: the list, one reward to make sure of, and the voucher that it brought."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext

from core import clock, ids
from core.errors import SwingtagError
from loyalty.ledger import queries as ledger
from loyalty.ledger.rules import POINTS
from loyalty.rewards import queries
from loyalty.rewards.queries import TakenReward
from loyalty.rewards.rules import RewardView, find_refusal
from loyalty.tiers import queries as tiers
from loyalty.vouchers import queries as vouchers
from retail.accounts.queries import MemberView
from retail.brands import queries as brands
from retail.brands.queries import BrandView
from retail.journeys.points.exchange_points import exchange_points, give_back, source_of
from retail.journeys.points.review_tier import tiers_reached
from web.auth import current_member, guarded, settings
from web.pages.again import shown_again
from web.pages.formats import day, number
from web.pages.shopper.my_vouchers import Promise, promised, shown_vouchers
from web.write import read, write

rewards = guarded(Blueprint("my_rewards", __name__), by="member_page")


@dataclass(frozen=True)
class ShownReward:
    """A reward as one member sees it: `refusal` says why they cannot have it, `missing` points."""

    reward: RewardView
    promise: Promise
    refusal: str | None
    missing: int
    words: str


@rewards.get("/me/rewards")
@read
def show(session: Any) -> Any:
    """Every reward, the cheapest first, and what I took."""
    member = current_member()
    page = {"taken": _taken(session, member), "points": _balance(session, member, POINTS)}
    page |= {"pending": ledger.pending(session, member.brand_id, member.id), "now": clock.now()}
    brand = brands.get_brand(session, member.brand_id)
    found = rewards_for(session, member)
    return render_template("shopper/rewards.html", brand=brand, rewards=found, **page)


@rewards.get("/me/rewards/<reward_id>")
@read
def look(session: Any, reward_id: str, error: SwingtagError | None = None) -> Any:
    """One reward, and the question whether it shall be."""
    member = current_member()
    reward = queries.get_reward(session, reward_id, programme_id=member.brand_id)
    (one,) = _shown(session, member, [reward])
    page = {"brand": brands.get_brand(session, member.brand_id), "error": error}
    page |= {"wish": queries.wish_after(session, reward_id, owner_id=member.id)}
    page |= {"points": _balance(session, member, reward.wallet)}
    return render_template("shopper/reward.html", one=one, **page)


@rewards.post("/me/rewards/<reward_id>")
@shown_again(look)
@write
def take(session: Any, reward_id: str) -> Any:
    """Exchange points for it; sent twice, or from a tab that saw the same, it happens once."""
    when = {"now": clock.now(), "key": settings().key}
    who = {"member": current_member(), "wish": _wish()}
    taken = exchange_points(session, reward_id, **who, **when)
    return redirect(f"/me/rewards/taken/{taken.exchange.id}", 303)


@rewards.get("/me/rewards/taken/<exchange_id>")
@read
def taken(session: Any, exchange_id: str, error: SwingtagError | None = None) -> Any:
    """The voucher that it brought, and the way back while there is one."""
    brand = brands.get_brand(session, current_member().brand_id)
    mine = {"programme_id": brand.id, "owner_id": current_member().id}
    found = queries.get_exchange(session, exchange_id, **mine)
    page = {"brand": brand, "taken": found, "error": error} | _brought(session, found, brand)
    return render_template("shopper/reward_taken.html", **page)


@rewards.post("/me/rewards/taken/<exchange_id>/undo")
@shown_again(taken)
@write
def undo(session: Any, exchange_id: str) -> Any:
    """Think again: the points are back, and the voucher is void."""
    back = give_back(session, exchange_id, member=current_member(), now=clock.now())
    flash(_back_words(back.exchange.points))
    return redirect("/me/rewards", 303)


def _back_words(points: int) -> str:
    return str(
        ngettext(
            "%(count)s point is yours again.",
            "%(count)s points are yours again.",
            points,
            count=number(points),
        )
    )


def rewards_for(session: Any, member: MemberView) -> list[ShownReward]:
    """What a member can have, or could, the cheapest first."""
    return _shown(session, member, queries.on_offer(session, member.brand_id, now=clock.now()))


def _brought(session: Any, found: TakenReward, brand: BrandView) -> dict[str, Any]:
    """The voucher of an exchange, and whether its member may still think again."""
    now, source = clock.now(), source_of(found.exchange.id)
    voucher = vouchers.find_by_source(session, brand.id, source, now=now, key=settings().key)
    is_whole = voucher and voucher.is_whole
    shown = shown_vouchers(session, [voucher] if voucher else [], brand)
    in_time = found.exchange.back_at is None and now < found.exchange.undo_until
    return {"voucher": next(iter(shown), None), "can_undo": bool(is_whole and in_time)}


def _shown(session: Any, member: MemberView, found: list[RewardView]) -> list[ShownReward]:
    brand, now = brands.get_brand(session, member.brand_id), clock.now()
    terms = vouchers.terms_by_id(session, {one.terms_id for one in found})
    promises = promised(session, terms, brand)
    had = queries.had_by(session, brand.id, member.id)
    names = _tier_names(session, brand.id)
    who = {"brand_id": brand.id, "joined_at": member.joined_at}
    reached = tiers_reached(session, member.id, now=now, **who) if names else frozenset()
    shown = []
    for one in found:
        balance = _balance(session, member, one.wallet)
        how = {"had": had.get(one.id, 0), "tiers": reached, "now": now}
        refusal = find_refusal(one, balance=balance, **how)
        missing = max(one.price - balance, 0)
        words = refusal_words(one, refusal, missing, zone=brand.zone, tiers=names)
        shown.append(ShownReward(one, promises[one.terms_id], refusal, missing, words))
    return shown


def refusal_words(
    reward: RewardView, refusal: str | None, missing: int, *, zone: str, tiers: dict[str, str]
) -> str:
    """Why a member cannot have it just now, in a sentence; empty where they can."""
    if refusal == "not_enough_points":
        count = number(missing)
        return str(
            ngettext("%(count)s point to go", "%(count)s points to go", missing, count=count)
        )
    if refusal == "reward_too_early" and reward.starts_at is not None:
        return str(_("From %(day)s on", day=day(reward.starts_at, zone, "EEEE d MMMM")))
    if refusal == "reward_tier_needed":
        return str(_("For %(tier)s and above", tier=tiers.get(reward.tier or "", reward.tier)))
    if refusal == "reward_gone":
        return str(_("All of these have gone"))
    if refusal == "reward_limit_reached":
        return str(_("You had as many of these as one can"))
    return "" if refusal is None else str(_("It’s over"))


def _tier_names(session: Any, brand_id: str) -> dict[str, str]:
    ladder = tiers.find_ladder(session, brand_id)
    return {one.code: one.name for one in ladder.ladder.tiers} if ladder else {}


def _taken(session: Any, member: MemberView) -> list[TakenReward]:
    found = queries.taken_by(session, member.brand_id, member.id)
    return [one for one in found if one.exchange.back_at is None]


def _balance(session: Any, member: MemberView, wallet: str) -> int:
    return ledger.balance(session, member.brand_id, member.id, wallet)


def _wish() -> str:
    return request.form.get("wish", "")[:40] or ids.new_id()
