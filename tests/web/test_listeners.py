"""Who may hear that something happened: a stream says no more than that, but that is something."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pytest
from flask import Flask

from core.transaction import Database
from retail.devices import queries as devices
from tests.builders.accounts import new_member, sign_in
from tests.builders.brands import new_store
from tests.builders.floor import new_device
from tests.builders.staff_accounts import COOKIE, new_staff, sign_in_staff
from tests.builders.visitor import Visitor
from tests.conftest import KEY
from web.live import OPEN_KINDS, OWN_KINDS

# Of each kind of topic that is not for anyone: who else than the rest of these is let in.
HEARS: Mapping[str, set[str]] = {
    "member": {"she herself"},
    "floor": {"assistant of the store", "manager of the brand"},
    "room": {"screen of the room"},
    "kiosk": {"the kiosk"},
}


@dataclass(frozen=True)
class Place:
    """Browsers of all who might listen, and a topic of each kind that is somebody's own."""

    listeners: Mapping[str, Visitor]
    topics: Mapping[str, str]

    def hear(self, topic: str) -> set[str]:
        """Who is let in to a stream of this topic."""
        return {name for name, one in self.listeners.items() if _is_let_in(one, topic)}


def _is_let_in(listener: Visitor, topic: str) -> bool:
    answer = listener.client.get(f"/live?topic={topic}")
    answer.close()
    assert answer.status_code in (200, 422)
    return answer.status_code == 200


@pytest.fixture
def place(app: Flask, db: Database, visit: Callable[[], Visitor]) -> Place:
    del app
    with db.write() as session:
        store = new_store(session)
        beside, foreign = new_store(session, brand_id=store.brand_id), new_store(session)
        she, other = (new_member(session, store.brand_id) for _ in "12")
        screen = new_device(session, store, "screen", zone="Fitting room 1")
        tokens = {
            "she herself": ("member", sign_in(session, she)),
            "another member": ("member", sign_in(session, other)),
            "screen of the room": ("device", screen),
            "screen of the next room": (
                "device",
                new_device(session, store, "screen", zone="Fitting room 2"),
            ),
            "the kiosk": ("device", new_device(session, store, "kiosk")),
            "another kiosk": ("device", new_device(session, store, "kiosk")),
        }
        for name, brand_id, store_id in (
            ("assistant of the store", store.brand_id, store.id),
            ("manager of the brand", store.brand_id, None),
            ("assistant of another store", store.brand_id, beside.id),
            ("manager of another brand", foreign.brand_id, None),
        ):
            staff = new_staff(session, brand_id, role=name.split()[0], store_id=store_id)
            tokens[name] = (COOKIE, sign_in_staff(session, staff))
        room, kiosk = (
            devices.find_device(session, tokens[name][1], key=KEY)
            for name in ("screen of the room", "the kiosk")
        )
        assert room
        assert kiosk
    listeners = {
        name: visit().sign_in(token, cookie=cookie) for name, (cookie, token) in tokens.items()
    }
    own = {"member": she.id, "floor": store.id, "room": room.zone_id, "kiosk": kiosk.id}
    return Place(
        listeners | {"a stranger": visit()}, {kind: f"{kind}:{one}" for kind, one in own.items()}
    )


def test_each_topic_that_is_somebodys_own_is_heard_by_them_alone(place: Place) -> None:
    assert set(OWN_KINDS) == set(HEARS), "a new kind has to say here who hears it"
    assert {kind: place.hear(topic) for kind, topic in place.topics.items()} == HEARS


def test_one_topic_of_ones_own_brings_no_other_with_it(place: Place) -> None:
    topics = place.topics
    mixed = f"{topics['member']}&topic={topics['floor']}"
    assert place.hear(mixed) == set()


@pytest.mark.parametrize("kind", OPEN_KINDS)
def test_anyone_hears_the_rest(place: Place, kind: str) -> None:
    assert place.hear(f"{kind}:1") == set(place.listeners)
