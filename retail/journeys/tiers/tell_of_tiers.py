"""Tell members that their tier is another: once for each change that lasted until it is told."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from sqlalchemy.orm import Session

from core.outbox import enqueue
from loyalty.tiers import queries as tiers
from loyalty.tiers.queries import NoticedChange
from retail.brands import queries as brands
from retail.consent.rules import TIERS_NEWS
from retail.journeys.tiers.tier_benefits import tier_benefits
from retail.note_page import subjects
from retail.notifications import queries as notes
from retail.notifications.service import notify
from retail.notifications.told import told_of

JOB = "tell_of_tier"
# Whoever hears of nothing sees their tier on the phone: what stood for so long is known to them.
KNOWN_AFTER = timedelta(days=1)
# Only the latest few can be news: behind them stands one that was told, or stood for long.
_LOOKED_AT = 100


def tell_of_tier(
    session: Session, brand_id: str, member_id: str, change_id: str, *, now: datetime
) -> bool:
    """Note for a member that a change of tier put them elsewhere; tells if that is new.

    In quiet hours it is put off as a whole: what a night undid is told nowhere.
    """
    noticed = tiers.noticed(session, brand_id, member_id)[:_LOOKED_AT]
    if not noticed or noticed[0].id != change_id:
        return False
    brand = brands.get_brand(session, brand_id)
    due_at = notes.setting_of(session, member_id, brand).quiet.next_loud(now)
    if due_at > now:
        payload = {"brand_id": brand_id, "member_id": member_id, "change_id": change_id}
        key = f"{JOB}:{change_id}:{due_at.timestamp():.0f}"
        enqueue(session, JOB, payload, due_at=due_at, key=key)
        return False
    of = {subjects.of_tier(one.id): one.id for one in noticed}
    told = {of[one] for one in told_of(session, member_id, TIERS_NEWS, of)}
    tier, before = noticed[0].tier, last_known(noticed, told)
    if tier == before:
        return False
    brings = tier_benefits(session, member_id, f"tier:{tier}", brand_id=brand_id, now=now)
    return notify(
        session,
        member_id=member_id,
        brand_id=brand_id,
        purpose=TIERS_NEWS,
        subject=subjects.of_tier(change_id),
        data={"before": before, "brings": " ".join(brings)},
        now=now,
    )


def last_known(noticed: Sequence[NoticedChange], told: Collection[str]) -> str:
    """The tier of which a member knew before the first of the changes, the latest first.

    That is the last that was told, or stood long enough to be seen, or where they began.
    """
    for later, one in pairwise(noticed):
        if one.id in told or later.noticed_at - one.noticed_at >= KNOWN_AFTER:
            return one.tier
    return noticed[-1].tier
