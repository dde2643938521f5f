"""Uses that reservations hold although their time is over: free at that moment, not at a job's."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import Table, bindparam, or_, select
from sqlalchemy.orm import Session

from core.sql import execute
from loyalty.vouchers.models import Redemption, Voucher, VoucherTerms, VoucherUse

_V, _T, _R, _U = (
    cast("Table", one.__table__).c for one in (Voucher, VoucherTerms, Redemption, VoucherUse)
)
_ASKED = (
    select(_V.terms_id, _T.campaign_id)
    .join_from(Voucher, VoucherTerms, _T.id == _V.terms_id)
    .where(
        _V.programme_id == bindparam("programme"),
        _V.code_hash.in_(bindparam("hashes", expanding=True)),
    )
    .cte("asked")
)
# Whoever is overdue is rare, since their jobs come soon: so the search starts with them.
_LAPSED = (
    select(
        *(
            _U.id.label("use_id"),
            _U.voucher_id,
            _U.terms_id,
            _U.owner_id,
            _T.campaign_id,
            _U.discount_minor,
        ),
    )
    .join_from(Redemption, VoucherUse, _U.redemption_id == _R.id)
    .join(VoucherTerms, _T.id == _U.terms_id)
    .where(
        _R.programme_id == bindparam("programme"),
        _R.state == "reserved",
        _R.reserved_until <= bindparam("now"),
        _U.returned_at.is_(None),
        or_(
            _U.terms_id.in_(select(_ASKED.c.terms_id)),
            _T.campaign_id.in_(select(_ASKED.c.campaign_id)),
        ),
    )
    .order_by(_U.id)
)


@dataclass(frozen=True)
class Lapsed:
    """A use that nobody has any more: of which voucher and terms, whose, and of which money."""

    use_id: str
    voucher_id: str
    terms_id: str
    owner_id: str | None
    campaign_id: str | None
    discount_minor: int


def lapsed_beside(
    session: Session, programme_id: str, hashes: Sequence[str], *, now: datetime
) -> tuple[Lapsed, ...]:
    """What lapsed of the vouchers behind hashes of codes, of their terms and their campaigns.

    All that such a voucher could lack: a use of its own, one of its owner, or money.
    """
    asked = {"programme": programme_id, "hashes": list(hashes), "now": now}
    return tuple(Lapsed(**row) for row in execute(session, _LAPSED, asked).mappings())


def lock_beside(session: Session, lapsed: Iterable[Lapsed], hashes: Sequence[str]) -> None:
    """Lock the vouchers of what lapsed and those behind hashes of codes, in the order of all."""
    ids = {one.voucher_id for one in lapsed}
    session.execute(
        select(Voucher.id)
        .where(or_(Voucher.id.in_(ids), Voucher.code_hash.in_(hashes)))
        .order_by(Voucher.id)
        .with_for_update()
    )
