"""The catalogue over HTTP: an integrator's own brand, whole files or none, clear problems."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core.transaction import database
from retail.brands.queries import StoreView
from retail.catalogue.queries import VariantView
from tests.builders.brands import new_brand, new_store
from tests.builders.catalogue import new_style, new_variant
from tests.builders.staff import new_integrator_key, new_till_key
from tests.conftest import both_databases
from web.auth import settings

pytestmark = both_databases

CATEGORIES = "category,name,never_shareable\ncoats,Coats,no\n"
Call = Callable[..., TestResponse]


class Shop:
    """A store with one variant, and clients that carry keys of its brand."""

    def __init__(self, app: Flask) -> None:
        self.client: FlaskClient = app.test_client()
        with app.app_context(), database().write() as session:
            brand = new_brand(session)
            self.brand_id = brand.id
            self.store: StoreView = new_store(session, brand=brand, slug="leeds")
            self.variant: VariantView = new_variant(session, brand_id=brand.id)
            self.foreign: StoreView = new_store(session)
            key = settings().key
            _, self.integrator = new_integrator_key(session, brand.id, key=key)
            _, self.till = new_till_key(session, brand.id, self.store.id, key=key)

    def call(self, method: str, path: str, *, by: str | None = None, **options: Any) -> Any:
        headers = {"Authorization": f"Bearer {by or self.integrator}"}
        return self.client.open(f"/api/v1{path}", method=method, headers=headers, **options)

    def send(self, *, dry_run: bool = False, **files: str | bytes) -> Any:
        data = {
            kind: (io.BytesIO(text if isinstance(text, bytes) else text.encode()), f"{kind}.csv")
            for kind, text in files.items()
        }
        query = {"dry_run": "true"} if dry_run else {}
        return self.call("POST", "/catalogue/imports", data=data, query_string=query)


@pytest.fixture
def shop(app: Flask) -> Shop:
    return Shop(app)


def test_stores_are_opened_changed_and_listed(shop: Shop) -> None:
    york = {"name": "York", "zone": "Europe/London", "currency": "GBP", "locale": "en-GB"}
    opened = shop.call("POST", "/stores", json=york | {"slug": "york"})
    assert opened.status_code == 201
    address = f"/stores/{opened.json['id']}"
    changed = shop.call("PUT", address, json=york | {"name": "York Minster"})
    assert changed.json["name"] == "York Minster"
    assert shop.call("GET", address).json == changed.json
    listed = shop.call("GET", "/stores").json
    assert {store["slug"] for store in listed} == {"leeds", "york"}
    assert shop.call("GET", "/brand").json["id"] == shop.brand_id


def test_a_wrong_store_is_refused_field_by_field(shop: Shop) -> None:
    wrong = {"slug": "x y", "name": "X", "zone": "Mars", "currency": "X", "locale": "en-GB"}
    answer = shop.call("POST", "/stores", json=wrong)
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    assert set(answer.json["fields"]) == {"slug", "zone", "currency"}


def test_only_an_integrator_manages_the_shop(shop: Shop) -> None:
    assert shop.call("GET", "/styles", by=shop.till).status_code == 403
    assert shop.call("GET", "/styles", by="st_nothing").status_code == 401
    assert shop.client.get("/api/v1/styles").status_code == 401


def test_another_brands_store_is_not_found(shop: Shop) -> None:
    feed = {"counted_at": "2026-11-22T12:00:00Z", "counts": [{"sku": "A", "on_hand": 1}]}
    assert shop.call("GET", f"/stores/{shop.foreign.id}").status_code == 404
    assert shop.call("PUT", f"/stores/{shop.foreign.id}/stock", json=feed).status_code == 404


def test_styles_come_page_by_page_with_their_variants(shop: Shop) -> None:
    with database().write() as session:
        new_style(session, brand_id=shop.brand_id, code="aaa")
    first = shop.call("GET", "/styles", query_string={"limit": 1}).json
    assert [style["code"] for style in first["styles"]] == ["aaa"]
    rest = shop.call("GET", "/styles", query_string={"after": first["next_after"]}).json
    assert rest["next_after"] is None
    detail = shop.call("GET", f"/styles/{rest['styles'][0]['id']}").json
    assert [variant["sku"] for variant in detail["variants"]] == [shop.variant.sku]
    assert shop.call("GET", "/styles/nothing").status_code == 404


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 201}, {"limit": "x"}, {"after": "\0"}])
def test_a_page_that_cannot_be_is_refused(shop: Shop, query: dict[str, Any]) -> None:
    assert shop.call("GET", "/styles", query_string=query).status_code == 422


def test_a_feed_stores_what_is_known_and_reports_the_rest(shop: Shop) -> None:
    counts = [{"gtin": shop.variant.gtin, "on_hand": 3}, {"sku": "nothing", "on_hand": 1}]
    feed = {"counted_at": "2026-11-22T12:00:00Z", "counts": counts}
    answer = shop.call("PUT", f"/stores/{shop.store.id}/stock", json=feed)
    assert answer.status_code == 200
    assert answer.json == {"stored": 1, "outdated": [], "unknown": ["nothing"]}
    exported = shop.call("GET", "/catalogue/export/stock").text
    assert f"leeds,{shop.variant.sku},3,2026-11-22T12:00:00Z" in exported


@pytest.mark.parametrize(
    "change",
    [
        {"counted_at": "2026-11-22T12:00:00"},
        {"counted_at": "2026-11-23T12:00:00Z"},
        {"counts": []},
        {"counts": [{"on_hand": 1}]},
        {"counts": [{"sku": "A", "gtin": "96385074", "on_hand": 1}]},
        {"counts": [{"sku": "A", "on_hand": -1}]},
        {"counts": [{"sku": "A", "on_hand": 1.5}]},
        {"counts": [{"sku": "A\x07", "on_hand": 1}]},
        {"counts": [{"gtin": "96385075", "on_hand": 1}]},
        {"counts": [{"gtin": "", "on_hand": 1}]},
        {"colour": "red"},
    ],
)
def test_a_wrong_feed_is_refused(shop: Shop, change: dict[str, Any]) -> None:
    feed = {"counted_at": "2026-11-22T12:00:00Z", "counts": [{"sku": "A", "on_hand": 1}]}
    answer = shop.call("PUT", f"/stores/{shop.store.id}/stock", json=feed | change)
    assert answer.status_code == 422
    assert answer.json["fields"]


def test_a_dry_run_names_changes_and_changes_nothing(shop: Shop) -> None:
    answer = shop.send(dry_run=True, categories=CATEGORIES + "hats,Hats,no\n")
    assert answer.status_code == 200
    assert answer.json["is_dry_run"] is True
    assert answer.json["summary"]["categories"]["add"] == 1
    assert answer.json["changes"] == [
        {
            "file": "categories",
            "line": 3,
            "key": "hats",
            "action": "add",
            "cells": {
                "category": ["", "hats"],
                "name": ["", "Hats"],
                "never_shareable": ["", "no"],
            },
        }
    ]
    assert len(shop.call("GET", "/categories").json) == 1


def test_a_dry_run_reports_wrong_lines_and_an_import_refuses_them(shop: Shop) -> None:
    wrong = CATEGORIES + "hats,Hats,perhaps\n"
    reported = shop.send(dry_run=True, categories=wrong)
    assert reported.status_code == 200
    refused = shop.send(categories=wrong)
    assert refused.status_code == 422
    assert refused.content_type == "application/problem+json"
    assert refused.json["problems"] == reported.json["problems"]
    assert refused.json["problems"][0]["line"] == 3
    assert len(shop.call("GET", "/categories").json) == 1


def test_an_import_comes_in_and_goes_out(shop: Shop) -> None:
    answer = shop.send(categories="\ufeff" + CATEGORIES.replace("no", "yes"))
    assert answer.status_code == 200
    assert answer.json["summary"]["categories"]["change"] == 1
    exported = shop.call("GET", "/catalogue/export/categories")
    assert exported.content_type == "text/csv; charset=utf-8"
    assert exported.text.splitlines() == CATEGORIES.replace("no", "yes").splitlines()


@pytest.mark.parametrize("files", [{}, {"people": "x"}, {"styles": b"\xff"}, {"styles": ""}])
def test_files_that_are_none_are_refused(shop: Shop, files: dict[str, Any]) -> None:
    answer = shop.send(**files)
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"


def test_an_unknown_export_is_not_found(shop: Shop) -> None:
    assert shop.call("GET", "/catalogue/export/people").status_code == 404


def test_every_address_is_described(shop: Shop) -> None:
    paths = shop.client.get("/api/v1/openapi.json").json["paths"]
    described = {(path, method) for path, item in paths.items() for method in item}
    assert ("/api/v1/catalogue/imports", "post") in described
    assert ("/api/v1/catalogue/export/{kind}", "get") in described
    assert ("/api/v1/stores/{store_id}/stock", "put") in described
