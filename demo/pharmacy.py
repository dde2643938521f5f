"""The demo's second retailer: a pharmacy, which shares its installation and nothing else."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from core import clock
from core.config import Settings
from demo import regulars, retailer
from demo.retailer import Prizes, first_three
from loyalty.earning import service as awards
from retail.brands import queries as brands
from retail.brands import service as brand_service
from retail.brands.queries import BrandView
from retail.fairness import service as fairness
from retail.journeys.league.open_league import open_league
from retail.staff import service as staff
from retail.training import service as training
from retail.training.rules import COMMAND

BRAND_SLUG = "thrift-and-fennel"
BRAND_NAME = "Thrift & Fennel"
DATA = Path(__file__).parent / "data" / "pharmacy"
STORES = ("york", "whitby")
ZONE = "Europe/London"
OFFICE_KEY = f"{BRAND_SLUG} office"
STAFF = {"Bea Lumley": "manager", "Rahul Menon": "marketer"}
# What goes on a shelf together; what nobody draws is medicine, and on no picture.
RECIPES = (
    ("jar", "tube", "bottle"),
    ("bottle", "bottle", "tube", "jar"),
    ("jar", "bottle", "box"),
    ("tube", "jar", "private"),
    ("bottle", "jar", "box", "private"),
)
TERMS: dict[str, Any] = {
    "currency": "GBP",
    "pending_days": 14,
    "rules": [
        {"id": "pounds", "kind": "spend", "points": 4, "per_minor": 100},
        {"id": "credits", "kind": "spend", "points": 4, "per_minor": 100, "wallet": "credits"},
    ],
}
PRIZES: Prizes = {
    "store": {"week": first_three(15, 10, 100), "month": first_three(30, 20, 250)},
    "brand": {"week": first_three(25, 15, 200), "month": first_three(60, 40, 500)},
}


def plant(session: Session, keys: Mapping[str, str], settings: Settings) -> dict[str, str]:
    """The pharmacy, unless it is there; gives the keys of its tills and its office."""
    now = clock.now()
    brand = brands.find_brand_by_slug(session, BRAND_SLUG)
    if brand is None:
        brand = _found(session, settings, now)
    stores = {store.slug: store for store in brands.list_stores(session, brand.id)}
    return dict(keys) | {
        name: retailer.new_key(session, brand, stores.get(name), settings, now)
        for name in (*STORES, OFFICE_KEY)
        if name not in keys
    }


def _found(session: Session, settings: Settings, now: datetime) -> BrandView:
    brand = brand_service.create_brand(
        session,
        slug=BRAND_SLUG,
        name=BRAND_NAME,
        zone=ZONE,
        words="routine",
        coat="rain",
        now=now,
    )
    retailer.stock_up(session, brand, DATA, PRIZES, now=now)
    for name, role in STAFF.items():
        email = f"{name.lower().replace(' ', '.')}@{BRAND_SLUG}.example"
        staff.add_staff(session, brand_id=brand.id, email=email, name=name, role=role, now=now)
    fairness.set_rules(session, brand.id, {"account_age_hours": 0, "burst_likes": 500}, now=now)
    awards.set_terms(session, brand.id, TERMS, now=now - timedelta(days=40))
    open_league(session, brand.id, now=now)
    regulars.remember(session, brand.id, settings, now=now)
    training.ask_worker(session, brand.id, origin=COMMAND, now=now)
    return brand
