"""The screens of the marketers' desk for what is owed, made and left."""

from collections.abc import Mapping

from playwright.sync_api import Page

from demo import acts
from demo.acts import Act
from demo.scene import TABLET, Scene
from demo.stage import Stage

_VOUCHERS, _RECOMMENDER = "/staff/vouchers", "/staff/recommender"


def of_the_desk(stage: Stage) -> list[Scene]:
    """Vouchers from none to void, budgets, and what is outstanding; the desk is always light."""
    told = {"size": TABLET, "themes": ("light",), "is_whole": True}
    wrong = acts.then(_typed("Leaflet", size="none", last="2026-01-01"), acts.see(".field.bad"))
    # Nobody presses anything: the worker makes them, and the page says so by itself.
    made = acts.then(_typed("Leaflet for December"), acts.see(".tick.on"))
    void = acts.then(
        _typed("A misprint"),
        lambda page: page.locator("summary:has-text('Void')").click(),
        lambda page: page.get_by_label("Why").fill("The printer cut the codes in half."),
        acts.press("Void them all"),
        acts.see(".note.flash"),
    )
    learning = acts.then(acts.press("Train now"), acts.see(".progress"))
    jo, new = stage.manager, f"{_VOUCHERS}/new"
    return [
        Scene("staff-vouchers-none", _VOUCHERS, jo, **told),
        Scene("staff-voucher-new", new, jo, **told),
        Scene("staff-voucher-wrong", new, jo, act=wrong, expected=("422",), **told),
        Scene("staff-voucher", new, jo, act=made, **told),
        Scene("staff-voucher-void", new, jo, act=void, **told),
        Scene("staff-vouchers", _VOUCHERS, jo, **told),
        Scene("staff-budgets", "/staff/budgets", jo, **told),
        *_of_points(jo),
        _of_offers(jo, stage.offered_email),
        Scene("staff-recommender-none", _RECOMMENDER, jo, **told),
        Scene("staff-recommender", _RECOMMENDER, jo, act=learning, **told),
        Scene("staff-liability", "/staff/liability?hundred_points=1.00", jo, **told),
        Scene(
            "staff-liability-wrong",
            "/staff/liability?hundred_points=much",
            jo,
            expected=("422",),
            **told,
        ),
    ]


def _of_offers(jo: Mapping[str, str], email: str) -> Scene:
    """A member, opened to explain an offer."""
    asked = acts.then(
        lambda page: page.locator("input[name=email]").fill(email),
        lambda page: page.locator("[value=offer_explained]").check(),
        lambda page: page.locator("main form button").first.click(),
        acts.see("#offers-h"),
    )
    told = {"size": TABLET, "themes": ("light",), "is_whole": True}
    return Scene("staff-offers-explained", "/staff/members", jo, act=asked, **told)


def _of_points(jo: Mapping[str, str]) -> list[Scene]:
    """What earns points and tiers: as it holds, tried, and wrong."""
    told = {"size": TABLET, "themes": ("light",), "is_whole": True}
    points, tiers = "/staff/points/edit", "/staff/tiers/edit"
    foreseen = acts.then(
        _fill("#f-rules-0-points", "3"),
        acts.press("See what it would have given"),
        acts.see(".queue .slip"),
    )
    unearned = acts.then(
        _fill("#f-rules-0-points", "many"),
        acts.press("Have it hold from now on"),
        acts.see(".field.bad"),
    )
    moved = acts.then(
        _fill("#f-tiers-1-at", "100"), acts.press("See who would move"), acts.see(".queue .ticket")
    )
    unordered = acts.then(
        _fill("#f-tiers-0-at", "5"),
        acts.press("Have them hold from now on"),
        acts.see(".field.bad"),
    )
    return [
        Scene("staff-points", "/staff/points", jo, **told),
        Scene("staff-points-edit", points, jo, **told),
        Scene("staff-points-preview", points, jo, act=foreseen, **told),
        Scene("staff-points-wrong", points, jo, act=unearned, expected=("422",), **told),
        Scene("staff-points-file", "/staff/points/file", jo, **told),
        Scene("staff-tiers", "/staff/tiers", jo, **told),
        Scene("staff-tiers-preview", tiers, jo, act=moved, **told),
        *_of_terms(jo),
        Scene("staff-tiers-wrong", tiers, jo, act=unordered, expected=("422",), **told),
    ]


def _of_terms(jo: Mapping[str, str]) -> list[Scene]:
    """What offers give: other terms tried, and the brand's own."""
    told = {"size": TABLET, "themes": ("light",), "is_whole": True}
    edit = "/staff/offers/edit"
    tried_offers = acts.then(
        _fill("#f-a_week", "2"),
        acts.press("See what they would have made"),
        acts.see(".queue .ticket"),
    )
    held_offers = acts.then(acts.press("Have them hold from now on"), acts.see(".versions"))
    return [
        Scene("staff-offers", edit, jo, act=tried_offers, **told),
        # The same numbers, but the brand's own from now on: what is offered stays as it is.
        Scene("staff-offers-own", edit, jo, act=held_offers, **told),
    ]


def _fill(selector: str, text: str) -> Act:
    return lambda page: page.locator(selector).fill(text)


def _typed(name: str, *, size: str = "250", last: str = "2099-12-31") -> Act:
    """Type a batch and have it made; the same name is the same batch."""

    def act(page: Page) -> None:
        page.get_by_label("Name", exact=True).fill(name)
        page.get_by_role("textbox", name="How many").fill(size)
        page.get_by_label("First day").fill("2026-01-01")
        page.get_by_label("Last day").fill(last)
        page.get_by_label("It gives").select_option("amount")
        page.get_by_label("Of these goods").fill("category:coats")
        page.get_by_label("From the budget").fill("leaflets")
        page.get_by_role("button", name="Make them").click()
        page.wait_for_load_state()

    return act
