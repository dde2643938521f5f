"""A phone's camera: what it reads on a screen."""

import io

import zxingcpp
from PIL import Image
from playwright.sync_api import Page


def scanned(page: Page) -> set[str]:
    """The texts of all codes that can be read off the page as it looks now."""
    page.wait_for_load_state()
    picture = Image.open(io.BytesIO(page.screenshot(full_page=True, animations="disabled")))
    return {code.text for code in zxingcpp.read_barcodes(picture)}
