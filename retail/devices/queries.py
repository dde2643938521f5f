"""Reads of devices and of where they stand."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, or_, select
from sqlalchemy.orm import Session

from core.errors import NotFound
from core.glance import Ask, Glance, within
from core.keys import keyed_hashes
from core.outbox import with_news
from retail.brands.queries import words_of
from retail.devices.models import Device, DeviceCode, FloorZone
from retail.devices.rules import TABLET, code_not_shown

TOKEN_PURPOSE = "device-token"  # noqa: S105 (what a token is for, no token)
CODE_PURPOSE = "device-code"


@dataclass(frozen=True)
class ZoneView:
    """A named part of a store's floor."""

    id: str
    brand_id: str
    store_id: str
    name: str


@dataclass(frozen=True)
class DeviceView:
    """A device that was let in. `antennas` gives zone ids by port, for readers that have several.

    `is_aged` says that its token is kept under a secret that does not sign any more, `is_next` that
    it is the one that replaces its own; `words` names the vocabulary of its brand.
    """

    id: str
    brand_id: str
    store_id: str
    zone_id: str
    zone_name: str
    role: str
    name: str
    antennas: dict[str, Any]
    seen_at: datetime | None
    revoked_at: datetime | None
    is_aged: bool = False
    words: str = ""
    is_next: bool = False

    def zone_of(self, antenna: int | None) -> str:
        """The zone that an antenna is in; the device's own where none was said."""
        return str(self.antennas.get(str(antenna), self.zone_id))

    def antennas_in(self, zones: Mapping[str, ZoneView]) -> dict[str, str]:
        """The names of the zones that its antennas are in, by port."""
        return {port: zones[zone_id].name for port, zone_id in self.antennas.items()}


_DEVICES: Select[*tuple[Any, ...]] = select(
    Device.id,
    Device.brand_id,
    Device.store_id,
    Device.zone_id,
    FloorZone.name,
    Device.role,
    Device.name,
    Device.antennas,
    Device.seen_at,
    Device.revoked_at,
).join(FloorZone, FloorZone.id == Device.zone_id)
_STANDING = _DEVICES.add_columns(words_of(Device.brand_id).label("words")).where(
    Device.revoked_at.is_(None)
)
# Whose token hashes to `token_hash`, its columns those of `DeviceView` up to `revoked_at`, and the
# words; for other rooms to build on.
LET_IN = _STANDING.where(Device.token_hash == bindparam("token_hash"))
_BY_TOKEN = Glance(LET_IN)
_BY_NEXT_TOKEN = Glance(_STANDING.where(Device.next_hash == bindparam("token_hash")))
# Differs whenever anything happened, or a device is another or elsewhere; none once it was revoked.
DEVICE_STAMP = with_news(
    select(Device.id, Device.role, Device.zone_id).where(
        Device.token_hash == bindparam("token_hash"), Device.revoked_at.is_(None)
    )
)
_REVOKED_TABLET = Glance(
    select(Device.id).where(
        or_(
            Device.token_hash == bindparam("token_hash"),
            Device.next_hash == bindparam("token_hash"),
        ),
        Device.role == TABLET,
        Device.revoked_at.is_not(None),
    )
)
_ZONES: Select[*tuple[Any, ...]] = select(
    FloorZone.id, FloorZone.brand_id, FloorZone.store_id, FloorZone.name
)


def find_device(session: Session, token: str, *, key: bytes) -> DeviceView | None:
    """Whose token this is; None for one that is wrong, was replaced or was revoked."""
    return glance_at_device(within(session), token, key=key)


def glance_at_device(ask: Ask, token: str, *, key: bytes) -> DeviceView | None:
    """As `find_device`, at a fraction of the price: devices ask often."""
    hashes = keyed_hashes(key, TOKEN_PURPOSE, token)
    for glance in (_BY_TOKEN, _BY_NEXT_TOKEN):
        for age, token_hash in enumerate(hashes):
            for row in ask(glance, token_hash=token_hash):
                found, is_next = let_in(row), glance is _BY_NEXT_TOKEN
                return replace(found, is_aged=age > 0, is_next=is_next)
    return None


def is_revoked_tablet(ask: Ask, token: str, *, key: bytes) -> bool:
    """Whether this is the token of a tablet that may do nothing any more."""
    hashes = keyed_hashes(key, TOKEN_PURPOSE, token)
    return any(ask(_REVOKED_TABLET, token_hash=one) for one in hashes)


def let_in(row: Sequence[Any]) -> DeviceView:
    """What a row of `LET_IN` says of the newest hash of a token."""
    *view, words = row
    return replace(DeviceView(*view), words=words)


def stamp_of(device: DeviceView, news: Sequence[Any]) -> tuple[Any, ...]:
    """What `DEVICE_STAMP` sees of a device that was let in, with what `NEWS` sees."""
    return device.id, device.role, device.zone_id, *news


def get_device(session: Session, device_id: str, *, store_ids: Iterable[str]) -> DeviceView:
    """A device of these stores. Raises NotFound."""
    row = session.execute(
        _DEVICES.where(Device.id == device_id, Device.store_id.in_(list(store_ids)))
    ).one_or_none()
    if row is None:
        raise NotFound("device_not_found", "There is no such device here.")
    return DeviceView(*row)


def devices_in(session: Session, store_ids: Iterable[str]) -> list[DeviceView]:
    """What stands in these stores and was not revoked, by zone and name."""
    rows = session.execute(
        _DEVICES.where(Device.store_id.in_(list(store_ids)), Device.revoked_at.is_(None)).order_by(
            FloorZone.name, Device.name, Device.id
        )
    )
    return [DeviceView(*row) for row in rows]


def zones_in(session: Session, store_ids: Iterable[str]) -> dict[str, ZoneView]:
    """The zones of some stores, by id."""
    rows = session.execute(_ZONES.where(FloorZone.store_id.in_(list(store_ids))))
    return {row[0]: ZoneView(*row) for row in rows}


def role_waiting(session: Session, shown: str, *, now: datetime, key: bytes) -> str:
    """What a device that shows this code wants to be. Raises Invalid."""
    role = session.scalar(
        select(DeviceCode.role).where(
            DeviceCode.shown_hash.in_(keyed_hashes(key, CODE_PURPOSE, shown)),
            DeviceCode.device_id.is_(None),
            DeviceCode.expires_at > now,
        )
    )
    if role is None:
        raise code_not_shown()
    return role
