"""A demo's service in a folder: seeded, opened, closed, and opened again later."""

import contextlib
import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from demo import pharmacy, place, seed, server
from demo.place import Place
from demo.simulator.day import OFFICE, Day, Shop


@dataclass
class Service:
    """The running service; it can be closed and opened again on the same port, at a later time."""

    here: Place
    port: int
    host: str
    environment: dict[str, str]
    _running: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)

    @property
    def origin(self) -> str:
        """What a browser on this machine opens."""
        return f"http://localhost:{self.port}"

    def start(self) -> None:
        """Open. Raises server.NotStarted."""
        self._running.enter_context(
            server.running(self.environment, host=self.host, port=self.port)
        )

    def stop(self) -> None:
        """Close; nothing happens where it is closed."""
        self._running.close()

    def let_time_pass(self, by: timedelta, settings: Mapping[str, str] | None = None) -> None:
        """Close now and open again so much later, with these settings besides its own."""
        self.stop()
        seconds = self.here.clock_offset_seconds + int(by.total_seconds())
        self.here = dataclasses.replace(self.here, clock_offset_seconds=seconds)
        self.environment = self.here.environment(self.port) | dict(settings or {})
        self.start()

    @contextlib.contextmanager
    def day(self, seed_text: str, memory: Path | None = None) -> Iterator[Day]:
        """A day at this shop, its lines hung up at the end."""
        shop = self._shop(seed.BRAND_SLUG, seed.STORES, seed.DATA, self.here.keys)
        with contextlib.closing(Day(shop, seed_text, self.here.day, memory)) as day:
            yield day

    @contextlib.contextmanager
    def day_at_the_pharmacy(self, seed_text: str, memory: Path | None = None) -> Iterator[Day]:
        """The same day at the other retailer."""
        keys = dict(self.here.keys) | {OFFICE: self.here.keys[pharmacy.OFFICE_KEY]}
        shop = self._shop(pharmacy.BRAND_SLUG, pharmacy.STORES, pharmacy.DATA, keys)
        shop = dataclasses.replace(shop, recipes=pharmacy.RECIPES)
        with contextlib.closing(Day(shop, seed_text, self.here.day, memory)) as day:
            yield day

    def _shop(
        self, brand: str, stores: Sequence[str], files: Path, keys: Mapping[str, str]
    ) -> Shop:
        return Shop(
            origin=f"http://127.0.0.1:{self.port}",
            brand=brand,
            stores=stores,
            keys=keys,
            files=files,
            clock_offset=self.here.clock_offset,
        )


@contextlib.contextmanager
def opened(folder: Path, port: int | None = None, *, host: str = "127.0.0.1") -> Iterator[Service]:
    """The shop in this folder, on its next day, for the length of a block."""
    port = port or server.free_port()
    here, environment = prepare(folder, port)
    service = Service(here, port, host, environment)
    service.start()
    try:
        yield service
    finally:
        service.stop()


def prepare(folder: Path, port: int) -> tuple[Place, dict[str, str]]:
    """A migrated and seeded demo in this folder, and the environment it runs in."""
    here = place.find(folder)
    here = place.found(folder) if here is None else dataclasses.replace(here, day=here.day + 1)
    here.save()
    environment = here.environment(port)
    server.flask(environment, "db", "upgrade")
    here = seed.sow(here, environment)
    here.save()
    return here, environment
