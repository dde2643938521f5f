"""What consent is asked for: a purpose, to an audience, through a channel. Pure."""

from dataclasses import dataclass
from itertools import product

from core.errors import NotFound

# Who gets to see it, and where. Every cell of a purpose is one of each.
AUDIENCES = {
    "everyone": "everyone",
    "friends": "friends",
    "brand": "the people who run the shop",
    "partners": "partners of the shop",
    "me": "only you",
}
CHANNELS = {
    "screen": "screens in the store",
    "web": "pages and apps",
    "mail": "e-mail",
    "push": "notifications on your phone",
    "inapp": "messages on your page",
    "print": "receipts on paper",
}

Codes = str | tuple[str, ...]


@dataclass(frozen=True, order=True)
class Cell:
    """One audience through one channel: the smallest thing that consent is asked for."""

    audience: str
    channel: str


@dataclass(frozen=True)
class Purpose:
    """One thing to agree to, by itself. A change of `sentence` needs a new `notice_version`.

    `audience` and `channel` are codes, one or several; each pair of them is a cell. `off` says
    what turning it off has done.
    """

    code: str
    title: str
    sentence: str
    audience: Codes
    channel: Codes
    notice_version: str
    off: str = "Off from now, on every screen."

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Every audience through every channel, in a fixed order."""
        return tuple(
            Cell(*pair) for pair in product(_several(self.audience), _several(self.channel))
        )

    def cells_of(self, audience: str | None, channel: str | None) -> tuple[Cell, ...]:
        """Those of the cells that match what is named; None names all. Raises NotFound for none."""
        matching = tuple(
            cell
            for cell in self.cells
            if audience in (None, cell.audience) and channel in (None, cell.channel)
        )
        if not matching:
            raise NotFound("purpose_not_found", "There is no such purpose to agree to.")
        return matching


def _several(codes: Codes) -> tuple[str, ...]:
    return (codes,) if isinstance(codes, str) else codes
