"""The screens of a basket on the phone, up to the till that is shown the card."""

from playwright.sync_api import Page

from demo import acts
from demo.acts import Act
from demo.scene import TABLET, Scene
from demo.stage import Stage

_PAGE, _LABEL = "/me/basket", "Number on the label"
_COAT, _STORE = "HARBOUR-TRENCH-CAMEL-12", "Covent Garden"


def of_baskets(stage: Stage) -> list[Scene]:
    """Empty, mistyped, asked about, with a code that is none, held, and at the till by hand."""
    saver, both = stage.saver, {**stage.saver, **stage.assistant}
    asked = acts.then(_put_in(_COAT), _tick("£5 off"))
    wrong = acts.then(_put_in(_COAT), _type_code("0000-0000-0000-0000"))
    held = acts.then(_put_in(_COAT), _tick("£5 off"), _press("Hold for the till"))
    return [
        Scene("basket-empty", _PAGE, stage.newcomer, is_whole=True),
        Scene(
            "basket-unknown",
            _PAGE,
            stage.newcomer,
            act=_put_in("12345"),
            expected=("422",),
            is_whole=True,
        ),
        Scene("basket", _PAGE, saver, act=asked, is_whole=True),
        Scene("basket-wrong-code", _PAGE, saver, act=wrong, is_whole=True),
        Scene("basket-held", _PAGE, saver, act=held, is_whole=True),
        Scene("prizes-held", "/me/prizes", saver, is_whole=True),
        Scene(
            "staff-till-held",
            "/me/card",
            both,
            act=_show_card,
            size=TABLET,
            themes=("light",),
            is_whole=True,
        ),
    ]


def _put_in(item: str) -> Act:
    """Begin anew with one piece."""

    def act(page: Page) -> None:
        _empty(page)
        if page.get_by_label("Where are you?").count():
            page.get_by_label("Where are you?").select_option(label=_STORE)
        page.get_by_label(_LABEL).fill(item)
        _press("Put it in")(page)

    return act


def _empty(page: Page) -> None:
    """Let go of what another picture left."""
    for name in ("Let go", "Empty the basket"):
        button = page.get_by_role("button", name=name, include_hidden=True)
        if button.count():
            page.locator("details.move").evaluate_all("all => all.forEach(one => one.open = true)")
            _press(name)(page)


def _tick(words: str) -> Act:
    """Choose one voucher alone, and ask."""

    def act(page: Page) -> None:
        for box in page.locator("input[name=voucher]").all():
            box.uncheck()
        page.locator(f"label.tick:has-text('{words}') input").first.check()
        _press("See what it comes to")(page)

    return act


def _type_code(code: str) -> Act:
    """Ask about a code that somebody was given."""

    def act(page: Page) -> None:
        page.get_by_label("A code you were given").fill(code)
        _press("See what it comes to")(page)

    return act


def _show_card(page: Page) -> None:
    """The card alone, and what is bought: what is held comes with it."""
    shown = page.locator(".my-card .mono").inner_text()
    page.goto("/staff/till")
    page.get_by_label("Member’s card").fill(shown)
    acts.at_the_till("", "49.50")(page)


def _press(name: str) -> Act:
    def act(page: Page) -> None:
        page.get_by_role("button", name=name, exact=True).click()
        page.wait_for_load_state()

    return act
