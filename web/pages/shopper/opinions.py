"""Ask friends: about what is in my room, a look or a picture; and say what I think of theirs."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request
from flask_babel import gettext as _

from core import clock
from core.errors import SwingtagError
from retail.brands import queries as brands
from retail.catalogue.queries import VariantView
from retail.consent import queries as consent
from retail.consent.rules import ANSWERS_ON_SCREEN
from retail.friends import queries as friends
from retail.opinions import pictures, queries, reports, rules, service
from retail.opinions.rules import Wish
from retail.outfits import queries as outfits
from retail.sent_pieces import service as sent_pieces
from web.auth import current_member, guarded, settings
from web.fields import read_form
from web.limits import LIKES, OPINIONS, limited
from web.pages.again import shown_again
from web.pages.shopper.my_room import shown_room
from web.schemas.opinions import AnswerFriend, AskFriends, PictureOnScreen, ReportOpinion
from web.write import read, write

opinions = guarded(Blueprint("opinions", __name__, url_prefix="/me/opinions"), by="member_page")
View = Callable[..., Any]


def with_picture(view: View) -> View:
    """Hand a view the picture that was sent, made anew before any transaction begins."""

    @wraps(view)
    def wrapper() -> Any:
        sent = request.files.get("picture")
        raw = sent.stream.read(pictures.MOST_BYTES + 1) if sent else b""
        return view(picture=pictures.remade(raw) if raw else None)

    return wrapper


@opinions.get("")
@read
def mine(session: Any) -> str:
    """What friends ask me, and what I ask them."""
    told = both_ways(session)
    topics = [f"member:{current_member().id}", *(f"opinion:{one.id}" for one in told["own"])]
    return _page(session, "opinions", topics=topics, **told)


@opinions.get("/new")
@read
def new(session: Any, error: SwingtagError | None = None) -> str:
    """Choose what to ask about, and whom."""
    me, given = current_member(), request.form
    looks = [look for look in outfits.outfits_of(session, me.id) if look.state != "away"]
    people = friends.friends_of(session, me.id)
    told = {"friends": people, "looks": looks, "inside": _inside(session), "error": error}
    chosen = {"chosen": given.getlist("friends"), "ticked": given.getlist("pieces")}
    return _page(session, "ask_friends", limit=rules.LINE_LENGTH, **told, **chosen)


@opinions.post("/new")
@shown_again(new)
@limited(OPINIONS)
@with_picture
@write
def ask(session: Any, picture: bytes | None) -> Any:
    """Ask them."""
    wish, about = read_form(AskFriends), {"member": current_member(), "now": clock.now()}
    told = (tuple(wish["friends"]), wish["words"], tuple(wish["pieces"]), wish["look"], picture)
    opinion_id = service.ask(session, Wish(*told), **about, key=settings().key)
    return redirect(f"/me/opinions/{opinion_id}", 303)


@opinions.get("/<opinion_id>")
@read
def show(session: Any, opinion_id: str, error: SwingtagError | None = None) -> str:
    """What I asked with what they say, or what a friend asks me."""
    me, now = current_member(), clock.now()
    asked = queries.find_asked(session, opinion_id, viewer=me, now=now)
    if asked is None:
        return _page(session, "opinion", **own_part(session, opinion_id))
    agreed = consent.has_consent(session, me.id, ANSWERS_ON_SCREEN, "friends", "screen")
    told = {"asked": asked, "is_on_screen": agreed, "limit": rules.LINE_LENGTH, "error": error}
    return _page(session, "opinion_asked", **told)


@opinions.post("/<opinion_id>/answer")
@shown_again(show)
@limited(LIKES)
@write
def answer(session: Any, opinion_id: str) -> Any:
    """Say what I think, or something else than before."""
    said, who = read_form(AnswerFriend), {"member": current_member(), "now": clock.now()}
    service.answer(session, opinion_id, **said, **who)
    flash(_("Sent. You can change it until it’s over."))
    return redirect(f"/me/opinions/{opinion_id}", 303)


@opinions.post("/<opinion_id>/take-back")
@limited(LIKES)
@write
def take_back(session: Any, opinion_id: str) -> Any:
    """Take back what I asked."""
    service.take_back(session, opinion_id, member=current_member())
    flash(_("Taken back. Nothing of it is kept."))
    return redirect("/me/opinions", 303)


@opinions.post("/<opinion_id>/put-away")
@limited(LIKES)
@write
def put_away(session: Any, opinion_id: str) -> Any:
    """Be asked no more, and have my answer gone."""
    service.put_away(session, opinion_id, member=current_member())
    flash(_("Put away. What you said is gone from their page, too."))
    return redirect("/me/opinions", 303)


@opinions.get("/<opinion_id>/report")
@read
def reporting(session: Any, opinion_id: str, error: SwingtagError | None = None) -> str:
    """Say why somebody should look at what a friend asks me."""
    asked = queries.find_asked(session, opinion_id, viewer=current_member(), now=clock.now())
    if asked is None:
        raise rules.opinion_not_found()
    return _page(session, "opinion_report", asked=asked, reasons=rules.REASONS, error=error)


@opinions.post("/<opinion_id>/report")
@shown_again(reporting)
@limited(LIKES)
@write
def report(session: Any, opinion_id: str) -> Any:
    """Have somebody look at it, and see it no more."""
    told = read_form(ReportOpinion) | {"member": current_member(), "now": clock.now()}
    reports.report(session, opinion_id, **told)
    flash(_("Reported. It’s gone from here, and nobody learns that it was you."))
    return redirect("/me/opinions", 303)


@opinions.post("/<opinion_id>/mute")
@limited(LIKES)
@write
def mute(session: Any, opinion_id: str) -> Any:
    """Hear nothing of what this friend sends or asks."""
    me, now = current_member(), clock.now()
    asked = queries.find_asked(session, opinion_id, viewer=me, now=now)
    if asked is None:
        raise rules.opinion_not_found()
    sent_pieces.mute(session, asked.asker_id, member=me, now=now)
    flash(_("Muted. They aren’t told, and you can turn it off below."))
    return redirect("/me/sent", 303)


@opinions.post("/<opinion_id>/screen")
@limited(LIKES)
@write
def show_picture(session: Any, opinion_id: str) -> Any:
    """Show the picture on the room’s screen, or take it off."""
    is_shown = read_form(PictureOnScreen)["shown"]
    who = {"member": current_member(), "now": clock.now()}
    service.show_picture(session, opinion_id, is_shown=is_shown, **who)
    return redirect(f"/me/opinions/{opinion_id}", 303)


@opinions.get("/<opinion_id>/picture")
@read
def picture(session: Any, opinion_id: str) -> Response:
    """The picture, for me and whom I asked."""
    who = {"viewer_id": current_member().id, "now": clock.now(), "key": settings().key}
    return as_picture(queries.picture_for(session, opinion_id, **who))


def both_ways(session: Any) -> dict[str, Any]:
    """What friends ask me, and what I ask them."""
    me, now = current_member(), clock.now()
    asked, own = queries.asked_of(session, me, now=now), queries.own(session, me.id, now=now)
    return {"asked": asked, "own": own}


def own_part(session: Any, opinion_id: str) -> dict[str, Any]:
    """What the part with the answers needs. Raises NotFound."""
    me = current_member()
    found = queries.get_own(session, opinion_id, member_id=me.id, now=clock.now())
    return {"opinion": found, "names": {one.id: one for one in found.pieces}, "me": me}


def is_asked(session: Any, opinion_id: str) -> bool:
    """Whether a friend still asks me this."""
    who = {"viewer": current_member(), "now": clock.now()}
    return queries.find_asked(session, opinion_id, **who) is not None


def as_picture(jpeg: bytes) -> Response:
    """A picture that nobody in between may keep."""
    headers = {"Cache-Control": "no-store, private", "Content-Disposition": "inline"}
    return Response(jpeg, content_type="image/jpeg", headers=headers)


def _inside(session: Any) -> list[VariantView]:
    """What can be asked about of what is in my room; nothing where my phone is in none."""
    page = shown_room(session).get("page")
    inside = page.inside if page else ()
    return [one for one in inside if not one.is_never_shareable]


def _page(session: Any, name: str, **content: Any) -> str:
    brand = brands.get_brand(session, current_member().brand_id)
    return render_template(f"shopper/{name}.html", brand=brand, **content)
