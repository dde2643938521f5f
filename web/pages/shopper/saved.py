"""Saved looks: one tap to keep, one to let go, and a page of them and of kept pieces."""

from typing import Any

from flask import Blueprint, redirect, render_template

from core import clock
from retail.brands import queries as brands
from retail.crowds.queries import crowds
from retail.journeys.looks.save import save
from retail.saves import queries, service
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
    member = current_member()
    looks = queries.saved_by(session, member.id, brand_id=member.brand_id)
    pieces = queries.pieces_saved_by(session, member.id, brand_id=member.brand_id)
    likes = social.like_counts(session, [look.id for look in looks])
    brand = brands.get_brand(session, member.brand_id)
    bought = crowds(session, (one.style_id for one in pieces), now=clock.now())
    kept = {"looks": looks, "likes": likes, "pieces": pieces, "crowds": bought}
    return render_template("shopper/saved.html", brand=brand, **kept)
