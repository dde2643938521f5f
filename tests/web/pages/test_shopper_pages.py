"""The loop's pages without scripts: every step a form, and nobody's business shown."""

import re
from collections.abc import Callable

import pytest

from core.clock import FixedClock
from tests.builders.visitor import Visitor
from tests.web.pages.conftest import Shop


def test_a_stranger_sees_a_look_and_is_led_to_join_for_a_like(shop: Shop) -> None:
    page = shop.stranger().open(f"/o/{shop.look}")
    assert page.status == 200
    assert "Chloe M." in page.text
    assert "Chloe Martin" not in page.text
    assert f'action="/o/{shop.look}/guest-like"' in page.text
    assert re.search(r'<span class="n">2</span>', page.text)
    assert 'property="og:image"' in page.text
    assert page.page is not None
    assert page.page.headers["Referrer-Policy"] == "strict-origin-when-cross-origin"


def test_an_ad_label_stands_by_the_name_and_in_the_preview(shop: Shop) -> None:
    text = shop.stranger().open(f"/o/{shop.look}").text
    assert '<b class="ad">Ad</b>Chloe gets a reward if you buy' in text
    assert re.search(r'og:description" content="Ad · ', text)


def test_every_answer_from_the_page_cache_carries_its_own_nonce(shop: Shop) -> None:
    nonces = set()
    for _ in range(3):
        page = shop.stranger().open(f"/o/{shop.look}")
        assert page.page is not None
        nonce = re.search(r"'nonce-([^']+)'", page.page.headers["Content-Security-Policy"])
        assert nonce is not None
        assert page.text.count(f'nonce="{nonce[1]}"') == 4
        nonces.add(nonce[1])
    assert len(nonces) == 3


def test_a_look_put_away_is_gone_from_the_cache_at_once(shop: Shop) -> None:
    assert shop.stranger().open(f"/o/{shop.look}").status == 200
    shop.stylist.open(f"/me/outfits/{shop.look}/shared").send(f"/me/outfits/{shop.look}/away")
    gone = shop.stranger().open(f"/o/{shop.look}")
    assert (gone.status, "This isn’t here." in gone.text) == (404, True)
    assert "Chloe" not in gone.text


def test_withdrawn_consent_empties_every_page_at_once(shop: Shop) -> None:
    for address in (f"/b/{shop.brand}", f"/kiosk/{shop.brand}/{shop.store}"):
        assert "Chloe" in shop.stranger().open(address).text
    shop.stylist.open("/me").send("/me/privacy/public_outfits/off")
    shop.stylist.open("/me").send("/me/privacy/league/off")
    for address in (
        f"/b/{shop.brand}",
        f"/kiosk/{shop.brand}/{shop.store}",
        f"/league/{shop.brand}",
        f"/fragments/league/{shop.brand}",
        f"/o/{shop.look}",
        "/",
    ):
        assert "Chloe" not in shop.stranger().open(address).text


def test_a_like_by_form_counts_and_can_be_taken_back(shop: Shop) -> None:
    fan = shop.fan.open(f"/o/{shop.look}").send(f"/o/{shop.look}/like")
    assert 'aria-pressed="true"' in fan.text
    assert '<span class="n">3</span>' in fan.text
    fan.send(f"/o/{shop.look}/unlike")
    assert 'aria-pressed="false"' in fan.text


def test_one_s_own_look_has_no_like_button(shop: Shop) -> None:
    text = shop.stylist.open(f"/o/{shop.look}").text
    assert "aria-pressed" not in text
    assert "Change this look" in text


def test_the_loop_from_receipt_to_public_page_works_without_scripts(shop: Shop) -> None:
    fan = shop.fan.open("/me/receipts").send(f"/me/receipts/{shop.receipt}/lay-out")
    board = fan.path
    assert board.endswith("/lay-out")
    fan.send(board, background="rain", caption="Rain, but make it Saturday", then="next")
    assert fan.path.endswith("/audience")
    assert 'value="only_me" checked' in fan.text
    fan.send(fan.path, audience="everyone", league="yes", choice="share")
    assert fan.path.endswith("/shared")
    look = fan.path.split("/")[3]
    assert "Rain, but make it Saturday" in shop.stranger().open(f"/o/{look}").text


