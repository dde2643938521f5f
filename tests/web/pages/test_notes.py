"""The inbox and the ways out of it, without scripts."""

import re
from collections.abc import Callable

from flask import Flask
from sqlalchemy import select

from connectors.mail import mailbox
from core.clock import FixedClock
from core.config import Settings
from core.transaction import Database
from retail.accounts import queries as accounts
from retail.accounts.queries import MemberView
from retail.brands import queries as brands
from retail.catalogue import queries as catalogue
from retail.consent.rules import LIKES_NEWS, NAMED_LIKES, PRIZES_NEWS, RANGES_NEWS
from retail.journeys.members.sign_up_for_ranges import sign_up_for_ranges
from retail.notifications import queries
from retail.notifications.models import PushSubscription
from retail.outfits import queries as outfits
from tests.builders.accounts import give_consent, new_member, sign_in
from tests.builders.catalogue import new_variants
from tests.builders.league import fold
from tests.builders.notes import hears_of, new_win, tell
from tests.builders.outfits import bought, new_stylist
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


def test_the_unread_count_is_live_wherever_it_stands(shop: Shop, newcomer: Visitor) -> None:
    for path in ("/me", "/me/prizes", "/me/outfits", "/me/receipts", "/me/sessions", "/me/notes"):
        page = newcomer.open(path).text
        assert 'data-live-fragment="/fragments/notes/unread"' in page, path
        assert "/static/js/live.js" in page, path
    # Who is not signed in has nothing unread, and keeps no stream open for it.
    for path in (f"/b/{shop.brand}", f"/join/{shop.brand}"):
        assert "/static/js/live.js" not in shop.stranger().open(path).text


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


def test_what_is_ticked_is_what_is_on(shop: Shop, db: Database, newcomer: Visitor) -> None:
    page = newcomer.open("/me/notes/choices")
    assert page.form("/me/notes/choices")["quiet_from"] == "21:00"
    choice = {"league_news": "email", "quiet_from": "22:30", "quiet_until": "07:15"}
    saved = page.send("/me/notes/choices", **choice)
    assert "Saved. It holds from now." in saved.text
    assert saved.form("/me/notes/choices")["quiet_until"] == "07:15"
    assert saved.form("/me/notes/choices")["league_news"] == "email"
    wrong = saved.send("/me/notes/choices", quiet_from="late")
    assert (wrong.status, "Write a time as 21:00." in wrong.text) == (422, True)


def test_picking_a_category_is_asking_to_hear_of_it(
    shop: Shop, db: Database, newcomer: Visitor
) -> None:
    newcomer.open("/me/notes/ranges").send("/me/notes/ranges", category="coats")
    assert 'value="coats" checked' in newcomer.text
    assert 'value="in_app" checked' in newcomer.open("/me/notes/choices").text
    assert shop.fan.open("/me/notes/00000000000000000000000000").status == 404


def test_a_browser_subscribes_only_at_services_that_we_know(shop: Shop, db: Database) -> None:
    keys = {"p256dh": "B" * 87, "auth": "A" * 22}
    address = "/api/v1/me/push-subscription"
    known = "https://a.push.apple.com/x"
    for endpoint, status in (("https://inside.example/x", 422), (known, 204)):
        body = {"endpoint": endpoint, "keys": keys}
        assert shop.fan.api("PUT", address, json=body).status_code == status
    assert shop.fan.api("DELETE", address, json={"endpoint": endpoint}).status_code == 204
    assert shop.stranger().api("PUT", address, json=body).status_code == 401


def test_the_badge_counts_what_is_unread_until_it_was_seen(shop: Shop, db: Database) -> None:
    stylist = stylist_of(db, shop)
    badge = '<b class="count-badge"><span class="n">2</span>'
    with db.write() as session:
        first, second = (new_win(session, stylist) for _ in range(2))
        tell(session, stylist, PRIZES_NEWS, first)
        tell(session, stylist, PRIZES_NEWS, second)
    # On the tab and on the line that leads to them; on other pages on the tab.
    assert shop.stylist.open("/me").text.count(badge) == 2
    assert shop.stylist.open("/me/prizes").text.count(badge) == 1
    assert badge in shop.stylist.open("/fragments/notes/unread").text
    assert "count-badge" not in shop.fan.open("/me").text
    shop.stylist.open("/me/notes").send("/me/notes/read")
    assert "count-badge" not in shop.stylist.open("/me").text


def test_signing_out_ends_the_pushes_of_this_browser_alone(shop: Shop, db: Database) -> None:
    fan, address = shop.fan, "/api/v1/me/push-subscription"
    keys = {"p256dh": "B" * 87, "auth": "A" * 22}
    here, there = (f"https://a.push.apple.com/{name}" for name in ("here", "there"))
    for endpoint in (here, there):
        assert fan.api("PUT", address, json={"endpoint": endpoint, "keys": keys}).status_code == 204
    with db.read() as session:
        found = session.scalars(select(PushSubscription.member_id).distinct()).one()
    # Somebody else cannot end them.
    shop.stylist.open("/me").send("/me/sign-out", endpoint=here)
    fan.open("/me").send("/me/sign-out", endpoint=here)
    with db.read() as session:
        left = queries.subscriptions_of(session, found)
    assert [browser.endpoint for browser in left] == [there]
    assert "/me/notes" not in fan.open("/me").text


def test_a_new_piece_that_is_mine_already_can_be_laid_out_from_its_note(
    shop: Shop, db: Database, clock: FixedClock
) -> None:
    with db.write() as session:
        brand = brands.get_brand_by_slug(session, shop.brand)
        store = brands.get_store_by_slug(session, brand.id, shop.store)
        member = new_stylist(session, brand.id)
        goods = new_variants(session, brand_id=brand.id, drawings=("trench", "boots"))
        style = catalogue.get_style(session, brand.id, goods[0].style_id)
        sign_up_for_ranges(session, {style.category_code}, member=member, now=clock.now())
        hears_of(session, member, RANGES_NEWS)
        tell(session, member, RANGES_NEWS, brand.id)
        (note,) = queries.inbox(session, member.id)
        phone = shop.stranger().sign_in(sign_in(session, member))
    page = phone.open(f"/me/notes/{note.id}")
    assert (style.name in page.text, "Lay it out" in page.text) == (True, False)
    assert "/garments/trench/" in page.text
    with db.write() as session:
        receipt = bought(session, store, member, goods)
    phone.open(f"/me/notes/{note.id}").send(f"/me/receipts/{receipt.id}/lay-out")
    assert phone.path.endswith("/lay-out")
