"""`make demo`: found or find the shop, open it, and let people live in it until Ctrl-C."""

import argparse
import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from demo import last_month, pharmacy, place, seed, server, service, shop_floor, story
from demo.place import Place
from demo.service import Service

HEAD_START_SECONDS = 9


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(description="Run the demo store, Alder & Finch.")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--data", type=Path, default=Path("var/demo"))
    parser.add_argument("--seed", default="alder-and-finch", help="Another seed, another day.")
    given = parser.parse_args()
    if server.is_taken(given.port):
        sys.exit(f"Port {given.port} is taken. Choose another: make demo PORT={given.port + 1}")
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stop.set())
    try:
        run(given.data, given.port, given.seed, stop)
    except server.NotStarted as error:
        sys.exit(f"The demo did not start: {error}.")


def run(folder: Path, port: int, seed_text: str, stop: threading.Event) -> None:
    """Open the shop, and simulate until told to stop."""
    started = time.monotonic()
    with service.opened(folder, port, host=_host()) as opened:
        here = opened.here
        names = f"{seed.BRAND_NAME} and {pharmacy.BRAND_NAME}"
        print(f"\n  {names} are open: {opened.environment['PUBLIC_URL']}", flush=True)
        print(f"  ready after {time.monotonic() - started:.0f} seconds", flush=True)
        print(f"  in the shop it is {_shop_time(here)}; Ctrl-C closes it\n", flush=True)
        with contextlib.ExitStack() as others:
            is_settled = threading.Event()
            _start(others, shop_floor.live, (opened, seed_text, stop, is_settled))
            # Before everybody joins at once, the rooms and their tablet come to move.
            is_settled.wait(HEAD_START_SECONDS)
            for doing, arguments in _beside(opened, seed_text, stop):
                _start(others, doing, arguments)
            with opened.day(seed_text, here.folder / "phones.json") as day:
                day.live(stop)
        print("\n  closing …", flush=True)


def _start(
    others: contextlib.ExitStack, doing: Callable[..., Any], arguments: tuple[Any, ...]
) -> None:
    """Begin something that is waited for at the end."""
    thread = threading.Thread(target=doing, args=arguments)
    thread.start()
    others.callback(thread.join)


def _beside(
    shop: Service, seed_text: str, stop: threading.Event
) -> list[tuple[Callable[..., Any], tuple[Any, ...]]]:
    """What goes on beside the day: nobody waits for a month that is over, or for anybody else."""
    return [
        (last_month.live_last_month, (shop, _now(shop.here))),
        (story.tell, (shop, stop)),
        (_live_at_the_pharmacy, (shop, seed_text, stop)),
    ]


def _live_at_the_pharmacy(shop: Service, seed_text: str, stop: threading.Event) -> None:
    memory = shop.here.folder / "pharmacy-phones.json"
    with shop.day_at_the_pharmacy(seed_text, memory) as day:
        day.live_quietly(stop)


def _host() -> str:
    """Only this machine, unless an address for phones on the network was given."""
    return "0.0.0.0" if os.environ.get("PUBLIC_URL") else "127.0.0.1"  # noqa: S104


def _now(here: Place) -> datetime:
    return datetime.now(UTC) + here.clock_offset


def _shop_time(here: Place) -> str:
    return _now(here).astimezone(place.ZONE).strftime("%A %H:%M")


if __name__ == "__main__":
    main()
