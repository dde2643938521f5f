"""The shop floor of the demo: two fitting rooms, a tablet and a kiosk of Covent Garden in motion.

Its devices are let in over HTTP once; what they are is kept for whoever wants to be one of them in
a browser (`web/pages/demo/stand_ins.py`).
"""

import contextlib
import csv
import json
import random
import threading
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from demo import seed
from demo.service import Service
from demo.simulator import articles
from demo.simulator.antennas import Line, Words, in_impinjs_words, in_our_words
from demo.simulator.browser import Browser, Refused
from demo.simulator.day import OFFICE
from demo.simulator.desk import Arrival, Desk, Wish, at_work, is_known, store_id
from demo.simulator.floor import Floor, Kiosk, Reader, Room
from demo.simulator.phone import NoMail
from demo.simulator.screen import Screen
from demo.simulator.tablet import Assistant
from demo.simulator.till import Till
from demo.simulator.visits import VisitPlanner
from web.pages.demo.stand_ins import STAND_INS

STORE = "covent-garden"
ROOMS = ("Fitting room 1", "Fitting room 2")
ASSISTANT = "Sam Reed"
# One reader of each kind, so that both are heard.
WORDS: tuple[Words, ...] = (in_our_words, in_impinjs_words)
SECOND_ROOM_RESTS = 2
KIOSK = f"/kiosk/{seed.BRAND_SLUG}/{STORE}"
KEPT = "devices.json"
TABLET, BOARD = "Staff tablet", "Kiosk at the door"
WISHES = (
    *(Wish(role, zone, f"{zone}, {role}") for zone in ROOMS for role in ("screen", "reader")),
    Wish("tablet", "Between the rails", TABLET),
    Wish("kiosk", "Entrance", BOARD),
)


def live(shop: Service, seed_text: str, stop: threading.Event, is_settled: threading.Event) -> None:
    """Let the devices in that are not in yet, say when something moves on all of them, and live
    until told to stop.
    """
    try:
        arrival = Arrival(shop.origin, seed.BRAND_SLUG, seed.staff_email(ASSISTANT))
        with contextlib.closing(arrival), _opened(shop, seed_text, arrival) as floor:
            print("  the fitting rooms are open", flush=True)
            floor.live(stop, is_settled)
    except (Refused, NoMail, LookupError, OSError) as error:
        print(f"  the fitting rooms stay closed: {error}", flush=True)
    finally:
        is_settled.set()


@contextlib.contextmanager
def _opened(shop: Service, seed_text: str, arrival: Arrival) -> Iterator[Floor]:
    """The floor with everything on it, its lines hung up at the end."""
    # Asked for before anything else, so that the mail is there when the tablet is.
    with contextlib.suppress(Refused):
        arrival.look()
    tokens = _let_in(shop)
    screens = {zone: tokens[f"{zone}, screen"] for zone in ROOMS}
    left = {"kiosk": tokens[BOARD]}
    leave_for_visitors(shop.here.folder, screens, {}, **left)
    # Signed in when the first look at the tablet is refused: the rooms need not wait for the mail.
    sam = Browser(shop.origin, {"device": tokens[TABLET]})

    def sign_in() -> dict[str, str] | None:
        cookies = arrival.look()
        if cookies is not None:
            leave_for_visitors(shop.here.folder, screens, sam.cookies | cookies, **left)
        return cookies

    with contextlib.ExitStack() as lines:
        till = Till(Browser(shop.origin), shop.here.keys[STORE])
        lines.callback(till.browser.close)
        floor = Floor(
            rooms=_rooms(shop, tokens, seed_text, till),
            readers=_readers(shop, tokens, seed_text),
            assistant=Assistant(sam, random.Random(f"{seed_text} {ASSISTANT}")),
            kiosk=Kiosk(Browser(shop.origin, {"device": tokens[BOARD]}), KIOSK),
            sign_in=sign_in,
            gtins=_gtins(seed.DATA),
            seed=seed_text,
            now=lambda: datetime.now(UTC) + shop.here.clock_offset,
        )
        lines.callback(floor.close)
        yield floor


def _rooms(shop: Service, tokens: Mapping[str, str], seed_text: str, till: Till) -> list[Room]:
    planner = VisitPlanner(seed_text, shop.here.day, articles.read(seed.DATA))
    return [
        Room(
            zone,
            Screen(Browser(shop.origin, {"device": tokens[f"{zone}, screen"]})),
            planner.visits(number),
            lambda worn: till.mark_sold([worn.epc]),
            rests_for=number * SECOND_ROOM_RESTS,
        )
        for number, zone in enumerate(ROOMS)
    ]


def _readers(shop: Service, tokens: Mapping[str, str], seed_text: str) -> list[Reader]:
    return [
        Reader(
            Browser(shop.origin),
            tokens[f"{zone}, reader"],
            words,
            Line(f"{seed_text} {zone}"),
        )
        for zone, words in zip(ROOMS, WORDS, strict=True)
    ]


def _let_in(shop: Service) -> dict[str, str]:
    """The tokens of all devices by name; those of another day are still good."""
    kept = shop.here.folder / KEPT
    remembered: dict[str, str] = json.loads(kept.read_text()) if kept.exists() else {}
    with contextlib.closing(Browser(shop.origin)) as line:
        tokens = {name: one for name, one in remembered.items() if is_known(line, one)}
    missing = [wish for wish in WISHES if wish.name not in tokens]
    if missing:
        jo = at_work(shop.origin, seed.BRAND_SLUG, seed.staff_email(seed.MANAGER))
        store = store_id(shop.origin, STORE, shop.here.keys[OFFICE])
        with contextlib.closing(Browser(shop.origin, jo)) as browser:
            desk = Desk(browser, store)
            tokens |= {wish.name: desk.let_in(wish) for wish in missing}
        _write(kept, tokens)
    return tokens


def leave_for_visitors(
    folder: Path, screens: Mapping[str, str], tablet: Mapping[str, str], *, kiosk: str = ""
) -> None:
    """Let whoever looks at the demo be these in a browser of their own: rooms' screens, by the
    name of the room and with their token, a kiosk by its token, and a tablet with its cookies,
    where it has any.
    """
    room = {"store": STORE, "kind": "room", "path": "/room"}
    sam = {"store": STORE, "kind": "tablet", "path": "/staff/requests", "title": ASSISTANT}
    devices = [
        room | {"title": zone, "cookies": {"device": token}} for zone, token in screens.items()
    ]
    board = {"store": STORE, "kind": "kiosk", "path": "/kiosk", "title": BOARD}
    devices += [board | {"cookies": {"device": kiosk}}] if kiosk else []
    devices += [sam | {"cookies": dict(tablet)}] if tablet else []
    _write(folder / STAND_INS, devices)


def _write(file: Path, content: object) -> None:
    """Tokens are secrets, so only for the owner's eyes."""
    draft = file.with_suffix(".new")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(content, indent=2) + "\n")
    draft.replace(file)


def _gtins(folder: Path) -> dict[str, str]:
    """The GTIN of every SKU: what an assistant finds on the label of what the tablet says."""
    with (folder / "variants.csv").open(newline="") as file:
        return {row["sku"]: row["gtin"] for row in csv.DictReader(file)}
