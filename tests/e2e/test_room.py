"""A fitting room in four windows: its screen, a shopper's phone, a friend's, and a tablet."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from demo import room_scenes
from demo.room_scenes import Room
from demo.scene import PANEL, TABLET
from demo.service import Service
from demo.stage import at_work
from tests.builders.opinions import a_photo
from tests.e2e import shopper
from tests.e2e.conftest import LIVE_MILLISECONDS, NewPage
from tests.e2e.leftovers import assert_nothing_is_left
from tests.e2e.motor import buzzes, replace_motor
from tests.e2e.test_friends import invite

pytestmark = pytest.mark.browser

WAITING = re.compile(r"^Waiting \d+ s$")
REPLY = "The camel. Obviously."
# What stands on the screen of her visit and of no other.
HERS = ("Harbour trench", REPLY, "Tom", "Unlink phone", "Brought")


def link(phone: Page, screen: Page) -> None:
    """Link a phone by the code on the screen, which says so by itself."""
    screen.get_by_role("button", name="Link my phone").click()
    phone.goto("/me/room")
    phone.get_by_label("Code on the room’s screen").fill(screen.locator(".code").inner_text())
    phone.get_by_role("button", name="Link my phone").click()
    unlink = screen.get_by_role("button", name="Unlink phone")
    expect(unlink).to_be_visible(timeout=LIVE_MILLISECONDS)


def ask(phone: Page) -> None:
    """Ask every friend about both pieces."""
    phone.get_by_role("link", name="Ask friends what they think").click()
    # Of all boxes those are meant that will be there, not those that are there already.
    expect(phone.get_by_role("button", name="Ask them")).to_be_visible()
    for box in phone.get_by_role("checkbox").all():
        box.check()
    phone.get_by_role("button", name="Ask them").click()
    expect(phone.get_by_text("Nobody has answered yet.")).to_be_visible()


def answer(friend: Page) -> None:
    """Open what is asked and say which, for the room's screen as well."""
    friend.goto("/me/opinions")
    friend.get_by_role("link", name="What do you think?").click()
    friend.get_by_role("radio", name="This one: Harbour trench").check()
    friend.get_by_label("A line from you").fill(REPLY)
    friend.get_by_role("switch", name="On a room’s screen, too").check()
    friend.get_by_role("button", name="Send my answer").click()


def bring(tablet: Page, screen: Page) -> None:
    """Ask on the screen and bring it, step by step, each of which the screen tells by itself."""
    screen.get_by_role("button", name="14").first.click()
    assert buzzes(tablet) == 0, "nobody has asked for anything"
    screen.get_by_role("button", name="Bring me").click()
    expect(tablet.get_by_text(WAITING)).to_be_visible(timeout=LIVE_MILLISECONDS)
    assert buzzes(tablet) == 1
    steps = {
        "I’ll bring it": "Sam has it",
        "It’s on its way": "Sam is on the way",
        "It’s at the door": "At your door",
    }
    for button, words in steps.items():
        tablet.get_by_role("button", name=button).click()
        expect(screen.get_by_text(words)).to_be_visible(timeout=LIVE_MILLISECONDS)
    tablet.get_by_role("button", name="They have it").click()
    expect(screen.get_by_text("At your door")).to_have_count(0, timeout=LIVE_MILLISECONDS)


def out_of_reach(screen: Page) -> list[str]:
    """What can be touched above the lower 46% of the screen, where nobody reaches from a seat."""
    return screen.evaluate(
        """[...document.querySelectorAll("button, a[href]")]
        .filter(one => one.checkVisibility() && !one.closest(".skip"))
        .filter(one => one.getBoundingClientRect().top < innerHeight * 0.54)
        .map(one => one.textContent.trim())"""
    )


def hers(screen: Page) -> list[str]:
    """What of her visit stands in the page."""
    content = screen.content()
    return [words for words in HERS if words in content]


def keep_to_go_back_to(screen: Page) -> None:
    """Do as a browser does that keeps a page whole while another is looked at."""
    screen.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', {persisted: true}))")


def come_back(screen: Page) -> None:
    """Do as it does when somebody goes back to the page: it is asked for anew."""
    screen.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    expect(screen.locator(".hero")).to_be_visible()


def end(screen: Page) -> None:
    """End the session, and find nothing of it on the screen, nor on the way back to it."""
    assert hers(screen), "the control: while she is there, the page is hers"
    keep_to_go_back_to(screen)
    assert not hers(screen)
    come_back(screen)
    screen.get_by_role("button", name="End session").click()
    expect(screen.get_by_text("Bring something in.")).to_be_visible()
    assert_nothing_is_left(screen, hers)


