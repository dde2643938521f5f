"""What points bring at the demo store, and somebody who has points to pay with."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from demo.simulator.cast import Shopper
from loyalty.ledger import service as ledger
from loyalty.vouchers.terms import Terms
from retail.accounts import service as accounts
from retail.journeys.points.offer_reward import WantedReward, offer_reward

# Points of purchases wait for thirty days; hers came along from the cards of paper.
SAVER = Shopper("Penny Marlow", "penny.marlow@shopper.example", "1984-03-12")
SAVED = 4_180
_FIVE, _FIFTY = Terms("amount", 500, "GBP"), Terms("amount", 5_000, "GBP", minimum_minor=15_000)
_SCARF = Terms("gift", 1, title="A silk scarf, hand-rolled")
_ALTERED = Terms("percent", 15, stacking="stackable")
_REWARDS: tuple[dict[str, Any], ...] = (
    {"reference": "five", "title": "£5 off anything", "price": 500, "terms": _FIVE},
    {"reference": "altered", "title": "15% off one basket", "price": 900, "terms": _ALTERED},
    {
        "reference": "fifty",
        "title": "£50 off from £150",
        "price": 4_490,
        "terms": _FIFTY,
        "per_owner": 3,
    },
    {
        "reference": "scarf",
        "title": "A silk scarf",
        "price": 1_200,
        "terms": _SCARF,
        "stock": 40,
        "per_owner": 1,
        "tier": "silver",
    },
)


def offer_rewards(session: Session, brand_id: str, now: datetime) -> None:
    """Put four rewards on offer, and let somebody have saved up."""
    for reward in _REWARDS:
        offer_reward(session, WantedReward(**reward), brand_id=brand_id, by=None, now=now)
    saver, _is_new = accounts.join(session, brand_id, SAVER.email, now=now)
    accounts.update_profile(session, saver, display_name=SAVER.name, now=now)
    ledger.earn(
        session,
        programme_id=brand_id,
        owner_id=saver,
        points=SAVED,
        source="demo:saved",
        reason="demo",
        now=now,
    )
