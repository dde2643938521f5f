"""My friends: who they are, whom I invited, whom I keep away, and what friends show me."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import groupby
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext as _

from core import clock
from core.errors import SwingtagError
from retail.accounts.queries import MemberView
from retail.brands import queries as brands
from retail.brands.queries import BrandView
from retail.friends import invitations, queries, rules, service
from retail.friends.invitations import InvitationView, MyInvitation
from retail.journeys.members.block import block
from retail.outfits import queries as outfits
from retail.outfits.queries import OutfitView
from retail.polls import queries as polls
from retail.social import queries as social
from web.auth import current_member, guarded, settings
from web.fields import read_form
from web.limits import INVITATIONS, limited
from web.pages.again import shown_again
from web.pages.formats import day
from web.schemas.friends import NewInvitation
from web.write import read, write

friends = guarded(Blueprint("my_friends", __name__), by="member_page")
PAGE = 50
PLACES = (1, 5, rules.MOST_PLACES)
ACTIVITY_DAYS = 14


@friends.get("/me/friends")
@read
def show(session: Any, error: SwingtagError | None = None) -> Any:
    """Everyone I go shopping with, and how to ask more."""
    return _page(session, "friends", places=PLACES, error=error, **people(session))


@friends.post("/me/friends/invitations")
@shown_again(show)
@limited(INVITATIONS)
@write
def invite(session: Any) -> Any:
    """Make an invitation and show its link."""
    wish, member = read_form(NewInvitation), current_member()
    made = service.invite(session, member=member, **wish, now=clock.now(), key=settings().key)
    return redirect(f"/me/friends/invitations/{made}", 303)


@friends.get("/me/friends/invitations/<invitation_id>")
@read
def show_invitation(session: Any, invitation_id: str) -> Any:
    """One invitation to pass on, as link and as QR."""
    return _page(session, "my_invitation", invitation=own_invitation(session, invitation_id))


@friends.post("/me/friends/invitations/<invitation_id>/revoke")
@write
def revoke(session: Any, invitation_id: str) -> Any:
    """Take an invitation back."""
    service.revoke(session, invitation_id, member=current_member(), now=clock.now())
    flash(_("Taken back. The link opens nothing any more."))
    return redirect("/me/friends", 303)


@friends.get("/me/friends/with/<friend_id>")
@read
def show_friend(session: Any, friend_id: str) -> Any:
    """One friend, and how to part."""
    friend = queries.get_friend(session, current_member().id, friend_id)
    return _page(session, "friend", friend=friend)


@friends.post("/me/friends/with/<friend_id>/end")
@write
def part(session: Any, friend_id: str) -> Any:
    """End a friendship."""
    service.end(session, friend_id, member=current_member())
    flash(_("You’re friends no more. Nobody was told."))
    return redirect("/me/friends", 303)


@friends.post("/me/friends/with/<friend_id>/block")
@write
def keep_away(session: Any, friend_id: str) -> Any:
    """Block somebody, silently."""
    block(session, friend_id, member=current_member(), now=clock.now())
    flash(_("Blocked. You’re strangers to each other, and nobody was told."))
    return redirect("/me/friends", 303)


@friends.get("/me/friends/blocked")
@read
def show_blocked(session: Any) -> Any:
    """Whom I keep away."""
    return _page(session, "blocked", blocked=queries.blocked_by(session, current_member().id))


@friends.post("/me/friends/blocked/<member_id>/unblock")
@write
def let_near(session: Any, member_id: str) -> Any:
    """Lift my block."""
    service.unblock(session, member_id, member=current_member(), now=clock.now())
    flash(_("Unblocked. To be friends again, invite them."))
    return redirect("/me/friends/blocked", 303)


@friends.get("/me/friends/looks")
@read
def looks(session: Any) -> Any:
    """What my friends showed in the last two weeks."""
    me, now = current_member().id, clock.now()
    found = outfits.looks_of_friends(session, me, since=now - timedelta(days=ACTIVITY_DAYS))
    likes = social.like_counts(session, [look.id for look in found])
    asked = polls.polls_of_friends(session, me, now=now)
    shown = {"looks": found, "likes": likes, "by_day": _by_day, "polls": asked}
    return _page(session, "friends_looks", **shown)


def people(session: Any) -> dict[str, Any]:
    """The parts of my friends' page that change while it is open."""
    member = current_member()
    page = max(request.args.get("page", 1, type=int), 1)
    found = queries.friends_of(session, member.id, limit=PAGE + 1, offset=PAGE * (page - 1))
    return {
        "friends": found[:PAGE],
        "count": queries.count_friends(session, member.id),
        "invitations": _open_invitations(session, member),
        "blocked": len(queries.blocked_by(session, member.id)),
        "me": member,
        "page": page,
        "has_more": len(found) > PAGE,
    }


def own_invitation(session: Any, invitation_id: str) -> MyInvitation:
    """An invitation of mine. Raises NotFound for everybody else's."""
    return invitations.get_own_invitation(
        session,
        invitation_id,
        member_id=current_member().id,
        now=clock.now(),
        key=settings().key,
        public_url=settings().public_url,
    )


def my_brand(session: Any) -> BrandView:
    """The brand of the signed-in member."""
    return brands.get_brand(session, current_member().brand_id)


def _open_invitations(session: Any, member: MemberView) -> list[InvitationView]:
    return invitations.open_invitations_of(
        session,
        member.id,
        now=clock.now(),
        key=settings().key,
        public_url=settings().public_url,
    )


def _by_day(looks: Sequence[OutfitView], zone: str) -> list[tuple[str, list[OutfitView]]]:
    days = groupby(looks, key=lambda look: day(look.published_at or look.created_at, zone))
    return [(name, list(shown)) for name, shown in days]


def _page(session: Any, template: str, **values: Any) -> str:
    values["brand"], values["me"] = my_brand(session), current_member()
    return render_template(f"shopper/{template}.html", now=clock.now(), **values)
