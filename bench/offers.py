"""An offer beside a sale: what it takes of a processor, and its share of what a sale takes with it.

Where the best of everything is here; where none of the best 200 is and others are, so that the
store is asked for what it has; and where nothing is at all, so that the whole store is looked
through. The catalogue has five sizes of each style; the bundle that serves ranks all styles. Time
is that of the processor, so that a busy machine does not count.
"""

import dataclasses
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count
from pathlib import Path

import numpy as np
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from threadpoolctl import threadpool_limits

from bench.measure import Figure
from bench.place import SECRET, application
from bench.recommend import made
from core import clock
from core.transaction import Database
from recommender.bundle import Shelf
from retail.accounts.queries import MemberView
from retail.brands.queries import StoreView
from retail.catalogue import queries as catalogue
from retail.catalogue import service
from retail.catalogue.queries import VariantView
from retail.consent.rules import FRIEND_OFFERS, OFFERS
from retail.journeys.offers.rank_goods import ranker_of
from retail.journeys.offers.set_offer_terms import installed_terms
from retail.offers.rules import Question, Ranker, Tip
from retail.training.serving import folder_of
from tests.builders.accounts import give_consent
from tests.builders.brands import new_store
from tests.builders.catalogue import new_category
from tests.builders.friends import befriend
from tests.builders.offers import new_adult
from tests.builders.receipts import new_receipt
from tests.builders.staff import new_till_key
from web import offering

SALES, SIZES, HAS = 60, ("6", "8", "10", "12", "14"), 20
# What is bought is sold out; what goes with it is here, for who has a size in it.
BOUGHT, OFFERED, ANCHORS = "bags", "dresses", 200
_KEY = SECRET.encode()
_numbers = count(1)


@dataclasses.dataclass(frozen=True)
class Shop:
    """A store full of goods, somebody with a friend and a size, and somebody without a size."""

    store: StoreView
    goods: list[VariantView]
    styles: set[str]
    fitted: MemberView
    unfitted: MemberView
    till: str


def figures() -> Iterator[Figure]:
    """With ten and a hundred thousand variants, on SQLite; one thread for the arithmetic."""
    for variants, floor, aim in ((10_000, 100.0, 50.0), (100_000, 200.0, 100.0)):
        with application("sqlite") as (app, database), threadpool_limits(limits=1):
            known = app.config["SETTINGS"]
            plenty = {"offers_a_day": 10**6, "offers_a_week": 10**6}
            app.config["SETTINGS"] = dataclasses.replace(known, **plenty)
            shop = _open(app, database, variants)
            sales = _sales(app.test_client(), shop)
            with app.app_context():
                for member, name in ((shop.fitted, ""), (shop.unfitted, ", nothing fits")):
                    taken = _offers(database, app, shop, member)
                    yield _figure(f"{variants:,} variants{name}", taken, sales, floor, aim)
                receipts = _bought_by(database, shop, shop.fitted)
                _sell_out(database, shop, _best_for(database, app, receipts))
                taken = _offered(database, app, receipts, ranker_of)
                name = f"{variants:,} variants, none of the best here"
                yield _figure(name, taken, sales, floor, 60.0)
                _sell_out(database, shop, shop.styles)
                taken = _offered(database, app, receipts, ranker_of)
                yield _figure(f"{variants:,} variants, sold out", taken, sales, floor, 60.0)


def _figure(name: str, taken: list[float], sales: list[float], floor: float, aim: float) -> Figure:
    middle, sale = float(np.median(taken)), float(np.median(sales))
    return Figure(
        f"offer inside a purchase, {name}, p95, ms",
        float(np.percentile(taken, 95)),
        floor,
        aim,
        "lower",
        "ms",
        note=f"p50 {middle:.1f} ms, {middle / (middle + sale):.0%} of the purchase with it",
    )


def _sales(till: FlaskClient, shop: Shop) -> list[float]:
    """Milliseconds of sales over HTTP that bring no offer, because nobody knows whose they are."""

    def sell(number: int) -> None:
        piece = shop.goods[number]
        line = {"gtin": piece.gtin, "sku": piece.sku, "quantity": "1", "total_minor": 4_000}
        sale = {"till": "1", "number": f"B-{number}", "currency": "GBP", "lines": [line]}
        sale["sold_at"] = (clock.now() - timedelta(seconds=1)).isoformat()
        headers = {"Authorization": f"Bearer {shop.till}"}
        answer = till.post("/api/v1/receipts", json=sale, headers=headers)
        assert answer.status_code == 201, answer.text

    return _timed(sell, range(SALES))


def _offers(database: Database, app: Flask, shop: Shop, member: MemberView) -> list[float]:
    """Milliseconds of the offers that as many sales to this member bring."""
    return _offered(database, app, _bought_by(database, shop, member), ranker_of)


def _bought_by(database: Database, shop: Shop, member: MemberView) -> list[str]:
    """The receipts of as many sales to this member."""
    receipts = []
    with database.write() as session:
        for _ in range(SALES):
            piece = shop.goods[next(_numbers) * len(SIZES)]
            how = {"store": shop.store, "member": member, "key": _KEY}
            receipts.append(new_receipt(session, variants=[piece], **how).id)
    return receipts


