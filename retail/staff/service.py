"""Writes of API keys."""

from datetime import datetime

from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from core.errors import NotFound
from core.ids import keyed_hash, new_id, new_secret
from retail.brands import queries as brands
from retail.staff import rules
from retail.staff.models import ApiKey
from retail.staff.queries import KEY_PURPOSE, KeyView


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


def note_use(session: Session, key_id: str, *, now: datetime) -> None:
    """Remember when the key was last used; an earlier instant than the one known is ignored."""
    session.execute(
        update(ApiKey)
        .where(ApiKey.id == key_id, or_(ApiKey.used_at.is_(None), ApiKey.used_at < now))
        .values(used_at=now)
    )
