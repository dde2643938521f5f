"""Agree to a purpose and take it back, with all that follows from it in other rooms."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from retail.accounts.queries import MemberView
from retail.consent import service as consent
from retail.consent.rules import (
    BRAND_PAGE,
    FRIEND_OFFERS,
    FRIENDS_OUTFITS,
    GREETING,
    LEAGUE,
    OFFERS,
    PUBLIC_OUTFITS,
    PURPOSES,
    SAME_OCCASION,
    SAME_OUTFIT,
    SHARING,
    get_purpose,
)
from retail.greetings import service as greetings
from retail.journeys.league.opt_in import join_league, leave_league
from retail.journeys.looks.publish import withdraw_friends_looks, withdraw_public_looks
from retail.journeys.members.choose_channels import HEAR, HEAR_NO_MORE
from retail.outfits import rules as outfit_rules
from retail.sharing import service as sharing


class Change(Protocol):
    """A change of one member's mind; tells whether it changed anything."""

    def __call__(self, session: Session, *, member: MemberView, now: datetime) -> bool: ...


def agree(session: Session, purpose: str, *, member: MemberView, now: datetime) -> bool:
    """Have the member agree; tells whether that is new.

    Raises NotFound for an unknown purpose, Invalid where a birth date is missing, Forbidden for
    minors.
    """
    change = _GIVE.get(get_purpose(purpose).code)
    if change is not None:
        return change(session, member=member, now=now)
    who = {"member_id": member.id, "brand_id": member.brand_id}
    return consent.give(session, **who, purpose=purpose, now=now)


def take_back(session: Session, purpose: str, *, member: MemberView, now: datetime) -> bool:
    """End the member's agreement at once; tells whether there was one. Raises NotFound."""
    change = _WITHDRAW.get(get_purpose(purpose).code)
    if change is not None:
        return change(session, member=member, now=now)
    who = {"member_id": member.id, "brand_id": member.brand_id}
    return consent.withdraw(session, **who, purpose=purpose, now=now)


def stop_all(session: Session, *, member: MemberView, now: datetime) -> bool:
    """End every agreement at once; tells whether there was one."""
    return sum(take_back(session, purpose, member=member, now=now) for purpose in PURPOSES) > 0


def _giving(purpose: str) -> Change:
    """Agreeing to a purpose for grown-ups from which nothing else follows at once."""

    def give(session: Session, *, member: MemberView, now: datetime) -> bool:
        outfit_rules.check_adult(member.is_adult)
        return consent.give(
            session, member_id=member.id, brand_id=member.brand_id, purpose=purpose, now=now
        )

    return give


def _stop_credit(session: Session, *, member: MemberView, now: datetime) -> bool:
    sharing.detach(session, member.id, now=now)
    return _withdraw(session, SHARING, member, now)


def _stop_greeting(session: Session, *, member: MemberView, now: datetime) -> bool:
    greetings.end(session, member.id)
    return _withdraw(session, GREETING, member, now)


def _withdraw(session: Session, purpose: str, member: MemberView, now: datetime) -> bool:
    return consent.withdraw(
        session, member_id=member.id, brand_id=member.brand_id, purpose=purpose, now=now
    )


# A purpose with nothing to do beyond the consent itself needs no line here. What hangs on the
# brand's own page is taken down by the reaction to the withdrawal, whoever withdraws.
_GIVE: Mapping[str, Change] = {
    LEAGUE: join_league,
    PUBLIC_OUTFITS: _giving(PUBLIC_OUTFITS),
    SHARING: _giving(SHARING),
    BRAND_PAGE: _giving(BRAND_PAGE),
    OFFERS: _giving(OFFERS),
    FRIEND_OFFERS: _giving(FRIEND_OFFERS),
    SAME_OUTFIT: _giving(SAME_OUTFIT),
    SAME_OCCASION: _giving(SAME_OCCASION),
    **HEAR,
}
_WITHDRAW: Mapping[str, Change] = {
    LEAGUE: leave_league,
    PUBLIC_OUTFITS: withdraw_public_looks,
    FRIENDS_OUTFITS: withdraw_friends_looks,
    SHARING: _stop_credit,
    GREETING: _stop_greeting,
    **HEAR_NO_MORE,
}
