"""Passing looks on without scripts: links, visits, previews, and the likes of guests."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from urllib.parse import quote, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from linkpreview import Link, LinkPreview
from PIL import Image
from sqlalchemy import select, update

from core.clock import FixedClock
from core.transaction import Database
from retail.brands.models import Brand
from retail.outfits.models import Outfit
from retail.sharing import queries as sharing
from retail.sharing.models import Touch
from tests.builders.visitor import Visitor
from tests.web.pages.conftest import Shop

PERSON = {
    "User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 17_6 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/17.6 Mobile/15E148 Safari/604.1"
}
WHATSAPP = {"User-Agent": "WhatsApp/2.24.17.78 A"}
HEAD_BYTES = 300 * 1024
CAPTIONS = (
    '"><script>alert(1)</script>',
    "' onload='x' {{ 7*7 }} {% raw %}",
    "سماء ماطرة، لكن السبت",
    "雨だけど土曜日",
    "Дождь & «суббота»",
    "👩🏽‍🎤 r\u0301a\u0301in",
    "&lt;b&gt;bold&lt;/b&gt;",
)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def link_of(shop: Shop, channel: str = "copy") -> str:
    """The path of a stranger's link to the look."""
    answer = shop.stranger().api("PUT", f"/api/v1/outfits/{shop.look}/shares/{channel}")
    assert answer.status_code == 200
    assert answer.json["channel"] == channel
    return urlsplit(answer.json["url"]).path


def visits(db: Database, look: str) -> int:
    with db.read() as session:
        return sharing.reach_of(session, [look])[look].visits


def preview_of(html: str, address: str) -> LinkPreview:
    return LinkPreview(Link(address, html))


def test_the_panel_works_without_scripts(shop: Shop) -> None:
    page = shop.stranger().open(f"/o/{shop.look}").send(f"/o/{shop.look}/share")
    assert page.path == f"/o/{shop.look}/share"
    whatsapp = quote("http://localhost/s/", safe="")
    assert (
        f"https://wa.me/?text=Chloe%E2%80%99s%20look%20{whatsapp.replace('%2F', '/')}" in page.text
    )
    assert "https://www.facebook.com/sharer/sharer.php?u=http" in page.text
    assert 'value="http://localhost/s/' in page.text
    assert "<svg" in page.text
    assert page.text.count("/s/") >= 4
    again = shop.stranger().open(f"/o/{shop.look}").send(f"/o/{shop.look}/share")
    assert page.text.split('value="http')[1][:60] == again.text.split('value="http')[1][:60]


def test_a_foreign_page_makes_no_links_and_keeps_no_likes(shop: Shop, client: FlaskClient) -> None:
    for path in ("share", "guest-like"):
        for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {}):
            answer = client.post(f"/o/{shop.look}/{path}", headers=headers)
            assert (answer.status_code, "Set-Cookie" in answer.headers) == (403, False)


def test_who_follows_a_link_comes_to_the_look_and_is_counted_once(
    shop: Shop, client: FlaskClient, db: Database
) -> None:
    path = link_of(shop)
    for _ in range(2):
        answer = client.get(path, headers=PERSON)
        assert answer.status_code == 302
        assert answer.headers["Location"] == f"/o/{shop.look}?from={path.rsplit('/', 1)[1]}"
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["Cache-Control"] == "no-store"
    assert visits(db, shop.look) == 1


def test_machines_get_the_tags_and_nobody_is_counted(
    shop: Shop, client: FlaskClient, db: Database
) -> None:
    path = link_of(shop)
    seen = client.get(path, headers=WHATSAPP)
    assert (seen.status_code, 'property="og:title"' in seen.text) == (200, True)
    for headers in (PERSON, WHATSAPP):
        assert client.head(path, headers=headers).status_code == 200
    assert client.get(path, headers=PERSON | {"Sec-Purpose": "prefetch"}).status_code == 200
    assert visits(db, shop.look) == 0


