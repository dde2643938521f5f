"""Agree to a purpose and take it back, with all that follows from it in other rooms."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from retail.accounts.queries import MemberView
from retail.consent import service as consent
from retail.consent.rules import BRAND_PAGE, LEAGUE, PUBLIC_OUTFITS, SHARING, get_purpose
from retail.journeys.opt_in import join_league, leave_league
from retail.journeys.publish import withdraw_public_looks
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
    return _GIVE[get_purpose(purpose).code](session, member=member, now=now)


def take_back(session: Session, purpose: str, *, member: MemberView, now: datetime) -> bool:
    """End the member's agreement at once; tells whether there was one. Raises NotFound."""
    return _WITHDRAW[get_purpose(purpose).code](session, member=member, now=now)


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


def _leave_page(session: Session, *, member: MemberView, now: datetime) -> bool:
    # What hangs there is taken down by the reaction to the withdrawal, whoever withdraws.
    return _withdraw(session, BRAND_PAGE, member, now)


def _withdraw(session: Session, purpose: str, member: MemberView, now: datetime) -> bool:
    return consent.withdraw(
        session, member_id=member.id, brand_id=member.brand_id, purpose=purpose, now=now
    )


_GIVE: Mapping[str, Change] = {
    LEAGUE: join_league,
    PUBLIC_OUTFITS: _giving(PUBLIC_OUTFITS),
    SHARING: _giving(SHARING),
    BRAND_PAGE: _giving(BRAND_PAGE),
}
_WITHDRAW: Mapping[str, Change] = {
    LEAGUE: leave_league,
    PUBLIC_OUTFITS: withdraw_public_looks,
    SHARING: _stop_credit,
    BRAND_PAGE: _leave_page,
}
