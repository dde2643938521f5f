"""A tablet's motor, which no test can feel: what stands in for it counts."""

from playwright.sync_api import Page

_MOTOR = "window.buzzes = []; navigator.vibrate = (length) => window.buzzes.push(length)"


def replace_motor(tablet: Page) -> None:
    """Count from the next page on."""
    tablet.add_init_script(_MOTOR)


def buzzes(tablet: Page) -> int:
    """How often the page buzzed since it was opened."""
    return int(tablet.evaluate("window.buzzes.length"))
