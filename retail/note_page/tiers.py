"""What notes say of a member's tier, as it is at this moment."""

from sqlalchemy.orm import Session

from core import clock
from loyalty.campaigns.running import running_for
from loyalty.tiers import queries as tiers
from loyalty.tiers.rules import Tier
from retail.accounts import queries as accounts
from retail.brands.queries import BrandView
from retail.consent.rules import TIERS_NEWS
from retail.note_page import subjects
from retail.notifications.queries import NoteView
from retail.notifications.speech import NoteFacts
from retail.standings.queries import find_standing


def of_tier(session: Session, note: NoteView, brand: BrandView) -> NoteFacts | None:
    """The tier to which somebody rose or fell, and what it brings or what brings the other back.

    Nothing once they stand elsewhere, or where there is no such tier any more.
    """
    found = tiers.find_ladder(session, brand.id)
    latest = next(iter(tiers.noticed(session, brand.id, note.member_id)), None)
    if found is None or latest is None or note.subject != subjects.of_tier(latest.id):
        return None
    steps = {tier.code: tier for tier in found.ladder.tiers}
    tier, before = steps.get(latest.tier), steps.get(note.data["before"])
    if tier is None:
        return None
    # A tier that an older ladder had counts as below all.
    is_down = before is not None and before.at > tier.at
    return NoteFacts(
        purpose=TIERS_NEWS,
        brand_name=brand.name,
        address="/me/points",
        title=tier.name,
        count=_missing(session, note, brand, before) if before and is_down else 0,
        state="down" if is_down else "up",
        before=before.name if before else "",
        brings=() if is_down else _brought(session, note, brand, tier),
    )


def _brought(session: Session, note: NoteView, brand: BrandView, tier: Tier) -> tuple[str, ...]:
    """The campaigns for a tier that run now, of those that were found for the member."""
    names = running_for(session, brand.id, tier.label, now=clock.now())
    found = note.data["brings"].split()
    return tuple(name for one, name in names.items() if one in found)


def _missing(session: Session, note: NoteView, brand: BrandView, before: Tier) -> int:
    """How many credits the tier would take where they were before."""
    now = clock.now()
    joined_at = accounts.get_member(session, note.member_id, now=now).joined_at
    stands = find_standing(session, note.member_id, brand_id=brand.id, joined_at=joined_at, now=now)
    return max(before.at - stands.credits, 0) if stands else 0
