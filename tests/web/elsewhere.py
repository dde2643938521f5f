"""Pages of sign-in and a provider of our own that the application trusts."""

from collections.abc import Callable, Iterator

import pytest
import urllib3
from flask import Flask
from sqlalchemy import func, select

from connectors.identity.provider import Provider, Registration
from core.clock import FixedClock
from core.transaction import Database
from retail.brands.queries import BrandView
from tests.builders.brands import new_brand
from tests.builders.provider import CLIENT, SECRET, OwnProvider
from tests.builders.visitor import Visitor
from tests.processes import PATIENCE_SECONDS
from web.elsewhere import Elsewhere

EMAIL = "nina@shopper.example"
Visit = Callable[[], Visitor]


@pytest.fixture
def brand(db: Database) -> BrandView:
    with db.write() as session:
        return new_brand(session, slug="alder", name="Alder & Finch")


@pytest.fixture
def provider(app: Flask, clock: FixedClock) -> Iterator[OwnProvider]:
    """A provider that the application trusts, and that keeps its time."""
    own = OwnProvider()
    own.now = lambda: clock.instant.timestamp()
    trust(app, own)
    yield own
    app.extensions["elsewhere"] = None
    own.close()


def trust(
    app: Flask,
    own: OwnProvider,
    *,
    secret: str | None = SECRET,
    seconds: float = PATIENCE_SECONDS,
) -> None:
    registration = Registration(own.issuer, CLIENT, secret)
    app.extensions["elsewhere"] = Elsewhere("Larch", Provider(registration, seconds=seconds))


def ask(address: str) -> str:
    """Be the browser at the provider: where it sends one next."""
    answer = urllib3.request("GET", address, redirect=False, retries=False)
    assert answer.status == 302
    return answer.headers["Location"]


def leave(visitor: Visitor, brand_slug: str = "alder", onward: str = "/me/privacy") -> str:
    """Press the button; the address of the provider."""
    visitor.page = visitor.client.get(f"/join/{brand_slug}/with?next={onward}")
    assert visitor.status == 303, visitor.text
    return str(visitor.page.headers["Location"])


def way_back(visitor: Visitor, onward: str = "/me/privacy") -> str:
    """There, and say yes; the address on our site that the provider sends one to."""
    return ask(leave(visitor, onward=onward)).removeprefix("http://localhost")


def sign_in(visitor: Visitor, onward: str = "/me/privacy") -> Visitor:
    """All the way there and back."""
    return visitor.open(way_back(visitor, onward))


def try_to_sign_in(visitor: Visitor) -> Visitor:
    """As far as it goes: a provider may fail before anybody leaves for it."""
    visitor.page = visitor.client.get("/join/alder/with?next=/me/privacy")
    if visitor.status != 303:
        return visitor
    return visitor.open(ask(visitor.page.headers["Location"]).removeprefix("http://localhost"))


def count(db: Database, table: type) -> int:
    with db.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0
