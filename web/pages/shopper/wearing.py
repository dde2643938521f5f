"""What to wear to an occasion: planned, swapped, or worn on purpose as a friend does."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect
from flask_babel import gettext as _

from core import clock
from retail.accounts.queries import MemberView
from retail.catalogue.queries import VariantView
from retail.journeys.occasions.plan_outfit import once_each, piece_with, plan_outfit, wardrobe
from retail.journeys.occasions.show_occasion import ShownOccasion
from retail.occasions import rules, service
from retail.outfits import queries as outfits
from retail.outfits.queries import OutfitView
from retail.same_outfit.rules import piece_of
from web.auth import current_member, guarded
from web.fields import read_form
from web.limits import LIKES, limited
from web.schemas.occasions import PlannedOutfit
from web.write import write

wearing = guarded(Blueprint("wearing", __name__), by="member_page")


@dataclass(frozen=True)
class ToWear:
    """What a member could plan as well: pieces that they bought, and looks that they laid out."""

    pieces: list[VariantView]
    looks: list[OutfitView]


def to_choose_from(session: Any, member: MemberView, shown: ShownOccasion) -> ToWear:
    """What is not planned yet; nothing for who does not come, or when it is over."""
    if shown.occasion.answer != rules.ACCEPTED or shown.occasion.is_over:
        return ToWear([], [])
    planned = {piece_of(one) for one in shown.plan}
    have = once_each(wardrobe(session, member))
    looks = [one for one in outfits.outfits_of(session, member.id) if one.state != "away"]
    return ToWear([one for one in have if piece_of(one) not in planned], looks)


@wearing.post("/me/occasions/<occasion_id>/plan")
@limited(LIKES)
@write
def plan(session: Any, occasion_id: str) -> Any:
    """Plan what is ticked as well."""
    wish, me = read_form(PlannedOutfit), current_member()
    plan_outfit(session, occasion_id, **wish, member=me, now=clock.now())
    flash(_("Planned. Only you see it."))
    return _back(occasion_id)


@wearing.post("/me/occasions/<occasion_id>/plan/<variant_id>/drop")
@limited(LIKES)
@write
def drop(session: Any, occasion_id: str, variant_id: str) -> Any:
    """Wear something else instead."""
    me = current_member()
    service.unplan(session, occasion_id, piece_with(session, me, variant_id), member=me)
    return _back(occasion_id)


@wearing.post("/me/occasions/<occasion_id>/twins/<friend_id>/<variant_id>")
@limited(LIKES)
@write
def twin(session: Any, occasion_id: str, friend_id: str, variant_id: str) -> Any:
    """Wear it together, if she wishes that too."""
    me, now = current_member(), clock.now()
    piece = piece_with(session, me, variant_id)
    both = service.wish_to_twin(session, occasion_id, friend_id, piece, member=me, now=now)
    flash(_("Twins it is.") if both else _("Noted. You’re twins as soon as your friend says so."))
    return _back(occasion_id)


@wearing.post("/me/occasions/<occasion_id>/twins/<friend_id>/<variant_id>/undo")
@limited(LIKES)
@write
def twin_no_more(session: Any, occasion_id: str, friend_id: str, variant_id: str) -> Any:
    """Not together after all."""
    me = current_member()
    piece = piece_with(session, me, variant_id)
    service.undo_wish(session, occasion_id, friend_id, piece, member=me)
    return _back(occasion_id)


def _back(occasion_id: str) -> Any:
    return redirect(f"/me/occasions/{occasion_id}", 303)
