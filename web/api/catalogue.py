"""Styles, stock, and the catalogue as files, as an API."""

from dataclasses import dataclass
from typing import Any

from flask import Response
from flask_smorest import Blueprint

from core import clock
from retail.catalogue import importer, queries, service, sheets
from retail.catalogue.exporter import export_csv
from retail.catalogue.importer import Change, ImportPlan
from retail.catalogue.queries import CategoryView, StyleView, VariantView
from retail.catalogue.service import StockCount, StockReport
from retail.catalogue.sheets import LineProblem
from web.auth import current_key, guarded
from web.openapi import schema_of
from web.schemas.catalogue import (
    ImportFiles,
    ImportQuery,
    StockFeed,
    StylePageQuery,
)
from web.write import read, write


@dataclass(frozen=True)
class StylePage:
    """Styles by code; `next_after` begins the next page and is null on the last."""

    styles: tuple[StyleView, ...]
    next_after: str | None


@dataclass(frozen=True)
class StyleDetail:
    """A style with every colour and size it comes in."""

    style: StyleView
    variants: tuple[VariantView, ...]


@dataclass(frozen=True)
class ImportReport:
    """What an import did, or would do: numbers by kind of file, then row by row."""

    is_dry_run: bool
    summary: dict[str, dict[str, int]]
    changes: tuple[Change, ...]
    problems: tuple[LineProblem, ...]


catalogue = guarded(
    Blueprint("catalogue", __name__, description="Goods, stock, import and export"), "integrator"
)


@catalogue.get("/categories")
@read
@catalogue.response(200, schema_of(CategoryView)(many=True))
def list_categories(session: Any) -> list[CategoryView]:
    """The brand's categories, by code."""
    return queries.list_categories(session, current_key().brand_id)


@catalogue.get("/styles")
@read
@catalogue.arguments(StylePageQuery, location="query")
@catalogue.response(200, schema_of(StylePage))
def list_styles(session: Any, page: dict[str, Any]) -> StylePage:
    """The brand's styles, page by page."""
    found = queries.list_styles(session, current_key().brand_id, **page)
    is_full = len(found) == page["limit"]
    return StylePage(tuple(found), found[-1].code if is_full else None)


@catalogue.get("/styles/<style_id>")
@read
@catalogue.response(200, schema_of(StyleDetail))
def show_style(session: Any, style_id: str) -> StyleDetail:
    """One style, with its variants."""
    brand_id = current_key().brand_id
    style = queries.get_style(session, brand_id, style_id)
    return StyleDetail(style, tuple(queries.variants_of(session, brand_id, style_id)))


@catalogue.put("/stores/<store_id>/stock")
@write
@catalogue.arguments(StockFeed)
@catalogue.response(200, schema_of(StockReport))
def put_stock(session: Any, feed: dict[str, Any], store_id: str) -> StockReport:
    """Store a count; what was counted later already stays, unknown codes are reported."""
    counts = [StockCount(**count) for count in feed.pop("counts")]
    brand_id = current_key().brand_id
    return service.put_stock(
        session, brand_id=brand_id, store_id=store_id, counts=counts, **feed, now=clock.now()
    )


@catalogue.post("/catalogue/imports")
@write
@catalogue.arguments(ImportQuery, location="query")
@catalogue.arguments(ImportFiles, location="files")
@catalogue.response(200, schema_of(ImportReport))
def import_files(session: Any, wish: dict[str, bool], files: dict[str, Any]) -> ImportReport:
    """Import CSV files: all or, where a line is wrong, nothing. A dry run only reports."""
    texts = {kind: sheets.decode(file.read(), file=kind) for kind, file in files.items()}
    run = importer.plan if wish["dry_run"] else importer.import_files
    return _report(run(session, current_key().brand_id, texts, now=clock.now()), **wish)


@catalogue.get("/catalogue/export/<kind>")
@read
@catalogue.response(200, {"type": "string"}, content_type="text/csv")
def export(session: Any, kind: str) -> Response:
    """All stores, categories, styles, variants, stock or places as CSV."""
    text = export_csv(session, current_key().brand_id, kind)
    headers = {"Content-Disposition": f'attachment; filename="{kind}.csv"'}
    return Response(text, content_type="text/csv; charset=utf-8", headers=headers)


def _report(plan: ImportPlan, *, dry_run: bool) -> ImportReport:
    return ImportReport(dry_run, plan.summary(), plan.changes, plan.problems)
