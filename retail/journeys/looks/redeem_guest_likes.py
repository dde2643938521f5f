"""Turn what a guest liked before joining into likes of the member they became."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.errors import Invalid, NotFound
from retail.accounts.queries import MemberView
from retail.guests import service as guests
from retail.journeys.looks.like import like


@dataclass(frozen=True)
class Redeemed:
    """The looks that the member likes now, and those that rules kept from counting."""

    liked: frozenset[str]
    own: frozenset[str]


def redeem_guest_likes(
    session: Session, guest: str, *, member: MemberView, now: datetime, key: bytes
) -> Redeemed:
    """Record what waits of a guest as this member's likes, each by the rules of any like.

    Each waits for one member only, however many join with it at the same instant. Looks that are
    gone, another brand's or closed to this member are passed over without a word.
    """
    liked, own = set(), set()
    for waiting in guests.take_likes(session, guest, now=now, key=key):
        try:
            like(session, waiting.outfit_id, member=member, share_id=waiting.share_id, now=now)
        except Invalid:
            own.add(waiting.outfit_id)
        except NotFound:
            continue
        else:
            liked.add(waiting.outfit_id)
    return Redeemed(frozenset(liked), frozenset(own))
