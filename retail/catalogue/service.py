"""Writes of the catalogue and of the stock on hand."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, select, update
from sqlalchemy.orm import Session

from core import ids
from core.errors import Invalid
from core.outbox import emit
from core.sql import close_gate, insert_many
from retail.brands import queries as brands
from retail.catalogue import holds, queries
from retail.catalogue.cells import CLOCKS_MAY_DIFFER_BY
from retail.catalogue.gates import stock_gate
from retail.catalogue.held import Holder
from retail.catalogue.models import Category, Stock, Style, Variant

_TABLES = {"categories": Category, "styles": Style, "variants": Variant}


@dataclass(frozen=True)
class StockCount:
    """How many pieces of a variant, named by SKU or GTIN-14, were counted."""

    on_hand: int
    sku: str | None = None
    gtin: str | None = None

    @property
    def code(self) -> tuple[str, str]:
        """The kind of code and the code, as `queries.find_variants` knows them."""
        return ("gtin", self.gtin) if self.gtin else ("sku", self.sku or "")


@dataclass(frozen=True)
class StockReport:
    """What became of a feed: counts stored, codes counted later already, codes we don't know."""

    stored: int
    outdated: tuple[str, ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True)
class StockCounted:
    """A store's stock was counted."""

    store_id: str


def put_stock(
    session: Session,
    *,
    brand_id: str,
    store_id: str,
    counts: Sequence[StockCount],
    counted_at: datetime,
    now: datetime,
) -> StockReport:
    """Store what a store counted; whatever was counted later already stays.

    Unknown codes are reported, the rest is stored. Raises NotFound for the store and Invalid for
    a negative count, one variant counted twice, or an instant in the future.
    """
    brands.get_store(session, store_id, brand_id=brand_id)
    _check_feed(counts, counted_at, now)
    variants = queries.find_variants(
        session,
        brand_id,
        {count.gtin for count in counts if count.gtin},
        {count.sku for count in counts if count.sku and not count.gtin},
    )
    on_hand: dict[str, tuple[int, datetime]] = {}
    codes: dict[str, str] = {}
    for count in counts:
        if count.code in variants:
            variant_id = variants[count.code].id
            if variant_id in on_hand:
                raise _feed_invalid("counts", f"{count.code[1]} is in the feed twice.")
            on_hand[variant_id] = (count.on_hand, counted_at)
            codes[variant_id] = count.code[1]
    outdated = store_counts(session, brand_id=brand_id, store_id=store_id, counts=on_hand, now=now)
    emit(session, StockCounted(store_id), topics=[f"store:{store_id}"])
    return StockReport(
        stored=len(on_hand) - len(outdated),
        outdated=tuple(sorted(codes[variant_id] for variant_id in outdated)),
        unknown=tuple(sorted(count.code[1] for count in counts if count.code not in variants)),
    )


def store_counts(
    session: Session,
    *,
    brand_id: str,
    store_id: str,
    counts: Mapping[str, tuple[int, datetime]],
    now: datetime,
) -> set[str]:
    """Store counts by variant id; gives the variants whose stored count is later and stays.

    Where fewer are left than are held, the newest holds end.
    """
    close_gate(session, stock_gate(store_id))
    known = {
        row.variant_id: row.counted_at
        for row in session.execute(
            select(Stock.variant_id, Stock.counted_at).where(Stock.store_id == store_id)
        )
    }
    outdated = {id_ for id_, (_, at) in counts.items() if id_ in known and known[id_] > at}
    rows = [
        {
            "store_id": store_id,
            "variant_id": variant_id,
            "brand_id": brand_id,
            "on_hand": on_hand,
            "counted_at": at,
        }
        for variant_id, (on_hand, at) in sorted(counts.items())
        if variant_id not in outdated
    ]
    insert_many(session, Stock, [row for row in rows if row["variant_id"] not in known])
    _update_many(session, Stock, [row for row in rows if row["variant_id"] in known])
    holds.trim(session, store_id, counts.keys() - outdated, now=now)
    return outdated


