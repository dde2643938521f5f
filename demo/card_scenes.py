"""The screens of a member's card, on the phone and at the till by hand."""

from playwright.sync_api import Page

from demo import acts
from demo.acts import Act
from demo.scene import TABLET, Scene
from demo.stage import Stage

_CODE = ".my-card .mono"


def of_cards(stage: Stage) -> list[Scene]:
    """A card, one that is over, and baskets that are somebody's; after rewards brought vouchers."""
    # One browser is phone and tablet at once, so that the tablet reads what the phone shows.
    both = {**stage.saver, **stage.assistant}
    told = {"size": TABLET, "themes": ("light",), "is_whole": True}
    return [
        Scene("card", "/me/card", stage.saver, is_whole=True),
        Scene(
            "card-over",
            "/me/card",
            stage.saver,
            act=_out_of_reach,
            expected=("ERR_FAILED",),
            has_clock=True,
        ),
        Scene("staff-till-card", "/me/prizes", both, act=_show(), **told),
        Scene(
            "staff-till-card-wrong",
            "/me/prizes",
            both,
            act=_show("0000-0000-0000-0000"),
            expected=("422",),
            **told,
        ),
    ]


def _show(card: str = "") -> Act:
    """Put the first voucher to a basket, with a card; the one on the phone unless given."""

    def act(page: Page) -> None:
        voucher = page.locator(".vou .mono").first.inner_text()
        page.goto("/me/card")
        shown = card or page.locator(_CODE).inner_text()
        page.goto("/staff/till")
        page.get_by_label("Member’s card").fill(shown)
        acts.at_the_till(voucher, "49.50")(page)

    return act


def _out_of_reach(page: Page) -> None:
    """Let the code end while no new one can be had."""
    page.route("**/fragments/me/card", lambda route: route.abort())
    # What was asked for before that would bring a new code after.
    page.reload()
    page.clock.fast_forward("02:05")
    page.locator("[data-card-over]").wait_for()
