"""Signing in, and what a member says of themselves, as an API."""

from dataclasses import dataclass, field, replace
from typing import Any

from flask_babel import gettext
from flask_smorest import Blueprint

from core import clock
from retail.accounts import queries as accounts
from retail.accounts import rules, service, sessions
from retail.accounts.queries import MyProfile, SessionView
from retail.brands import queries as brands
from retail.consent import queries as consent
from retail.consent.queries import ConsentView
from retail.journeys.members.agree import agree, take_back
from web.auth import current_member, device, guarded, session_token, settings
from web.errors import refusal
from web.limits import GUESSES, MAILS, limited
from web.openapi import schema_of
from web.schemas.accounts import CodeRequest, Profile, SignIn, WhichSessions
from web.write import read, write, write_rebuilt


@dataclass(frozen=True)
class CodeOnItsWay:
    """A mail leaves within seconds; the answer is the same for members and strangers."""

    expires_in_seconds: int


@dataclass(frozen=True)
class NewSession:
    """A session; `token` is sent as a bearer token and shown this once."""

    token: str = field(repr=False)
    member_id: str
    is_new: bool


sign_in = guarded(Blueprint("sign_in", __name__, description="Signing in by mailed code"), "anyone")
me = guarded(Blueprint("me", __name__, description="The signed-in member"), "member")


@sign_in.post("/sign-in-codes")
@limited(MAILS)
@write
@sign_in.arguments(CodeRequest)
@sign_in.response(202, schema_of(CodeOnItsWay))
def request_code(session: Any, wish: dict[str, str]) -> CodeOnItsWay:
    """Have a six-digit code mailed to an address."""
    brand = brands.get_brand_by_slug(session, wish["brand"])
    now, key = clock.now(), settings().key
    service.request_code(session, brand_id=brand.id, email=wish["email"], now=now, key=key)
    return CodeOnItsWay(int(rules.CODE_LIFETIME.total_seconds()))


@sign_in.post("/sessions")
@limited(GUESSES)
@write_rebuilt
@sign_in.arguments(SignIn)
@sign_in.response(201, schema_of(NewSession))
def open_session(session: Any, proof: dict[str, str]) -> Any:
    """Exchange a mailed code for a session; who signs in for the first time joins."""
    brand = brands.get_brand_by_slug(session, proof.pop("brand"))
    who = {"brand_id": brand.id, "device": device()}
    opened = service.sign_in(session, **who, **proof, now=clock.now(), key=settings().key)
    return NewSession(**vars(opened)) if opened else refusal(rules.code_refused())


@me.delete("/me/session")
@write
@me.response(204)
def close_session(session: Any) -> None:
    """Sign out: end the session that this request carries."""
    sessions.end_session(session, session_token() or "", now=clock.now(), key=settings().key)


@me.get("/me/sessions")
@read
@me.response(200, schema_of(SessionView)(many=True))
def list_sessions(session: Any) -> list[SessionView]:
    """Where the member is signed in, this session first."""
    return accounts.sessions_of(session, current_member(), now=clock.now())


@me.delete("/me/sessions/<session_id>")
@write
@me.response(204)
def end_session(session: Any, session_id: str) -> None:
    """End one session; it is over at once, on pages, in programs and on open streams."""
    sessions.end_one(session, session_id, member_id=current_member().id, now=clock.now())


@me.delete("/me/sessions")
@write
@me.arguments(WhichSessions, location="query")
@me.response(204)
def end_sessions(session: Any, which: dict[str, bool]) -> None:
    """End all sessions, or all but this one."""
    member, now = current_member(), clock.now()
    if which["but_this"]:
        sessions.end_others(session, member.session_id, member_id=member.id, now=now)
    else:
        sessions.end_all(session, member.id, now=now)


@me.get("/me")
@read
@me.response(200, schema_of(MyProfile))
def show(session: Any) -> MyProfile:
    """What the member keeps with the brand."""
    return _mine(session)


@me.patch("/me")
@write_rebuilt  # the answer names a person, which no idempotency row may keep
@me.arguments(Profile)
@me.response(200, schema_of(MyProfile))
def change(session: Any, changes: dict[str, Any]) -> MyProfile:
    """Change what is sent and leave the rest."""
    service.update_profile(session, current_member().id, **changes, now=clock.now())
    return _mine(session)


@me.get("/me/consents")
@read
@me.response(200, schema_of(ConsentView)(many=True))
def list_consents(session: Any) -> list[ConsentView]:
    """Every purpose there is, with the member's answer."""
    return _answers(session)


@me.put("/me/consents/<purpose>")
@write
@me.response(200, schema_of(ConsentView)(many=True))
def give_consent(session: Any, purpose: str) -> list[ConsentView]:
    """Agree to a purpose, in the words that the list shows."""
    agree(session, purpose, member=current_member(), now=clock.now())
    return _answers(session)


@me.delete("/me/consents/<purpose>")
@write
@me.response(200, schema_of(ConsentView)(many=True))
def withdraw_consent(session: Any, purpose: str) -> list[ConsentView]:
    """Take an agreement back; it holds from now on, on every screen."""
    take_back(session, purpose, member=current_member(), now=clock.now())
    return _answers(session)


def _answers(session: Any) -> list[ConsentView]:
    """What pages show of them too, in the words of the member's brand."""
    return [
        replace(one, title=gettext(one.title), sentence=gettext(one.sentence))
        for one in consent.consents_of(session, current_member().id)
    ]


def _mine(session: Any) -> MyProfile:
    minimum_age = settings().minimum_age_years
    return accounts.profile(session, current_member().id, now=clock.now(), minimum_age=minimum_age)
