"""Writes of baskets on phones.

Whoever changes one locks its row first, so that two phones of one member take turns.
"""

from datetime import datetime

from sqlalchemy import case, delete, func, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from core.errors import Conflict, Invalid
from core.sql import insert_ignore, upsert
from retail.accounts.queries import MemberView
from retail.brands.queries import StoreView
from retail.phone_baskets.models import PhoneBasket, PhoneBasketLine
from retail.phone_baskets.rules import KEPT_FOR, MOST_LINES, MOST_PIECES, is_over


def open_basket(session: Session, store: StoreView, *, member: MemberView, now: datetime) -> None:
    """Fill a basket in this store from now on; what is in it comes along, unless it was over."""
    insert_ignore(
        session,
        PhoneBasket,
        member_id=member.id,
        brand_id=member.brand_id,
        store_id=store.id,
        changed_at=now,
    )
    mine = PhoneBasket.member_id == member.id
    changed_at = session.scalars(select(PhoneBasket.changed_at).where(mine).with_for_update()).one()
    if is_over(changed_at, now):
        _empty(session, member.id)
    session.execute(update(PhoneBasket).where(mine).values(store_id=store.id, changed_at=now))


def add(
    session: Session, variant_id: str, pieces: int, *, member: MemberView, now: datetime
) -> None:
    """Put so many more pieces into a basket that is open, up to `MOST_PIECES` of each.

    Raises Invalid for no number of pieces, Conflict where there are too many different ones.
    """
    _check(pieces, least=1)
    sum_of = PhoneBasketLine.pieces + pieces
    upsert(
        session,
        PhoneBasketLine,
        {"member_id": member.id, "variant_id": variant_id},
        pieces=(pieces, case((sum_of > MOST_PIECES, MOST_PIECES), else_=sum_of)),
        added_at=(now, PhoneBasketLine.added_at),
    )
    lines = select(func.count()).where(PhoneBasketLine.member_id == member.id)
    if session.scalars(lines).one() > MOST_LINES:
        raise Conflict("basket_full", f"A basket has {MOST_LINES} different things at most.")


def set_pieces(session: Session, variant_id: str, pieces: int, *, member: MemberView) -> bool:
    """Say how many pieces there are of one that is in the basket; 0 takes it out.

    Tells whether it was there: what is not, changes nothing. Raises Invalid for no such number.
    """
    _check(pieces, least=0)
    mine = (PhoneBasketLine.member_id == member.id, PhoneBasketLine.variant_id == variant_id)
    changing = update(PhoneBasketLine).values(pieces=pieces)
    result = session.execute((changing if pieces else delete(PhoneBasketLine)).where(*mine))
    assert isinstance(result, CursorResult)
    return result.rowcount == 1


def forget(session: Session, member_id: str) -> None:
    """Leave nothing of a member's basket, as when it is emptied or they go."""
    _empty(session, member_id)
    session.execute(delete(PhoneBasket).where(PhoneBasket.member_id == member_id))


def forget_old(session: Session, *, now: datetime) -> None:
    """Delete the baskets of earlier visits."""
    old = select(PhoneBasket.member_id).where(PhoneBasket.changed_at <= now - KEPT_FOR)
    for member_id in session.scalars(old.with_for_update(skip_locked=True)).all():
        forget(session, member_id)


def _check(pieces: int, *, least: int) -> None:
    if not least <= pieces <= MOST_PIECES:
        sentence = f"How many is a whole number from {least} to {MOST_PIECES}."
        raise Invalid("basket_unclear", sentence, fields={"pieces": [sentence]})


def _empty(session: Session, member_id: str) -> None:
    session.execute(delete(PhoneBasketLine).where(PhoneBasketLine.member_id == member_id))
