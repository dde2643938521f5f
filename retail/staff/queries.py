"""Reads of API keys, staff accounts and their sessions."""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.errors import NotFound
from core.keys import key_id as newest_id
from core.keys import keyed_hashes
from retail.accounts.rules import normalise_email
from retail.brands.queries import words_of
from retail.staff import roles, rules
from retail.staff.models import ApiKey, StaffAccount, StaffSession
from retail.staff.rules import split_key_text

KEY_PURPOSE = "api-key"
SESSION_PURPOSE = "staff-session"


@dataclass(frozen=True)
class KeyView:
    """A key that may act for its brand, or for one store of it.

    `is_aged` says that it is kept under a secret that does not sign any more; `words` names the
    vocabulary of its brand.
    """

    id: str
    brand_id: str
    store_id: str | None
    kind: str
    name: str
    used_at: datetime | None = None
    is_aged: bool = False
    words: str = ""


@dataclass(frozen=True)
class KeyEntry(KeyView):
    """A key in the operator's list."""

    created_at: datetime = field(kw_only=True)
    revoked_at: datetime | None = field(kw_only=True)


@dataclass(frozen=True)
class StaffView:
    """Somebody who works for a brand; in all its stores where `store_id` is None."""

    id: str
    brand_id: str
    store_id: str | None
    name: str
    role: str

    @property
    def initials(self) -> str:
        """For an avatar."""
        return rules.initials(self.name)

    @property
    def title(self) -> str:
        """The name of the role."""
        return roles.ROLES[self.role].title

    def may(self, permission: str) -> bool:
        """Whether the role allows it."""
        return roles.may(self.role, permission)

    def works_at(self, store_id: str | None) -> bool:
        """Whether what belongs to this store, or to the whole brand, is theirs to see."""
        return rules.works_at(self.store_id, store_id)


@dataclass(frozen=True)
class SignedInStaff(StaffView):
    """Somebody found through a session, which asks for the PIN from `locks_at` on.

    `words` names the vocabulary of their brand.
    """

    session_id: str
    has_pin: bool
    locks_at: datetime
    ends_at: datetime
    words: str


@dataclass(frozen=True)
class StaffEntry(StaffView):
    """Somebody in the list of those who manage accounts."""

    email: str = field(repr=False)
    created_at: datetime
    disabled_at: datetime | None


@dataclass(frozen=True)
class StaffSessionView:
    """A place where somebody is signed in."""

    id: str
    device: str
    created_at: datetime
    locks_at: datetime
    ends_at: datetime


_VIEW = (ApiKey.id, ApiKey.brand_id, ApiKey.store_id, ApiKey.kind, ApiKey.name, ApiKey.used_at)
_STAFF = (
    StaffAccount.id,
    StaffAccount.brand_id,
    StaffAccount.store_id,
    StaffAccount.name,
    StaffAccount.role,
)
_BY_SESSION = (
    select(
        *_STAFF,
        StaffSession.id.label("session_id"),
        StaffAccount.pin_hash.is_not(None).label("has_pin"),
        StaffSession.locks_at,
        StaffSession.ends_at,
        words_of(StaffAccount.brand_id).label("words"),
    )
    .join(StaffSession, StaffSession.staff_id == StaffAccount.id)
    .where(StaffAccount.disabled_at.is_(None))
)
_BY_ID = select(
    *_VIEW, ApiKey.secret_hash, ApiKey.hash_key, words_of(ApiKey.brand_id).label("words")
).where(ApiKey.revoked_at.is_(None))


def find_key(session: Session, text: str, *, key: bytes) -> KeyView | None:
    """The key with this text, or None for unknown, wrong and revoked alike."""
    parts = split_key_text(text)
    if parts is None:
        return None
    key_id, secret = parts
    row = session.execute(_BY_ID.where(ApiKey.id == key_id)).one_or_none()
    offered = keyed_hashes(key, KEY_PURPOSE, f"{key_id}\x00{secret}")
    if row is None or not any(hmac.compare_digest(row.secret_hash, one) for one in offered):
        return None
    is_aged = row.secret_hash != offered[0] or row.hash_key != newest_id(key)
    view = (row.id, row.brand_id, row.store_id, row.kind, row.name, row.used_at)
    return KeyView(*view, is_aged=is_aged, words=row.words)


