"""The API's documentation as a page: ours, without a script and without a foreign request."""

from typing import Any

from flask import Blueprint, current_app, render_template

from web.auth import guarded
from web.openapi import PREFIX
from web.reference import chapters

api_pages = guarded(Blueprint("api_pages", __name__), by="anyone")


@api_pages.get(f"{PREFIX}/docs")
def show() -> str:
    """Every operation with its parameters, bodies, answers and examples."""
    spec = _spec()
    return render_template("api/docs.html", info=spec["info"], chapters=chapters(spec))


def _spec() -> dict[str, Any]:
    document: dict[str, Any] = current_app.extensions["flask-smorest"]["apis"][""][
        "ext_obj"
    ].spec.to_dict()
    return document
