"""Publish an outfit with what its owner agrees to on the same page: public looks, the league."""

from datetime import datetime

from sqlalchemy.orm import Session

from loyalty.leaderboards import queries as leaderboards
from retail.accounts.queries import MemberView
from retail.consent import service as consent
from retail.consent.rules import FRIENDS_OUTFITS, PUBLIC_OUTFITS
from retail.journeys.league.opt_in import join_league, leave_league
from retail.outfits import queries, rules
from retail.outfits import service as outfits
from retail.wall import service as wall


def publish(
    session: Session,
    outfit_id: str,
    *,
    member: MemberView,
    audience: str,
    joins_league: bool | None = None,
    now: datetime,
) -> None:
    """Show the outfit to the audience. Choosing everyone is agreeing to public looks, and
    choosing friends to looks for friends.

    `joins_league` True enters the stylist league, False leaves it, None keeps things as they are.
    Raises NotFound, Invalid where a birth date is missing, Forbidden for minors.
    """
    if rules.check_audience(audience) == rules.PUBLIC:
        rules.check_adult(member.is_adult)
    purpose = rules.PURPOSE_OF.get(audience)
    if purpose is not None:
        consent.give(
            session, member_id=member.id, brand_id=member.brand_id, purpose=purpose, now=now
        )
    if joins_league is True:
        join_league(session, member=member, now=now)
    elif joins_league is False:
        leave_league(session, member=member, now=now)
    # Likes can win prizes of the league, and whoever may be rewarded has to say so.
    is_ranked = member.id in leaderboards.enlisted(session, member.brand_id, {member.id})
    outfits.publish(
        session,
        outfit_id,
        member=member,
        audience=audience,
        has_points_ad=is_ranked,
        now=now,
    )
    if audience == rules.PUBLIC:
        _hang(session, outfit_id, member, now)


def _hang(session: Session, outfit_id: str, member: MemberView, now: datetime) -> None:
    look = queries.get_own(session, outfit_id, member_id=member.id)
    wall.post(
        session,
        outfit_id,
        brand_id=look.brand_id,
        store_id=look.store_id,
        member_id=member.id,
        caption=look.caption,
        now=now,
    )


def withdraw_public_looks(session: Session, *, member: MemberView, now: datetime) -> bool:
    """Hide every public outfit of a member from now on; tells whether they had agreed to any."""
    outfits.hide_all(session, member.id, now=now)
    return consent.withdraw(
        session, member_id=member.id, brand_id=member.brand_id, purpose=PUBLIC_OUTFITS, now=now
    )


def withdraw_friends_looks(session: Session, *, member: MemberView, now: datetime) -> bool:
    """Hide every look for friends from now on; tells whether the member had agreed to any."""
    outfits.hide_all(session, member.id, audience=rules.FRIENDS, now=now)
    return consent.withdraw(
        session, member_id=member.id, brand_id=member.brand_id, purpose=FRIENDS_OUTFITS, now=now
    )
