"""Writes of devices: asked for, let in by staff, renamed, revoked.

The shape is that of the OAuth device flow: a device holds one code and shows another; staff
confirm the shown one; the held one brings its token, once. https://www.rfc-editor.org/rfc/rfc8628
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from core.ids import keyed_hash, new_id, new_secret, normalise_code
from core.keys import keyed_hashes
from core.outbox import emit
from core.sql import insert_ignore
from retail.devices import queries, rules
from retail.devices.models import Device, DeviceCode, FloorZone
from retail.devices.queries import CODE_PURPOSE, TOKEN_PURPOSE, DeviceView
from retail.devices.rules import Place


@dataclass(frozen=True)
class DeviceChanged:
    """A device was let in, renamed or revoked."""

    device_id: str


@dataclass(frozen=True)
class NewCode:
    """What a device holds and what it shows, for so many seconds, to be asked about so often."""

    device_code: str
    user_code: str
    verification_uri: str
    expires_in: int
    interval: int


@dataclass(frozen=True)
class NewToken:
    """The token of a device, given once; it says who it is in `Authorization: Bearer`."""

    access_token: str
    token_type: str = "Bearer"  # noqa: S105 (a kind of token)


def ask(session: Session, role: str, *, public_url: str, now: datetime, key: bytes) -> NewCode:
    """A new pair of codes for a device that wants to be let in. Raises Invalid for its role."""
    held, shown = new_secret(), rules.new_shown_code()
    session.add(
        DeviceCode(
            id=new_id(),
            held_hash=keyed_hash(key, CODE_PURPOSE, held),
            shown_hash=keyed_hash(key, CODE_PURPOSE, shown),
            role=rules.check_role(role),
            expires_at=now + rules.CODE_LIFETIME,
        )
    )
    session.flush()
    address = f"{public_url.rstrip('/')}/staff/devices"
    seconds = int(rules.CODE_LIFETIME.total_seconds())
    return NewCode(held, rules.in_groups(shown), address, seconds, rules.POLL_SECONDS)


def let_in(
    session: Session, shown: str, place: Place, *, brand_id: str, now: datetime, key: bytes
) -> str:
    """Let the device in that shows this code, once; gives its id.

    Raises Invalid for a code that is wrong, old or used, and for antennas of no reader.
    """
    code = normalise_code(shown) or ""
    role = queries.role_waiting(session, code, now=now, key=key)
    if place.antennas and role != rules.READER:
        raise rules.no_antennas()
    device_id = new_id()
    session.add(
        Device(
            id=device_id,
            brand_id=brand_id,
            store_id=place.store_id,
            zone_id=_zone(session, brand_id, place.store_id, place.zone),
            role=role,
            name=place.name,
            antennas=_antennas(session, brand_id, place.store_id, place.antennas),
            created_at=now,
        )
    )
    session.flush()
    taken = session.scalar(
        update(DeviceCode)
        .where(
            DeviceCode.shown_hash.in_(keyed_hashes(key, CODE_PURPOSE, code)),
            DeviceCode.device_id.is_(None),
            DeviceCode.expires_at > now,
        )
        .values(device_id=device_id)
        .returning(DeviceCode.id)
    )
    if taken is None:
        raise rules.code_not_shown()
    return device_id


def collect(session: Session, held: str, *, now: datetime, key: bytes) -> NewToken:
    """The token of a device that was let in, once.

    Raises Conflict while nobody confirmed it, NotFound for a code that is wrong, old or used.
    """
    row = session.execute(
        select(DeviceCode.id, DeviceCode.device_id).where(
            DeviceCode.held_hash.in_(keyed_hashes(key, CODE_PURPOSE, held)),
            DeviceCode.expires_at > now,
        )
    ).one_or_none()
    if row is None:
        raise rules.code_not_found()
    if row.device_id is None:
        raise rules.pending()
    token = rules.TOKEN_PREFIX + new_secret()
    given = session.scalar(
        update(Device)
        .where(Device.id == row.device_id, Device.token_hash.is_(None), Device.revoked_at.is_(None))
        .values(token_hash=keyed_hash(key, TOKEN_PURPOSE, token), token_since=now, seen_at=now)
        .returning(Device.id)
    )
    session.execute(delete(DeviceCode).where(DeviceCode.id == row.id))
    if given is None:
        raise rules.code_not_found()
    return NewToken(token)


def rename(session: Session, device: DeviceView, name: str) -> None:
    """Call a device something else. Raises Invalid."""
    tidy = rules.check_place(device.store_id, device.zone_name, name, "").name
    session.execute(update(Device).where(Device.id == device.id).values(name=tidy))
    emit(session, DeviceChanged(device.id), topics=[f"floor:{device.store_id}"])


def remap(session: Session, device: DeviceView, antennas: str) -> None:
    """Have a reader's antennas be in other zones from its next batch on. Raises Invalid.

    What it read before counts where it was read; of a tag that goes on being read, the zone that
    hears it now takes it over.
    """
    by_port = rules.read_antennas(antennas)
    if device.role != rules.READER:
        raise rules.no_antennas()
    zones = _antennas(session, device.brand_id, device.store_id, by_port)
    session.execute(update(Device).where(Device.id == device.id).values(antennas=zones))
    emit(session, DeviceChanged(device.id), topics=[f"floor:{device.store_id}"])


def revoke(session: Session, device: DeviceView, *, now: datetime) -> None:
    """Let a device do nothing from now on; revoked again, the first time stays."""
    session.execute(
        update(Device)
        .where(Device.id == device.id, Device.revoked_at.is_(None))
        .values(revoked_at=now)
    )
    topics = [f"floor:{device.store_id}", f"room:{device.zone_id}", rules.topic_of(device.id)]
    topics.append(f"kiosk:{device.id}")
    emit(session, DeviceChanged(device.id), topics=topics)


def forget_old(session: Session, *, now: datetime) -> None:
    """Delete codes whose time is over."""
    session.execute(delete(DeviceCode).where(DeviceCode.expires_at <= now))


def _antennas(
    session: Session, brand_id: str, store_id: str, antennas: Mapping[str, str]
) -> dict[str, str]:
    named = sorted(antennas.items())
    return {port: _zone(session, brand_id, store_id, zone) for port, zone in named}


def _zone(session: Session, brand_id: str, store_id: str, name: str) -> str:
    """The id of a zone of this name, in whatever case it is typed, made where there was none."""
    same = func.lower(FloorZone.name) == name.lower()
    ours = select(FloorZone.id).where(FloorZone.store_id == store_id, same).limit(1)
    found = session.scalar(ours)
    if found is None:
        row = {"brand_id": brand_id, "store_id": store_id, "name": name}
        insert_ignore(session, FloorZone, id=new_id(), **row)
        found = session.scalars(ours).one()
    return found
