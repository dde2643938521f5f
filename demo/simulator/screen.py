"""The screen of a fitting room, under the hands of whoever is in it."""

from dataclasses import dataclass

from demo.simulator.browser import Browser, Page

TRIES = 4
SHOW, ASK, ONE_REQUEST, END = "/room/show", "/room/ask", "/room/requests/", "/room/end"


@dataclass
class Screen:
    """A room's screen: its browser holds the device's own token."""

    browser: Browser

    def ask_for_another(self, choice: int) -> bool:
        """Touch sizes and colours from the `choice`-th on, and ask for the first to be had.

        Tells whether there was anything to touch.
        """
        page = self.browser.open("/room")
        for step in range(TRIES):
            choices = [form for form in page.forms if form.action == SHOW]
            if not choices:
                return False
            touched = choices[(choice + step) % len(choices)].get("variant_id")
            page = self.browser.send(choices[0].fill(variant_id=touched))
            if _offers_to_bring(page, touched):
                self.browser.send(page.form(ASK).fill(variant_id=touched))
                break
        return True

    def call_off(self) -> None:
        """Want the newest thing no more that was asked for, if it is still on its way."""
        for form in self.browser.open("/room").forms:
            if form.action.startswith(ONE_REQUEST):
                self.browser.send(form)
                return

    def is_waiting(self) -> bool:
        """Whether something that was asked for is still to come."""
        forms = self.browser.open("/room").forms
        return any(form.action.startswith(ONE_REQUEST) for form in forms)

    def end(self) -> None:
        """Press the button that clears the screen, where there is anything to clear."""
        for form in self.browser.open("/room").forms:
            if form.action == END:
                self.browser.send(form)


def _offers_to_bring(page: Page, variant_id: str | None) -> bool:
    """Whether the page offers to bring this very piece."""
    asking = (form.get("variant_id") for form in page.forms if form.action == ASK)
    return variant_id is not None and variant_id in asking
