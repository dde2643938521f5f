"""Writes of API keys, staff accounts and their sessions."""

import hmac
from dataclasses import replace
from datetime import datetime

from sqlalchemy import delete, or_, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from core.errors import Conflict, NotFound
from core.ids import keyed_hash, new_id, new_secret
from core.keys import every, key_id
from core.sql import insert_ignore
from retail.accounts import service as accounts
from retail.accounts.rules import Door, normalise_email
from retail.brands import queries as brands
from retail.staff import queries, rules
from retail.staff.models import ApiKey, StaffAccount, StaffSession
from retail.staff.queries import KEY_PURPOSE, SESSION_PURPOSE, KeyView, StaffView

DOOR = Door("staff-sign-in-email", "send_staff_code")


def create_key(
    session: Session,
    *,
    brand_id: str,
    store_id: str | None = None,
    kind: str,
    name: str,
    now: datetime,
    key: bytes,
) -> tuple[KeyView, str]:
    """A new key and its text, which is shown once and stored nowhere.

    Raises Invalid for a till key without a store, NotFound for another brand's store.
    """
    tidy = rules.check_key(kind, store_id, name)
    if store_id is not None:
        brands.get_store(session, store_id, brand_id=brand_id)
    else:
        brands.get_brand(session, brand_id)
    view = KeyView(new_id(), brand_id, store_id, kind, tidy)
    secret = new_secret()
    session.add(
        ApiKey(
            id=view.id,
            brand_id=brand_id,
            store_id=store_id,
            kind=kind,
            name=tidy,
            secret_hash=keyed_hash(key, KEY_PURPOSE, f"{view.id}\x00{secret}"),
            hash_key=key_id(key),
            created_at=now,
        )
    )
    session.flush()
    return view, rules.key_text(view.id, secret)


def revoke_key(session: Session, key_id: str, *, now: datetime) -> None:
    """End a key for good; revoking again keeps the first time. Raises NotFound."""
    known = session.get(ApiKey, key_id)
    if known is None:
        raise NotFound("key_not_found", "There is no key with this id.")
    session.execute(
        update(ApiKey)
        .where(ApiKey.id == key_id, ApiKey.revoked_at.is_(None))
        .values(revoked_at=now)
    )


def sign_anew(session: Session, text: str, *, key: bytes) -> None:
    """Keep a key that was just found under the newest secret from now on."""
    parts = rules.split_key_text(text)
    if parts is not None:
        hashed = keyed_hash(key, KEY_PURPOSE, "\x00".join(parts))
        session.execute(
            update(ApiKey)
            .where(ApiKey.id == parts[0])
            .values(secret_hash=hashed, hash_key=key_id(key))
        )


def note_use(session: Session, key_id: str, *, now: datetime) -> None:
    """Remember when the key was last used; an earlier instant than the one known is ignored."""
    session.execute(
        update(ApiKey)
        .where(ApiKey.id == key_id, or_(ApiKey.used_at.is_(None), ApiKey.used_at < now))
        .values(used_at=now)
    )


def add_staff(
    session: Session,
    *,
    brand_id: str,
    store_id: str | None = None,
    email: str,
    name: str,
    role: str,
    now: datetime,
) -> StaffView:
    """Take somebody on, or back; they sign in with codes mailed to the address.

    Raises Invalid for what a field refuses, NotFound for another brand's store, Conflict where
    the address already has an account that is not disabled.
    """
    tidy, address = rules.check_account(name, role), normalise_email(email)
    if store_id is not None:
        brands.get_store(session, store_id, brand_id=brand_id)
    values = {"store_id": store_id, "name": tidy, "role": role}
    view = StaffView(new_id(), brand_id, store_id, tidy, role)
    row = values | {"id": view.id, "brand_id": brand_id, "email": address, "created_at": now}
    if insert_ignore(session, StaffAccount, **row):
        return view
    returned = session.scalar(
        update(StaffAccount)
        .where(
            StaffAccount.brand_id == brand_id,
            StaffAccount.email == address,
            StaffAccount.disabled_at.is_not(None),
        )
        .values(disabled_at=None, pin_hash=None, **values)
        .returning(StaffAccount.id)
    )
    if returned is None:
        raise Conflict("staff_exists", "Somebody already has an account with this address.")
    return replace(view, id=returned)


