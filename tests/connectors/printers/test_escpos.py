"""What a printer is sent: words it can print, and a code that reads back from the raster."""

from dataclasses import dataclass

import pytest
import zxingcpp
from PIL import Image

from connectors.printers import escpos
from retail.receipts import qr

URL = "https://shop.example/r/0123456789ABCDEFGHJKMNPQRS"
RASTER = b"\x1dv0"


@dataclass(frozen=True)
class Line:
    name: str
    amount: str
    detail: str = ""


@dataclass(frozen=True)
class Paper:
    brand_name: str = "Alder & Finch"
    store_name: str = "Covent Garden"
    sold_at: str = "Sat 21 Nov 2026, 14:02"
    till: str = "Till 3"
    number: str = "A-1"
    lines: tuple[Line, ...] = (Line("Chelsea boots", "145.00", "black, UK 5½"),)
    total: str = "£145.00"
    extras: tuple[Line, ...] = (Line("Extra points", "+40"),)
    headline: str = "Like what you bought? Show it off."
    invitation: str = "Scan to lay out your look. Joining is free and you choose who sees it."
    claim_url: str | None = URL
    code: str = "7K2M9-9Q8BX"
    open_until: str = "Scan until 21 December, type the code until 5 December."
    foot: tuple[str, ...] = ("Keep this receipt for returns.",)


def rasters(stream: bytes) -> list[Image.Image]:
    """The pictures in a stream of ESC/POS: GS v 0, width in bytes, height in dots, the dots."""
    found = []
    place = stream.find(RASTER)
    while place >= 0:
        head = stream[place + 4 : place + 8]
        width, height = int.from_bytes(head[:2], "little"), int.from_bytes(head[2:], "little")
        dots = stream[place + 8 : place + 8 + width * height]
        picture = Image.frombytes("1", (width * 8, height), bytes(255 - dot for dot in dots))
        found.append(picture.convert("L"))
        place = stream.find(RASTER, place + 8 + width * height)
    return found


def joined(pictures: list[Image.Image]) -> Image.Image:
    """Strips as the paper shows them, one below the other."""
    whole = Image.new("L", (pictures[0].width, sum(p.height for p in pictures)), 255)
    top = 0
    for picture in pictures:
        whole.paste(picture, (0, top))
        top += picture.height
    return whole


@pytest.mark.parametrize("whole_slip", [True, False])
def test_the_printed_raster_reads_back(*, whole_slip: bool) -> None:
    code = qr.modules(URL)
    stream = escpos.print_slip(Paper(), code) if whole_slip else escpos.print_qr(code)
    picture = joined(rasters(stream))
    assert picture.width == escpos.DOTS
    assert [found.text for found in zxingcpp.read_barcodes(picture)] == [URL]


def test_long_addresses_still_get_four_dots_a_module() -> None:
    code = qr.modules("https://loyalty.a-very-long-name-of-a-retailer.example/" + "r" * 300)
    dots = escpos.raster(code).height // len(code)
    assert dots >= escpos.LEAST_DOTS_A_MODULE


def test_a_code_too_wide_for_the_paper_is_refused() -> None:
    with pytest.raises(ValueError, match="too wide"):
        escpos.raster(qr.modules("x" * 2_000))


def test_the_words_are_on_the_paper_and_it_is_cut() -> None:
    stream = escpos.print_slip(Paper(), qr.modules(URL))
    for word in (b"Alder & Finch", b"Chelsea boots", b"145.00", b"7K2M9-9Q8BX", b"\x9c145.00"):
        assert word in stream
    assert stream.startswith(b"\x1b@")
    assert stream.endswith(b"\x1dV\x00")


def test_without_a_link_there_is_no_box() -> None:
    stream = escpos.print_slip(Paper(claim_url=None, code=""), ())
    assert RASTER not in stream
    assert b"Show it off" not in stream


def test_no_line_is_wider_than_the_paper() -> None:
    paper = Paper(lines=(Line("A coat whose name goes on and on " * 4, "1,234,567.00"),))
    words = escpos.print_slip(paper, qr.modules(URL)).split(RASTER)[0]
    goods = words[words.index(b"A coat") :].split(b"\n")
    assert max(len(line) for line in goods[:4]) <= escpos.COLUMNS


@dataclass(frozen=True)
class Offer:
    lines: tuple[str, ...] = ("Ad: Your friend Nina has Pilar boots.", "20% off it today.")
    code: str = "7K2M-9Q8B-XW3H-0001"
    until: str = "Show it at the till, until 22 November."


def test_an_offer_stands_between_the_goods_and_the_box_with_its_code() -> None:
    words, _box = escpos.print_slip(Paper(), qr.modules(URL), [Offer()]).split(RASTER)[:2]
    said = [*(line.encode() for line in Offer().lines), b"7K2M-9Q8B-XW3H-0001", b"until 22 Nov"]
    places = [words.index(one) for one in (b"Chelsea boots", *said, b"Show it off")]
    assert places == sorted(places)
    assert max(map(len, Offer().lines)) <= escpos.COLUMNS
    # A code in letters of double width takes two columns for each.
    assert 2 * len(Offer().code) <= escpos.COLUMNS


def test_letters_no_page_of_the_printer_has_become_question_marks() -> None:
    paper = Paper(lines=(Line("漢字 🎽 café", "1.00"),))
    words = escpos.print_slip(paper, qr.modules(URL)).split(RASTER)[0]
    assert b"?? ? caf\x82" in words