def _offered(
    database: Database, app: Flask, receipts: list[str], rankers: offering.Rankers
) -> list[float]:
    """Milliseconds of the offers that these receipts bring."""

    def offer(number: int) -> None:
        late = time.monotonic() + 60
        known = app.config["SETTINGS"]
        terms = installed_terms(known)
        sale = offering._Sale(receipts[number], clock.now(), late, known, terms, rankers)
        offering._offer(database, sale)

    return _timed(offer, range(SALES))


def _best_for(database: Database, app: Flask, receipts: list[str]) -> set[str]:
    """The styles that rank best for the buyers of these receipts, wherever they are."""
    best: set[str] = set()

    def noting(brand_id: str, data_dir: Path) -> Ranker:
        ranker = ranker_of(brand_id, data_dir)
        assert ranker is not None

        def note(question: Question) -> list[Tip]:
            best.update(one.style_id for one in ranker(question))
            return []

        return lambda question: note(question) if question.sieve is None else []

    _offered(database, app, receipts, noting)
    return best


def _sell_out(database: Database, shop: Shop, styles: set[str]) -> None:
    """Nothing of these styles is here any more."""
    where = {"brand_id": shop.store.brand_id, "store_id": shop.store.id}
    with database.write() as session:
        rows = session.execute(catalogue.GOODS).all()
        counts = {row.id: (0, clock.now()) for row in rows if row.style_id in styles}
        service.store_counts(session, **where, counts=counts, now=clock.now())


def _timed(act: Callable[[int], None], numbers: range) -> list[float]:
    taken = []
    for number in numbers:
        began = time.process_time()
        act(number)
        taken.append(1e3 * (time.process_time() - began))
    return taken[1:]  # the first one loads what processes keep


def _open(app: Flask, database: Database, variants: int) -> Shop:
    with database.write() as session:
        store = new_store(session)
        for code in (BOUGHT, OFFERED):
            new_category(session, brand_id=store.brand_id, code=code)
        styles = _furnish(session, store, variants // len(SIZES))
        fitted, unfitted, friend = (new_adult(session, store.brand_id, n) for n in "ABC")
        befriend(session, fitted, friend)
        befriend(session, unfitted, friend)
        give_consent(session, fitted, OFFERS)
        give_consent(session, unfitted, OFFERS)
        give_consent(session, friend, FRIEND_OFFERS)
        found = catalogue.get_variants(session, store.brand_id, styles[: 1_000 * len(SIZES)])
        goods = [found[id_] for id_ in styles[: len(found)]]
        had = goods[-HAS * len(SIZES) :: len(SIZES)]
        for member, variants_had in ((friend, had), (fitted, goods[-2:])):
            new_receipt(session, store=store, variants=variants_had, member=member, key=_KEY)
        _, till = new_till_key(session, store.brand_id, store.id, key=_KEY)
        bundle = made(variants // len(SIZES))
    items = tuple(one.style_id for one in _one_each(database, store, styles))
    bundle = dataclasses.replace(bundle, items=items)
    Shelf(folder_of(store.brand_id, app.config["SETTINGS"].data_dir)).publish(bundle)
    return Shop(store, goods, set(items), fitted, unfitted, till)


def _one_each(database: Database, store: StoreView, variants: list[str]) -> list[VariantView]:
    with database.read() as session:
        firsts = variants[:: len(SIZES)]
        found = catalogue.get_variants(session, store.brand_id, firsts)
    return [found[id_] for id_ in firsts]


def _furnish(session: Session, store: StoreView, styles: int) -> list[str]:
    """So many styles in all sizes, three of each here; the ids of the variants."""
    now, brand_id = clock.now(), store.brand_id
    told = {"story": "", "designer": "", "origin": "", "press": [], "worn_by": []}
    told |= {"drawing": "dress", "picture": None}
    rows = [
        {
            "code": f"s-{n:06d}",
            "name": f"Piece {n}",
            "category_code": BOUGHT if n < ANCHORS else OFFERED,
            **told,
        }
        for n in range(styles)
    ]
    service.save_styles(session, brand_id, rows, now=now)
    style_ids = catalogue.ids_by_code(session, brand_id, "styles")
    same = {"gtin": None, "colour_name": "Ink", "currency": "GBP"}
    same |= {"colours": {"a": "#2B3550"}, "price_minor": 4_000}
    pieces = [
        {"style_id": style_ids[f"s-{n:06d}"], "sku": f"s-{n:06d}-{size}", "size": size, **same}
        for n in range(styles)
        for size in SIZES
    ]
    service.save_variants(session, brand_id, pieces)
    variant_ids = catalogue.ids_by_code(session, brand_id, "variants")
    ids = [variant_ids[piece["sku"]] for piece in pieces]
    sold_out = ANCHORS * len(SIZES)
    counts = {id_: (0 if place < sold_out else 3, now) for place, id_ in enumerate(ids)}
    where = {"brand_id": brand_id, "store_id": store.id}
    service.store_counts(session, **where, counts=counts, now=now)
    return ids
