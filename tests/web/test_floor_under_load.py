"""A floor full of screens while readers keep sending: every screen ends up with what is there.

Web and push are processes of their own beside PostgreSQL and Redis; all of it over sockets.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from core.transaction import Database
from tests import scale
from tests.builders.floor_load import Readers, new_rooms, screens_of
from tests.builders.floor_service import served
from tests.conftest import KEY
from tests.processes import PATIENCE_SECONDS

SCREENS, RATE, SECONDS, WORKERS = (1_000, 200, 60, 2) if scale.FACTOR >= 1 else (50, 60, 1, 1)
# In `make test` others use the machine too: there it has to be right, in a proof also in time.
LIMIT = 2 if scale.FACTOR >= 1 else PATIENCE_SECONDS


@pytest.mark.proof
@pytest.mark.postgresql
@pytest.mark.redis
def test_every_screen_shows_what_is_in_its_room_while_readers_keep_sending(
    postgresql_db: Database,
    redis_server: str,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    with postgresql_db.write() as session:
        rooms = new_rooms(session, SCREENS, key=KEY)
    deaf, patience = rooms[-1], {"patience": PATIENCE_SECONDS}
    url = postgresql_db.engine.url.render_as_string(hide_password=False)
    told = {"screens": SCREENS, "redis_url": redis_server, "secret": KEY.decode()}
    with served(url, tmp_path, workers=WORKERS, **told) as floor:
        readers = Readers(rooms, floor.web, every=1 if SECONDS == 1 else 4, **patience)
        with screens_of(rooms, listen=floor.push, fetch=floor.web, **patience) as screens:
            seconds = readers.send(RATE * SECONDS, rate=RATE)
            late = screens.settled(readers.held, within=LIMIT)
            assert late is not None, f"{len(screens.behind(readers.held))} screens are behind"
            # A screen that hears nothing is found out: so the search is able to find one.
            screens.deafen(deaf)
            readers.send_to(deaf, pieces=readers.held[deaf.number] + 1)
            assert screens.settled(readers.held, within=0.5) is None
            assert screens.behind(readers.held) == [deaf.number]
    assert readers.answered == RATE * SECONDS + 1
    reached = (readers.answered - 1) / seconds
    seen = f"{SCREENS} screens, {reached:.0f} batches a second, all right after {late:.2f} s"
    record_property("seen", seen)
    # The pace is a promise of the proof alone: its slice shares the machine with other tests.
    assert not scale.FACTOR >= 1 or reached >= 0.95 * RATE, seen
