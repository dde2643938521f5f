"""Tokens that change by themselves: a device is handed its next one, and using it makes it its own.

Until then both count, so an answer that never arrived locks nobody out; afterwards the one before
is worth nothing, as with refresh tokens: https://www.rfc-editor.org/rfc/rfc9700#section-4.14.2
A device is noted as seen once a minute, so what it sent by the one before has arrived by then.
"""

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.ids import keyed_hash
from core.keys import keyed_hashes, maker
from core.outbox import emit
from retail.devices.models import Device
from retail.devices.queries import TOKEN_PURPOSE, DeviceView
from retail.devices.rules import TOKEN_PREFIX, topic_of
from retail.devices.service import DeviceChanged

NEXT_PURPOSE = "device-token-next"


def note_seen(
    session: Session, device: DeviceView, token: str, *, now: datetime, key: bytes
) -> None:
    """Remember that a device was heard of by this token, which is its only one from now on if it is
    its next; kept under the newest secret.

    What it had open by the one before ends. Nothing happens where the token was replaced meanwhile.
    """
    hashes = keyed_hashes(key, TOKEN_PURPOSE, token)
    if not device.is_next:
        session.execute(
            update(Device)
            .where(Device.id == device.id, Device.token_hash.in_(hashes))
            .values(seen_at=now, token_hash=hashes[0])
        )
        return
    taken = session.scalar(
        update(Device)
        .where(Device.id == device.id, Device.next_hash.in_(hashes))
        .values(seen_at=now, token_hash=hashes[0], token_since=now, next_hash=None)
        .returning(Device.id)
    )
    if taken is not None:
        emit(session, DeviceChanged(device.id), topics=[topic_of(device.id)])


def next_token(
    session: Session,
    device: DeviceView,
    token: str,
    *,
    age: timedelta = timedelta(0),
    now: datetime,
    key: bytes,
) -> str | None:
    """The token to hand a device in place of this one, the same each time it is asked for.

    None where this one is younger than `age`, or not the device's own any more.
    """
    hashes = keyed_hashes(key, TOKEN_PURPOSE, token)
    its_own = (Device.id == device.id, Device.token_hash.in_(hashes))
    row = session.execute(
        select(Device.token_since, Device.next_hash).where(*its_own)
    ).one_or_none()
    if row is None or now - (row.token_since or now) < age:
        return None
    # Two processes may sign with different secrets: what was handed out already stays.
    secret = maker(
        key, lambda one: row.next_hash in keyed_hashes(key, TOKEN_PURPOSE, _next(one, token))
    )
    coming = _next(secret, token)
    session.execute(
        update(Device).where(*its_own).values(next_hash=keyed_hash(key, TOKEN_PURPOSE, coming))
    )
    return coming


def _next(secret: bytes, token: str) -> str:
    return TOKEN_PREFIX + keyed_hash(secret, NEXT_PURPOSE, token)
