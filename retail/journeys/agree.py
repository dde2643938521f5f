"""Agree to a purpose and take it back, with all that follows from it in other rooms."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from retail.accounts.queries import MemberView
from retail.consent import service as consent
from retail.consent.rules import LEAGUE, NAMED_LIKES, PUBLIC_OUTFITS, get_purpose
from retail.journeys.choose_channels import HEAR, HEAR_NO_MORE
from retail.journeys.opt_in import join_league, leave_league
from retail.journeys.publish import withdraw_public_looks
from retail.outfits import rules as outfit_rules


class Change(Protocol):
    """A change of one member's mind; tells whether it changed anything."""

    def __call__(self, session: Session, *, member: MemberView, now: datetime) -> bool: ...


def agree(session: Session, purpose: str, *, member: MemberView, now: datetime) -> bool:
    """Have the member agree; tells whether that is new.

    Raises NotFound for an unknown purpose, Invalid where a birth date is missing, Forbidden for
    minors.
    """
    return _GIVE[get_purpose(purpose).code](session, member=member, now=now)


def take_back(session: Session, purpose: str, *, member: MemberView, now: datetime) -> bool:
    """End the member's agreement at once; tells whether there was one. Raises NotFound."""
    return _WITHDRAW[get_purpose(purpose).code](session, member=member, now=now)


def _show_looks(session: Session, *, member: MemberView, now: datetime) -> bool:
    outfit_rules.check_adult(member.is_adult)
    return consent.give(
        session, member_id=member.id, brand_id=member.brand_id, purpose=PUBLIC_OUTFITS, now=now
    )


def _name_me(session: Session, *, member: MemberView, now: datetime) -> bool:
    who = {"member_id": member.id, "brand_id": member.brand_id}
    return consent.give(session, **who, purpose=NAMED_LIKES, now=now)


def _name_me_no_more(session: Session, *, member: MemberView, now: datetime) -> bool:
    who = {"member_id": member.id, "brand_id": member.brand_id}
    return consent.withdraw(session, **who, purpose=NAMED_LIKES, now=now)


_GIVE: Mapping[str, Change] = {
    LEAGUE: join_league,
    PUBLIC_OUTFITS: _show_looks,
    NAMED_LIKES: _name_me,
    **HEAR,
}
_WITHDRAW: Mapping[str, Change] = {
    LEAGUE: leave_league,
    PUBLIC_OUTFITS: withdraw_public_looks,
    NAMED_LIKES: _name_me_no_more,
    **HEAR_NO_MORE,
}
