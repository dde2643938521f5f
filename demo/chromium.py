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
# Suggestions in an address bar that nobody sees: two pages of the browser's own in each window,
# and half of what a window takes. The list takes the place of Playwright's, so that is in it too.
WITHOUT = [
    *("WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup"),
    *("AimEnabled", "AvoidCorsURLLoaderRestartOnRedirect", "AvoidUnnecessaryBeforeUnloadCheckSync"),
    *("DestroyProfileOnBrowserClose", "HttpsFirstBalancedModeAutoEnable", "HttpsUpgrades"),
    *("LensOverlay", "MediaRouter", "NetworkTimeServiceQuerying", "OptimizationHints"),
    *("PaintHolding", "PreconnectToSearch", "ThirdPartyStoragePartitioning"),
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
    arguments = [*ARGUMENTS, f"--disable-features={','.join(WITHOUT)}", *more]
    return playwright.chromium.launch(executable_path=path, args=arguments)
