"""Every route has a guard that somebody chose, and every operation is described."""

import re

from flask import Flask

from tests.application import app, app_settings, kept_app
from web.auth import GUARDS
from web.openapi import PREFIX

__all__ = ["app", "app_settings", "kept_app"]

# Who may come in without showing anything: opening another door is a decision, made here.
OPEN_TO_ANYONE = {
    "brand",
    "devices",
    "elsewhere",
    "api_pages",
    "fragments",
    "friend_invitations",
    "garments",
    "health",
    "invitation",
    "following",
    "installed",
    "front",
    "join",
    "kiosk",
    "league",
    "like_feed",
    "live",
    "outfit",
    "open_polls",
    "outfits",
    "piece",
    "boards",
    "poll",
    "previews",
    "printing",
    "receipt",
    "room",
    "scan",
    "shares",
    "sign_in",
    "staff_door",
    "store_door",
    "unsubscribing",
    "wall",
    "walls",
}
GUARD_NAMES = {
    "anyone",
    "same_origin",
    "member",
    "member_page",
    "staff_page",
    "staff_live",
    "till",
    "integrator",
    "reader",
    "screen",
    "kiosk",
    "development",
}
# Made by flask-smorest: the description itself, which is public.
WITHOUT_GUARD = {"api-docs"}


def guards(app: Flask) -> dict[str, str]:
    """The guard of each blueprint that has routes."""
    names = {rule.endpoint.rsplit(".", 1)[0] for rule in app.url_map.iter_rules()} - {"static"}
    return {name: getattr(app.blueprints[name], "guarded_by", "none") for name in names}


def test_the_guards_are_those_we_know() -> None:
    assert set(GUARDS) == GUARD_NAMES


def test_every_blueprint_has_a_guard(app: Flask) -> None:
    unguarded = {name for name, guard in guards(app).items() if guard not in GUARD_NAMES}
    assert unguarded == WITHOUT_GUARD


def test_the_guard_is_truly_asked(app: Flask) -> None:
    for name, guard in guards(app).items():
        if name not in WITHOUT_GUARD:
            assert GUARDS[guard] in app.blueprints[name].before_request_funcs[None], name


def test_only_chosen_blueprints_are_open(app: Flask) -> None:
    is_open = {name for name, guard in guards(app).items() if guard == "anyone"}
    assert is_open <= OPEN_TO_ANYONE


def operations(app: Flask) -> set[tuple[str, str]]:
    """Every (method, path) below the API's prefix, save the description's own two."""
    return {
        (method.lower(), re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule))
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith(PREFIX)
        and rule.rule not in (f"{PREFIX}/openapi.json", f"{PREFIX}/docs")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def described(app: Flask) -> set[tuple[str, str]]:
    """Every (method, path) in the OpenAPI document."""
    document = app.test_client().get(f"{PREFIX}/openapi.json").get_json()
    return {
        (method, path)
        for path, item in document["paths"].items()
        for method in item.keys() & {"get", "put", "post", "patch", "delete"}
    }


def test_the_description_is_the_routes_and_the_routes_are_the_description(app: Flask) -> None:
    assert described(app) == operations(app)


def test_every_operation_says_what_it_does_and_how_it_refuses(app: Flask) -> None:
    document = app.test_client().get(f"{PREFIX}/openapi.json").get_json()
    assert document["openapi"] == "3.1.0"
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method != "parameters":
                assert operation["summary"], (method, path)
                assert "default" in operation["responses"], (method, path)
                assert "security" in operation, (method, path)
