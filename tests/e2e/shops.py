"""Shops that open in a moment: migrated and seeded once, copied for each, their processes forked.

To migrate, seed and start five interpreters takes longer than most tests. The shop that tests
share is opened as operators do it.
"""

import contextlib
import dataclasses
import json
import shutil
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from demo import place, server, service
from demo.service import Service
from demo.simulator.browser import Browser
from tests.crash import entrances
from tests.processes import PATIENCE_SECONDS, Offspring


@dataclasses.dataclass(frozen=True)
class Template:
    """A folder in which a shop was seeded, and when that was done."""

    folder: Path
    sown_at: datetime

    def copy(self, folder: Path) -> None:
        """The same shop in another folder, at the moment at which this one was left."""
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        here = place.find(folder)
        assert here is not None
        # Whole seconds, and never back to before the last row that was written.
        slept = int((datetime.now(UTC) - self.sown_at).total_seconds())
        offset = here.clock_offset_seconds - slept
        dataclasses.replace(here, clock_offset_seconds=offset).save()


def new_template(folder: Path) -> Template:
    """A shop that was migrated and seeded, and never opened."""
    service.prepare(folder, server.free_port())
    # The last connection took the log into the file when it closed, so a copy of it is whole.
    assert not list(folder.glob("*.db-wal"))
    return Template(folder, datetime.now(UTC))


class QuickService(Service):
    """A demo's service whose web server and worker are forked from a process that is ready."""

    def start(self) -> None:
        """Open. Raises server.NotStarted."""
        for entrance in (entrances.web, entrances.worker):
            running = Offspring(entrance, self.environment, self.port)
            self._running.enter_context(running)
            self._running.callback(running.ask_to_end)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not server.answers(self.port):
            if time.monotonic() > deadline:
                raise server.NotStarted(f"nobody answers on {self.port}")
            time.sleep(0.05)


@contextlib.contextmanager
def opened(template: Template, folder: Path) -> Iterator[Service]:
    """A copy of a shop, open for the length of a block."""
    template.copy(folder)
    here = place.find(folder)
    assert here is not None
    port = server.free_port()
    shop = QuickService(here, port, "127.0.0.1", here.environment(port))
    try:
        shop.start()
        yield shop
    finally:
        shop.stop()


def give_voucher(shop: Service, member_id: str) -> None:
    """Let a campaign thank a member for a purchase with £5 off the next one."""
    terms = {"kind": "amount", "value": 500, "currency": "GBP"}
    thanks = {
        "format": "swingtag-campaign/1",
        "name": f"Thank you {member_id}",
        "rules": [{"conditions": [], "benefits": [{"kind": "voucher", "terms": "fiver"}]}],
    }
    planned = {"definition": thanks, "starts_at": "2026-01-01T00:00:00Z"}
    basket = {
        "store": "leeds",
        "currency": "GBP",
        "lines": [{"quantity": "1", "total_minor": 5000}],
        "member_id": member_id,
        "commit": True,
        "source": f"thanks:{member_id}",
    }
    with contextlib.closing(Browser(shop.origin)) as desk:

        def ask(method: str, path: str, body: Any) -> Any:
            headers = {"Authorization": f"Bearer {shop.here.keys['office']}"}
            headers["Content-Type"] = "application/json"
            status, _, text = desk.request(method, f"/api/v1{path}", json.dumps(body), headers)
            assert status < 300, text
            return json.loads(text)

        ask("PUT", "/voucher-terms/fiver", terms)
        campaign = ask("POST", "/campaigns", planned)
        ask("POST", f"/campaigns/{campaign['id']}/start", {})
        ask("POST", "/baskets/price", basket)