def test_an_arrow_button_keeps_the_step_and_comes_back(shop: Shop) -> None:
    board = f"/me/outfits/{shop.draft}/lay-out"
    fan = shop.fan.open(board)
    form = fan.form(board)
    piece = next(name[2:] for name in form if name.startswith("x-"))
    fan.send(board, move="right", selected=piece)
    assert int(fan.form(board)[f"x-{piece}"]) == int(form[f"x-{piece}"]) + 25


def test_a_board_changed_elsewhere_is_refused_and_shown_again(shop: Shop) -> None:
    board = f"/me/outfits/{shop.draft}/lay-out"
    fan = shop.fan.open(board)
    stale = fan.form(board)["version"]
    fan.send(board, caption="First")
    fan.open(board).send(board, caption="Second", version=stale)
    assert (fan.status, 'role="alert"' in fan.text) == (409, True)


def test_keeping_it_private_shows_it_to_nobody(shop: Shop) -> None:
    fan = shop.fan.open(f"/me/outfits/{shop.draft}/audience")
    fan.send(fan.path, audience="everyone", choice="private")
    assert "Only you can see it" in fan.text
    assert shop.stranger().open(f"/o/{shop.draft}").status == 404


def test_a_wrong_code_gets_the_one_answer_and_says_what_to_do(shop: Shop) -> None:
    address = f"/c/{shop.brand}/{shop.store}"
    typing = shop.stranger().open(address).send(address, code="7K2M9Q8BXV")
    assert typing.status == 404
    assert "It can take 2 minutes to reach us" in typing.text
    unknown = shop.stranger().open("/r/00000000000000000000000000")
    assert unknown.status == 404
    assert "It can take 2 minutes to reach us" in unknown.text


def test_my_row_is_marked_and_nobody_else_s_is(shop: Shop) -> None:
    assert shop.stylist.open(f"/league/{shop.brand}").text.count('class="me"') == 1
    assert shop.stranger().open(f"/league/{shop.brand}").text.count('class="me"') == 0


def test_nobody_is_last_without_room_below(shop: Shop) -> None:
    assert "Room for more" in shop.stranger().open(f"/league/{shop.brand}").text
    assert "Room for you" in shop.stranger().open(f"/kiosk/{shop.brand}/{shop.store}").text


def test_pages_of_others_are_not_mine(shop: Shop) -> None:
    for part in ("lay-out", "audience", "shared"):
        assert shop.fan.open(f"/me/outfits/{shop.look}/{part}").status == 404


def test_empty_pages_say_what_to_do(newcomer: Visitor) -> None:
    for address, words in (
        ("/me/outfits", "Nothing laid out yet"),
        ("/me/receipts", "No receipts yet"),
        ("/me/prizes", "No vouchers yet"),
    ):
        assert words in newcomer.open(address).text


def test_a_prize_shows_up_by_itself_when_the_season_closes(
    shop: Shop, clock: FixedClock, run_jobs: Callable[[], None]
) -> None:
    clock.advance(days=1)
    run_jobs()
    text = shop.stylist.open("/me/prizes").text
    assert "£10 off" in text
    assert 'aria-label="Barcode of the code above"' in text
    assert "Winners of the last season" in shop.stranger().open(f"/league/{shop.brand}").text


@pytest.mark.parametrize(
    "address",
    [
        "/o/x",
        "/r/x",
        "/b/nobody",
        "/league/nobody",
        "/kiosk/nobody/x",
        "/c/nobody/x",
        "/print/receipts/x",
    ],
)
def test_absent_things_are_absent(shop: Shop, address: str) -> None:
    assert shop.stranger().open(address).status == 404


def test_no_page_needs_inline_styles_or_handlers(shop: Shop, newcomer: Visitor) -> None:
    addresses = [
        "/",
        f"/b/{shop.brand}",
        f"/o/{shop.look}",
        f"/league/{shop.brand}",
        f"/kiosk/{shop.brand}/{shop.store}",
        f"/c/{shop.brand}/{shop.store}",
        "/me",
        "/me/outfits",
        f"/me/outfits/{shop.draft}/lay-out",
        f"/me/outfits/{shop.draft}/audience",
    ]
    for address in addresses:
        text = shop.fan.open(address).text
        assert not re.search(r"\sstyle=|<style|\son[a-z]+=", text), address
