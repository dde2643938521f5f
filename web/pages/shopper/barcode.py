"""A voucher's code as a Code 128 barcode that tills can read."""

from dataclasses import dataclass
from itertools import groupby

from barcode.codex import Code128

_QUIET = 10
_HEIGHT = 60


@dataclass(frozen=True)
class Bars:
    """Bars as one SVG path, `width` modules wide with the quiet zones."""

    width: int
    path: str


def bars(code: str) -> Bars:
    """The barcode of a code in letters and figures."""
    modules = Code128(code).build()[0]
    position, path = _QUIET, []
    for module, run in groupby(modules):
        length = len(list(run))
        if module == "1":
            path.append(f"M{position} 0h{length}v{_HEIGHT}h-{length}z")
        position += length
    return Bars(width=position + _QUIET, path="".join(path))
