"""The browser that tests and pictures drive: the machine's own Chromium."""

import shutil
from pathlib import Path

from playwright.sync_api import Browser, Playwright

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-dev-shm-usage",
    "--force-color-profile=srgb",
    "--hide-scrollbars",
]
NAMES = ("chromium", "chromium-browser", "google-chrome")


def find() -> Path | None:
    """Where Chromium is installed, if it is."""
    found = next((path for path in map(shutil.which, NAMES) if path), None)
    return Path(found) if found else None


def launch(playwright: Playwright, *more: str) -> Browser:
    """A Chromium without a window, with more arguments than ours if need be.

    Raises LookupError where none is installed.
    """
    path = find()
    if path is None:
        raise LookupError("Chromium is not installed: apt-get install chromium")
    return playwright.chromium.launch(executable_path=path, args=[*ARGUMENTS, *more])
