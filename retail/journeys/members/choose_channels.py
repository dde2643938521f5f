"""Choose on which channels to hear of what: the choices and the consents behind them as one."""

from collections.abc import Callable, Mapping, Set
from datetime import datetime

from sqlalchemy.orm import Session

from retail.accounts.queries import MemberView
from retail.consent import service as consent
from retail.notifications import queries, service
from retail.notifications.rules import CHANNELS, IN_APP, PURPOSES, get_purpose

Pair = tuple[str, str]


def choose_channels(
    session: Session, wanted: Set[Pair], *, member: MemberView, now: datetime
) -> None:
    """Have exactly the wanted pairs of purpose and channel on.

    Whoever wants a purpose on a channel agrees to it; who wants it on none takes that back.
    """
    is_on = queries.choices_of(session, member.id)
    for code in PURPOSES:
        for channel in CHANNELS:
            pair = (code, channel)
            if (pair in wanted) != (pair in is_on):
                _choose(session, pair, is_on=pair in wanted, member=member, now=now)
        _settle(session, code, member=member, now=now)


def unsubscribe(
    session: Session, purpose: str, channel: str, *, member: MemberView, now: datetime
) -> None:
    """End one purpose on one channel; the last one to end takes the agreement along."""
    _choose(session, (purpose, channel), is_on=False, member=member, now=now)
    _settle(session, purpose, member=member, now=now)


def hear_of(purpose: str) -> Callable[..., bool]:
    """Agreeing to a purpose by itself: it is told in the app."""

    def hear(session: Session, *, member: MemberView, now: datetime) -> bool:
        _choose(session, (purpose, IN_APP), is_on=True, member=member, now=now)
        return _agree(session, purpose, member=member, now=now)

    return hear


def hear_no_more_of(purpose: str) -> Callable[..., bool]:
    """Taking a purpose back by itself: it is told on no channel."""

    def stop(session: Session, *, member: MemberView, now: datetime) -> bool:
        for channel in CHANNELS:
            _choose(session, (purpose, channel), is_on=False, member=member, now=now)
        return _take_back(session, purpose, member=member, now=now)

    return stop


def _choose(
    session: Session, pair: Pair, *, is_on: bool, member: MemberView, now: datetime
) -> None:
    who = {"member_id": member.id, "brand_id": member.brand_id}
    service.choose(session, **who, purpose=pair[0], channel=pair[1], is_on=is_on, now=now)


def _settle(session: Session, code: str, *, member: MemberView, now: datetime) -> None:
    """Keep the agreement exactly as long as a channel needs it."""
    chosen = queries.chosen_channels(session, member.id, code)
    needs_it = any(not get_purpose(code).starts_on(channel) for channel in chosen)
    (_agree if needs_it else _take_back)(session, code, member=member, now=now)


def _agree(session: Session, purpose: str, *, member: MemberView, now: datetime) -> bool:
    who = {"member_id": member.id, "brand_id": member.brand_id}
    return consent.give(session, **who, purpose=purpose, now=now)


def _take_back(session: Session, purpose: str, *, member: MemberView, now: datetime) -> bool:
    who = {"member_id": member.id, "brand_id": member.brand_id}
    return consent.withdraw(session, **who, purpose=purpose, now=now)


HEAR: Mapping[str, Callable[..., bool]] = {code: hear_of(code) for code in PURPOSES}
HEAR_NO_MORE: Mapping[str, Callable[..., bool]] = {code: hear_no_more_of(code) for code in PURPOSES}
