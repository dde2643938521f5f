"""My looks: laying out, saying who sees them, sharing, putting away."""

from typing import Any

from flask import Blueprint, redirect, render_template, request

from core import clock
from core.errors import SwingtagError
from loyalty.leaderboards import queries as leaderboards
from retail.accounts import queries as accounts
from retail.accounts import service as members
from retail.accounts.queries import MemberView
from retail.brands import queries as brands
from retail.engagement import queries as engagement
from retail.engagement import rules as further
from retail.friends import queries as friends
from retail.journeys.looks.arrange import arrange as arrange_look
from retail.journeys.looks.publish import publish
from retail.outfits import queries as outfits
from retail.outfits import rules, service
from retail.outfits.queries import OutfitView
from retail.sharing import queries as sharing
from retail.sharing import service as links
from retail.social import queries as social
from retail.wall import queries as wall
from web.auth import current_member, guarded, settings
from web.fields import read_form
from web.pages.again import shown_again
from web.pages.drawing import draw, draw_all_pieces
from web.pages.shopper.arranging import Arrangement, read_arrangement
from web.pages.shopper.share_links import panel_links
from web.schemas.outfits import Audience
from web.write import read, write

my_outfits = guarded(Blueprint("my_outfits", __name__), by="member_page")


@my_outfits.get("/me/outfits")
@read
def mine(session: Any) -> Any:
    """My looks in every state, newest first."""
    found = outfits.outfits_of(session, current_member().id)
    return _page(session, "shopper/outfits.html", outfits=found, **_how_they_do(session, found))


@my_outfits.get("/me/outfits/<outfit_id>/lay-out")
@read
def lay_out(session: Any, outfit_id: str, error: SwingtagError | None = None) -> Any:
    """Step 1: the board."""
    look = outfits.get_own(session, outfit_id, member_id=current_member().id)
    return _page(session, "shopper/lay_out.html", **_board(look), error=error)


@my_outfits.post("/me/outfits/<outfit_id>/lay-out")
@shown_again(lay_out)
@write
def arrange(session: Any, outfit_id: str) -> Any:
    """Keep the board as it lies; without scripts each arrow button does so too."""
    look = outfits.get_own(session, outfit_id, member_id=current_member().id)
    arrangement = read_arrangement(look, request.form)
    _keep(session, look, arrangement)
    return redirect(f"/me/outfits/{outfit_id}/{arrangement.next_step}", 303)


@my_outfits.get("/me/outfits/<outfit_id>/audience")
@read
def audience(session: Any, outfit_id: str, error: SwingtagError | None = None) -> Any:
    """Step 2: who sees it."""
    look = outfits.get_own(session, outfit_id, member_id=current_member().id)
    return _page(session, "shopper/audience.html", outfit=look, error=error, **_choices(session))


@my_outfits.post("/me/outfits/<outfit_id>/audience")
@shown_again(audience)
@write
def show_it(session: Any, outfit_id: str) -> Any:
    """Keep it private, or show it to whom I chose."""
    wish = read_form(Audience)
    member = _with_birth_date(session, wish["birth_on"])
    chosen = wish["audience"] if wish["choice"] == "share" else "only_me"
    _publish(session, outfit_id, member, chosen, joins_league=wish["league"])
    return redirect(f"/me/outfits/{outfit_id}/shared", 303)


@my_outfits.get("/me/outfits/<outfit_id>/shared")
@read
def shared(session: Any, outfit_id: str) -> Any:
    """Step 3: passing it on, or putting it away."""
    look = outfits.get_own(session, outfit_id, member_id=current_member().id)
    drawing = draw(look, shape="strip")
    extras = _choices(session) | _passing_on(session, look)
    extras["notice"] = wall.notices_for(session, look.member_id).get(look.id)
    return _page(session, "shopper/shared.html", outfit=look, drawing=drawing, **extras)


@my_outfits.post("/me/outfits/<outfit_id>/away")
@write
def put_away(session: Any, outfit_id: str) -> Any:
    """Take the look off every page; it stays in my looks."""
    service.put_away(session, outfit_id, member_id=current_member().id, now=clock.now())
    return redirect("/me/outfits", 303)


@my_outfits.post("/me/outfits/<outfit_id>/back")
@write
def bring_back(session: Any, outfit_id: str) -> Any:
    """Take a look out again, for me alone at first."""
    service.restore(session, outfit_id, member_id=current_member().id, now=clock.now())
    return redirect(f"/me/outfits/{outfit_id}/lay-out", 303)


def _page(session: Any, template: str, **values: Any) -> str:
    brand = brands.get_brand(session, current_member().brand_id)
    return render_template(template, brand=brand, **values)


def _board(look: OutfitView) -> dict[str, Any]:
    pieces = draw_all_pieces(look)
    asked = request.values.get("selected")
    selected = next((piece.id for piece in pieces if piece.id == asked), None)
    return {
        "outfit": look,
        "pieces": pieces,
        "drawing": draw(look),
        "selected": selected or (pieces[-1].id if pieces else None),
        "moved": "selected" in request.values,
        "caption": request.form.get("caption", look.caption),
        "caption_limit": rules.CAPTION_LENGTH,
    }


def _keep(session: Any, look: OutfitView, arrangement: Arrangement) -> None:
    arrange_look(
        session,
        look.id,
        member_id=look.member_id,
        placements=arrangement.placements,
        background=arrangement.background,
        caption=arrangement.caption,
        expected_version=arrangement.version,
        now=clock.now(),
    )


def _choices(session: Any) -> dict[str, Any]:
    member = accounts.get_member(
        session, current_member().id, now=clock.now(), minimum_age=settings().minimum_age_years
    )
    enlisted = leaderboards.enlisted(session, member.brand_id, {member.id})
    return {
        "viewer": member,
        "is_enlisted": member.id in enlisted,
        "friends": friends.count_friends(session, member.id),
        "minimum_age": settings().minimum_age_years,
    }


def _how_they_do(session: Any, looks: list[OutfitView]) -> dict[str, Any]:
    ids = [look.id for look in looks]
    return {
        "likes": social.like_counts(session, ids),
        "further": engagement.engagement_of_looks(session, ids),
        "notices": wall.notices_for(session, current_member().id),
        "deeds": further.DEEDS,
        "days": further.ENGAGED_WITHIN.days,
        "fewest": further.FEWEST_LIKES,
    }


def _passing_on(session: Any, look: OutfitView) -> dict[str, Any]:
    links = panel_links(session, look, current_member())
    return {"links": links, "reach": sharing.reach_of(session, [look.id])[look.id]}


def _with_birth_date(session: Any, birth_on: Any) -> MemberView:
    """The member as they are once a birth date given on the way is kept."""
    now, minimum_age = clock.now(), settings().minimum_age_years
    if birth_on is not None:
        members.update_profile(session, current_member().id, birth_on=birth_on, now=now)
    return accounts.get_member(session, current_member().id, now=now, minimum_age=minimum_age)


def _publish(
    session: Any, outfit_id: str, member: MemberView, chosen: str, *, joins_league: bool
) -> None:
    # An unticked box of a minor or of who was never in the league changes nothing.
    is_in = member.id in leaderboards.enlisted(session, member.brand_id, {member.id})
    joins = joins_league if joins_league != is_in else None
    now = clock.now()
    publish(session, outfit_id, member=member, audience=chosen, joins_league=joins, now=now)
    # One that waits for a check has nothing to pass on yet.
    if chosen == rules.PUBLIC and outfit_id not in wall.notices_for(session, member.id):
        links.make_links(session, outfit_id, sharer=member, now=now)
