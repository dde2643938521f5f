"""The provider with whose accounts members may sign in, where an operator named one."""

from dataclasses import dataclass
from typing import cast

from flask import Flask, current_app

from connectors.identity.provider import Provider, Registration
from core.config import Settings


@dataclass(frozen=True)
class Elsewhere:
    """A provider as people know it; for all brands where `brand_slug` is None."""

    name: str
    provider: Provider
    brand_slug: str | None = None


def register(app: Flask, settings: Settings) -> None:
    """Give the application its provider, or none; nothing is fetched before somebody asks."""
    app.extensions["elsewhere"] = None
    if settings.oidc_issuer and settings.oidc_client_id:
        registration = Registration(
            settings.oidc_issuer, settings.oidc_client_id, settings.oidc_client_secret
        )
        app.extensions["elsewhere"] = Elsewhere(
            settings.oidc_name or "", Provider(registration), settings.oidc_brand
        )


def find_elsewhere(brand_slug: str) -> Elsewhere | None:
    """Who vouches for members of this brand, if anybody does."""
    found = cast(Elsewhere | None, current_app.extensions["elsewhere"])
    return found if found and found.brand_slug in (None, brand_slug) else None
