"""Webhook endpoints, ready made, and all that stands between a sale and who is told of it."""

from dataclasses import dataclass

from flask import Flask
from sqlalchemy.orm import Session

from core import clock
from core.ids import new_id
from core.transaction import Database
from jobs import webhooks
from jobs.worker import Worker
from retail.brands.queries import StoreView
from retail.webhooks import queries, rules, service
from retail.webhooks.queries import DeliveryView, EndpointView
from tests.builders.receipts import new_receipt
from tests.builders.receiver import Receiver
from tests.conftest import KEY

TOLD = {rules.SORT_JOB: webhooks.sort}
SENT = {rules.SEND_JOB: webhooks.send}


def new_endpoint(
    session: Session,
    brand_id: str,
    url: str = "https://erp.example/hooks",
    *,
    types: tuple[str, ...] = (),
    key: bytes = KEY,
) -> tuple[EndpointView, str]:
    """An endpoint and its secret."""
    view, secret = service.create(
        session,
        brand_id=brand_id,
        url=url,
        name="Warehouse",
        types=types,
        allows_local=True,
        now=clock.now(),
        key=key,
    )
    assert secret is not None
    return view, secret


@dataclass
class Line:
    """An endpoint of a store's brand, the system behind it, and a worker between them."""

    app: Flask
    db: Database
    store: StoreView
    endpoint_id: str
    secret: str
    far: Receiver

    def sells(self, times: int = 1) -> list[str]:
        """Receipts, each in a transaction of its own; gives their ids."""
        return [self._sell() for _ in range(times)]

    def _sell(self) -> str:
        with self.app.app_context(), self.db.write() as session:
            return new_receipt(session, store=self.store, number=new_id()).id

    def works(self) -> None:
        """Do what is due."""
        with self.app.app_context():
            Worker(self.db, transactional=TOLD, leased=SENT).run_all()

    def log(self) -> list[DeliveryView]:
        """What was handed over, the oldest first."""
        with self.db.read() as session:
            brand_id = self.store.brand_id
            page = queries.list_deliveries(session, self.endpoint_id, brand_id=brand_id)
            return page.deliveries[::-1]

    def states(self) -> list[str]:
        return [delivery.state for delivery in self.log()]

    def is_disabled(self) -> str | None:
        with self.db.read() as session:
            found = queries.get_endpoint(session, self.endpoint_id, brand_id=self.store.brand_id)
        return found.disabled_why

    def replays(self, **which: object) -> int:
        with self.db.write() as session:
            return service.replay(
                session,
                self.endpoint_id,
                brand_id=self.store.brand_id,
                now=clock.now(),
                **which,  # type: ignore[arg-type]
            )
