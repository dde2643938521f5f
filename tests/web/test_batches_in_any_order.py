"""The same batches of reads, whichever came first and however often, leave the same rooms."""

import random
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from core.clock import FixedClock
from core.transaction import Database
from retail.devices.models import FloorZone
from retail.fitting_rooms.models import RoomGarment
from tests.builders.brands import new_store
from tests.builders.floor import batch, epc_of, new_device, new_floor

BATCHES, SECONDS, PIECES = 12, 60, 3
# A piece by its place among a store's, its room, and when it was heard of last there.
Inside = tuple[int, str, datetime]


def batches(draw: random.Random, now: datetime) -> list[dict[str, Any]]:
    """Reads of a minute on three antennas, strong ones and weak ones, of pieces by their place."""

    def reads() -> list[tuple[str, datetime, float]]:
        back = (timedelta(seconds=draw.randrange(10 * SECONDS) / 10) for _ in range(6))
        return [(str(draw.randrange(PIECES)), now - each, draw.uniform(-80, -40)) for each in back]

    return [batch(*reads(), antenna=draw.randint(1, 3)) for _ in range(BATCHES)]


def left_by(app: Flask, db: Database, told: list[dict[str, Any]]) -> list[Inside]:
    """What is in the rooms of a store of its own once its reader told all of it."""
    with db.write() as session:
        store = new_store(session)
        goods = new_floor(session, store)
        antennas = "1 = Room 1, 2 = Room 2, 3 = Room 3"
        reader = new_device(session, store, "reader", zone="Rail", antennas=antennas)
    pieces = (goods.trench_10, goods.trench_12, goods.navy_12)
    client, says = app.test_client(), {"Authorization": f"Bearer {reader}"}
    for one in told:
        reads = [each | {"epc": epc_of(pieces[int(each["epc"])])} for each in one["reads"]]
        answer = client.post("/api/v1/tag-reads", json={"reads": reads}, headers=says)
        assert answer.status_code == 200
    place = {piece.id: at for at, piece in enumerate(pieces)}
    inside = select(RoomGarment.variant_id, FloorZone.name, RoomGarment.last_seen_at).join(
        FloorZone, FloorZone.id == RoomGarment.zone_id
    )
    with db.read() as session:
        rows = session.execute(inside.where(RoomGarment.store_id == store.id)).all()
    return sorted((place[str(variant_id)], room, last) for variant_id, room, last in rows)


@pytest.mark.parametrize("seed", range(6))
def test_any_order_and_any_repeats_of_batches_leave_the_same_rooms(
    app: Flask, db: Database, clock: FixedClock, seed: int
) -> None:
    draw = random.Random(seed)
    told = batches(draw, clock.now())
    first = left_by(app, db, told)
    assert first, "somebody is in"
    for _ in range(2):
        again = draw.sample(told, BATCHES) + draw.sample(told, 3)
        assert left_by(app, db, again) == first
