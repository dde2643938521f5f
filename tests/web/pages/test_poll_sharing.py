"""Passing polls on: previews of those for everyone, and visits in which nobody is seen."""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from linkpreview import Link, LinkPreview
from PIL import Image
from sqlalchemy import select, update

from core import clock
from core.transaction import Database, database
from retail.accounts.queries import MemberView
from retail.catalogue.models import Style
from retail.consent.rules import SHARING
from retail.journeys.looks.remove_poll import remove_poll
from retail.outfits.pictures import BACKGROUND_COLOURS
from retail.sharing import queries as sharing
from retail.sharing.models import Share, Touch
from tests.builders.accounts import give_consent, sign_in
from tests.builders.brands import new_store
from tests.builders.friends import befriend
from tests.builders.outfits import new_outfit, new_stylist
from tests.builders.polls import new_poll
from tests.builders.visitor import Visitor
from tests.web.pages.conftest import settings_key
from tests.web.pages.test_sharing_pages import PERSON, WHATSAPP, strip

NONE = "0" * 26


@dataclass(frozen=True)
class Asked:
    """A poll for everyone and one for friends, of Nina; Tom is her friend."""

    public: str
    private: str
    looks: tuple[str, str]
    asker: MemberView
    nina: Visitor
    tom: Visitor
    visit: Callable[[], Visitor]


@pytest.fixture
def asked(app: Flask, visit: Callable[[], Visitor]) -> Asked:
    with app.app_context(), database().write() as session:
        store = new_store(session)
        nina = new_stylist(session, store.brand_id, display_name="Nina Okafor")
        tom = new_stylist(session, store.brand_id, display_name="Tom Weller")
        befriend(session, nina, tom)
        give_consent(session, tom, SHARING)
        looks = (new_outfit(session, store, member=nina), new_outfit(session, store, member=nina))
        words = "Friday <b>night</b>?"
        public = new_poll(session, store, nina, looks=looks, question=words)
        private = new_poll(session, store, nina, audience="friends", question="Between us?")
        phones = [
            visit().sign_in(sign_in(session, who, key=settings_key(app))) for who in (nina, tom)
        ]
    return Asked(public, private, looks, nina, *phones, visit)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def link_of(who: Visitor, poll: str) -> str:
    """The path of somebody's link to a poll."""
    answer = who.api("PUT", f"/api/v1/polls/{poll}/shares/copy")
    assert answer.status_code == 200
    return urlsplit(answer.json["url"]).path


def visits(db: Database, poll: str) -> int:
    with db.read() as session:
        return sharing.visits_to_poll(session, poll)


def test_a_poll_for_everyone_has_a_preview_with_both_looks_side_by_side(
    asked: Asked, client: FlaskClient, db: Database
) -> None:
    with db.write() as session:
        session.execute(update(Style).values(name="Knit & purl"))
    link = link_of(asked.visit(), asked.public)
    for address in (f"/polls/{asked.public}", link):
        html = client.get(address, headers=WHATSAPP).text
        preview = LinkPreview(Link(f"http://localhost{address}", html))
        assert preview.title == "Friday <b>night</b>?"
        assert preview.description.startswith("Nina O. asks which of two looks, at Brand ")
        assert f'<meta property="og:url" content="http://localhost{address}">' in html
        assert f'<link rel="canonical" href="http://localhost/polls/{asked.public}">' in html
        assert '<meta property="og:image:alt" content="1: Nina’s look laid flat: ' in html
        assert "Knit &amp; purl" in html
        assert "&amp;amp;" not in html
        assert '<meta name="twitter:card" content="summary_large_image">' in html
        assert "<b>night</b>" not in html
    picture = client.get(urlsplit(preview.image).path)
    assert picture.content_type == "image/png"
    with Image.open(BytesIO(picture.data)) as image:
        assert image.size == (1200, 630)
        colours = [image.convert("RGB").getpixel((x, 600)) for x in (300, 600, 900)]
    assert colours[1] == (255, 255, 255)
    backgrounds = {tuple(bytes.fromhex(one[1:])) for one in BACKGROUND_COLOURS.values()}
    assert {colours[0], colours[2]} <= backgrounds
    same = {"If-None-Match": picture.headers["ETag"]}
    assert client.get(urlsplit(preview.image).path, headers=same).status_code == 304


