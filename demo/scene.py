"""A page in one of its states, as pictures show and browser tests inspect it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from demo import seed
from demo.acts import Act

Theme = Literal["light", "dark"]
BOTH: tuple[Theme, ...] = ("light", "dark")
PHONE = (390, 844)
KIOSK = (1920, 1080)
PAPER = (576, 1100)
DESK = (1280, 900)
TABLET = (1180, 820)
PANEL = (1080, 1920)


@dataclass(frozen=True)
class Scene:
    """A page in one state: who opens what at which size, and what they do before we look.

    `expected` are parts of console messages that belong to the state, such as a 404 of its own.
    `has_clock` hands the page a clock that `act` can turn forward. `holds_network` says that `act`
    cuts, slows or diverts the connection, and leaves it so.
    """

    name: str
    path: str
    cookies: Mapping[str, str] = field(default_factory=dict)
    size: tuple[int, int] = PHONE
    themes: tuple[Theme, ...] = BOTH
    act: Act | None = None
    expected: tuple[str, ...] = ()
    has_clock: bool = False
    holds_network: bool = False
    is_whole: bool = False
    docs_scale: float = 0


def kiosk(store: str = "covent-garden") -> str:
    """The address of a store's kiosk."""
    return f"/kiosk/{seed.BRAND_SLUG}/{store}"
