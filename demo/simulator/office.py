"""Head office: counts what each store has left and feeds it to the service."""

import json
from dataclasses import dataclass
from datetime import datetime

from demo.simulator.browser import Browser, Refused
from demo.simulator.plan import Article


@dataclass
class Office:
    """The retailer's stock system. `on_hand` is by store, then by GTIN."""

    browser: Browser
    key: str
    on_hand: dict[str, dict[str, int]]
    _store_ids: dict[str, str] | None = None

    def note_sale(self, store: str, articles: tuple[Article, ...]) -> None:
        """Take what was sold off the shelf."""
        shelf = self.on_hand[store]
        for article in articles:
            shelf[article.gtin] = max(0, shelf.get(article.gtin, 0) - 1)

    def count(self, store: str, at: datetime) -> None:
        """Feed the count of a whole store. Raises Refused."""
        if self._store_ids is None:
            stores = json.loads(self._ask("GET", "/api/v1/stores", None))
            self._store_ids = {found["slug"]: found["id"] for found in stores}
        counts = [{"gtin": gtin, "on_hand": left} for gtin, left in self.on_hand[store].items()]
        feed = {"counted_at": at.isoformat(), "counts": counts}
        self._ask("PUT", f"/api/v1/stores/{self._store_ids[store]}/stock", json.dumps(feed))

    def _ask(self, method: str, path: str, body: str | None) -> str:
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        status, _, text = self.browser.request(method, path, body, headers)
        if status >= 400:
            raise Refused(method, path, status, text)
        return text
