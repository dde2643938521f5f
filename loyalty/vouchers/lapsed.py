"""Uses that are free although a reservation has them: its time is over, or it gives way.

What lapses is free at that moment, not at a job's. What its owner holds away from tills keeps
no till from anything: it is theirs, and they stand there.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Select, Table, bindparam, case, literal, or_, select, union, update
from sqlalchemy.orm import Session

from core.sql import execute
from loyalty.vouchers.models import Redemption, Voucher, VoucherTerms, VoucherUse

_V, _T, _R, _U = (
    cast("Table", one.__table__).c for one in (Voucher, VoucherTerms, Redemption, VoucherUse)
)
_ASKED = (
    select(_V.id, _V.owner_id, _V.terms_id, _T.campaign_id)
    .join_from(Voucher, VoucherTerms, _T.id == _V.terms_id)
    .where(
        _V.programme_id == bindparam("programme"),
        _V.code_hash.in_(bindparam("hashes", expanding=True)),
    )
    .cte("asked")
)


def _held(*, gives_way: bool) -> Select[*tuple[Any, ...]]:
    """The uses that reservations have, with what is asked of each."""
    return (
        select(
            *(
                _U.id.label("use_id"),
                _U.redemption_id,
                _U.voucher_id,
                _U.terms_id,
                _U.owner_id,
                _T.campaign_id,
                _U.discount_minor,
                literal(gives_way).label("gives_way"),
            ),
        )
        .join_from(Redemption, VoucherUse, _U.redemption_id == _R.id)
        .join(VoucherTerms, _T.id == _U.terms_id)
        .where(
            _R.programme_id == bindparam("programme"),
            _R.state == "reserved",
            _R.gives_way if gives_way else ~_R.gives_way,
            _U.returned_at.is_(None),
        )
    )


# Whoever is overdue is rare, since their jobs come soon: so the search starts with them.
_OVERDUE = or_(
    _U.terms_id.in_(select(_ASKED.c.terms_id)),
    _T.campaign_id.in_(select(_ASKED.c.campaign_id)),
)
_OVER = _R.reserved_until <= bindparam("now")
_MINE = _U.owner_id == bindparam("asker")
_LAPSED = _held(gives_way=False).where(_OVER, _OVERDUE)
# For their owner: all that they hold themselves, and what lapsed of what others do.
_FOR_OWNERS = union(_LAPSED, _held(gives_way=True).where(or_(_MINE, _OVER & _OVERDUE)))
# For a till: that, and what anybody holds of the vouchers shown there, or their owners do.
_SHOWN = or_(_U.voucher_id.in_(select(_ASKED.c.id)), _U.owner_id.in_(select(_ASKED.c.owner_id)))
_FOR_TILLS = union(_LAPSED, _held(gives_way=True).where(or_(_MINE, _SHOWN, _OVER & _OVERDUE)))
_OWN = (
    select(_V.code_hash, _V.last_four)
    .join_from(Redemption, VoucherUse, _U.redemption_id == _R.id)
    .join(Voucher, _V.id == _U.voucher_id)
    .where(
        _R.programme_id == bindparam("programme"),
        _R.owner_id == bindparam("asker"),
        _R.gives_way,
        _R.state == "reserved",
        _R.reserved_until > bindparam("now"),
        _U.returned_at.is_(None),
    )
)


@dataclass(frozen=True)
class Asker:
    """Who puts vouchers to a basket: its owner, where known, at a till or by themselves."""

    owner_id: str | None
    is_till: bool = True
    with_held: bool = False


@dataclass(frozen=True)
class Lapsed:
    """A use that nobody has any more: of which voucher and terms, whose, and of which money.

    It `gives_way` where its owner held it, whether or not the time was over.
    """

    use_id: str
    redemption_id: str
    voucher_id: str
    terms_id: str
    owner_id: str | None
    campaign_id: str | None
    discount_minor: int
    gives_way: bool


def lapsed_beside(
    session: Session, programme_id: str, hashes: Sequence[str], *, asker: Asker, now: datetime
) -> tuple[Lapsed, ...]:
    """What lapsed of the vouchers behind hashes of codes, of their terms and their campaigns.

    All that such a voucher could lack: a use of its own, one of its owner, or money. With it
    what gives way to whoever asks.
    """
    asked = {"programme": programme_id, "hashes": list(hashes), "now": now}
    asked["asker"] = asker.owner_id
    statement = _FOR_TILLS if asker.is_till else _FOR_OWNERS
    found = [Lapsed(**row) for row in execute(session, statement, asked).mappings()]
    return tuple(sorted(found, key=lambda one: one.use_id))


def free_of(session: Session, voucher_id: str, *, now: datetime) -> list[tuple[str, str]]:
    """The uses of a voucher that lapsed or give way, each with its redemption."""
    rows = session.execute(
        select(VoucherUse.id, VoucherUse.redemption_id)
        .join(Redemption, Redemption.id == VoucherUse.redemption_id)
        .where(
            VoucherUse.voucher_id == voucher_id,
            VoucherUse.returned_at.is_(None),
            Redemption.state == "reserved",
            or_(Redemption.reserved_until <= now, Redemption.gives_way),
        )
        .order_by(VoucherUse.id)
    )
    return [(use_id, redemption_id) for use_id, redemption_id in rows]


def own_held(session: Session, programme_id: str, asker: Asker, now: datetime) -> dict[str, str]:
    """What the asker holds themselves: the last four characters of codes, by their hashes."""
    asked = {"programme": programme_id, "asker": asker.owner_id, "now": now}
    return {row.code_hash: row.last_four for row in execute(session, _OWN, asked)}


def lock_beside(
    session: Session, lapsed: Iterable[Lapsed], hashes: Collection[str]
) -> frozenset[str]:
    """Lock the vouchers of what lapsed and those behind hashes of codes, in the order of all."""
    ids = {one.voucher_id for one in lapsed}
    locked = session.scalars(
        select(Voucher.id)
        .where(or_(Voucher.id.in_(ids), Voucher.code_hash.in_(hashes)))
        .order_by(Voucher.id)
        .with_for_update()
    )
    return frozenset(locked)


def close_emptied(
    session: Session,
    programme_id: str,
    redemption_ids: Collection[str],
    *,
    holder_id: str | None,
    now: datetime,
) -> None:
    """End those of these holds, and of a holder's, that have no use any more."""
    live = select(VoucherUse.id).where(
        VoucherUse.redemption_id == Redemption.id, VoucherUse.returned_at.is_(None)
    )
    session.execute(
        update(Redemption)
        .where(
            Redemption.programme_id == programme_id,
            Redemption.gives_way,
            Redemption.state == "reserved",
            or_(Redemption.id.in_(redemption_ids), Redemption.owner_id == holder_id),
            ~live.exists(),
        )
        .values(
            state=case((Redemption.reserved_until <= now, "lapsed"), else_="released"),
            settled_at=now,
        ),
        execution_options={"synchronize_session": False},
    )
