"""The retailer of the demo: brand, stores, goods, boards with prizes, and a key for each store."""

import dataclasses
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from core import clock, config
from core.clock import SystemClock
from core.config import Settings
from core.transaction import Database, prepare_engine
from demo import pharmacy, regulars, retailer
from demo.campaigns import plan_campaigns
from demo.place import Place
from demo.retailer import Prizes, first_three
from demo.rewards import offer_rewards
from demo.simulator.day import OFFICE
from loyalty.earning import service as awards
from loyalty.tiers import service as tiers
from loyalty.tiers.rules import Ladder, Tier
from retail.brands import queries as brands
from retail.brands import service as brand_service
from retail.brands.queries import BrandView
from retail.fairness import service as fairness
from retail.journeys.league.open_league import open_league
from retail.staff import queries as colleagues
from retail.staff import service as staff
from retail.training import service as training
from retail.training.rules import COMMAND
from retail.wall_rules import service as wall_rules

BRAND_SLUG = "alder-and-finch"
BRAND_NAME = "Alder & Finch"
DATA = Path(__file__).parent / "data"
STORES = ("covent-garden", "oxford-street", "leeds", "edinburgh", "bristol", "belfast")
ZONE = "Europe/London"
MANAGER = "Jo Hartley"
STAFF = {
    MANAGER: "manager",
    "Ada Quill": "marketer",
    "Sam Reed": "assistant",
    "Lin Marsh": "operator",
}
BANNED_WORD = "plonker"
# A point for every pound, two on coats; yours after thirty days, good until the next year ends.
TERMS: dict[str, Any] = {
    "currency": "GBP",
    "pending_days": 30,
    "expiry": {"kind": "calendar", "days": 365},
    "rules": [
        {"id": "pounds", "kind": "spend", "points": 1, "per_minor": 100},
        {
            "id": "coats-double",
            "kind": "multiplier",
            "percent": 200,
            "scope": {"includes": ["category:coats"]},
        },
        {"id": "credits", "kind": "spend", "points": 1, "per_minor": 100, "wallet": "credits"},
    ],
}


LADDER = Ladder(
    tiers=(
        Tier("classic", "Classic", 0),
        Tier("silver", "Silver", 300),
        Tier("gold", "Gold", 900),
    ),
    basis="earned",
    zone=ZONE,
    grace_days=90,
)


PRIZES: Prizes = {
    "store": {"week": first_three(50, 25, 250), "month": first_three(100, 60, 500)},
    "brand": {"week": first_three(150, 75, 400), "month": first_three(300, 150, 800)},
}


def sow(here: Place, environment: Mapping[str, str]) -> Place:
    """Bring the shop to where a day can begin; what is already there stays as it is."""
    settings = config.load(environment)
    database = Database(prepare_engine(create_engine(settings.database_url)))
    try:
        with clock.installed(SystemClock(settings.clock_offset)), database.write() as session:
            is_new = brands.find_brand_by_slug(session, BRAND_SLUG) is None
            keys = plant(session, here.keys, settings)
            keys = pharmacy.plant(session, keys, settings)
            if is_new:
                _remember(session, settings)
            return dataclasses.replace(here, keys=keys)
    finally:
        database.engine.dispose()


def _remember(session: Session, settings: Settings) -> None:
    """Who shopped here before, and a recommender that learns from them as soon as there is one."""
    brand, now = brands.get_brand_by_slug(session, BRAND_SLUG), clock.now()
    regulars.remember(session, brand.id, settings, now=now)
    training.ask_worker(session, brand.id, origin=COMMAND, now=now)


def plant(session: Session, keys: Mapping[str, str], settings: Settings) -> dict[str, str]:
    """The retailer in one transaction; gives every store's till key, and head office's."""
    now = clock.now()
    brand = brands.find_brand_by_slug(session, BRAND_SLUG)
    if brand is None:
        brand = _found(session, now)
    stores = {store.slug: store for store in brands.list_stores(session, brand.id)}
    return dict(keys) | {
        name: retailer.new_key(session, brand, stores.get(name), settings, now)
        for name in (*STORES, OFFICE)
        if name not in keys
    }


def _found(session: Session, now: datetime) -> BrandView:
    brand = brand_service.create_brand(
        session, slug=BRAND_SLUG, name=BRAND_NAME, zone=ZONE, now=now
    )
    retailer.stock_up(session, brand, DATA, PRIZES, now=now)
    _take_on(session, brand.id, now)
    # A demo's shoppers all joined today, and its prizes should be seen at once.
    open_doors = {"account_age_hours": 0, "burst_likes": 500, "release_above_minor": 100_000}
    fairness.set_rules(session, brand.id, open_doors, now=now)
    _set_terms(session, brand.id, now)
    tiers.publish(session, programme_id=brand.id, ladder=LADDER, now=now)
    plan_campaigns(session, brand.id, now)
    offer_rewards(session, brand.id, now)
    # The boards hang with our prizes already; this gives them their seasons.
    open_league(session, brand.id, now=now)
    return brand


def _take_on(session: Session, brand_id: str, now: datetime) -> None:
    """People who work here, one in each role, and a word that they keep off the wall."""
    for name, role in STAFF.items():
        colleague = staff.add_staff(
            session, brand_id=brand_id, email=staff_email(name), name=name, role=role, now=now
        )
        if role == "marketer":
            wall_rules.ban_word(session, BANNED_WORD, staff=colleague, now=now)


def _set_terms(session: Session, brand_id: str, now: datetime) -> None:
    """As they hold, and as they were before a marketer thought of coats."""
    before = TERMS | {"rules": [rule for rule in TERMS["rules"] if rule["id"] != "coats-double"]}
    awards.set_terms(session, brand_id, before, now=now - timedelta(days=40))
    marketers = (one for one in colleagues.list_staff(session, brand_id) if one.role == "marketer")
    awards.set_terms(session, brand_id, TERMS, now=now, made_by=next(marketers).id)


def staff_email(name: str) -> str:
    """The address of somebody who works here; their codes land in the development mailbox."""
    return f"{name.lower().replace(' ', '.')}@{BRAND_SLUG}.example"
