"""The demo's month that is over, lived once beside a shop that is open."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from core import config
from core.config import Settings
from core.transaction import Database, prepare_engine
from demo import seed
from demo.past import CAST, CIRCLES, NAMES, OTHERS, STORE, Past
from demo.service import Service
from demo.simulator.cast import read_captions
from loyalty.experiments import service as experiments
from loyalty.experiments.queries import experiments as of_brand
from retail.brands import queries as brands
from retail.catalogue import queries as catalogue
from retail.catalogue.queries import VariantView
from retail.influence.rules import TREATMENT, Month, month_from
from retail.journeys.influence.keep_from_influence import start_keeping
from retail.journeys.looks.like import like


def live_last_month(shop: Service, now: datetime) -> str:
    """Have such a month lie behind the shop, once; gives the month as 2026-10."""
    settings = config.load(shop.environment)
    with _writing(settings) as database:
        with database.write() as session:
            brand = brands.get_brand_by_slug(session, seed.BRAND_SLUG)
            store = brands.get_store_by_slug(session, brand.id, STORE)
            month = _settled(now, brand.zone)
            if any(one.treatment == TREATMENT for one in of_brand(session, brand.id)):
                return f"{month.on:%Y-%m}"
            past = Past(session, store, month, settings)
            kept = start_keeping(session, brand.id, holdout=500, now=month.starts_at)
            pieces = _pieces(session, brand.id)
            past.fill_wall(read_captions(seed.DATA)[:OTHERS], pieces)
            stylists = {
                name: past.stylist(name, piece) for name, piece in zip(CAST, pieces, strict=False)
            }
        for circle in range(CIRCLES):
            with database.write() as session:
                past.session = session
                past.live(circle, stylists)
            # Who lives in the shop today must not wait for all of it.
            time.sleep(0.02)
        with database.write() as session:
            past.session = session
            grace = stylists["Grace Lawal"]
            came = [past.join(f"{name} V.") for name in NAMES]
            for at, member in enumerate(came):
                how = {"share_id": grace.share_id, "now": past.at(9 + at / 4)}
                like(session, grace.look, member=member, **how)
            past.pass_on(grace, came[:4], [past.join(f"{name} W.") for name in NAMES * 2])
            experiments.end(session, kept, programme_id=brand.id, now=month.ends_at)
    return f"{month.on:%Y-%m}"


def _settled(now: datetime, zone: str) -> Month:
    """The last month whose sales stand."""
    month = month_from(now.date(), zone)
    while month.days_left(now):
        month = month_from(month.on - timedelta(days=1), zone)
    return month


def _pieces(session: Session, brand_id: str) -> list[VariantView]:
    """A coat of its own for each stylist."""
    mine = catalogue.GOODS.where(catalogue.GOODS.selected_columns.brand_id == brand_id)
    goods = [VariantView(*list(row)[:-1]) for row in session.execute(mine)]
    coats = {one.style_id: one for one in goods if one.category_code == "coats"}
    return [coats[style_id] for style_id in sorted(coats)]


@contextmanager
def _writing(settings: Settings) -> Iterator[Database]:
    """The database beside a running shop."""
    database = Database(prepare_engine(create_engine(settings.database_url)))
    try:
        yield database
    finally:
        database.engine.dispose()
