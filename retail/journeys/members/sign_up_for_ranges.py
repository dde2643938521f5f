"""Pick the categories to hear of: whoever picks one agrees to hear, whoever drops all stops."""

from collections.abc import Set
from datetime import datetime

from sqlalchemy.orm import Session

from retail.accounts.queries import MemberView
from retail.consent.rules import RANGES_NEWS
from retail.journeys.members.choose_channels import HEAR, HEAR_NO_MORE
from retail.notifications import queries, rules, service


def sign_up_for_ranges(
    session: Session, codes: Set[str], *, member: MemberView, now: datetime
) -> None:
    """Have the member hear of new styles of exactly these categories, in the app at least."""
    service.set_ranges(session, member_id=member.id, brand_id=member.brand_id, codes=codes, now=now)
    hears = queries.channels_on(session, member.id, rules.get_purpose(RANGES_NEWS))
    if codes and not hears:
        HEAR[RANGES_NEWS](session, member=member, now=now)
    elif hears and not codes:
        HEAR_NO_MORE[RANGES_NEWS](session, member=member, now=now)
