"""Polls on the phone: asking which of two looks, voting, and the result as it moves."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext as _

from core import clock
from core.errors import SwingtagError
from retail.accounts.queries import MemberView
from retail.brands import queries as brands
from retail.journeys.looks.ask_poll import ask_poll
from retail.journeys.looks.remove_poll import remove_poll
from retail.outfits import queries as outfits
from retail.outfits.queries import OutfitView
from retail.polls import queries, rules, service
from retail.polls.queries import PollView
from retail.wall import queries as wall
from web.auth import current_member, find_member, guarded
from web.fields import read_form
from web.limits import LIKES, POLLS, limited
from web.pages.again import shown_again
from web.pages.shopper.outfit import PREVIEW
from web.pages.shopper.poll_sharing import passing_on, poll_address, preview_tags
from web.pages.viewer import viewer_of
from web.schemas.polls import NewPoll, Vote
from web.write import read, write

poll = guarded(Blueprint("poll", __name__), by="anyone")
polling = guarded(Blueprint("polling", __name__), by="member_page")


@poll.get("/polls/<poll_id>")
@read
def show(session: Any, poll_id: str, error: SwingtagError | None = None) -> Any:
    """A poll that the viewer may see."""
    seen = seen_poll(session, poll_id)
    shown = {"poll": seen, "address": poll_address(poll_id), "viewer": _voter(session, seen)}
    shown |= preview_tags(session, seen) | passing_on(session, seen)
    return _page(session, seen.brand_id, "poll", error=error, **shown), PREVIEW


@polling.post("/polls/<poll_id>/vote")
@shown_again(show)
@limited(LIKES)
@write
def vote(session: Any, poll_id: str) -> Any:
    """Vote, or move my vote."""
    choice = read_form(Vote)["choice"]
    service.vote(session, poll_id, member=current_member(), choice=choice, now=clock.now())
    return redirect(f"/polls/{poll_id}", 303)


@polling.post("/polls/<poll_id>/take-back")
@shown_again(show)
@limited(LIKES)
@write
def take_back(session: Any, poll_id: str) -> Any:
    """Take my vote back."""
    service.take_back(session, poll_id, member=current_member(), now=clock.now())
    return redirect(f"/polls/{poll_id}", 303)


@polling.post("/polls/<poll_id>/close")
@write
def close(session: Any, poll_id: str) -> Any:
    """Take no more votes."""
    service.close(session, poll_id, member=current_member(), now=clock.now())
    return redirect(f"/polls/{poll_id}", 303)


@polling.post("/polls/<poll_id>/delete")
@write
def remove(session: Any, poll_id: str) -> Any:
    """Take my poll away."""
    remove_poll(session, poll_id, member=current_member(), now=clock.now())
    flash(_("Deleted, with every vote in it."))
    return redirect("/me/polls", 303)


@polling.get("/polls/<poll_id>/vote")
@polling.get("/polls/<poll_id>/take-back")
def back(poll_id: str) -> Any:
    """Whoever had to sign in on the way finds the poll again."""
    return redirect(f"/polls/{poll_id}")


@polling.get("/me/polls")
@read
def mine(session: Any) -> Any:
    """What I ask and asked, and what friends ask."""
    me, now = current_member(), clock.now()
    found = {
        "polls": queries.polls_of(session, me.id, now=now),
        "unseen": queries.unseen_of(session, me.id),
        "origin_friends": queries.polls_of_friends(session, me.id, now=now),
    }
    return _page(session, me.brand_id, "polls", **found)


@polling.get("/me/polls/new")
@read
def new(session: Any, error: SwingtagError | None = None) -> Any:
    """Choose two looks, and whom to ask."""
    me = current_member()
    held, mine = wall.notices_for(session, me.id), outfits.outfits_of(session, me.id)
    looks = [look for look in mine if _is_shown(look) and look.id not in held]
    chosen = request.form.getlist("looks") or request.args.getlist("look")
    return _page(session, me.brand_id, "new_poll", looks=looks, chosen=chosen, error=error)


@polling.post("/me/polls/new")
@shown_again(new)
@limited(POLLS)
@write
def ask(session: Any) -> Any:
    """Ask which of two."""
    wish = read_form(NewPoll)
    looks = tuple(wish.pop("looks"))
    poll_id = ask_poll(session, looks, member=current_member(), **wish, now=clock.now())
    return redirect(f"/polls/{poll_id}", 303)


def seen_poll(session: Any, poll_id: str) -> PollView:
    """The poll as whoever asks sees it."""
    return queries.get_poll(session, poll_id, viewer=find_member(), now=clock.now())


def _voter(session: Any, seen: PollView) -> MemberView | None:
    """Who is kept away, and another brand's member, see what a stranger sees."""
    viewer = viewer_of(seen.brand_id)
    is_apart = viewer is not None and queries.is_apart(session, seen.id, viewer.id)
    return None if is_apart else viewer


def _is_shown(look: OutfitView) -> bool:
    return look.state == "published" and look.audience in rules.AUDIENCES


def _page(session: Any, brand_id: str, template: str, **values: Any) -> str:
    values["brand"] = brands.get_brand(session, brand_id)
    values.setdefault("viewer", viewer_of(brand_id))
    values["now"], values["limit"] = clock.now(), rules.QUESTION_LENGTH
    return render_template(f"shopper/{template}.html", **values)
