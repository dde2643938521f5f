"""The inbox and the ways out of it, without scripts."""

import re
from collections.abc import Callable

from flask import Flask

from connectors.mail import mailbox
from core.clock import FixedClock
from core.config import Settings
from core.transaction import Database
from retail.accounts import queries as accounts
from retail.accounts.queries import MemberView
from retail.consent.rules import LIKES_NEWS, NAMED_LIKES
from retail.notifications import queries
from retail.outfits import queries as outfits
from tests.builders.accounts import give_consent, new_member
from tests.builders.league import fold
from tests.builders.notes import hears_of
from tests.builders.visitor import Visitor
from tests.web.pages.conftest import Shop


def stylist_of(db: Database, shop: Shop) -> MemberView:
    with db.read() as session:
        return accounts.get_member(session, outfits.get_visible(session, shop.look).member_id)


def like(db: Database, shop: Shop, fan: Visitor) -> None:
    fan.open(f"/o/{shop.look}").send(f"/o/{shop.look}/like")
    with db.write() as session:
        fold(session)


def test_an_empty_inbox_says_what_would_turn_up(shop: Shop, newcomer: Visitor) -> None:
    assert "Nothing yet" in newcomer.open("/me/notes").text


def test_likes_are_one_note_and_nobody_is_named_who_did_not_agree(
    shop: Shop, db: Database, newcomer: Visitor
) -> None:
    stylist = stylist_of(db, shop)
    with db.write() as session:
        hears_of(session, stylist, LIKES_NEWS, channels=("in_app",))
    like(db, shop, shop.fan)
    like(db, shop, newcomer)
    text = shop.stylist.open("/me/notes").text
    # The two of the shop's beginning liked in the same hour.
    assert "4 people like your look" in text
    assert "Nina" not in text
    shop.fan.open("/me/privacy").send(f"/me/privacy/{NAMED_LIKES}/on")
    assert "Nina O. and 3 others like your look" in shop.stylist.open("/me/notes").text
    shop.fan.open("/me/privacy").send(f"/me/privacy/{NAMED_LIKES}/off")
    assert "Nina" not in shop.stylist.open("/me/notes").text


def test_reading_is_remembered(shop: Shop, db: Database) -> None:
    stylist = stylist_of(db, shop)
    with db.write() as session:
        hears_of(session, stylist, LIKES_NEWS, channels=("in_app",))
    like(db, shop, shop.fan)
    assert "1 unread" in re.sub("<[^>]+>", "", shop.stylist.open("/me/notes").text)
    shop.stylist.send("/me/notes/read")
    assert "All read." in shop.stylist.text


def test_a_mail_leaves_when_the_window_ends_and_ends_in_one_tap(
    app: Flask,
    app_settings: Settings,
    shop: Shop,
    db: Database,
    clock: FixedClock,
    run_jobs: Callable[[], None],
) -> None:
    stylist = stylist_of(db, shop)
    with db.write() as session:
        hears_of(session, stylist, LIKES_NEWS, channels=("email",))
        give_consent(session, new_member(session, stylist.brand_id), NAMED_LIKES)
    like(db, shop, shop.fan)
    box = app_settings.data_dir / "mailbox"
    run_jobs()
    assert mailbox.letters(box) == []
    clock.advance(hours=1)
    run_jobs()
    run_jobs()
    (letter,) = mailbox.letters(box)
    assert letter.subject == "3 people like your look"
    (path,) = box.glob("*.eml")
    raw = path.read_text()
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in raw
    (address,) = set(re.findall(r"http://localhost(/unsubscribe/\S+)", letter.text))
    stranger = shop.stranger().open(address)
    assert "Stop “News of likes”?" in stranger.text
    with db.read() as session:
        assert queries.choices_of(session, stylist.id) == {(LIKES_NEWS, "email")}
    for _ in range(2):
        # As a mail program posts it: from nowhere, without our page or a cookie.
        answer = app.test_client().post(address, data={"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
    with db.read() as session:
        assert queries.choices_of(session, stylist.id) == set()


def test_a_link_that_we_did_not_make_ends_nothing(app: Flask, shop: Shop, db: Database) -> None:
    stylist = stylist_of(db, shop)
    forged = f"/unsubscribe/{stylist.id}.{LIKES_NEWS}.email.{'0' * 26}"
    for address in (forged, "/unsubscribe/x", "/unsubscribe/a.b.c.d", "/unsubscribe/é.b.c.d"):
        assert app.test_client().get(address).status_code == 404
        assert app.test_client().post(address).status_code == 404


def test_nobody_listens_to_the_inbox_of_another(app: Flask, shop: Shop, db: Database) -> None:
    topic = f"topic=member:{stylist_of(db, shop).id}"
    assert app.test_client().get(f"/live?{topic}").status_code == 422
    assert shop.fan.api("GET", f"/live?{topic}").status_code == 422
    own = shop.stylist.client.get(f"/live?{topic}")
    assert own.status_code == 200
    own.close()
    assert app.test_client().get("/fragments/notes").status_code == 401
