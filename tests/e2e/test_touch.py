"""What the measure of targets takes for too small, and what it does not."""

import pytest
from playwright.sync_api import Browser

from demo.scene import Scene
from tests.e2e.touch import too_small

pytestmark = pytest.mark.browser

PAGE = """<style>body{margin:100px}a,button,label{margin:40px}</style>
<button style="width:38px;height:60px">Narrow</button>
<button style="width:48px;height:48px">Enough</button>
<p>See <a href="/">what is in a sentence</a>, which is as high as its line.</p>
<p><a href="/">Alone</a></p>
<p style="position:relative;padding:30px"><a href="/">Card</a></p>
<style>p[style] a::after{content:"";position:absolute;inset:0}</style>
<label style="display:inline-block;padding:20px"><input type="checkbox">Agreed</label>
<button hidden>Hidden</button>"""


def test_what_a_finger_would_miss_is_named(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content(PAGE)
    phone = Scene("a phone", "/")
    assert [each.split('"')[1] for each in too_small(page, phone)] == ["Narrow", "Alone"]
    desk = Scene("a desk", "/", size=(1280, 900))
    assert [each.split('"')[1] for each in too_small(page, desk)] == ["Alone"]
    page.close()