def take_stock(
    session: Session,
    *,
    brand_id: str,
    store_id: str,
    quantities: Mapping[str, int],
    sold_at: datetime | None = None,
    holder: Holder | None = None,
    now: datetime,
) -> None:
    """Take sold pieces, by variant id, from a store's stock, which never falls below none.

    A count made after `sold_at` has already missed the pieces, so it is left alone. What the
    buyer held is collected; where fewer are left than others hold, the newest holds end.
    """
    _adjust(session, brand_id, store_id, {k: -v for k, v in quantities.items()}, sold_at)
    if holder is not None:
        when = {"sold_at": sold_at or now, "now": now}
        holds.collect(session, store_id, quantities, holder=holder, **when)
    holds.trim(session, store_id, quantities, now=now)


def hold_stock(session: Session, store_id: str, variant_ids: Iterable[str]) -> None:
    """Keep other sales and returns of these variants waiting until the transaction is over."""
    held = select(Stock.variant_id).where(
        Stock.store_id == store_id, Stock.variant_id.in_(sorted(variant_ids))
    )
    session.execute(held.order_by(Stock.variant_id).with_for_update()).all()


def return_stock(
    session: Session,
    *,
    brand_id: str,
    store_id: str,
    quantities: Mapping[str, int],
    returned_at: datetime | None = None,
) -> None:
    """Put returned pieces, by variant id, back; a count made after `returned_at` has them."""
    _adjust(session, brand_id, store_id, dict(quantities), returned_at)


def save_categories(session: Session, brand_id: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add or change categories by their code; values are named as in the table."""
    _save(session, brand_id, "categories", rows)


def save_styles(
    session: Session, brand_id: str, rows: Sequence[Mapping[str, Any]], *, now: datetime
) -> None:
    """Add or change styles by their code; values are named as in the table."""
    stamped = [{**row, "updated_at": now} for row in rows]
    _save(session, brand_id, "styles", stamped, created_at=now)


def save_variants(session: Session, brand_id: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add or change variants by their SKU; GTINs may move from one to another at once."""
    changing = [row["sku"] for row in rows]
    if changing:
        # Two variants that swap GTINs would collide half-way.
        known = queries.ids_by_code(session, brand_id, "variants")
        freed = [{"id": known[sku], "gtin": None} for sku in changing if sku in known]
        _update_many(session, Variant, freed)
    _save(session, brand_id, "variants", rows)


def _check_feed(counts: Iterable[StockCount], counted_at: datetime, now: datetime) -> None:
    if counted_at > now + CLOCKS_MAY_DIFFER_BY:
        raise _feed_invalid("counted_at", "This instant is still to come.")
    for count in counts:
        if count.on_hand < 0:
            raise _feed_invalid("counts", f"{count.code[1]}: there cannot be fewer than none.")


def _feed_invalid(field: str, message: str) -> Invalid:
    return Invalid("stock_feed_invalid", message, fields={field: [message]})


def _adjust(
    session: Session,
    brand_id: str,
    store_id: str,
    changes: Mapping[str, int],
    happened_at: datetime | None,
) -> None:
    # Always in the same order, so that two receipts with the same goods cannot block each other.
    for variant_id, change in sorted(changes.items()):
        left = Stock.on_hand + change
        statement = (
            update(Stock)
            .where(
                Stock.store_id == store_id,
                Stock.variant_id == variant_id,
                Stock.brand_id == brand_id,
            )
            .values(on_hand=case((left < 0, 0), else_=left))
            .execution_options(synchronize_session=False)
        )
        if happened_at is not None:
            statement = statement.where(Stock.counted_at <= happened_at)
        session.execute(statement)


def _save(
    session: Session,
    brand_id: str,
    kind: str,
    rows: Sequence[Mapping[str, Any]],
    **first: Any,
) -> None:
    model, code = _TABLES[kind], queries.CODES[kind].key
    known = queries.ids_by_code(session, brand_id, kind)
    new = [
        {"id": ids.new_id(), "brand_id": brand_id, **row, **first}
        for row in rows
        if row[code] not in known
    ]
    changed = [{"id": known[row[code]], **row} for row in rows if row[code] in known]
    insert_many(session, model, new)
    _update_many(session, model, changed)


def _update_many(session: Session, model: type[Any], rows: list[dict[str, Any]]) -> None:
    if rows:
        session.execute(update(model), rows)
