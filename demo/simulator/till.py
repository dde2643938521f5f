"""A till: posts receipts with its key, and again when the line was bad."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from demo.simulator.browser import Browser, Refused
from demo.simulator.plan import Sell


@dataclass(frozen=True)
class Slip:
    """What a till prints under a receipt: where its QR code leads, and the code to type."""

    receipt_id: str
    claim_url: str
    code: str


@dataclass
class Till:
    """One store's tills, which share a key and a line."""

    browser: Browser
    key: str

    def sell(self, sale: Sell, *, number: str, at: datetime) -> Slip:
        """Post a receipt; gives what to print below it."""
        lines = [
            {
                "gtin": article.gtin,
                "description": article.name,
                "quantity": "1",
                "total_minor": article.price_minor,
            }
            for article in sale.articles
        ]
        receipt = {
            "till": sale.till,
            "number": number,
            "sold_at": at.isoformat(timespec="seconds").replace("+00:00", "Z"),
            "currency": "GBP",
            "total_minor": sum(article.price_minor for article in sale.articles),
            "lines": lines,
        }
        answers = [self._post(receipt) for _ in range(2 if sale.is_repeated else 1)]
        slips = {Slip(answer["id"], answer["claim_url"], answer["code"]) for answer in answers}
        if len(slips) > 1:
            raise AssertionError("the same receipt became two purchases")
        return slips.pop()

    def mark_sold(self, epcs: Sequence[str]) -> None:
        """Say which chips left with their goods. Raises Refused."""
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        path, told = "/api/v1/tags", json.dumps({"epcs": list(epcs), "are": "sold"})
        status, _, text = self.browser.request("POST", path, told, headers)
        if status >= 400:
            raise Refused("POST", path, status, text)

    def _post(self, receipt: dict[str, Any]) -> dict[str, Any]:
        headers = {
            "Authorization": f"Bearer {self.key}",
            "Content-Type": "application/json",
            "Idempotency-Key": f"{receipt['till']}-{receipt['number']}",
        }
        path = "/api/v1/receipts"
        status, _, text = self.browser.request("POST", path, json.dumps(receipt), headers)
        if status not in (200, 201):
            raise Refused("POST", path, status, text)
        answer: dict[str, Any] = json.loads(text)
        return answer
