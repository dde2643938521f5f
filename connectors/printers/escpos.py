"""Slips as ESC/POS bytes for 80 mm printers: 576 dots, 48 characters a line, black only."""

import re
import textwrap
from collections.abc import Sequence
from typing import Protocol

from escpos.printer import Dummy
from PIL import Image

PROFILE = "TM-T20II"
DOTS = 576
COLUMNS = 48
LEAST_DOTS_A_MODULE = 4
BEST_DOTS_A_MODULE = 9
_RULE = "-" * COLUMNS
_CHINESE = re.compile("[\u4e00-\u9fa5]")


class SlipLine(Protocol):
    """A line of goods."""

    @property
    def name(self) -> str: ...
    @property
    def amount(self) -> str: ...
    @property
    def detail(self) -> str: ...


class SlipOffer(Protocol):
    """What else is offered: lines that fit, a voucher's code, and until when it counts."""

    @property
    def lines(self) -> Sequence[str]: ...
    @property
    def code(self) -> str: ...
    @property
    def until(self) -> str: ...


class Slip(Protocol):
    """The words to print."""

    @property
    def brand_name(self) -> str: ...
    @property
    def store_name(self) -> str: ...
    @property
    def sold_at(self) -> str: ...
    @property
    def till(self) -> str: ...
    @property
    def number(self) -> str: ...
    @property
    def lines(self) -> Sequence[SlipLine]: ...
    @property
    def total(self) -> str: ...
    @property
    def extras(self) -> Sequence[SlipLine]: ...
    @property
    def headline(self) -> str: ...
    @property
    def invitation(self) -> str: ...
    @property
    def claim_url(self) -> str | None: ...
    @property
    def code(self) -> str: ...
    @property
    def open_until(self) -> str: ...
    @property
    def foot(self) -> Sequence[str]: ...


def print_slip(
    slip: Slip, qr_modules: Sequence[Sequence[bool]], offers: Sequence[SlipOffer] = ()
) -> bytes:
    """The whole slip, ready to be sent to a printer; it ends with a cut."""
    printer = _printer()
    _head(printer, slip)
    _goods(printer, slip)
    for offer in offers:
        _offer(printer, offer)
    if slip.claim_url:
        _box(printer, slip, qr_modules)
    printer.set(align="center", normal_textsize=True)
    for sentence in slip.foot:
        _paragraph(printer, sentence)
    printer.cut()
    return bytes(printer.output)


def print_qr(qr_modules: Sequence[Sequence[bool]]) -> bytes:
    """The QR code alone, for a till that composes its own slip and cuts it."""
    printer = _printer()
    printer.image(raster(qr_modules), impl="bitImageRaster")
    return bytes(printer.output)


def raster(qr_modules: Sequence[Sequence[bool]]) -> Image.Image:
    """The code in the middle of a strip as wide as the paper, as many dots a module as fit.

    Raises ValueError where fewer than four dots would be left: such a code may not scan.
    """
    size = len(qr_modules)
    dots = min(BEST_DOTS_A_MODULE, DOTS // size)
    if dots < LEAST_DOTS_A_MODULE:
        raise ValueError(f"a code of {size} modules is too wide for {DOTS} dots")
    small = Image.frombytes(
        "L", (size, size), bytes(0 if dark else 255 for row in qr_modules for dark in row)
    )
    strip = Image.new("L", (DOTS, size * dots), 255)
    large = small.resize((size * dots, size * dots), Image.Resampling.NEAREST)
    strip.paste(large, ((DOTS - size * dots) // 2, 0))
    return strip.convert("1", dither=Image.Dither.NONE)


def _printer() -> Dummy:
    printer = Dummy(profile=PROFILE)
    printer.hw("INIT")
    return printer


def _head(printer: Dummy, slip: Slip) -> None:
    printer.set(align="center", bold=True, double_width=True, double_height=True)
    _paragraph(printer, slip.brand_name, columns=COLUMNS // 2)
    printer.set(align="center", bold=False, normal_textsize=True)
    _paragraph(printer, slip.store_name)
    _paragraph(printer, slip.sold_at)
    _paragraph(printer, f"{slip.till}, receipt {slip.number}")
    printer.textln(_RULE)


def _goods(printer: Dummy, slip: Slip) -> None:
    printer.set(align="left")
    for line in slip.lines:
        _row(printer, line.name, line.amount, columns=COLUMNS)
        if line.detail:
            _paragraph(printer, f"  {line.detail}")
    printer.textln(_RULE)
    printer.set(bold=True, double_width=True, double_height=True)
    _row(printer, "Total", slip.total, columns=COLUMNS // 2)
    printer.set(bold=False, normal_textsize=True)
    for line in slip.extras:
        _row(printer, line.name, line.amount, columns=COLUMNS)
    printer.textln(_RULE)


def _offer(printer: Dummy, offer: SlipOffer) -> None:
    printer.set(align="left")
    for line in offer.lines:
        printer.textln(_printable(line))
    printer.set(align="center", bold=True, double_width=True, double_height=True)
    printer.textln(offer.code)
    printer.set(bold=False, normal_textsize=True)
    _paragraph(printer, offer.until)
    printer.textln(_RULE)


def _box(printer: Dummy, slip: Slip, qr_modules: Sequence[Sequence[bool]]) -> None:
    printer.set(align="center", bold=True, double_width=True, double_height=True)
    _paragraph(printer, slip.headline, columns=COLUMNS // 2)
    printer.set(bold=False, normal_textsize=True)
    _paragraph(printer, slip.invitation)
    printer.image(raster(qr_modules), impl="bitImageRaster")
    printer.set(bold=True, double_width=True, double_height=True)
    printer.textln(slip.code)
    printer.set(bold=False, normal_textsize=True)
    _paragraph(printer, slip.open_until)
    printer.textln(_RULE)


def _paragraph(printer: Dummy, text: str, *, columns: int = COLUMNS) -> None:
    for line in textwrap.wrap(_printable(text), columns) or [""]:
        printer.textln(line)


def _printable(text: str) -> str:
    """The library sends a line with Chinese in it raw, which no other printer can read."""
    return _CHINESE.sub("?", text)


def _row(printer: Dummy, left: str, right: str, *, columns: int) -> None:
    """Words to the left, figures to the right; long words wrap beside the figures."""
    width = max(columns - len(right) - 1, 8)
    first, *rest = textwrap.wrap(_printable(left), width) or [""]
    printer.textln(f"{first:<{width}} {right}")
    for line in rest:
        printer.textln(line)
