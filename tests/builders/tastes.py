"""A small seeded shop of two tastes: shoppers of each buy and like mostly its own pieces."""

import numpy as np

from recommender.bundle import Bundle, fit
from recommender.interactions import DAY, Event
from recommender.ranking import Friend
from recommender.settings import Settings
from recommender.taste import TasteSettings

NOW = 1_700_000_000.0
SMALL = Settings(taste=TasteSettings(factors=8, regularisation=1.0))
PIECES = 20  # of each taste: "red-00"… and "blue-00"…


def happened(user: str, item: str, kind: str = "purchase", days_ago: float = 1.0) -> Event:
    """One event, so many days before `NOW`."""
    return Event(user, item, kind, NOW - days_ago * DAY)


def shop(seed: int = 1, shoppers: int = 60) -> list[Event]:
    """Eight events for each shopper, even ones with a taste for red, odd ones for blue."""
    random = np.random.default_rng(seed)
    events = []
    for number in range(shoppers):
        for _ in range(8):
            is_usual = random.random() < 0.9
            colour = ("red", "blue")[(number + (not is_usual)) % 2]
            item = f"{colour}-{random.integers(PIECES):02d}"
            kind = str(random.choice(["purchase", "purchase", "like", "try_on"]))
            events.append(happened(f"shopper-{number}", item, kind, float(random.integers(90))))
    return events


def fitted(seed: int = 1, settings: Settings = SMALL) -> Bundle:
    """The bundle of that shop."""
    return fit(shop(seed), [], settings=settings, now=NOW)


def friend(name: str, *items: str, kind: str = "purchase") -> Friend:
    """A friend who did this with these."""
    return Friend(name, tuple(happened(name, item, kind) for item in items))
