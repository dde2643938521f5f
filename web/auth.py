"""Who is asking? One guard per blueprint, from this file's short list."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from flask import Blueprint, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response

from core import clock
from core.config import Settings
from core.errors import Forbidden, NotFound, Unauthenticated
from core.transaction import database
from retail.accounts import queries as accounts
from retail.accounts import sessions
from retail.accounts.devices import device_words
from retail.accounts.queries import SignedInMember
from retail.accounts.rules import SESSION_NOTED_EVERY
from retail.brands import vocabulary
from retail.staff import queries as staff
from retail.staff import roles
from retail.staff import rules as staff_rules
from retail.staff import service as staff_service
from retail.staff.queries import KeyView, SignedInStaff
from retail.staff.rules import is_use_news

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
View = Callable[..., Any]


def settings() -> Settings:
    """The settings of the running installation."""
    return cast(Settings, current_app.config["SETTINGS"])


def session_cookie_name() -> str:
    """`__Host-` binds the cookie to this host, which browsers only accept over HTTPS."""
    return "__Host-member" if settings().is_secure else "member"


def set_session_cookie(response: Response, token: str, *, max_age_seconds: int) -> None:
    """Hand the member's browser its session."""
    response.set_cookie(
        session_cookie_name(),
        token,
        max_age=max_age_seconds,
        secure=settings().is_secure,
        httponly=True,
        samesite="Lax",
    )


def clear_session_cookie(response: Response) -> None:
    """Take the session from the browser."""
    response.delete_cookie(
        session_cookie_name(), secure=settings().is_secure, httponly=True, samesite="Lax"
    )


def is_same_origin() -> bool:
    """Whether the browser says that a page of ours sent this request."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("Origin")
    return origin is not None and origin == request.host_url.rstrip("/")


def find_member() -> SignedInMember | None:
    """The signed-in member, if any.

    A cookie travels with every request to us, also one that a foreign page caused; for an
    unsafe method it therefore counts only when the browser vouches for the origin.
    """
    if "member" not in g:
        token = session_token()
        g.member = None
        if token:
            with database().read() as session:
                g.member = accounts.find_session(
                    session,
                    token,
                    now=clock.now(),
                    key=settings().key,
                    minimum_age=settings().minimum_age_years,
                )
        vocabulary.speak_to(g.member)
    return cast(SignedInMember | None, g.member)


def note_presence(response: Response) -> Response:
    """Remember now and then, after the request, that a session or a key is in use."""
    member, key, now = g.get("member"), g.get("api_key"), clock.now()
    if member is not None and now - member.seen_at >= SESSION_NOTED_EVERY:
        with database().write() as session:
            sessions.extend_session(session, session_token() or "", now=now, key=settings().key)
    if key is not None and (key.is_aged or is_use_news(key.used_at, now)):
        with database().write() as session:
            if key.is_aged:
                text = request.headers.get("Authorization", "").partition(" ")[2]
                staff_service.sign_anew(session, text.strip(), key=settings().key)
            staff_service.note_use(session, key.id, now=now)
    return response


def session_token() -> str | None:
    """The member's session token, as a bearer token or from the cookie."""
    scheme, _, credentials = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and not credentials.startswith(("st_", "sd_")):
        return credentials.strip() or None
    if request.method in SAFE_METHODS or is_same_origin():
        return request.cookies.get(session_cookie_name())
    return None


def device() -> str | None:
    """What this request's browser calls itself, in the few words that are kept of it."""
    return device_words(request.user_agent.string)


def current_member() -> SignedInMember:
    """The signed-in member. Raises Unauthenticated."""
    member = find_member()
    if member is None:
        raise Unauthenticated("sign_in_required", "Sign in first.")
    return member


def find_key() -> KeyView | None:
    """The API key of this request, if it carries a valid one."""
    if "api_key" not in g:
        scheme, _, text = request.headers.get("Authorization", "").partition(" ")
        g.api_key = None
        if scheme.lower() == "bearer" and text.startswith("st_"):
            with database().read() as session:
                g.api_key = staff.find_key(session, text.strip(), key=settings().key)
        vocabulary.speak_to(g.api_key)
    return cast(KeyView | None, g.api_key)


def current_key() -> KeyView:
    """The API key of this request. Raises Unauthenticated."""
    key = find_key()
    if key is None:
        raise Unauthenticated("api_key_required", "Send a valid API key as a bearer token.")
    return key


def staff_cookie_name() -> str:
    """A cookie beside the member's: who works here may shop here too."""
    return "__Host-staff" if settings().is_secure else "staff"