def test_a_link_never_leads_elsewhere(shop: Shop, client: FlaskClient) -> None:
    for wrong in ("https:%2F%2Fevil.example", "%5Cevil", "x" * 26, "0" * 26):
        answer = client.get(f"/s/{wrong}", headers=PERSON)
        assert answer.status_code == 404, wrong
    evil = shop.stranger().open(f"/o/{shop.look}?from=https://evil.example")
    assert "evil" not in evil.text.replace(f"/o/{shop.look}?from=", "")


def test_links_of_absent_and_hidden_looks_answer_alike(shop: Shop, client: FlaskClient) -> None:
    path = link_of(shop)
    shop.stylist.open(f"/me/outfits/{shop.look}/shared").send(f"/me/outfits/{shop.look}/away")
    for headers in (PERSON, WHATSAPP):
        hidden, absent = (
            client.get(path, headers=headers),
            client.get("/s/" + "0" * 26, headers=headers),
        )
        assert (hidden.status_code, absent.status_code) == (404, 404)
        assert "og:title" not in hidden.text
        assert strip(hidden.text) == strip(absent.text)


def strip(text: str) -> str:
    """A page without its nonces."""
    parts = text.split('nonce="')
    return parts[0] + "".join(part.split('"', 1)[1] for part in parts[1:])


@pytest.mark.parametrize("caption", CAPTIONS)
def test_a_preview_says_the_caption_and_nothing_else(
    shop: Shop, client: FlaskClient, db: Database, caption: str
) -> None:
    with db.write() as session:
        look = session.get(Outfit, shop.look)
        assert look is not None
        look.caption, look.version = caption, look.version + 1
    path = link_of(shop)
    for address in (path, f"/o/{shop.look}"):
        html = client.get(address, headers=WHATSAPP).text
        assert html.encode().index(b"twitter:image:alt") < HEAD_BYTES
        preview = preview_of(html, f"http://localhost{address}")
        assert preview.title == caption
        assert preview.site_name == "Brand 1" or preview.site_name.startswith("Brand ")
        assert "<script>alert" not in html
        assert "{{ 7*7 }}" in html or "49" not in (preview.title or "")


def test_the_tags_are_complete_and_their_picture_is_as_they_say(
    shop: Shop, client: FlaskClient, db: Database
) -> None:
    with db.write() as session:
        session.execute(update(Brand).values(name="Alder & Finch"))
    path = link_of(shop)
    html = client.get(path, headers=WHATSAPP).text
    preview = preview_of(html, f"http://localhost{path}")
    assert preview.title == "Chloe’s look"
    assert preview.description == "Ad · A look by Chloe M. at Alder & Finch"
    for tag, value in {
        "og:type": "article",
        "og:locale": "en_GB",
        "og:url": f"http://localhost{path}",
        "og:image:type": "image/png",
        "og:image:width": "1200",
        "og:image:height": "630",
    }.items():
        assert f'<meta property="{tag}" content="{value}">' in html, tag
    assert '<meta property="og:image:alt" content="Chloe’s look laid flat: ' in html
    for tag in ("card", "title", "description", "image", "image:alt"):
        assert f'<meta name="twitter:{tag}"' in html
    assert f'<link rel="canonical" href="http://localhost/o/{shop.look}">' in html
    picture = client.get(urlsplit(preview.image).path)
    assert picture.content_type == "image/png"
    with Image.open(BytesIO(picture.data)) as image:
        assert image.size == (1200, 630)
        assert image.convert("RGB").getpixel((60, 580)) == (0x0A, 0x1B, 0x15), "the Ad label"
    known = client.get(
        urlsplit(preview.image).path, headers={"If-None-Match": picture.headers["ETag"]}
    )
    assert (known.status_code, known.data) == (304, b"")


