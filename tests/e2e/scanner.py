"""A phone's camera: what it reads on a screen."""

import io

import zxingcpp
from PIL import Image
from playwright.sync_api import Page


def scanned(page: Page) -> set[str]:
    """The texts of all codes that can be read off the page as it looks now."""
    picture = Image.open(io.BytesIO(page.screenshot(full_page=True)))
    return {code.text for code in zxingcpp.read_barcodes(picture)}