def set_staff_cookie(response: Response, token: str) -> None:
    """Hand a tablet its session; no other site can make the browser send it."""
    response.set_cookie(
        staff_cookie_name(),
        token,
        max_age=int(staff_rules.SESSION_LIFETIME.total_seconds()),
        secure=settings().is_secure,
        httponly=True,
        samesite="Strict",
    )


def clear_staff_cookie(response: Response) -> None:
    """Take the session from the tablet."""
    response.delete_cookie(
        staff_cookie_name(), secure=settings().is_secure, httponly=True, samesite="Strict"
    )


def find_staff() -> SignedInStaff | None:
    """Who is signed in at this tablet, locked or not; unsafe methods need our own pages."""
    if "staff" not in g:
        token = request.cookies.get(staff_cookie_name())
        g.staff = None
        if token and (request.method in SAFE_METHODS or is_same_origin()):
            with database().read() as session:
                g.staff = staff.find_session(session, token, now=clock.now(), key=settings().key)
        vocabulary.speak_to(g.staff)
    return cast(SignedInStaff | None, g.staff)


def current_staff() -> SignedInStaff:
    """Who is signed in at this tablet. Raises Unauthenticated, also where it is locked."""
    found = find_staff()
    if found is None or found.locks_at <= clock.now():
        raise Unauthenticated("staff_sign_in_required", "Sign in first.")
    return found


def needs(permission: str) -> Callable[[View], View]:
    """Let only those use a view whose role has the permission; stands next to the route."""

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            roles.check_may(current_staff().role, permission)
            return view(*args, **kwargs)

        wrapper.needs = permission  # type: ignore[attr-defined]
        return wrapper

    return decorate


def principal() -> str:
    """Who is asking, as the owner of idempotency keys."""
    key = find_key()
    if key is not None:
        return f"key:{key.id}"
    if g.get("device") is not None:
        return f"device:{g.device.id}"
    if request.path.startswith("/staff") and (found := find_staff()) is not None:
        return f"staff:{found.id}"
    member = find_member()
    return f"member:{member.id}" if member is not None else f"address:{request.remote_addr}"


def member_id() -> str | None:
    """Whose request this is, where a member is signed in and no key speaks for a shop."""
    member = None if find_key() is not None else find_member()
    return member.id if member is not None else None


def _anyone() -> None: ...


def _member() -> None:
    current_member()


def _member_page() -> Response | None:
    """Pages send a stranger to the sign-in page and back, where they can know the brand."""
    if find_member() is not None:
        return None
    if request.method in SAFE_METHODS:
        return redirect(url_for("join.choose", next=request.full_path.rstrip("?")))
    raise Unauthenticated("sign_in_required", "Sign in first.")


def _staff_page() -> Response | None:
    """Staff pages send a stranger to the sign-in page, and who left a tablet lying to its lock."""
    found, now = find_staff(), clock.now()
    if found is None or found.locks_at <= now:
        door = "staff_door.choose" if found is None else "staff_door.locked"
        if request.method in SAFE_METHODS:
            return redirect(url_for(door, next=request.full_path.rstrip("?")))
        current_staff()
    elif found.locks_at - now < staff_rules.LOCK_AFTER - staff_rules.TOUCH_NOTED_EVERY:
        with database().write() as session:
            staff_service.touch(session, found.session_id, now=now)
    return None


def _staff_live() -> None:
    """Parts of staff pages that fetch themselves: that nobody touched them must not count."""
    current_staff()


def _same_origin() -> None:
    """Strangers' forms: anyone, but only from a page of ours; kept pages carry no form token."""
    if request.method not in SAFE_METHODS and not is_same_origin():
        raise Forbidden("foreign_page", "Open the look here first, then try again.")


def _till() -> None:
    if current_key().kind not in ("till", "integrator"):
        raise Forbidden("wrong_key", "This key is not for tills.")


def _integrator() -> None:
    if current_key().kind != "integrator":
        raise Forbidden("wrong_key", "This key may not manage the shop; use an integrator key.")


def _development() -> None:
    if not settings().is_development:
        raise NotFound("page_not_found", "This page isn’t here.")


GUARDS: dict[str, Callable[[], Response | None]] = {
    "anyone": _anyone,
    "same_origin": _same_origin,
    "member": _member,
    "member_page": _member_page,
    "staff_page": _staff_page,
    "staff_live": _staff_live,
    "till": _till,
    "integrator": _integrator,
    "development": _development,
}


def guarded(blueprint: Blueprint, by: str) -> Blueprint:
    """Put the named guard before every view of a blueprint."""
    blueprint.before_request(GUARDS[by])
    blueprint.guarded_by = by  # type: ignore[attr-defined]
    return blueprint