def test_one_s_own_private_look_has_no_tags(shop: Shop) -> None:
    shop.fan.open(f"/me/outfits/{shop.draft}/audience").send(
        f"/me/outfits/{shop.draft}/audience", choice="private"
    )
    text = shop.fan.open(f"/o/{shop.draft}").text
    assert shop.fan.status == 200
    assert "og:" not in text
    assert 'content="noindex"' in text
    assert "data-pass-on" not in text


def join(guest: Visitor, shop: Shop, mailed_code: Callable[[], str]) -> Visitor:
    """From the page that asks for an address to where the way leads, with a name on it."""
    assert guest.path == f"/join/{shop.brand}"
    guest.send(guest.path, email="robin@shopper.example")
    guest.send(guest.path, code=mailed_code())
    if guest.path == "/me/profile":
        guest.send(guest.path, display_name="Robin Vale")
    return guest


def test_a_guest_s_like_counts_once_they_have_joined_and_the_page_says_so(
    shop: Shop, db: Database, mailed_code: Callable[[], str]
) -> None:
    share = link_of(shop).rsplit("/", 1)[1]
    guest = shop.stranger().open(f"/o/{shop.look}?from={share}")
    guest.send(f"/o/{shop.look}/guest-like")
    assert '<span class="n">2</span>' in shop.stranger().open(f"/o/{shop.look}").text
    join(guest, shop, mailed_code)
    assert guest.path == f"/o/{shop.look}"
    assert "Your like was kept while you joined. It counts now." in guest.text
    assert '<span class="n">3</span>' in guest.text
    assert "counts now" not in guest.open(f"/o/{shop.look}").text
    with db.read() as session:
        assert sharing.reach_of(session, [shop.look])[shop.look].likes == 1
    assert guest.client.get_cookie("guest") is None


def test_a_guest_s_like_dies_after_a_day(
    shop: Shop, clock: FixedClock, mailed_code: Callable[[], str]
) -> None:
    guest = shop.stranger().open(f"/o/{shop.look}").send(f"/o/{shop.look}/guest-like")
    cookie = guest.client.get_cookie("guest")
    assert cookie is not None
    assert cookie.max_age == timedelta(hours=24).total_seconds()
    clock.advance(hours=24)
    join(guest, shop, mailed_code)
    assert "counts now" not in guest.text
    assert '<span class="n">2</span>' in guest.open(f"/o/{shop.look}").text


def test_a_member_on_an_old_page_likes_at_once(shop: Shop) -> None:
    fan = shop.fan
    fan.page = shop.stranger().open(f"/o/{shop.look}").page
    fan.send(f"/o/{shop.look}/guest-like")
    assert 'aria-pressed="true"' in fan.text
    assert '<span class="n">3</span>' in fan.text


def test_looks_are_saved_and_let_go_without_scripts(shop: Shop) -> None:
    fan = shop.fan.open("/me/saved")
    assert "Nothing saved yet" in fan.text
    fan.open(f"/o/{shop.look}").send(f"/o/{shop.look}/save")
    assert "Chloe M." in fan.open("/me/saved").text
    assert "1 saved" in fan.open("/me").text
    fan.open(f"/o/{shop.look}").send(f"/o/{shop.look}/unsave")
    assert "Nothing saved yet" in fan.open("/me/saved").text


def test_no_address_number_or_link_of_a_visitor_is_logged(
    shop: Shop, client: FlaskClient, db: Database, logs: Callable[[], str]
) -> None:
    share = link_of(shop).rsplit("/", 1)[1]
    client.get(f"/s/{share}", headers=PERSON, environ_base={"REMOTE_ADDR": "198.51.100.77"})
    guest = shop.stranger().open(f"/o/{shop.look}").send(f"/o/{shop.look}/guest-like")
    cookie = guest.client.get_cookie("guest")
    assert cookie is not None
    assert "following.follow" in logs()
    for canary in (share, "198.51.100.77", "iPhone", cookie.value):
        assert canary not in logs()
    with db.read() as session:
        kept = repr(session.execute(select(*Touch.__table__.columns)).all())
    assert "198.51.100.77" not in kept
