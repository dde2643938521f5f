"""A shop whose pages can be opened: a store, a stylist in the league, her look, and a fan."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask

from core.transaction import Database, database
from jobs.schedule import new_worker
from retail.brands import queries as brands
from tests.builders.accounts import new_member, sign_in
from tests.builders.brands import new_store
from tests.builders.catalogue import new_variants
from tests.builders.league import fold, like_times, new_league, ranked_outfit
from tests.builders.outfits import bought, new_draft, new_stylist
from tests.builders.visitor import Visitor
from web.auth import settings


@dataclass(frozen=True)
class Shop:
    """Ids, slugs and browsers."""

    brand: str
    store: str
    look: str
    draft: str
    receipt: str
    stranger: Callable[[], Visitor]
    stylist: Visitor
    fan: Visitor


@pytest.fixture
def shop(app: Flask, visit: Callable[[], Visitor]) -> Shop:
    """Two likes are counted, and the league runs."""
    key = settings_key(app)
    with app.app_context(), database().write() as session:
        store = new_store(session)
        new_league(session, store.brand_id)
        stylist, look = ranked_outfit(session, store, display_name="Chloe Martin")
        like_times(session, look, store.brand_id, 2)
        fold(session)
        fan = new_stylist(session, store.brand_id, display_name="Nina Okafor")
        draft = new_draft(session, store, fan, drawings=("knit", "skirt", "beanie"))
        receipt = bought(
            session, store, fan, new_variants(session, brand_id=store.brand_id, drawings=("boots",))
        )
        return Shop(
            brand=brands.get_brand(session, store.brand_id).slug,
            store=store.slug,
            look=look,
            draft=draft,
            receipt=receipt.id,
            stranger=visit,
            stylist=visit().sign_in(sign_in(session, stylist, key=key)),
            fan=visit().sign_in(sign_in(session, fan, key=key)),
        )


@pytest.fixture
def newcomer(app: Flask, shop: Shop, visit: Callable[[], Visitor]) -> Visitor:
    """Somebody who joined, and nothing else."""
    key = settings_key(app)
    with app.app_context(), database().write() as session:
        brand = brands.get_brand_by_slug(session, shop.brand)
        member = new_member(session, brand.id, display_name="Robin Vale")
        return visit().sign_in(sign_in(session, member, key=key))


@pytest.fixture
def run_jobs(app: Flask, db: Database) -> Callable[[], None]:
    """Let the worker do everything that is due."""

    def run() -> None:
        with app.app_context():
            new_worker(db).run_all()

    return run


def settings_key(app: Flask) -> bytes:
    """The key with which this application makes sessions."""
    with app.app_context():
        return settings().key
