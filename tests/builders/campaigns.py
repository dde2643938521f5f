"""Baskets, campaigns and what they give, for tests."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from core import clock
from core.ids import new_id
from loyalty.baskets.rules import Basket, Line
from loyalty.campaigns import queries, service
from loyalty.campaigns.definition import FORMAT, Definition, read_campaign
from loyalty.campaigns.evaluate import Running
from loyalty.campaigns.queries import CampaignView
from loyalty.campaigns.rules import Facts, Outcome
from retail.brands.queries import StoreView
from retail.receipts.views import ReceiptView
from tests.builders.accounts import new_member
from tests.builders.brands import new_store
from tests.builders.catalogue import new_variant
from tests.builders.points import PROGRAMME
from tests.builders.receipts import new_receipt
from tests.conftest import NOON


def line(line_id: str, total_minor: int, *labels: str, quantity: int = 1) -> Line:
    """So many pieces, for so much together."""
    return Line(line_id, frozenset(labels), Decimal(quantity), total_minor)


COAT = line("coat", 18900, "category:coats", "sku:C-1")
SOCKS = line("socks", 1200, "category:socks", "sku:S-1", quantity=3)


def facts(*lines: Line, owner_id: str | None = "nina", **overrides: Any) -> Facts:
    """A member's basket in Soho at noon, a coat and socks unless told otherwise."""
    basket = {
        "currency": "GBP",
        "zone": "Europe/London",
        "at": overrides.pop("at", NOON),
        "lines": lines or (COAT, SOCKS),
        "labels": frozenset(overrides.pop("places", {"store:soho"})),
        "owner_id": owner_id,
    }
    return Facts(Basket(**basket), **overrides)


def told(*benefits: dict[str, Any], conditions: list[Any] | None = None, **more: Any) -> Any:
    """A campaign as a file tells it, with one rule."""
    rule = {"conditions": conditions or [], "benefits": list(benefits)}
    return {"format": FORMAT, "name": f"Campaign {new_id()}", "rules": [rule]} | more


def ten_per_cent(**more: Any) -> Definition:
    """Ten per cent off everything."""
    return read_campaign(told({"kind": "percent_off", "per_cent": 10}, **more))


def running(*definitions: Definition) -> list[Running]:
    """Campaigns that gave nothing yet, by number."""
    return [Running(f"{number}", one) for number, one in enumerate(definitions)]


def new_campaign(session: Session, definition: Definition, **overrides: Any) -> CampaignView:
    """A campaign that runs since an hour."""
    values = {
        "programme_id": PROGRAMME,
        "starts_at": clock.now() - timedelta(hours=1),
        "ends_at": None,
        "now": clock.now(),
    } | overrides
    campaign_id = service.draft(session, definition=definition, **values)
    return service.start(
        session, campaign_id, programme_id=values["programme_id"], now=values["starts_at"]
    )


def execute(session: Session, given: Facts, source: str = "") -> Outcome:
    """Give for a basket, for a source of its own unless named."""
    source = source or f"receipt:{new_id()}"
    return service.execute(session, PROGRAMME, given, source=source, now=clock.now())


def use_campaign(session: Session, programme_id: str, owner_id: str) -> None:
    """A campaign that gave something to somebody."""
    who = {"programme_id": programme_id}
    new_campaign(session, ten_per_cent(limits={"uses_each": 1}), **who)
    source = f"receipt:{new_id()}"
    given = facts(owner_id=owner_id)
    service.execute(session, programme_id, given, source=source, now=clock.now())


def used(session: Session, campaign: CampaignView) -> CampaignView:
    """The campaign as it is now."""
    return queries.get(session, campaign.id, programme_id=PROGRAMME)


def past_shop(session: Session, days: int = 20) -> tuple[StoreView, list[ReceiptView]]:
    """A store with a receipt a day, of coats and of socks, every other one a member's."""
    store = new_store(session, slug="soho")
    coat = new_variant(session, brand_id=store.brand_id)
    members = [new_member(session, store.brand_id) for _ in range(3)]
    receipts = []
    for day in range(days):
        member = members[day % 3] if day % 2 else None
        sold_at = clock.now() - timedelta(days=days - day)
        bought = [coat] * (1 + day % 3)
        given = {"store": store, "variants": bought, "member": member, "sold_at": sold_at}
        receipts.append(new_receipt(session, **given))
    return store, receipts
