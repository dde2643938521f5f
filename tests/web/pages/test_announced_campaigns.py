"""Campaigns that kiosks announce: where, when, with all that they ask, and never a measured one."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from core import clock as time
from core.transaction import Database
from loyalty.campaigns import service
from loyalty.campaigns.definition import read_campaign
from loyalty.campaigns.models import Campaign
from retail.brands import queries as brands
from retail.brands.queries import StoreView
from tests.builders.brands import new_store
from tests.builders.campaigns import told
from tests.builders.visitor import Visitor
from web.pages.campaign_words import announced_words

Visit = Callable[[], Visitor]
TENTH = {"kind": "percent_off", "per_cent": 10}


@pytest.fixture
def store(db: Database) -> StoreView:
    with db.write() as session:
        return new_store(session, slug="leeds")


def start(db: Database, store: StoreView, name: str, **plan: Any) -> str:
    definition = read_campaign(told(TENTH, **{"is_announced": True} | plan) | {"name": name})
    with db.write() as session:
        planned = service.draft(
            session,
            programme_id=store.brand_id,
            definition=definition,
            starts_at=time.now(),
            ends_at=time.now() + timedelta(days=3),
            now=time.now(),
        )
        service.start(session, planned, programme_id=store.brand_id, now=time.now())
    return planned


def said(db: Database, visit: Visit, store: StoreView) -> str:
    with db.read() as session:
        brand = brands.get_brand(session, store.brand_id)
    return visit().open(f"/fragments/kiosk/{brand.slug}/{store.slug}/looks").text


def test_a_kiosk_announces_what_runs_here_and_is_to_be_announced(
    db: Database, store: StoreView, visit: Visit
) -> None:
    start(db, store, "Autumn", conditions=[{"kind": "basket_total", "at_least_minor": 5000}])
    start(db, store, "Whispered", is_announced=False)
    start(db, store, "Elsewhere", conditions=[{"kind": "place", "labels": ["store:york"]}])
    stopped = start(db, store, "Stopped")
    with db.write() as session:
        service.stop(session, stopped, programme_id=store.brand_id)
    kiosk = said(db, visit, store)
    assert "Autumn" in kiosk
    assert "10% off everything, from £50" in kiosk
    assert not any(name in kiosk for name in ("Whispered", "Elsewhere", "Stopped"))


def test_what_has_nothing_left_to_give_is_announced_no_longer(
    db: Database, store: StoreView, visit: Visit
) -> None:
    budget = start(db, store, "Autumn", limits={"budget_minor": 1000})
    assert "There is an end to what it gives" in said(db, visit, store)
    with db.write() as session:
        session.get_one(Campaign, budget).spent_minor = 1000
    assert "Autumn" not in said(db, visit, store)


@pytest.mark.parametrize(
    ("conditions", "words"),
    [
        ([{"kind": "buyer"}], "10% off everything, for members"),
        ([{"kind": "buyer", "labels": ["tier:gold"]}], "for members who are gold"),
        ([{"kind": "hours", "from_minute": 1020, "until_minute": 1140}], "from 17:00 to 19:00"),
        ([{"kind": "weekdays", "days": [1, 2]}], "on Monday, Tuesday"),
        ([{"kind": "purchase_number", "at_least": 1, "at_most": 1}], "on your first purchase"),
        ([{"kind": "purchase_number", "at_least": 2, "at_most": 5}], "on your purchases 2 to 5"),
        (
            [{"kind": "contains", "scope": {"includes": ["category:knits"]}, "at_least": "2"}],
            "with 2 of knits",
        ),
        (
            [
                {
                    "kind": "basket_total",
                    "at_least_minor": 950,
                    "scope": {"includes": ["category:knits"], "excludes": ["sku:S-1"]},
                }
            ],
            "from £9.50 of knits but not S-1",
        ),
    ],
)
def test_all_that_it_asks_is_said_with_what_it_gives(
    app: Flask, store: StoreView, conditions: list[Any], words: str
) -> None:
    campaign = read_campaign(told(TENTH, conditions=conditions))
    with app.test_request_context():
        (sentence,) = announced_words(campaign, store)
    assert sentence.endswith(words)
