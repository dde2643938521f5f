"""Living a planned day: one action after another, in the plan's order."""

import json
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path

from demo.simulator import articles, cast
from demo.simulator.browser import Browser, Refused
from demo.simulator.office import Office
from demo.simulator.phone import NoMail, Phone
from demo.simulator.plan import (
    RECIPES,
    Action,
    AskForCode,
    Befriend,
    Claim,
    ComeIn,
    Count,
    Join,
    LayOut,
    Like,
    Planner,
    Publish,
    Report,
    Sell,
    Unlike,
)
from demo.simulator.till import Slip, Till

PAUSE_SECONDS = 1.5
SETBACK_SECONDS = 5
OFFICE = "office"
FEW = {"people": 12, "looks": 9, "likes": 60}


@dataclass(frozen=True)
class Shop:
    """What the simulation knows of the shop: addresses, files, clock, and the keys of its stores
    and of its office."""

    origin: str
    brand: str
    stores: Sequence[str]
    keys: Mapping[str, str]
    files: Path
    clock_offset: timedelta = timedelta(0)
    recipes: Sequence[Sequence[str]] = RECIPES

    def now(self) -> datetime:
        """The time on the wall of the shop."""
        return datetime.now(UTC) + self.clock_offset


@dataclass
class Day:
    """The shop's n-th day: with the same seed and number, the same things happen again."""

    shop: Shop
    seed: str
    number: int = 1
    memory: Path | None = None
    slips: dict[int, Slip] = field(default_factory=dict)
    looks: dict[int, str] = field(default_factory=dict)
    stylists: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        remembered = json.loads(self.memory.read_text()) if self._has_memory() else {}
        self.phones = [
            Phone(Browser(self.shop.origin, remembered.get(s.email, {})), s, self.shop.brand)
            for s in cast.read(self.shop.files)
        ]
        self._tills = [
            Till(Browser(self.shop.origin), self.shop.keys[store]) for store in self.shop.stores
        ]
        self._office = Office(
            Browser(self.shop.origin), self.shop.keys[OFFICE], articles.read_stock(self.shop.files)
        )
        self._signed_in = {i for i, phone in enumerate(self.phones) if phone.is_signed_in()}

    def plan(self) -> Planner:
        """What will happen on this day."""
        return Planner(
            seed=f"{self.seed} {self.number}",
            articles=articles.read(self.shop.files),
            captions=cast.read_captions(self.shop.files),
            sizes=[phone.shopper.sizes for phone in self.phones],
            stores=len(self.shop.stores),
            recipes=self.shop.recipes,
        )

    def live(self, stop: threading.Event) -> None:
        """The whole day, until told to stop: a lively beginning, then one action at a time."""
        plan = self.plan()
        started, count = time.monotonic(), 0
        for action in _until(stop, chain(plan.warm_up(), plan.trouble())):
            count += self.tell(action)
        self.remember()
        if not stop.is_set():
            seconds = time.monotonic() - started
            print(f"  {count} things happened in the first {seconds:.0f} seconds", flush=True)
        self._go_on(plan, stop, PAUSE_SECONDS)

    def live_quietly(self, stop: threading.Event) -> None:
        """A day at a shop with fewer people, and nobody who makes trouble."""
        plan = self.plan()
        for action in _until(stop, plan.warm_up(**FEW)):
            self.tell(action)
        self.remember()
        self._go_on(plan, stop, 4 * PAUSE_SECONDS)

    def _go_on(self, plan: Planner, stop: threading.Event, pause_seconds: float) -> None:
        for action in _until(stop, plan.trickle()):
            self.tell(action)
            stop.wait(pause_seconds)

    def tell(self, action: Action) -> bool:
        """Do an action and go on living when it fails; tells whether it went well."""
        try:
            self.act(action)
        except (Refused, NoMail, LookupError, OSError) as error:
            print(f"  {type(action).__name__} did not work: {error}", flush=True)
            time.sleep(0 if isinstance(error, Refused | LookupError) else SETBACK_SECONDS)
            return False
        return True

    def act(self, action: Action) -> None:
        """Do one action. Raises Refused, NoMail or LookupError where the service is in the way."""
        match action:
            case AskForCode(shopper) if shopper not in self._signed_in:
                self.phones[shopper].ask_for_code()
            case Join(shopper) if shopper not in self._signed_in:
                self.phones[shopper].join()
            case Sell(receipt, store):
                number = f"{self.number}-{receipt:05}"
                at = self.shop.now()
                self.slips[receipt] = self._tills[store].sell(action, number=number, at=at)
                self._office.note_sale(self.shop.stores[store], action.articles)
            case Count(store):
                self._office.count(self.shop.stores[store], self.shop.now())
            case ComeIn(shopper, store):
                self.phones[shopper].come_in(self.shop.stores[store])
            case Claim(receipt, shopper):
                self.looks[receipt] = self.phones[shopper].claim(self.slips[receipt].claim_url)
            case LayOut(look, shopper, background, caption):
                self.phones[shopper].lay_out(
                    self.looks[look], background=background, caption=caption
                )
            case Publish(look, shopper, is_in_league, audience):
                self.phones[shopper].publish(
                    self.looks[look], is_in_league=is_in_league, audience=audience
                )
                self.stylists[look] = shopper
            case Like() | Unlike() | Report() | Befriend():
                self._act_socially(action)

    def _act_socially(self, action: Like | Unlike | Report | Befriend) -> None:
        match action:
            case Like(look, shopper):
                self.phones[shopper].like(self.looks[look])
            case Unlike(look, shopper):
                self.phones[shopper].unlike(self.looks[look])
            case Report(look, shopper):
                self.phones[shopper].report(self.looks[look])
            case Befriend(host, guest):
                self.phones[guest].say_yes(self.phones[host].invite())

    def remember(self) -> None:
        """Keep the phones signed in for another day."""
        if self.memory is not None:
            cookies = {p.shopper.email: p.browser.cookies for p in self.phones}
            self.memory.touch(mode=0o600)
            self.memory.write_text(json.dumps(cookies, indent=2))

    def close(self) -> None:
        """Hang up every line."""
        for owner in (*self.phones, *self._tills, self._office):
            owner.browser.close()

    def _has_memory(self) -> bool:
        return self.memory is not None and self.memory.exists()


def _until(stop: threading.Event, actions: Iterator[Action]) -> Iterator[Action]:
    while not stop.is_set() and (action := next(actions, None)) is not None:
        yield action