def disable_staff(session: Session, staff_id: str, *, now: datetime, key: bytes) -> None:
    """Let an account open nothing from now on; it stays in histories. Raises NotFound."""
    row = session.execute(
        update(StaffAccount)
        .where(StaffAccount.id == staff_id)
        .values(disabled_at=now, pin_hash=None)
        .returning(StaffAccount.brand_id, StaffAccount.email)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if row is None:
        raise queries.staff_not_found()
    end_sessions(session, staff_id)
    accounts.forget_codes(session, brand_id=row.brand_id, email=row.email, key=key, door=DOOR)


def sign_in(
    session: Session,
    *,
    brand_id: str,
    email: str,
    code: str,
    device: str,
    now: datetime,
    key: bytes,
) -> str | None:
    """The token of a new session for whoever holds a mailed code and has an account.

    None otherwise, whatever the reason: a value, as a wrong code has to stay counted.
    """
    is_right = accounts.take_code(
        session, brand_id=brand_id, email=email, code=code, now=now, key=key, door=DOOR
    )
    found = queries.find_staff_by_email(session, brand_id, email)
    if not is_right or found is None:
        return None
    return open_session(session, found.id, device=device, now=now, key=key)


def open_session(
    session: Session, staff_id: str, *, device: str = "", now: datetime, key: bytes
) -> str:
    """Start a session for somebody who has proven who they are, and return its token."""
    token = new_secret()
    session.add(
        StaffSession(
            id=new_id(),
            token_hash=keyed_hash(key, SESSION_PURPOSE, token),
            staff_id=staff_id,
            device=rules.device_words(device),
            created_at=now,
            locks_at=now + rules.LOCK_AFTER,
            ends_at=now + rules.SESSION_LIFETIME,
        )
    )
    session.flush()
    return token


def touch(session: Session, session_id: str, *, now: datetime) -> None:
    """Keep a session open that was used; one that is locked stays locked."""
    session.execute(
        update(StaffSession)
        .where(StaffSession.id == session_id, StaffSession.locks_at > now)
        .values(locks_at=now + rules.LOCK_AFTER)
    )


def lock(session: Session, session_id: str, *, now: datetime) -> None:
    """Have a session ask for the PIN from now on."""
    session.execute(
        update(StaffSession)
        .where(StaffSession.id == session_id, StaffSession.locks_at > now)
        .values(locks_at=now)
    )


def set_pin(session: Session, staff_id: str, pin: str, *, key: bytes) -> None:
    """Choose the digits that unlock one's sessions. Raises Invalid for digits easily guessed."""
    hashed = _pin_hash(key, staff_id, rules.check_pin(pin))
    session.execute(update(StaffAccount).where(StaffAccount.id == staff_id).values(pin_hash=hashed))


def unlock(session: Session, session_id: str, pin: str, *, now: datetime, key: bytes) -> bool:
    """Open a locked session with its owner's PIN; tells whether it is open.

    A wrong one is counted, so commit either way; the fifth ends the session.
    """
    row = session.execute(
        select(StaffSession, StaffAccount.pin_hash)
        .join(StaffAccount, StaffAccount.id == StaffSession.staff_id)
        .where(StaffSession.id == session_id, StaffSession.ends_at > now)
        .with_for_update(of=StaffSession)
    ).one_or_none()
    if row is None:
        return False
    known, pin_hash = row
    typed = rules.normalise_pin(pin) or ""
    offered = [_pin_hash(one, known.staff_id, typed) for one in every(key)]
    if pin_hash is not None and any(hmac.compare_digest(pin_hash, one) for one in offered):
        session.execute(
            update(StaffAccount)
            .where(StaffAccount.id == known.staff_id)
            .values(pin_hash=offered[0])
        )
        known.wrong_pins, known.locks_at = 0, now + rules.LOCK_AFTER
        return True
    known.wrong_pins += 1
    if known.wrong_pins >= rules.PIN_ATTEMPTS:
        session.delete(known)
    return False


def end_session(session: Session, session_id: str, *, staff_id: str) -> None:
    """Sign out at one place of one's own; one that is over already stays over."""
    session.execute(
        delete(StaffSession).where(StaffSession.id == session_id, StaffSession.staff_id == staff_id)
    )


def end_sessions(session: Session, staff_id: str) -> None:
    """Sign out everywhere."""
    session.execute(delete(StaffSession).where(StaffSession.staff_id == staff_id))


def forget_old_sessions(session: Session, *, now: datetime) -> int:
    """Delete sessions that are over; tells how many."""
    result = session.execute(delete(StaffSession).where(StaffSession.ends_at <= now))
    assert isinstance(result, CursorResult)
    return result.rowcount


def _pin_hash(key: bytes, staff_id: str, pin: str) -> str:
    return keyed_hash(key, "staff-pin", f"{staff_id}\x00{pin}")
