"""What codes open: vouchers as they stand, and what is free of what reservations have."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Row, Table, bindparam, select
from sqlalchemy.orm import Session

from core.keys import every
from core.sql import execute
from loyalty.vouchers import codes, queries
from loyalty.vouchers.lapsed import Asker, Lapsed, lapsed_beside, lock_beside, own_held
from loyalty.vouchers.models import Voucher, VoucherTerms
from loyalty.vouchers.pricing import Offer, Refused
from loyalty.vouchers.terms import Terms

# Prebuilt and on the tables: every redemption passes here, and the till waits.
_VOUCHERS, _TERMS = (cast("Table", one.__table__) for one in (Voucher, VoucherTerms))
_V, _T = _VOUCHERS.c, _TERMS.c
_BEHIND = (
    select(
        *(_V.id.label("voucher_id"), _V.code_hash, _V.last_four, _V.state, _V.owner_id),
        *(_V.issued_at, _V.valid_from, _V.valid_until, _V.uses_left, _V.terms_id),
        *(_T[one.name] for one in fields(Terms)),
    )
    .join_from(_VOUCHERS, _TERMS, _T.id == _V.terms_id)
    .where(
        _V.programme_id == bindparam("programme"),
        _V.code_hash.in_(bindparam("hashes", expanding=True)),
    )
    .order_by(_V.id)
)
_LOCKED = _BEHIND.with_for_update(of=_VOUCHERS)


@dataclass(frozen=True)
class Shown:
    """What codes opened: vouchers as offers, and the codes that opened nothing.

    `lapsed` is what reservations hold no more of what the offers may lack.
    """

    offers: tuple[Offer, ...]
    refused: tuple[Refused, ...]
    lapsed: tuple[Lapsed, ...] = ()


def look_up(
    session: Session,
    programme_id: str,
    typed: Sequence[str],
    *,
    asker: Asker,
    now: datetime,
    key: bytes,
    locks: bool = False,
) -> Shown:
    """The vouchers behind codes as somebody typed them; locked on demand, by id.

    Then those are locked too of which something lapsed or gives way, so that it can be given
    back. To an owner by themselves, vouchers of others open nothing.
    """
    known: dict[str, str] = {}
    refused = []
    for text in typed:
        plain = codes.read(text)
        if plain is None:
            refused.append(Refused(ending(text), "unknown"))
        else:
            known |= {codes.hash_of(plain, one): plain for one in every(key)}
    if asker.with_held and asker.owner_id is not None:
        known = own_held(session, programme_id, asker, now) | known
    found, lapsed = _behind(session, programme_id, list(known), asker, now, locks=locks)
    opened = {known[row.code_hash] for row in found}
    unknown = {plain for plain in known.values() if plain not in opened}
    refused += [Refused(plain[-4:], "unknown") for plain in sorted(unknown)]
    return Shown(tuple(map(_offer, found)), tuple(refused), lapsed)


def _behind(
    session: Session,
    programme_id: str,
    hashes: list[str],
    asker: Asker,
    now: datetime,
    *,
    locks: bool,
) -> tuple[list[Row[Any]], tuple[Lapsed, ...]]:
    """The rows behind hashes, and what lapsed beside them."""
    lapsed = lapsed_beside(session, programme_id, hashes, asker=asker, now=now)
    locked = lock_beside(session, lapsed, hashes) if lapsed and locks else frozenset()
    asked = {"programme": programme_id, "hashes": hashes}
    found = list(execute(session, _LOCKED if locks else _BEHIND, asked))
    if locks and (lapsed or any(row.uses_left == 0 for row in found)):
        # Whoever had the locks before us may have given some of it back, or held it anew.
        locked |= {row.voucher_id for row in found}
        again = lapsed_beside(session, programme_id, hashes, asker=asker, now=now)
        lapsed = tuple(one for one in again if one.voucher_id in locked)
    if not asker.is_till:
        found = [row for row in found if row.owner_id in (None, asker.owner_id)]
    return found, lapsed


def ending(text: str) -> str:
    """The last four characters of what somebody typed, by which it is known to them."""
    return "".join(c for c in text.upper() if c.isalnum() and c.isascii())[-4:]


def _offer(row: Row[Any]) -> Offer:
    return Offer(
        voucher_id=row.voucher_id,
        ends_in=row.last_four,
        terms_id=row.terms_id,
        terms=queries.terms_of(row),
        is_void=row.state == "void",
        owner_id=row.owner_id,
        issued_at=row.issued_at,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        uses_left=row.uses_left,
    )
