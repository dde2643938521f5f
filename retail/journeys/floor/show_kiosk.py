"""Show a kiosk to whoever's phone is linked: what friends like, and of them what they allow."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from loyalty.ledger import queries as ledger
from loyalty.vouchers import queries as vouchers
from retail.accounts import queries as accounts
from retail.accounts.queries import MemberView
from retail.brands import queries as brands
from retail.consent import queries as consent
from retail.consent.at_kiosks import KIOSK_NAME, KIOSK_POINTS
from retail.kiosks.friends_likes import GoodsLiked, LookLiked, goods_liked, looks_liked
from retail.kiosks.rules import KioskState
from retail.visits import queries as visits

MOST_LOOKS, MOST_GOODS = 2, 2


@dataclass(frozen=True)
class Balance:
    """Points to spend, and vouchers that are good just now."""

    points: int
    vouchers: int


@dataclass(frozen=True)
class Person:
    """Somebody at a kiosk, as others near it may know them.

    `first_name` is empty and `balance` None for who did not agree to have them shown there.
    """

    member: MemberView
    first_name: str
    balance: Balance | None
    is_checked_in: bool
    looks: tuple[LookLiked, ...]
    goods: tuple[GoodsLiked, ...]


def show_kiosk(session: Session, kiosk: KioskState, *, now: datetime, key: bytes) -> Person | None:
    """Whoever's phone is linked to a kiosk; None before that."""
    if kiosk.member_id is None:
        return None
    member = accounts.get_member(session, kiosk.member_id)
    store = brands.get_store(session, kiosk.store_id)
    is_named = consent.has_consent(session, member.id, KIOSK_NAME)
    return Person(
        member,
        member.public_name.split(" ")[0] if is_named else "",
        _balance(session, member, now=now, key=key),
        visits.find_visit(session, store, member.id, now=now) is not None,
        tuple(looks_liked(session, member.id, limit=MOST_LOOKS)),
        tuple(goods_liked(session, member.id, brand_id=member.brand_id, limit=MOST_GOODS)),
    )


def _balance(session: Session, member: MemberView, *, now: datetime, key: bytes) -> Balance | None:
    if not consent.has_consent(session, member.id, KIOSK_POINTS):
        return None
    mine = vouchers.vouchers_of(session, member.brand_id, member.id, now=now, key=key)
    good = sum(one.state == "issued" for one in mine)
    return Balance(ledger.balance(session, member.brand_id, member.id), good)
