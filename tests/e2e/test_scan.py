"""A phone's camera at a label: what it reads opens the piece, and no picture leaves the page."""

from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Page, Playwright, expect

from demo import chromium, seed
from demo.service import Service
from demo.shelf_scenes import GTIN
from tests.e2e.conftest import PHONE, Watch

pytestmark = pytest.mark.browser

SCAN = f"/scan?b={seed.BRAND_SLUG}"


FORMATS = zxingcpp.BarcodeFormat
# What stands in for a camera: a stream of the picture, with a torch that keeps what it was told.
CAMERA = """
window.torch = []
navigator.mediaDevices.getUserMedia = async () => {
  const picture = new Image()
  picture.src = "PICTURE"
  await picture.decode()
  const canvas = Object.assign(document.createElement("canvas"), {width: 1280, height: 720})
  const draw = () => canvas.getContext("2d").drawImage(picture, 0, 0)
  draw()
  setInterval(draw, 50)
  const stream = canvas.captureStream(20)
  for (const track of stream.getVideoTracks()) {
    track.getCapabilities = () => ({torch: true})
    track.applyConstraints = async wish => window.torch.push(wish.advanced[0].torch)
  }
  return stream
}
"""
OWN_READER = """
window.BarcodeDetector = class {
  static getSupportedFormats = async () => ["ean_13", "qr_code"]
  detect = async () => [{format: "ean_13", rawValue: "CODE"}]
}
"""


def held_up(code: str, kind: zxingcpp.BarcodeFormat, file: Path) -> Path:
    """A film of one picture: a label with this code, as a camera sees it."""
    bars = Image.fromarray(zxingcpp.write_barcode_to_image(zxingcpp.create_barcode(code, kind)))
    sight = Image.new("RGB", (1280, 720), "#b9b2a4")
    sight.paste(
        bars.resize((bars.width * 4, bars.height * 4), Image.Resampling.NEAREST), (260, 120)
    )
    sight.rotate(4, fillcolor="#b9b2a4").save(file, "JPEG", quality=85)
    return file


@pytest.fixture(scope="module")
def at_the_shelf(
    playwright: Playwright, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Browser]:
    """A browser whose camera looks at a label in the shop's own shelf."""
    file = tmp_path_factory.mktemp("film") / "label.mjpeg"
    film = held_up(GTIN[1:], zxingcpp.BarcodeFormat.EAN13, file)
    found = chromium.launch(
        playwright,
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    )
    yield found
    found.close()


def before(
    browser: Browser, shop: Service, picture: Path, *, script: str = ""
) -> tuple[Page, Watch]:
    """The page on a phone that holds its camera before a picture."""
    data = b64encode(picture.read_bytes()).decode()
    phone = browser.new_context(base_url=shop.origin, viewport=PHONE)
    phone.add_init_script(CAMERA.replace("PICTURE", f"data:image/jpeg;base64,{data}") + script)
    watch = Watch(shop.origin)
    page = watch.over(phone.new_page())
    page.goto(SCAN)
    return page, watch


def opened(browser: Browser, shop: Service, *allowed: str) -> tuple[Page, Watch]:
    phone = browser.new_context(base_url=shop.origin, viewport=PHONE, permissions=list(allowed))
    watch = Watch(shop.origin)
    page = watch.over(phone.new_page())
    page.goto(SCAN)
    return page, watch


def test_a_label_before_the_camera_opens_its_piece(at_the_shelf: Browser, shop: Service) -> None:
    page, watch = opened(at_the_shelf, shop, "camera")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(f"{request.method} {request.post_data or ''}"))
    page.get_by_role("button", name="Open the camera").click()
    page.wait_for_url(f"**/01/{GTIN}?b={seed.BRAND_SLUG}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Harbour trench")
    assert set(sent) == {"GET "}
    assert watch.complaints == []


def test_without_the_camera_one_types_the_number(at_the_shelf: Browser, shop: Service) -> None:
    page, watch = opened(at_the_shelf, shop)
    page.get_by_role("button", name="Open the camera").click()
    expect(page.get_by_role("status").filter(has_text="No camera, no problem")).to_be_visible()
    expect(page.get_by_label("The number under the bars")).to_be_focused()
    page.keyboard.type(f"{GTIN[1:2]} {GTIN[2:8]} {GTIN[8:]}")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/01/{GTIN}?b={seed.BRAND_SLUG}")
    assert watch.complaints == []


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (f"https://shop.example/01/{GTIN}/21/0042", FORMATS.QRCode),
        (f"01{GTIN}210042", FORMATS.DataMatrix),
        (f"01{GTIN}", FORMATS.Code128),
    ],
)
def test_each_kind_of_code_on_a_label_opens_its_piece(
    browser: Browser, shop: Service, tmp_path: Path, code: str, kind: zxingcpp.BarcodeFormat
) -> None:
    page, watch = before(browser, shop, held_up(code, kind, tmp_path / "label.jpg"))
    page.get_by_role("button", name="Open the camera").click()
    page.wait_for_url(f"**/01/{GTIN}?b={seed.BRAND_SLUG}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Harbour trench")
    assert watch.complaints == []
    page.context.close()


def test_a_browser_that_reads_codes_itself_loads_no_reader(
    browser: Browser, shop: Service, tmp_path: Path
) -> None:
    picture = held_up("nothing of a shop", FORMATS.QRCode, tmp_path / "label.jpg")
    own = OWN_READER.replace("CODE", GTIN[1:])
    page, watch = before(browser, shop, picture, script=own)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_role("button", name="Open the camera").click()
    page.wait_for_url(f"**/01/{GTIN}?b={seed.BRAND_SLUG}")
    assert [url for url in asked if "zxing" in url] == []
    assert watch.complaints == []
    page.context.close()


def test_what_is_no_label_is_said_to_be_none_and_the_torch_can_be_lit(
    browser: Browser, shop: Service, tmp_path: Path
) -> None:
    picture = held_up("nothing of a shop", FORMATS.QRCode, tmp_path / "label.jpg")
    page, watch = before(browser, shop, picture)
    page.get_by_role("button", name="Open the camera").click()
    expect(page.locator("[data-says]")).to_have_text(
        page.locator("[data-finder]").get_attribute("data-other") or "nothing is said of that"
    )
    torch = page.locator("[data-torch]")
    torch.click()
    expect(torch).to_have_attribute("aria-pressed", "true")
    torch.click()
    expect(torch).to_have_attribute("aria-pressed", "false")
    assert page.evaluate("window.torch") == [True, False]
    page.locator("[data-close]").click()
    expect(page.get_by_role("button", name="Open the camera")).to_be_visible()
    expect(torch).to_be_hidden()
    assert watch.complaints == []
    page.context.close()
