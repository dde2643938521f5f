"""From the tap that takes consent back to the last trace: pages, caches, kiosk, API, streams."""

import time
from collections.abc import Callable

import pytest
from flask import Flask

from core.clock import FixedClock
from core.transaction import Database
from loyalty.leaderboards import queries as leaderboards
from retail.accounts.queries import MemberView
from retail.brands import queries as brands
from retail.brands.queries import BrandView, StoreView
from tests.builders.accounts import sign_in
from tests.builders.brands import new_store
from tests.builders.league import fold, like_times, new_league, ranked_outfit
from tests.builders.visitor import Visitor
from tests.web.test_live import Stream

# Instants after the tap at which the last trace is looked for, in seconds.
LOOKED_AT = (0, 1, 5, 15, 30, 60)
PROMISED_SECONDS = 60


Look = Callable[[str], str]


class Shown:
    """A stylist whom every place shows, and the places."""

    def __init__(self, db: Database, visit: Callable[[], Visitor]) -> None:
        with db.write() as session:
            self.store: StoreView = new_store(session)
            self.brand: BrandView = brands.get_brand(session, self.store.brand_id)
            new_league(session, self.brand.id)
            found = ranked_outfit(session, self.store, display_name="Chloe Martin")
            self.member: MemberView = found[0]
            self.look = found[1]
            like_times(session, self.look, self.brand.id, 2)
            fold(session)
            board = leaderboards.boards(session, self.brand.id)[0].id
            self.phone = visit().sign_in(sign_in(session, self.member))
        at = f"{self.brand.slug}/{self.store.slug}"
        self.places = {
            "look": f"/o/{self.look}",
            "brand": f"/b/{self.brand.slug}",
            "league": f"/league/{self.brand.slug}",
            "store league": f"/league/{at}",
            "league fragment": f"/fragments/league/{at}",
            "kiosk": f"/kiosk/{at}",
            "kiosk league": f"/fragments/kiosk/{at}/league",
            "kiosk wall": f"/fragments/kiosk/{at}/wall",
            "kiosk looks": f"/fragments/kiosk/{at}/looks",
            "API look": f"/api/v1/outfits/{self.look}",
            "API standings": f"/api/v1/boards/{board}/standings",
        }

    def showing(self, look: Look) -> set[str]:
        """The places where a stranger sees her now."""
        return {name for name, where in self.places.items() if "Chloe" in look(where)}


def seconds_to_last_trace(shown: Shown, look: Look, clock: FixedClock) -> dict[str, int]:
    """For each place, after how many seconds she is seen no more."""
    tapped, gone = clock.now(), dict[str, int]()
    for seconds in LOOKED_AT:
        clock.instant = tapped
        clock.advance(seconds=seconds)
        still = shown.showing(look)
        gone |= {name: seconds for name in shown.places if name not in gone and name not in still}
    return gone


@pytest.fixture
def look(visit: Callable[[], Visitor]) -> Look:
    """What a stranger reads at an address."""
    return lambda address: visit().open(address).text


@pytest.fixture
def shown(app: Flask, db: Database, visit: Callable[[], Visitor], look: Look) -> Shown:
    shown = Shown(db, visit)
    # Twice, so that every cache holds what it can hold.
    assert shown.showing(look) == shown.showing(look) == set(shown.places)
    return shown


@pytest.mark.parametrize("tap", ["stop", "each"])
def test_within_the_promised_time_nothing_shows_her(
    shown: Shown,
    look: Look,
    clock: FixedClock,
    record_property: Callable[[str, object], None],
    tap: str,
) -> None:
    taps = ["stop"] if tap == "stop" else ["league/off", "public_outfits/off"]
    for each in taps:
        shown.phone.open("/me/privacy").send(f"/me/privacy/{each}")
    gone = seconds_to_last_trace(shown, look, clock)
    record_property("seconds to the last trace", gone)
    assert set(gone) == set(shown.places)
    assert max(gone.values()) <= PROMISED_SECONDS


def test_one_purpose_leaves_the_other_as_it_was(shown: Shown, look: Look) -> None:
    shown.phone.open("/me/privacy").send("/me/privacy/league/off")
    still = shown.showing(look)
    assert {"look", "brand", "kiosk wall", "API look"} <= still
    assert not {"league", "store league", "kiosk league", "API standings"} & still


def topics_on(page: str) -> list[str]:
    """What the live parts of a page listen to."""
    return [
        topic
        for piece in page.split('data-topic="')[1:]
        for topic in piece.partition('"')[0].split()
    ]


def test_every_open_screen_is_woken(app: Flask, shown: Shown, look: Look) -> None:
    topic = f"consent:{shown.brand.id}"
    for place in ("look", "league", "store league", "kiosk"):
        assert topic in topics_on(look(shown.places[place])), place
    stream = Stream(app, topic)
    assert "hello" in stream.next()
    tapped = time.monotonic()
    shown.phone.open("/me/privacy").send("/me/privacy/stop")
    assert stream.changed() == [topic]
    assert time.monotonic() - tapped < PROMISED_SECONDS
    stream.answer.close()


def test_a_cache_that_outlives_the_tap_is_caught(
    shown: Shown, look: Look, clock: FixedClock
) -> None:
    """The control: a kiosk kept for longer than promised."""
    kept = look(shown.places["kiosk"])

    def lazy(address: str) -> str:
        return kept if address == shown.places["kiosk"] else look(address)

    shown.phone.open("/me/privacy").send("/me/privacy/stop")
    assert set(shown.places) - set(seconds_to_last_trace(shown, lazy, clock)) == {"kiosk"}
