"""The screens of what points bring, on the phone and at the desk."""

from playwright.sync_api import Page

from demo import acts
from demo.acts import Act
from demo.scene import TABLET, Scene
from demo.stage import Stage

_PHONE, _DESK = "/me/rewards", "/staff/rewards"


def of_rewards(stage: Stage) -> list[Scene]:
    """Rewards looked at, chosen and given back; offered, wrong, watched and stopped."""
    told = {"size": TABLET, "themes": ("light",), "is_whole": True}
    saver, jo = stage.saver, stage.manager
    chosen = acts.then(_look_at("£5 off anything"), acts.press("Pay 500 points"))
    back = acts.then(
        _look_at("£5 off anything"),
        acts.press("Pay 500 points"),
        acts.press("Give it back for 500 points"),
    )
    stopped = acts.then(
        _typed("A misprint", "10"),
        lambda page: page.locator("summary:has-text('Stop')").click(),
        acts.press("Stop it"),
    )
    return [
        Scene("rewards", _PHONE, saver, is_whole=True),
        Scene("rewards-few-points", _PHONE, stage.newcomer, is_whole=True),
        Scene("reward", _PHONE, saver, act=_look_at("£5 off anything"), is_whole=True),
        Scene("reward-not-yet", _PHONE, saver, act=_look_at("£50 off from £150"), is_whole=True),
        Scene("reward-given-back", _PHONE, saver, act=back, is_whole=True),
        Scene("reward-taken", _PHONE, saver, act=chosen, is_whole=True),
        Scene("points-entries", "/me/points", saver, is_whole=True),
        Scene("staff-reward-new", f"{_DESK}/new", jo, **told),
        Scene(
            "staff-reward-wrong",
            f"{_DESK}/new",
            jo,
            act=_typed("Wrong", "many"),
            expected=("422",),
            **told,
        ),
        Scene("staff-reward", f"{_DESK}/new", jo, act=_typed("£10 off", "1,000"), **told),
        Scene("staff-reward-stopped", f"{_DESK}/new", jo, act=stopped, **told),
        Scene("staff-rewards", _DESK, jo, **told),
    ]


def _look_at(title: str) -> Act:
    """Open a reward of the list, though one like it was chosen before."""
    return lambda page: page.get_by_role("link", name=title, exact=True).click()


def _typed(title: str, price: str) -> Act:
    """Type a reward and offer it."""

    def act(page: Page) -> None:
        page.get_by_label("Name", exact=True).fill(title)
        page.get_by_label("Price").fill(price)
        page.get_by_role("button", name="Offer it").click()
        page.wait_for_load_state()

    return act
