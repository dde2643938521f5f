"""A year of a grocer's sales through the importer of historic receipts, proved to the cent."""

import os
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pandas as pd
from sqlalchemy import create_engine, text

from core import clock, config
from core.errors import NotFound
from core.transaction import Database, prepare_engine
from demo import server
from retail.brands import queries as brands
from retail.brands import service
from retail.journeys.sales import receipt_import
from retail.receipts import history, queries
from retail.receipts.views import ImportView

SLUG, NAME, ZONE = "harvest-lane", "Harvest Lane", "America/New_York"
OURS = text(
    "SELECT s.slug, count(DISTINCT r.id), count(*), sum(l.total_minor), sum(l.discount_minor),"
    " sum(l.quantity) FROM line_item l JOIN receipt r ON r.id = l.receipt_id"
    " JOIN store s ON s.id = r.store_id JOIN brand b ON b.id = s.brand_id"
    " WHERE b.slug = :slug GROUP BY s.slug"
)
HEADS = text(
    "SELECT count(*), sum(total_minor) FROM receipt"
    " WHERE brand_id = (SELECT id FROM brand WHERE slug = :slug)"
)
Sums = dict[str, tuple[int, ...]]


def prove(sales: pd.DataFrame, folder: Path) -> bool:
    """Import and prove; tells whether every sum is equal."""
    database = _open(folder)
    print(f"{NAME}: {sales.basket_id.nunique():,} receipts, {len(sales):,} lines")
    brand_id = _found(database, sorted({f"store-{number}" for number in sales.store_id}))
    _import(database, brand_id, sales)
    return _prove(database, sales)


def _open(folder: Path) -> Database:
    folder.mkdir(parents=True, exist_ok=True)
    environment = {"ENVIRONMENT": "development", "DATA_DIR": str(folder)} | dict(os.environ)
    server.flask(environment, "db", "upgrade")
    return Database(prepare_engine(create_engine(config.load(environment).database_url)))


def _found(database: Database, stores: list[str]) -> str:
    """The grocer and these stores, opened where they are not there yet."""
    with database.write() as session:
        now = clock.now()
        where = {"zone": ZONE, "locale": "en-US", "currency": "USD", "now": now}
        try:
            brand_id = brands.get_brand_by_slug(session, SLUG).id
        except NotFound:
            brand_id = service.create_brand(session, slug=SLUG, name=NAME, **where).id
        known = {store.slug for store in brands.list_stores(session, brand_id)}
        for slug in stores:
            if slug not in known:
                name = slug.replace("-", " ").capitalize()
                service.create_store(session, brand_id=brand_id, slug=slug, name=name, **where)
    return brand_id


def _files(sales: pd.DataFrame) -> Iterator[tuple[str, str]]:
    """One CSV file for each month, as a retailer would export them."""
    months = sales.transaction_timestamp.dt.strftime("%Y-%m")
    for month, part in sales.groupby(months, sort=True):
        columns = {
            "store": "store-" + part.store_id.astype(str),
            "till": "1",
            "number": part.basket_id,
            "sold_at": part.transaction_timestamp.dt.strftime("%Y-%m-%dT%H:%M:%S"),
            "currency": "USD",
            "sku": part.product_id,
            "gtin": "",
            "description": part.product_type.fillna("").str.capitalize(),
            "quantity": part.quantity,
            "total_minor": (part.sales_value * 100).round().astype("int64"),
            "discount_minor": (part.retail_disc * 100).round().astype("int64"),
        }
        frame = pd.DataFrame(columns, index=part.index)[list(history.COLUMNS)]
        yield str(month), frame.to_csv(index=False, lineterminator="\n")


def _import(database: Database, brand_id: str, sales: pd.DataFrame) -> None:
    seconds, receipts, rows = 0.0, 0, 0
    for month, content in _files(sales):
        began = time.perf_counter()
        done, is_new = _take_in(database, brand_id, content)
        took = time.perf_counter() - began
        pace = f"{took:5.1f} s" if is_new else "in already"
        print(f"{month}  {done.receipts_new:7,} receipts  {done.rows_total:8,} lines  {pace}")
        for problem in done.problems[:10]:
            print(f"  line {problem['line']}, {problem['column']}: {problem['message']}")
        if is_new:
            seconds += took
            receipts += done.receipts_new
            rows += done.rows_done
    if seconds:
        print(f"{receipts / seconds:,.0f} receipts, {rows / seconds:,.0f} lines a second")


def _take_in(database: Database, brand_id: str, content: str) -> tuple[ImportView, bool]:
    """Each piece in a transaction of its own, as the worker does it; tells whether it was new."""
    with database.write() as session:
        done = receipt_import.begin_import(
            session, brand_id=brand_id, text=content, now=clock.now()
        )
    is_new = done.state == "running"
    while done.state == "running":
        with database.write() as session:
            receipt_import.continue_import(session, done.id, now=clock.now())
            done = queries.get_import(session, done.id, brand_id=brand_id)
    return done, is_new


def _prove(database: Database, sales: pd.DataFrame) -> bool:
    """Store by store, what SQL finds against what pandas and exact decimals say of the source."""
    with database.read() as session:
        ours = {
            str(slug): tuple(int(value) for value in sums)
            for slug, *sums in session.execute(OURS, {"slug": SLUG})
        }
        heads = tuple(int(value) for value in session.execute(HEADS, {"slug": SLUG}).one())
    theirs = _source_sums(sales)
    ours_all, theirs_all = (
        tuple(map(sum, zip(*each.values(), strict=True))) for each in (ours, theirs)
    )
    names = ("receipts", "lines", "sales, cents", "discounts, cents", "thousandths sold")
    print(f"{'':18}{'in Swingtag':>18}{'in the source':>18}")
    for name, mine, wanted in zip(names, ours_all, theirs_all, strict=True):
        print(f"{name:18}{mine:18,}{wanted:18,}  {'equal' if mine == wanted else 'DIFFERS'}")
    equal = sum(ours.get(slug) == sums for slug, sums in theirs.items())
    print(f"{equal} of {len(theirs)} stores equal in all five")
    are_heads_equal = heads == (theirs_all[0], theirs_all[2])
    print(f"totals of receipts sum to their lines: {'yes' if are_heads_equal else 'NO'}")
    return ours == theirs and are_heads_equal


def _source_sums(sales: pd.DataFrame) -> Sums:
    sums: Sums = {}
    for number, part in sales.groupby("store_id"):
        money = (sum(map(Decimal, part[c].astype(str))) for c in ("sales_value", "retail_disc"))
        cents = (int(amount.scaleb(2)) for amount in map(Decimal, money))
        counts = (part.basket_id.nunique(), len(part))
        sums[f"store-{number}"] = (*counts, *cents, int(part.quantity.sum()) * 1_000)
    return sums
