"""The screens of the marketers' desk for campaigns."""

from demo import acts
from demo.campaigns import DRAFT, MEASURED, RUNNING
from demo.scene import TABLET, Scene
from demo.stage import Stage

_DESK = "/staff/campaigns"
_TRIALS = "/staff/experiments"


def of_campaigns(stage: Stage) -> list[Scene]:
    """The list, the editor right and wrong, one that runs, the past, what it changes, a file."""
    told = {"size": TABLET, "themes": ("light",), "is_whole": True}
    past = acts.then(acts.follow(RUNNING), acts.follow("What would it have cost?"))
    wrong = acts.then(
        lambda page: page.locator("#f-priority").fill("5000"),
        acts.press("Save the draft"),
        acts.see(".field.bad"),
    )
    # Nobody presses anything: what stands beside it follows what is typed.
    live = acts.then(
        lambda page: page.locator("#f-rules-0-benefits-0-per_cent").fill("50"),
        acts.see(".slip :text('£156.00')"),
    )
    jo = stage.manager
    return [
        Scene("staff-campaigns", _DESK, jo, **told),
        Scene("staff-campaign-draft", _DESK, jo, act=acts.follow(DRAFT), **told),
        Scene("staff-campaign-running", _DESK, jo, act=acts.follow(RUNNING), **told),
        Scene("staff-campaign-new", f"{_DESK}/new?example=1", jo, **told),
        Scene(
            "staff-campaign-wrong",
            f"{_DESK}/new?example=1",
            jo,
            act=wrong,
            expected=("422",),
            **told,
        ),
        Scene("staff-campaign-live", f"{_DESK}/new?example=1", jo, act=live, **told),
        Scene("staff-campaign-past", _DESK, jo, act=past, **told),
        Scene("staff-experiments", _TRIALS, jo, **told),
        Scene("staff-experiment", _TRIALS, jo, act=acts.follow(MEASURED), **told),
        Scene("staff-campaign-file", f"{_DESK}/file", jo, **told),
    ]
