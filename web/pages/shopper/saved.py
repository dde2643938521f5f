"""Saved looks: one tap to keep, one to let go, and a page of them and of kept pieces."""

from typing import Any

from flask import Blueprint, redirect, render_template

from core import clock
from retail.accounts.queries import MemberView
from retail.brands import queries as brands
from retail.crowds.queries import crowds
from retail.journeys.looks.save import save
from retail.saves import queries, reminders, service
from retail.social import queries as social
from web.auth import current_member, guarded
from web.limits import LIKES, limited
from web.pages.shopper.share_links import came_by
from web.write import read, write

saving = guarded(Blueprint("saving", __name__), by="member_page")


@saving.post("/o/<outfit_id>/save")
@limited(LIKES)
@write
def keep(session: Any, outfit_id: str) -> Any:
    """Save a look."""
    save(session, outfit_id, member=current_member(), share_id=came_by(), now=clock.now())
    return redirect(f"/o/{outfit_id}", 303)


@saving.post("/o/<outfit_id>/unsave")
@limited(LIKES)
@write
def let_go(session: Any, outfit_id: str) -> Any:
    """Save a look no more."""
    service.unsave(session, outfit_id, member=current_member())
    return redirect(f"/o/{outfit_id}", 303)


@saving.get("/o/<outfit_id>/save")
@saving.get("/o/<outfit_id>/unsave")
def back(outfit_id: str) -> Any:
    """Whoever had to sign in on the way finds the look again."""
    return redirect(f"/o/{outfit_id}")


@saving.get("/me/saved")
@read
def mine(session: Any) -> Any:
    """The looks and pieces that I keep, the last saved first."""
    me = current_member()
    kept = {**_looks(session, me), **_pieces(session, me)}
    return render_template(
        "shopper/saved.html", brand=brands.get_brand(session, me.brand_id), **kept
    )


def _looks(session: Any, me: MemberView) -> dict[str, Any]:
    looks = queries.saved_by(session, me.id, brand_id=me.brand_id)
    return {"looks": looks, "likes": social.like_counts(session, [look.id for look in looks])}


def _pieces(session: Any, me: MemberView) -> dict[str, Any]:
    pieces = queries.pieces_saved_by(session, me.id, brand_id=me.brand_id)
    return {
        "pieces": pieces,
        "crowds": crowds(session, (one.style_id for one in pieces), now=clock.now()),
        "days": reminders.days_of(session, me.id, (one.id for one in pieces)),
        "pay_day": reminders.pay_day_of(session, me.id),
    }