def test_a_poll_for_friends_gives_nothing_away(asked: Asked, client: FlaskClient) -> None:
    for path in ("", "/share", "/preview-1-1.png", "/preview-2-3.png"):
        for headers in (PERSON, WHATSAPP):
            private = client.get(f"/polls/{asked.private}{path}", headers=headers)
            absent = client.get(f"/polls/{NONE}{path}", headers=headers)
            assert (private.status_code, absent.status_code) == (404, 404)
            told = strip(private.text).replace(asked.private, NONE)
            assert told == strip(absent.text)
    for who in (asked.nina, asked.tom):
        assert who.open(f"/polls/{asked.private}/preview-1-1.png").status == 404
        assert who.api("PUT", f"/api/v1/polls/{asked.private}/shares/copy").status_code == 404
        page = who.open(f"/polls/{asked.private}")
        assert (page.status, 'content="noindex"' in page.text) == (200, True)
        assert "og:" not in page.text
        assert "/s/" not in page.text


def test_the_picture_goes_with_either_look(asked: Asked, client: FlaskClient) -> None:
    link = link_of(asked.visit(), asked.public)
    asked.nina.open(f"/me/outfits/{asked.looks[1]}/shared")
    asked.nina.send(f"/me/outfits/{asked.looks[1]}/away")
    for path in (f"/polls/{asked.public}/preview-1-1.png", link):
        assert client.get(path, headers=WHATSAPP).status_code == 404
    hidden, absent = (client.get(path, headers=PERSON) for path in (link, f"/s/{NONE}"))
    assert strip(hidden.text) == strip(absent.text)


def test_people_who_come_are_counted_once_and_machines_never(
    asked: Asked, client: FlaskClient, db: Database
) -> None:
    link = link_of(asked.tom, asked.public)
    for headers in (WHATSAPP, PERSON | {"Sec-Purpose": "prefetch"}):
        assert client.get(link, headers=headers).status_code == 200
    assert client.head(link, headers=PERSON).status_code == 200
    assert visits(db, asked.public) == 0
    for _ in range(2):
        answer = client.get(link, headers=PERSON)
        assert (answer.status_code, answer.headers["Location"]) == (302, f"/polls/{asked.public}")
        assert "Set-Cookie" not in answer.headers
    assert visits(db, asked.public) == 1
    with db.read() as session:
        (touch,) = session.execute(select(Touch.share_id, Touch.member_id, Touch.outfit_id))
        assert tuple(touch) == (link.rsplit("/", 1)[1], None, None)
        sharer = select(Share.sharer_id).where(Share.id == touch.share_id)
        assert session.scalar(sharer) is not None, "Tom agreed to be credited"
        reach = sharing.reach_of(session, asked.looks).values()
        assert {one.visits for one in reach} == {0}
    page = asked.nina.open(f"/polls/{asked.public}")
    assert "Opened once through shared links." not in page.text, "no panel yet"
    page.send(f"/polls/{asked.public}/share")
    assert "Opened once through shared links." in asked.nina.open(f"/polls/{asked.public}").text
    assert "Opened once" not in asked.tom.open(f"/polls/{asked.public}").text


def test_the_panel_of_a_poll_works_without_scripts(asked: Asked) -> None:
    page = asked.visit().open(f"/polls/{asked.public}")
    assert f'data-pass-on="polls/{asked.public}"' in page.text
    page.send(f"/polls/{asked.public}/share")
    assert page.path == f"/polls/{asked.public}/share"
    for part in ("https://wa.me/?text=", "facebook.com/sharer", "<svg", "http://localhost/s/"):
        assert part in page.text
    unmade = asked.tom.open(f"/polls/{asked.public}/share")
    assert unmade.path == f"/polls/{asked.public}"


def test_a_foreign_page_makes_no_links_to_a_poll(asked: Asked, client: FlaskClient) -> None:
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {}):
        assert client.post(f"/polls/{asked.public}/share", headers=headers).status_code == 403


def test_who_asks_everyone_finds_the_panel_filled(asked: Asked) -> None:
    wish = {"looks": list(asked.looks), "audience": "everyone", "closing": "day"}
    page = asked.nina.open("/me/polls/new").send("/me/polls/new", **wish)  # type: ignore[arg-type]
    assert page.text.count("http://localhost/s/") >= 3


def test_a_deleted_poll_takes_its_links_along(
    asked: Asked, client: FlaskClient, db: Database
) -> None:
    link = link_of(asked.visit(), asked.public)
    client.get(link, headers=PERSON)
    with db.write() as session:
        remove_poll(session, asked.public, member=asked.asker, now=clock.now())
        assert session.scalars(select(Share.id)).all() == []
        assert session.scalars(select(Touch.id)).all() == []
    assert client.get(link, headers=PERSON).status_code == 404
