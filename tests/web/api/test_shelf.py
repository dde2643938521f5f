"""Kept pieces and visits as an API, and codes to print for labels and doors."""

import io
from typing import Any

import zxingcpp
from flask import Flask
from PIL import Image

from core.transaction import database
from tests.builders.accounts import new_member, sign_in
from tests.builders.brands import new_brand, new_store
from tests.builders.catalogue import new_variant
from tests.builders.staff import new_integrator_key
from web.auth import settings


def caller(app: Flask, token: str) -> Any:
    client = app.test_client()

    def call(method: str, path: str, **options: Any) -> Any:
        headers = {"Authorization": f"Bearer {token}"}
        return client.open(f"/api/v1{path}", method=method, headers=headers, **options)

    return call


def test_members_keep_pieces_and_check_in(app: Flask) -> None:
    with app.app_context(), database().write() as session:
        store = new_store(session, slug="leeds", name="Leeds")
        piece = new_variant(session, brand_id=store.brand_id)
        token = sign_in(session, new_member(session, store.brand_id))
    nina = caller(app, token)
    for _ in range(2):
        kept = nina("PUT", f"/me/saved-pieces/{piece.gtin}")
        assert kept.get_json() == {"gtin": piece.gtin, "is_saved": True}
    (listed,) = nina("GET", "/me/saved-pieces").get_json()
    assert (listed["sku"], listed["size"]) == (piece.sku, "12")
    assert nina("DELETE", f"/me/saved-pieces/{piece.gtin}").get_json()["is_saved"] is False
    assert nina("GET", "/me/saved-pieces").get_json() == []
    assert nina("PUT", "/me/saved-pieces/123").get_json()["type"].endswith("piece_not_found")
    first, again = (nina("POST", "/me/visits", json={"store": "leeds"}).get_json() for _ in "ab")
    assert first == again
    assert (first["store"], first["visited_on"]) == ("leeds", "2026-11-22")
    assert nina("GET", "/me/visits").get_json() == [first]
    assert nina("POST", "/me/visits", json={"store": "york"}).status_code == 404
    for _ in range(2):
        assert nina("DELETE", f"/me/visits/{first['id']}").status_code == 204
    assert nina("GET", "/me/visits").get_json() == []


def test_codes_for_labels_and_doors_are_read_back(app: Flask) -> None:
    with app.app_context(), database().write() as session:
        brand = new_brand(session, slug="alder")
        store = new_store(session, brand=brand, slug="leeds")
        piece = new_variant(session, brand_id=brand.id)
        bare = new_variant(session, brand_id=brand.id, gtin=None)
        keys = [
            new_integrator_key(session, brand_id, key=settings().key)[1]
            for brand_id in (brand.id, new_brand(session).id)
        ]
        public_url = settings().public_url
    own, foreign = (caller(app, key) for key in keys)
    label, door = f"/variants/{piece.id}/qr", f"/stores/{store.id}/door"
    for path, says in (
        (label, f"{public_url}/01/{piece.gtin}?b=alder"),
        (door, f"{public_url}/in/alder/leeds"),
    ):
        (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(own("GET", f"{path}.png").data)))
        assert (found.text, found.ec_level) == (says, "M")
        assert own("GET", f"{path}.svg").data.startswith(b"<svg")
        assert foreign("GET", f"{path}.png").status_code == 404
    refused = own("GET", f"/variants/{bare.id}/qr.svg").get_json()
    assert refused["type"].endswith("gtin_missing")