def let_in(shop: Service, new_page: NewPage) -> tuple[Room, Page, Page]:
    """A room, its screen, and the tablet of an assistant who looks at what rooms ask for."""
    with shop.day("room") as day:
        room = room_scenes.let_in(day, at_work(day, "Jo Hartley"))
        sam = at_work(day, "Sam Reed")
    (wide, high), (across, down) = PANEL, TABLET
    screen = new_page(
        shop.origin, cookies=dict(room.screen), viewport={"width": wide, "height": high}
    )
    tablet = new_page(shop.origin, cookies=dict(sam), viewport={"width": across, "height": down})
    screen.goto("/room")
    replace_motor(tablet)
    tablet.goto("/staff/requests")
    # Nothing shakes in a hand that never touched it.
    tablet.locator("h1").first.click()
    return room, screen, tablet


def two_friends(shop: Service, new_page: NewPage, *, at: str) -> tuple[Page, Page]:
    """Nina's phone and Tom's, who are friends."""
    # What was asked goes with the visit, from under the pages that show it.
    nina, tom = (new_page(shop.origin, expected=("404",)) for _ in range(2))
    shopper.join(nina, name="Nina Okafor", email=f"nina@{at}.example", onward="/me/friends")
    invitation = invite(nina)
    shopper.join(tom, name="Tom Weller", email=f"tom@{at}.example", onward=invitation)
    tom.get_by_role("button", name="Become friends").click()
    expect(tom.get_by_text("are friends now.")).to_be_visible()
    return nina, tom


def ask_about_a_picture(phone: Page, picture: bytes) -> None:
    """Ask every friend about a picture that the phone took."""
    phone.goto("/me/opinions/new")
    taken = {"name": "me.jpg", "mimeType": "image/jpeg", "buffer": picture}
    phone.get_by_label("Or a picture, with your own phone").set_input_files(taken)  # type: ignore[arg-type]
    for box in phone.locator("input[name=friends]").all():
        box.check()
    phone.get_by_role("button", name="Ask them").click()
    expect(phone.get_by_text("Nobody has answered yet.")).to_be_visible()


def seen_picture(page: Page) -> tuple[int, int]:
    """The sides of the picture that is asked about, once it is there."""
    picture = page.get_by_role("img", name="picture")
    expect(picture).to_be_visible(timeout=LIVE_MILLISECONDS)
    picture.evaluate("one => one.decode()")
    return tuple(picture.evaluate("one => [one.naturalWidth, one.naturalHeight]"))


def test_a_picture_from_her_phone_is_with_her_friend_and_on_the_screen_until_she_ends(
    shop: Service, new_page: NewPage
) -> None:
    room, screen, _ = let_in(shop, new_page)
    nina, tom = two_friends(shop, new_page, at="picture")
    room_scenes.read_tags(screen, room)
    expect(screen.locator(".hero")).to_be_visible(timeout=LIVE_MILLISECONDS)
    link(nina, screen)
    ask_about_a_picture(nina, a_photo(width=400, height=300))
    tom.goto(urlsplit(nina.url).path)
    assert seen_picture(nina) == seen_picture(tom) == (400, 300)
    assert "/room/opinions/" not in screen.content()
    nina.get_by_role("button", name="Show it").click()
    assert seen_picture(screen) == (400, 300)
    screen.get_by_role("button", name="End session").click()
    expect(screen.get_by_text("Bring something in.")).to_be_visible()
    assert_nothing_is_left(screen, lambda page: "/room/opinions/" in page.content())
    over = tom.get_by_text("This is over, or was taken back.")
    expect(over).to_be_visible(timeout=LIVE_MILLISECONDS)
    expect(tom.get_by_role("img", name="picture")).to_have_count(0)


def test_a_visit_from_the_first_piece_to_nothing_left(shop: Service, new_page: NewPage) -> None:
    room, screen, tablet = let_in(shop, new_page)
    nina, tom = two_friends(shop, new_page, at="room")
    room_scenes.read_tags(screen, room)
    expect(screen.locator(".hero")).to_be_visible(timeout=LIVE_MILLISECONDS)
    # What does not fit is not shown; what the press wrote is.
    expect(screen.locator(".press q")).to_be_in_viewport(ratio=0.9)
    link(nina, screen)
    ask(nina)
    question = urlsplit(nina.url).path
    answer(tom)
    for page in (nina, screen):
        expect(page.locator("q", has_text=REPLY)).to_be_visible(timeout=LIVE_MILLISECONDS)
    assert out_of_reach(screen) == []
    bring(tablet, screen)

    assert out_of_reach(screen) == []
    end(screen)
    assert out_of_reach(screen) == []
    for phone in (nina, tom):
        over = phone.get_by_text("This is over, or was taken back.")
        expect(over).to_be_visible(timeout=LIVE_MILLISECONDS)
    nina.goto("/me/room")
    expect(nina.get_by_text("Your phone isn’t linked to a room.")).to_be_visible()
    for phone in (nina, tom):
        answered = phone.goto(question)
        assert answered is not None
        assert answered.status == 404
