"""Writes of offers. Each moves on once, by an update that names where it stood."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from core.errors import Conflict
from core.ids import new_id
from core.sql import insert_ignore
from retail.offers import queries
from retail.offers.models import Offer, OfferRefusal, OfferTermsVersion
from retail.offers.terms import OfferTerms


def make(session: Session, **values: Any) -> str | None:
    """Write an offer down; gives its id, or None where the receipt has one of this style."""
    offer_id = new_id()
    is_new = insert_ignore(session, Offer, id=offer_id, state="offered", **values)
    return offer_id if is_new else None


def set_terms(
    session: Session,
    brand_id: str,
    terms: OfferTerms,
    *,
    instead_of: int,
    set_by: str,
    now: datetime,
    is_installations: bool = False,
) -> int:
    """Have these terms hold from now on; gives their version. The same again is no new one.

    Terms that are the installation's hold as its settings say at any time. Raises Conflict where
    others hold than the version that they are `instead_of`, 0 for none.
    """
    held = queries.find_terms(session, brand_id)
    is_alike = held is not None and held.is_installations == is_installations
    if held is not None and is_alike and (is_installations or held.terms == terms):
        return held.version
    is_new = instead_of == (held.version if held else 0) and insert_ignore(
        session,
        OfferTermsVersion,
        brand_id=brand_id,
        version=instead_of + 1,
        **vars(terms) | {"quiet": sorted(terms.quiet), "most_off": dict(terms.most_off)},
        is_installations=is_installations,
        set_at=now,
        set_by=set_by,
    )
    if not is_new:
        sentence = "Somebody set other terms meanwhile. Look at them first."
        raise Conflict("offer_terms_changed", sentence)
    return instead_of + 1


def attach_voucher(session: Session, offer_id: str, voucher_id: str) -> None:
    """Say which voucher an offer is used with."""
    _move(session, offer_id, "offered", voucher_id=voucher_id)


def redeem(session: Session, offer_id: str, *, now: datetime) -> bool:
    """Note that an offer was used; tells whether that is new."""
    return _move(session, offer_id, "offered", state="redeemed", redeemed_at=now)


def decline(session: Session, offer_id: str) -> bool:
    """Note that its member does not want an offer; tells whether that is new."""
    return _move(session, offer_id, "offered", state="declined")


def credit(session: Session, offer_id: str, *, now: datetime) -> bool:
    """Note that the friend is thanked for a used offer; tells whether that is new."""
    result = session.execute(
        update(Offer)
        .where(
            Offer.id == offer_id,
            Offer.state == "redeemed",
            Offer.friend_id.is_not(None),
            Offer.credited_at.is_(None),
        )
        .values(credited_at=now)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(result, CursorResult)
    return result.rowcount == 1


def take_back(session: Session, offer_id: str) -> bool:
    """Note that what an offer was used for came back; tells whether that is new."""
    return _move(session, offer_id, "redeemed", state="taken_back")


def refuse(
    session: Session,
    *,
    member_id: str,
    brand_id: str,
    style_id: str | None = None,
    friend_id: str | None = None,
    now: datetime,
) -> None:
    """Offer a member no more of a style, or nothing more with a friend."""
    insert_ignore(
        session,
        OfferRefusal,
        id=new_id(),
        member_id=member_id,
        brand_id=brand_id,
        style_id=style_id,
        friend_id=friend_id,
        refused_at=now,
    )


def erase(session: Session, member_id: str) -> None:
    """Delete the offers made to a member and what they refused; others’ offers lose their name."""
    session.execute(delete(Offer).where(Offer.member_id == member_id))
    session.execute(update(Offer).where(Offer.friend_id == member_id).values(friend_id=None))
    for column in (OfferRefusal.member_id, OfferRefusal.friend_id):
        session.execute(delete(OfferRefusal).where(column == member_id))


def _move(session: Session, offer_id: str, before: str, **values: Any) -> bool:
    result = session.execute(
        update(Offer)
        .where(Offer.id == offer_id, Offer.state == before)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(result, CursorResult)
    return result.rowcount == 1
