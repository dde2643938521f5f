"""QR codes of addresses, as PNG, SVG and modules. Pure.

Level M with a quiet zone of four modules (ISO/IEC 18004). The mask is fixed: trying all eight, as
the standard suggests for looks, costs three quarters of the time and readers do not care.
"""

import io
from functools import lru_cache
from itertools import groupby

from PIL import Image
from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode
from qrcode.util import BIT_LIMIT_TABLE, MODE_8BIT_BYTE, QRData

QUIET_ZONE = 4
MASK = 3
SCALE = 10
_CACHED = 1_024
_BITS: list[int] = BIT_LIMIT_TABLE[ERROR_CORRECT_M]

Modules = tuple[tuple[bool, ...], ...]


@lru_cache(maxsize=_CACHED)
def modules(text: str) -> Modules:
    """The code as rows of dark and light modules, quiet zone included."""
    content = text.encode()
    code = QRCode(
        version=_version(len(content)),
        error_correction=ERROR_CORRECT_M,
        border=QUIET_ZONE,
        mask_pattern=MASK,
    )
    code.add_data(QRData(content, mode=MODE_8BIT_BYTE))
    code.make(fit=False)
    return tuple(tuple(map(bool, row)) for row in code.get_matrix())


def _version(length: int) -> int:
    """The smallest version that holds so many bytes; the library writes them twice to find it."""
    for version in range(1, len(_BITS)):
        if 4 + (8 if version < 10 else 16) + 8 * length <= _BITS[version]:
            return version
    raise ValueError("a QR code of level M holds 2,331 bytes")


def image(text: str, *, scale: int = SCALE) -> Image.Image:
    """The code as a black and white picture with `scale` pixels a module."""
    rows = modules(text)
    size = len(rows)
    small = Image.frombytes(
        "L", (size, size), bytes(0 if dark else 255 for row in rows for dark in row)
    )
    two_tone = small.convert("1", dither=Image.Dither.NONE)
    return two_tone.resize((size * scale, size * scale), Image.Resampling.NEAREST)


@lru_cache(maxsize=_CACHED)
def png(text: str, *, scale: int = SCALE) -> bytes:
    """The code as a PNG."""
    buffer = io.BytesIO()
    image(text, scale=scale).save(buffer, "PNG")
    return buffer.getvalue()


@lru_cache(maxsize=_CACHED)
def svg(text: str) -> str:
    """The code as an SVG that stands alone or in a page; it has no style attributes."""
    rows = modules(text)
    size = len(rows)
    runs = []
    for y, row in enumerate(rows):
        x = 0
        for dark, run in groupby(row):
            length = len(list(run))
            if dark:
                runs.append(f"M{x} {y}h{length}v1h-{length}z")
            x += length
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="qr" viewBox="0 0 {size} {size}" '
        'shape-rendering="crispEdges" role="img" aria-label="QR code">'
        f'<rect class="qr-light" width="{size}" height="{size}" fill="#fff"/>'
        f'<path class="qr-dark" fill="#000" d="{"".join(runs)}"/></svg>'
    )
