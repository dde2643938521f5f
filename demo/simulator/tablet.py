"""A staff tablet on the floor, and the assistant who brings what rooms ask for."""

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from demo.simulator.browser import Browser, Page, Refused

_REQUEST = re.compile(r"/staff/requests/([0-9A-Z]{26})")
_ROOM = re.compile(r"<h1>([^<]+)</h1>")
_SKU = re.compile(r"[A-Z0-9]+(?:-[A-Z0-9]+)+")
_TO_ORDER = "To order in"
STEPS = ("accept", "on-way", "at-door", "done")
# Seconds before each step: to look up, to find it, to walk, to hand it over.
WAITS: Mapping[str, tuple[int, int]] = {
    "accept": (4, 7),
    "on-way": (4, 8),
    "at-door": (4, 7),
    "done": (3, 5),
}
KEEPS_OPEN_SECONDS = 60


@dataclass(frozen=True)
class Handed:
    """Something was handed over: in which room, and what its label says, where it was a piece."""

    room: str
    sku: str | None


@dataclass
class Assistant:
    """Takes on what nobody has yet, and brings it; what a colleague took on is left to them."""

    browser: Browser
    chance: random.Random
    # What is to be done next about which request, and when; None once it is out of their hands.
    _errands: dict[str, tuple[str, int] | None] = field(default_factory=dict)

    def work(self, second: int) -> list[Handed]:
        """Look at the tablet and do what is due. Raises Refused where the tablet is locked."""
        if second % KEEPS_OPEN_SECONDS == 0:
            self.browser.open("/staff/requests")
        queue = _REQUEST.findall(self.browser.open("/staff/live/requests/queue").text)
        self._errands = {one: task for one, task in self._errands.items() if one in queue}
        for one in queue:
            if one not in self._errands:
                self._errands[one] = ("accept", second + self._wait("accept"))
        due = [one for one, task in self._errands.items() if task and task[1] <= second]
        return [handed for one in due for handed in self._go_on(one, second)]

    def _go_on(self, request: str, second: int) -> list[Handed]:
        task, self._errands[request] = self._errands[request], None
        assert task is not None
        try:
            page = self.browser.open(f"/staff/requests/{request}")
            step = _next_step(page, request)
            # Somebody else was first, or it is over.
            if step is None or (task[0] == "accept") != (step == "accept"):
                return []
            after = self.browser.send(page.form(f"/staff/requests/{request}/{step}"))
        except Refused as error:
            if not error.is_bygone:
                raise
            return []
        if step == "done":
            sku = None if _TO_ORDER in page.text else _found(_SKU, _words_of(page))
            return [Handed(_found(_ROOM, page.text) or "", sku)]
        then = _next_step(after, request)
        if then is not None:
            self._errands[request] = (then, second + self._wait(then))
        return []

    def _wait(self, step: str) -> int:
        return self.chance.randint(*WAITS[step])


def _next_step(page: Page, request: str) -> str | None:
    offered = {form.action.rpartition("/")[2] for form in page.forms if request in form.action}
    return next((step for step in STEPS if step in offered), None)


def _found(pattern: re.Pattern[str], text: str) -> str | None:
    found = pattern.search(text)
    return found[found.re.groups] if found else None


def _words_of(page: Page) -> str:
    """The part of the page about the piece; addresses and classes have dashes too."""
    return page.text.partition("</h1>")[2]
