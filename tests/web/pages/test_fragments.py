"""Live parts: the same as on the page, and silent while nothing changes."""

from tests.web.pages.conftest import Shop


def test_an_unchanged_part_is_answered_with_not_modified(shop: Shop) -> None:
    for address in (
        f"/fragments/outfits/{shop.look}/likes",
        f"/fragments/league/{shop.brand}",
        f"/fragments/league/{shop.brand}/{shop.store}?cadence=month",
        f"/fragments/kiosk/{shop.brand}/{shop.store}/league",
        f"/fragments/kiosk/{shop.brand}/{shop.store}/wall",
        f"/fragments/kiosk/{shop.brand}/{shop.store}/looks",
        "/fragments/hub/tills",
    ):
        client = shop.stranger().client
        first = client.get(address)
        assert first.status_code == 200, address
        again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b""), address


def test_a_like_changes_its_part(shop: Shop) -> None:
    client = shop.stranger().client
    address = f"/fragments/outfits/{shop.look}/likes"
    before = client.get(address)
    shop.fan.open(f"/o/{shop.look}").send(f"/o/{shop.look}/like")
    after = client.get(address, headers={"If-None-Match": before.headers["ETag"]})
    assert (after.status_code, b'<span class="n">3</span>' in after.data) == (200, True)


def test_an_unknown_part_is_absent(shop: Shop) -> None:
    address = f"/fragments/kiosk/{shop.brand}/{shop.store}/secrets"
    assert shop.stranger().client.get(address).status_code == 404


def test_garments_are_served_for_ever_and_nonsense_is_refused(shop: Shop) -> None:
    client = shop.stranger().client
    good = client.get("/garments/trench/cba36a-4e3119-d11f5e.svg")
    assert good.content_type == "image/svg+xml"
    assert "immutable" in good.headers["Cache-Control"]
    assert b"#cba36a" in good.data
    assert client.get("/garments/ballgown/cba36a-4e3119-d11f5e.svg").status_code == 404
    assert client.get("/garments/trench/red-4e3119-d11f5e.svg").status_code == 422


def test_a_preview_shows_public_looks_only(shop: Shop) -> None:
    client = shop.stranger().client
    picture = client.get(f"/o/{shop.look}/preview-1.png")
    assert picture.data.startswith(b"\x89PNG")
    assert client.get(f"/o/{shop.draft}/preview-1.png").status_code == 404
