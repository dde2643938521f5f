"""The campaigns of the demo: two run, one of them measured; one is still being thought about."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from loyalty.campaigns import service
from loyalty.campaigns.definition import FORMAT, read_campaign
from retail.journeys.campaigns.run_campaign import start_campaign

RUNNING, DRAFT = "Coats, before the frost", "Two knits, one free"
MEASURED = "Thanks for ten visits"
_COATS = {"includes": ["category:coats"]}
_KNITS = {"includes": ["category:knitwear"]}
_PLANS: dict[str, dict[str, Any]] = {
    RUNNING: {
        "priority": 10,
        "is_announced": True,
        "limits": {"budget_minor": 500_000, "uses_each": 3},
        "rules": [
            {
                "conditions": [{"kind": "basket_total", "at_least_minor": 15_000}],
                "benefits": [{"kind": "percent_off", "per_cent": 10, "scope": _COATS}],
            },
            {
                "conditions": [{"kind": "buyer"}],
                "benefits": [{"kind": "points_per_unit", "points": "1.5"}],
            },
        ],
    },
    MEASURED: {
        "holdout": 100,
        "rules": [
            {
                "conditions": [{"kind": "purchase_number", "at_least": 10, "at_most": 999}],
                "benefits": [{"kind": "points", "points": 50}],
            }
        ],
    },
    DRAFT: {
        "limits": {"uses": 400},
        "rules": [
            {
                "conditions": [{"kind": "weekdays", "days": [1, 2, 3, 4]}],
                "benefits": [{"kind": "cheapest_free", "scope": _KNITS, "of_pieces": 2}],
            }
        ],
    },
}


def plan_campaigns(session: Session, brand_id: str, now: datetime) -> None:
    """Plan them, and start all but the draft."""
    for name, told in _PLANS.items():
        planned = service.draft(
            session,
            programme_id=brand_id,
            definition=read_campaign({"format": FORMAT, "name": name} | told),
            starts_at=now - timedelta(days=1),
            ends_at=now + timedelta(days=30) if name == RUNNING else None,
            now=now,
        )
        if name != DRAFT:
            start_campaign(session, planned, programme_id=brand_id, now=now)
