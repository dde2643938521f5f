"""Signing in with an account elsewhere: a provider vouches, and a member opens."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import Forbidden
from core.ids import derive, keyed_hash
from core.sql import close_gate, insert_ignore
from retail.accounts import rules
from retail.accounts.models import Identity, Member, SpentState
from retail.accounts.service import SignedIn, join
from retail.accounts.sessions import open_session


@dataclass(frozen=True)
class Vouched:
    """Whom a provider vouches for, once its token was checked; `email` is their word for it."""

    issuer: str
    subject: str = field(repr=False)
    email: str | None = field(repr=False)
    is_email_verified: bool


def spend_state(session: Session, state: str, *, now: datetime, key: bytes) -> bool:
    """Walk a way back from a provider; tells whether nobody has walked it before.

    Of two at once the later one waits and is told no.
    """
    state_hash = keyed_hash(key, "spent-state", state)
    return insert_ignore(session, SpentState, state_hash=state_hash, spent_at=now)


def sign_in_vouched(
    session: Session,
    vouched: Vouched,
    *,
    brand_id: str,
    now: datetime,
    key: bytes,
    device: str | None = None,
) -> SignedIn:
    """Open a session for whom the provider means, joining them where they are new.

    The subject finds its member ever after; an address, and only one that the provider verified,
    is asked the first time. Raises Forbidden where there is none to go by.
    """
    # Finding nobody and joining them must be one step, or of two answers at once with two addresses
    # each would join somebody.
    named = f"{brand_id}\x00{vouched.issuer}\x00{vouched.subject}"
    close_gate(session, derive(key, "identity-gate", named, 63))
    member_id, is_new = _find_linked(session, vouched, brand_id), False
    if member_id is None:
        member_id, is_new = _link(session, vouched, brand_id, now)
    token = open_session(session, member_id, brand_id=brand_id, now=now, key=key, device=device)
    return SignedIn(token, member_id, is_new)


def _find_linked(session: Session, vouched: Vouched, brand_id: str) -> str | None:
    return session.scalar(
        select(Identity.member_id)
        .join(Member, Member.id == Identity.member_id)
        .where(
            Identity.brand_id == brand_id,
            Identity.issuer == vouched.issuer,
            Identity.subject == vouched.subject,
            Member.closed_at.is_(None),
        )
    )


def _link(session: Session, vouched: Vouched, brand_id: str, now: datetime) -> tuple[str, bool]:
    # Whoever may write any address into an account elsewhere must not open its owner's here.
    if not vouched.email:
        raise Forbidden("identity_without_email", "They didn’t tell us your e-mail address.")
    if not vouched.is_email_verified:
        raise Forbidden(
            "identity_email_unverified", "They haven’t checked that this e-mail address is yours."
        )
    email = rules.normalise_email(vouched.email)
    member_id, is_new = join(session, brand_id, email, now=now)
    session.add(
        Identity(
            brand_id=brand_id,
            issuer=vouched.issuer,
            subject=vouched.subject,
            member_id=member_id,
            linked_at=now,
        )
    )
    session.flush()
    return member_id, is_new
