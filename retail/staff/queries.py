"""Reads of API keys."""

import hmac
from dataclasses import dataclass, field
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
    used_at: datetime | None = None


@dataclass(frozen=True)
class KeyEntry(KeyView):
    """A key in the operator's list."""

    created_at: datetime = field(kw_only=True)
    revoked_at: datetime | None = field(kw_only=True)


_VIEW = (ApiKey.id, ApiKey.brand_id, ApiKey.store_id, ApiKey.kind, ApiKey.name, ApiKey.used_at)
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
    return KeyView(row.id, row.brand_id, row.store_id, row.kind, row.name, row.used_at)


def list_keys(session: Session, brand_id: str) -> list[KeyEntry]:
    """All keys of a brand, revoked ones too, oldest first."""
    rows = session.execute(
        select(*_VIEW, ApiKey.created_at, ApiKey.revoked_at)
        .where(ApiKey.brand_id == brand_id)
        .order_by(ApiKey.created_at, ApiKey.id)
    )
    return [KeyEntry(**row._mapping) for row in rows]
