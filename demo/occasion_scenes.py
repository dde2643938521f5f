"""The screens of the same outfit: at a shelf, and at a party to which both go."""

from demo import acts
from demo.occasion_stage import CALENDAR, GoingOut
from demo.scene import Scene
from demo.stage import Stage


def of_going_out(stage: Stage, going: GoingOut) -> list[Scene]:
    """A friend who has it too, named where both agreed; occasions, and a calendar."""
    whole = {"is_whole": True}
    return [
        Scene("same-outfit-stranger", going.label, stage.newcomer, **whole),
        Scene("same-outfit-snap", going.label, stage.stylist, act=_ask, **whole),
        Scene("occasions", "/me/occasions", stage.stylist, **whole),
        Scene("occasions-none", "/me/occasions", stage.newcomer, **whole),
        Scene("occasion-snap", going.party, stage.stylist, **whole),
        Scene("occasion-new", "/me/occasions/new", stage.stylist, **whole),
        Scene("calendar", "/me/occasions/calendar", stage.stylist, act=_bring, **whole),
    ]


def _ask(page: acts.Page) -> None:
    """Ask once, in whichever theme comes first."""
    if page.get_by_role("button", name="Ask", exact=True).count():
        page.get_by_role("button", name="Ask", exact=True).click()
    page.locator(".snap").wait_for()


def _bring(page: acts.Page) -> None:
    file = {"name": "mine.ics", "mimeType": "text/calendar", "buffer": CALENDAR.encode()}
    page.locator("input[name=file]").set_input_files(file)
    page.get_by_role("button", name="See what’s in it").click()
    page.get_by_role("button", name="Bring it in").wait_for()