def under_other_keys(session: Session, newest: str, *, since: datetime) -> tuple[int, int]:
    """How many API keys, and how many sessions begun before `since`, other secrets signed."""
    keys = select(func.count()).where(
        ApiKey.revoked_at.is_(None), ApiKey.hash_key.is_distinct_from(newest)
    )
    sessions = select(func.count()).where(StaffSession.created_at < since)
    return session.scalar(keys) or 0, session.scalar(sessions) or 0


def list_keys(session: Session, brand_id: str) -> list[KeyEntry]:
    """All keys of a brand, revoked ones too, oldest first."""
    rows = session.execute(
        select(*_VIEW, ApiKey.created_at, ApiKey.revoked_at)
        .where(ApiKey.brand_id == brand_id)
        .order_by(ApiKey.created_at, ApiKey.id)
    )
    return [KeyEntry(**row._mapping) for row in rows]


def find_session(
    session: Session, token: str, *, now: datetime, key: bytes
) -> SignedInStaff | None:
    """Who is signed in with this token, locked or not, or None where it opens nothing any more."""
    hashes = keyed_hashes(key, SESSION_PURPOSE, token)
    row = session.execute(
        _BY_SESSION.where(StaffSession.token_hash.in_(hashes), StaffSession.ends_at > now)
    ).one_or_none()
    return None if row is None else SignedInStaff(**row._mapping)


def find_staff_by_email(session: Session, brand_id: str, email: str) -> StaffView | None:
    """Who may sign in for the brand with this address, or None."""
    row = session.execute(
        select(*_STAFF).where(
            StaffAccount.brand_id == brand_id,
            StaffAccount.email == normalise_email(email),
            StaffAccount.disabled_at.is_(None),
        )
    ).one_or_none()
    return None if row is None else StaffView(**row._mapping)


def get_staff(session: Session, staff_id: str, *, seen_by: StaffView) -> StaffView:
    """A colleague. Raises NotFound for absent, another brand's and another store's alike."""
    row = session.execute(
        select(*_STAFF).where(
            StaffAccount.id == staff_id, StaffAccount.brand_id == seen_by.brand_id
        )
    ).one_or_none()
    if row is None or not seen_by.works_at(row.store_id):
        raise staff_not_found()
    return StaffView(**row._mapping)


def list_staff(session: Session, brand_id: str, *, store_id: str | None = None) -> list[StaffEntry]:
    """Everybody of a brand, or of one store of it; those who left too, by name."""
    statement = select(
        *_STAFF, StaffAccount.email, StaffAccount.created_at, StaffAccount.disabled_at
    ).where(StaffAccount.brand_id == brand_id)
    if store_id is not None:
        statement = statement.where(StaffAccount.store_id == store_id)
    rows = session.execute(statement.order_by(StaffAccount.name, StaffAccount.id))
    return [StaffEntry(**row._mapping) for row in rows]


def names_of_staff(session: Session, staff_ids: Iterable[str]) -> dict[str, str]:
    """What colleagues are called, by id; those who left too, for histories."""
    rows = session.execute(
        select(StaffAccount.id, StaffAccount.name).where(StaffAccount.id.in_(list(staff_ids)))
    )
    return dict(rows.all())


def sessions_of(session: Session, staff_id: str, *, now: datetime) -> list[StaffSessionView]:
    """Where somebody is signed in, the newest first."""
    rows = session.execute(
        select(
            StaffSession.id,
            StaffSession.device,
            StaffSession.created_at,
            StaffSession.locks_at,
            StaffSession.ends_at,
        )
        .where(StaffSession.staff_id == staff_id, StaffSession.ends_at > now)
        .order_by(StaffSession.created_at.desc(), StaffSession.id.desc())
    )
    return [StaffSessionView(**row._mapping) for row in rows]


def staff_not_found() -> NotFound:
    """The one answer for everybody whom one may not see."""
    return NotFound("staff_not_found", "There is nobody here by this id.")
