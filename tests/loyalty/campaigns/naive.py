"""How campaigns must not give: by what was read before. The races must catch this."""

import threading

from sqlalchemy import update

from core import clock
from core.ids import new_id
from core.transaction import Database
from loyalty.campaigns.evaluate import evaluate
from loyalty.campaigns.models import Campaign, CampaignUse
from loyalty.campaigns.rules import Facts
from loyalty.campaigns.running import running_now
from tests.builders.points import PROGRAMME


def execute(db: Database, given: Facts, read: threading.Barrier) -> bool:
    """Give where what was read allowed it; all have read before the first one writes."""
    with db.read() as session:
        running = running_now(session, PROGRAMME, owner_id=given.basket.owner_id, now=clock.now())
    outcome = evaluate(running, given)
    read.wait()
    with db.write() as session:
        for gift in outcome.gifts:
            session.execute(
                update(Campaign)
                .where(Campaign.id == gift.campaign_id)
                .values(uses=running[0].used.uses + 1, spent_minor=gift.discount_minor)
            )
            session.add(
                CampaignUse(
                    id=new_id(),
                    campaign_id=gift.campaign_id,
                    source=new_id(),
                    owner_id=given.basket.owner_id,
                    discount_minor=gift.discount_minor,
                    points=0,
                    effects=[],
                    used_at=clock.now(),
                )
            )
    return bool(outcome.gifts)
