"""What must have happened before notes can be shown: new pieces, and a mail with its way out."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from demo.seed import LADDER
from loyalty.tiers import queries as tiers
from retail.accounts import queries as accounts
from retail.accounts.queries import MemberView
from retail.catalogue import queries as catalogue
from retail.consent.rules import LIKES_NEWS, PRIZES_NEWS, RANGES_NEWS
from retail.journeys.members.sign_up_for_ranges import sign_up_for_ranges
from retail.journeys.points.review_tier import review_tier
from retail.journeys.tiers.tier_benefits import tier_benefits
from retail.note_page import subjects
from retail.notifications import queries as notes
from retail.notifications.rules import EMAIL
from retail.notifications.service import notify
from retail.notifications.unsubscribing import token_for

PICKED = frozenset({"coats"})


@dataclass(frozen=True)
class Told:
    """Where a member reads what came in, and where a mail lets her stop such mails."""

    arrivals: str
    unsubscribe: str


def tell(session: Session, member_id: str, *, now: datetime, key: bytes) -> Told:
    """Have a member pick a category and hear of what the shop opened with, and of a new tier."""
    member = accounts.get_member(session, member_id, now=now)
    sign_up_for_ranges(session, PICKED, member=member, now=now)
    arrived = session.execute(catalogue.ARRIVALS.limit(1)).one()
    _tell_of_tier(session, member, now)
    who = {"member_id": member.id, "brand_id": member.brand_id}
    notify(session, **who, purpose=RANGES_NEWS, subject=member.brand_id, now=arrived.created_at)
    mine = notes.inbox(session, member.id)
    arrivals = next(note.id for note in mine if note.purpose == RANGES_NEWS)
    token = token_for(key, member.id, LIKES_NEWS, EMAIL)
    return Told(f"/me/notes/{arrivals}", f"/unsubscribe/{token}")


def _tell_of_tier(session: Session, member: MemberView, now: datetime) -> None:
    """Have a member, who bought a lot at once, hear of her tier as if she had risen by a step."""
    brand_id = member.brand_id
    review_tier(session, member.id, brand_id=brand_id, now=now)
    change = tiers.noticed(session, brand_id, member.id)[0]
    label = f"tier:{change.tier}"
    brings = tier_benefits(session, member.id, label, brand_id=brand_id, now=now)
    notify(
        session,
        member_id=member.id,
        brand_id=brand_id,
        purpose=PRIZES_NEWS,
        subject=subjects.of_tier(change.id),
        now=now,
        data={"before": LADDER.tiers[0].code, "brings": " ".join(brings)},
    )
