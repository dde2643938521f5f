"""Reads of API keys."""

import hmac
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.ids import keyed_hash
from retail.staff.models import ApiKey
from retail.staff.rules import split_key_text

KEY_PURPOSE = "api-key"


@dataclass(frozen=True)
class KeyView:
    """A key that may act for its brand, or for one store of it."""

    id: str
    brand_id: str
    store_id: str | None
    kind: str
    name: str


@dataclass(frozen=True)
class KeyEntry(KeyView):
    """A key in the operator's list."""

    created_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None


_VIEW = (ApiKey.id, ApiKey.brand_id, ApiKey.store_id, ApiKey.kind, ApiKey.name)
_BY_ID = select(*_VIEW, ApiKey.secret_hash).where(ApiKey.revoked_at.is_(None))


def find_key(session: Session, text: str, *, key: bytes) -> KeyView | None:
    """The key with this text, or None for unknown, wrong and revoked alike."""
    parts = split_key_text(text)
    if parts is None:
        return None
    key_id, secret = parts
    row = session.execute(_BY_ID.where(ApiKey.id == key_id)).one_or_none()
    offered = keyed_hash(key, KEY_PURPOSE, f"{key_id}\x00{secret}")
    if row is None or not hmac.compare_digest(row.secret_hash, offered):
        return None
    return KeyView(row.id, row.brand_id, row.store_id, row.kind, row.name)


def list_keys(session: Session, brand_id: str) -> list[KeyEntry]:
    """All keys of a brand, revoked ones too, oldest first."""
    rows = session.execute(
        select(*_VIEW, ApiKey.created_at, ApiKey.used_at, ApiKey.revoked_at)
        .where(ApiKey.brand_id == brand_id)
        .order_by(ApiKey.created_at, ApiKey.id)
    )
    return [KeyEntry(*row) for row in rows]
