"""Which blueprints there are, in one list: resources under /api/v1, then pages."""

from flask import Blueprint, Flask
from flask_wtf import CSRFProtect

from web.api.brands import stores
from web.api.catalogue import catalogue
from web.api.members import me, sign_in
from web.openapi import PREFIX, SwingtagApi, complete
from web.pages.development import development
from web.pages.formats import formats
from web.pages.operations.health import health
from web.pages.shopper.join import join
from web.pages.shopper.privacy import privacy
from web.pages.shopper.profile import profile

API: tuple[Blueprint, ...] = (stores, catalogue, sign_in, me)
PAGES: tuple[Blueprint, ...] = (health, formats, join, profile, privacy, development)


def register(app: Flask, api: SwingtagApi, csrf: CSRFProtect) -> None:
    """Mount everything; the API has no forms, so its guards check the origin instead of a token."""
    for resource in API:
        csrf.exempt(resource)
        api.register_blueprint(resource, url_prefix=PREFIX)
    for page in PAGES:
        app.register_blueprint(page)
    complete(app, api)
