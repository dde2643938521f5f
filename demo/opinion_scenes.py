"""Scenes of friends who are asked what they think, from a fitting room."""

import contextlib
from collections.abc import Mapping
from io import BytesIO
from urllib.parse import urljoin

from PIL import Image

from demo import acts
from demo.acts import Act, Page
from demo.scene import PANEL, TABLET, Scene
from demo.simulator.browser import Browser
from demo.stage import Stage

# Each of the questions that a page of them lists.
_LISTED = '<li><a href="/me/opinions/'
_ASKED = ".menu a[href^='/me/opinions/']"


def asked_from(screen: Mapping[str, str], stage: Stage, origin: str) -> list[Scene]:
    """Friends asked from a room with this screen: pieces, answered and reported; then a picture."""
    theirs, waits = "/me/opinions", "/staff/wall/questions"
    panel = {"size": PANEL, "themes": ("dark",)}
    tablet = {"size": TABLET, "themes": ("light",), "is_whole": True}
    reports, friend, mine = _report(origin, stage), stage.friends_phone, stage.stylist
    # Still open on a phone when the room is cleared, and the question with it.
    ends = {"expected": ("404",), "is_whole": True}
    return [
        Scene("opinions-none", theirs, mine, is_whole=True),
        Scene("ask-friends", "/me/opinions/new", mine, is_whole=True),
        Scene("opinion", theirs, mine, act=_ask_friends, **ends),
        Scene("opinions", theirs, friend, is_whole=True),
        Scene("opinion-asked", theirs, friend, act=_open_it, **ends),
        Scene("opinion-report", theirs, friend, act=_begin_report, is_whole=True),
        Scene("room-opinions", "/room", screen, act=_answer(origin, stage), **panel),
        Scene("staff-wall-questions", waits, stage.manager, act=reports, **tablet),
        Scene("opinion-picture", theirs, mine, act=_ask_about_a_picture(), **ends),
        Scene("opinion-picture-asked", theirs, friend, act=_open_it, **ends),
        Scene("room-picture", "/room", screen, act=acts.see("img.shot"), **panel),
    ]


def _ask_friends(page: Page) -> None:
    """Ask about both pieces, in whichever theme comes first; then see what was asked."""
    if not page.locator(_ASKED).count():
        page.goto("/me/opinions/new")
        for box in page.get_by_role("checkbox").all():
            box.check()
        page.get_by_label("A line from you").fill("For the wedding, or is it too much?")
        page.get_by_role("button", name="Ask them").click()
        page.wait_for_url(lambda url: not url.endswith("/new"))
    else:
        _open_it(page)


def _ask_about_a_picture() -> Act:
    """Ask about a picture and have the room's screen show it, in whichever theme comes first."""
    asked: list[str] = []

    def act(page: Page) -> None:
        if asked:
            page.goto(asked[0])
        else:
            _send_a_picture(page)
            asked.append(page.url)

    return act


def _send_a_picture(page: Page) -> None:
    page.goto("/me/opinions/new")
    taken = {"name": "me.jpg", "mimeType": "image/jpeg", "buffer": _picture()}
    page.get_by_label("Or a picture, with your own phone").set_input_files(taken)  # type: ignore[arg-type]
    for box in page.locator("input[name=friends]").all():
        box.check()
    page.get_by_role("button", name="Ask them").click()
    page.get_by_role("button", name="Show it").click()
    page.get_by_role("button", name="Take it off").wait_for()


def _picture() -> bytes:
    """Something of the size of what a phone takes; nobody is on it."""
    found = BytesIO()
    Image.radial_gradient("L").resize((900, 1200)).save(found, "JPEG")
    return found.getvalue()


def _open_it(page: Page) -> None:
    """Open what is asked."""
    page.locator(_ASKED).first.click()
    page.locator(".about, .asked-picture").first.wait_for()


def _begin_report(page: Page) -> None:
    """Open what is asked, and say why it is wrong, without sending that."""
    _open_it(page)
    page.get_by_role("link", name="Report this question").click()
    page.get_by_label("Its words could hurt somebody.").check()


def _answer(origin: str, stage: Stage) -> Act:
    """Have the friend answer, for the room's screen as well."""

    def act(page: Page) -> None:
        with contextlib.closing(Browser(origin, dict(stage.friends_phone))) as phone:
            listed = phone.open("/me/opinions").text
            address = "/me/opinions/" + listed.partition(_LISTED)[2].partition('"')[0]
            asked = phone.open(address)
            choice = asked.text.partition('name="choice" value="')[2].partition('"')[0]
            said = {"choice": choice, "reply": "The camel. Obviously.", "on_screen": "yes"}
            phone.send(asked.form("/answer").fill(**said))
        page.goto(urljoin(page.url, "/room"))
        page.locator(".opinions q").wait_for()

    return act


def _report(origin: str, stage: Stage) -> Act:
    """Have the friend report what is asked, if that did not happen before, and see it wait."""

    def act(page: Page) -> None:
        with contextlib.closing(Browser(origin, dict(stage.friends_phone))) as phone:
            listed = phone.open("/me/opinions").text
            if _LISTED in listed:
                address = "/me/opinions/" + listed.partition(_LISTED)[2].partition('"')[0]
                form = phone.open(f"{address}/report").form("/report")
                phone.send(form.fill(reason="unkind"))
        page.reload()
        page.locator("article q").wait_for()

    return act
