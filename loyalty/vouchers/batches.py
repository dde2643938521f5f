"""Many vouchers of one kind: made piece by piece, exported with their codes, voided together."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import CursorResult, Select, func, select, tuple_, update
from sqlalchemy.orm import Session

from core.errors import Conflict, Invalid, NotFound
from core.ids import new_id
from core.sql import insert_ignore, insert_many
from loyalty.vouchers import codes, queries, service
from loyalty.vouchers.models import Voucher, VoucherBatch, VoucherTerms, VoucherUse
from loyalty.vouchers.rules import state_at
from loyalty.vouchers.terms import Terms
from loyalty.vouchers.windows import Window

MOST = 1_000_000
REASON_LENGTH = 200
PIECE = 2_000
_PAGE = 5_000
_ROWS = select(VoucherBatch, VoucherTerms).join(
    VoucherTerms, VoucherTerms.id == VoucherBatch.terms_id
)


@dataclass(frozen=True)
class BatchView:
    """How far a batch has come: `made` of `size` vouchers exist. Void, no more are made."""

    id: str
    state: Literal["making", "ready", "void"]
    size: int
    made: int
    valid_from: datetime
    valid_until: datetime
    created_at: datetime
    voided_at: datetime | None
    void_reason: str | None


@dataclass(frozen=True)
class BatchRow:
    """A batch as whoever looks after it sees it: its name, its terms, and what came of it.

    `uses` are those that tills redeemed or hold, `discount_minor` is what they took off.
    """

    batch: BatchView
    reference: str
    terms: Terms
    uses: int
    discount_minor: int


@dataclass(frozen=True)
class BatchCode:
    """One voucher of a batch, with its code as it is printed."""

    code: str
    state: str
    uses_left: int | None


def begin(
    session: Session,
    *,
    programme_id: str,
    source: str,
    terms: Terms,
    size: int,
    window: Window,
    now: datetime,
) -> BatchView:
    """Write a batch down, empty, once for each source; `make_more` fills it.

    Raises Invalid for what makes no sense, Conflict where the source began another batch.
    """
    queries.check_validity(*window)
    if not 1 <= size <= MOST:
        sentence = f"A batch has 1 to {MOST} vouchers."
        raise Invalid("batch_unclear", sentence, fields={"size": [sentence]})
    terms_id = service.agree(
        session, programme_id=programme_id, source=f"{queries.BATCH}{source}", terms=terms, now=now
    )
    what = {"terms_id": terms_id, "size": size, **window._asdict()}
    insert_ignore(
        session,
        VoucherBatch,
        id=new_id(),
        programme_id=programme_id,
        source=source,
        made=0,
        created_at=now,
        **what,
    )
    row = session.scalars(
        select(VoucherBatch).where(
            VoucherBatch.programme_id == programme_id, VoucherBatch.source == source
        )
    ).one()
    if any(getattr(row, name) != value for name, value in what.items()):
        raise Conflict("source_differs", "This source already began another batch.")
    return _view(row)


def make_more(session: Session, batch_id: str, *, now: datetime, key: bytes) -> int | None:
    """Make the next vouchers of a batch; tells how many there are, None where none is missing."""
    batch = session.scalar(_locked(batch_id))
    if batch is None or batch.voided_at is not None or batch.made >= batch.size:
        return None
    uses = session.get_one(VoucherTerms, batch.terms_id).uses
    until = min(batch.made + PIECE, batch.size)
    rows = []
    for number in range(batch.made, until):
        voucher_id = new_id()
        code = codes.code_of(voucher_id, key)
        rows.append(
            {
                "id": voucher_id,
                "programme_id": batch.programme_id,
                "terms_id": batch.terms_id,
                "batch_id": batch.id,
                "source": f"batch:{batch.id}:{number}",
                "code_hash": codes.hash_of(code, key),
                "last_four": code[-4:],
                "state": "issued",
                "uses_left": uses,
                "valid_from": batch.valid_from,
                "valid_until": batch.valid_until,
                "issued_at": now,
            }
        )
    insert_many(session, Voucher, rows)
    batch.made = until
    session.flush()
    return until if until < batch.size else None


def void_batch(
    session: Session, batch_id: str, *, programme_id: str, now: datetime, reason: str | None = None
) -> tuple[BatchView, int]:
    """End all vouchers of a batch that can still be used, and make no more; tells how many ended.

    Repeated, it ends none, and the first reason stays. Raises NotFound.
    """
    get_batch(session, batch_id, programme_id=programme_id)
    batch = session.scalars(_locked(batch_id)).one()
    if batch.voided_at is None:
        batch.voided_at, batch.void_reason = now, reason
    session.flush()
    ended = session.execute(
        update(Voucher)
        .where(Voucher.batch_id == batch_id, Voucher.state == "issued")
        .values(state="void"),
        execution_options={"synchronize_session": False},
    )
    assert isinstance(ended, CursorResult)
    return _view(batch), ended.rowcount


def get_batch(session: Session, batch_id: str, *, programme_id: str) -> BatchView:
    """A batch of the programme. Raises NotFound."""
    row = session.get(VoucherBatch, batch_id, populate_existing=True)
    if row is None or row.programme_id != programme_id:
        raise NotFound("batch_not_found", "We don’t know this batch.")
    return _view(row)


def page(
    session: Session,
    programme_id: str,
    *,
    after: tuple[datetime, str] | None = None,
    limit: int = 20,
) -> list[BatchRow]:
    """Some batches of a programme, the newest first; a page begins after when and id of one."""
    chosen = _ROWS.where(VoucherBatch.programme_id == programme_id)
    if after is not None:
        chosen = chosen.where(tuple_(VoucherBatch.created_at, VoucherBatch.id) < after)
    newest = chosen.order_by(VoucherBatch.created_at.desc(), VoucherBatch.id.desc())
    return _rows(session, newest.limit(limit))


def get_row(session: Session, batch_id: str, *, programme_id: str) -> BatchRow:
    """One batch of the programme with what came of it. Raises NotFound."""
    get_batch(session, batch_id, programme_id=programme_id)
    return _rows(session, _ROWS.where(VoucherBatch.id == batch_id))[0]


def _rows(session: Session, chosen: Select[VoucherBatch, VoucherTerms]) -> list[BatchRow]:
    found = session.execute(chosen.execution_options(populate_existing=True)).all()
    uses = session.execute(
        select(Voucher.batch_id, func.count(), func.sum(VoucherUse.discount_minor))
        .join(VoucherUse, VoucherUse.voucher_id == Voucher.id)
        .where(
            Voucher.batch_id.in_([batch.id for batch, _ in found]),
            VoucherUse.returned_at.is_(None),
        )
        .group_by(Voucher.batch_id)
    )
    used = {batch_id: (int(count), int(minor)) for batch_id, count, minor in uses}
    return [
        BatchRow(_view(batch), batch.source, queries.terms_of(terms), *used.get(batch.id, (0, 0)))
        for batch, terms in found
    ]


def codes_of(
    session: Session, batch_id: str, *, programme_id: str, now: datetime, key: bytes
) -> Iterator[BatchCode]:
    """Every voucher of a batch in the order of making, its code computed anew from the key."""
    get_batch(session, batch_id, programme_id=programme_id)
    after: str | None = ""
    while after is not None:
        rows = session.execute(
            select(
                Voucher.id,
                Voucher.code_hash,
                Voucher.state,
                Voucher.valid_until,
                Voucher.uses_left,
            )
            .where(Voucher.batch_id == batch_id, Voucher.id > after)
            .order_by(Voucher.id)
            .limit(_PAGE)
        ).all()
        for voucher_id, stored, state, valid_until, uses_left in rows:
            code = codes.shown(codes.printed_code(voucher_id, stored, key))
            used_up = state == "issued" and uses_left == 0
            shown = "used" if used_up else state_at(state, valid_until, now)  # type: ignore[arg-type]
            yield BatchCode(code, shown, uses_left)
        after = rows[-1].id if rows else None


def _locked(batch_id: str) -> Select[VoucherBatch]:
    locked = select(VoucherBatch).where(VoucherBatch.id == batch_id).with_for_update()
    return locked.execution_options(populate_existing=True)


def _view(row: VoucherBatch) -> BatchView:
    state: Literal["making", "ready", "void"] = "making" if row.made < row.size else "ready"
    return BatchView(
        id=row.id,
        state="void" if row.voided_at else state,
        size=row.size,
        made=row.made,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        created_at=row.created_at,
        voided_at=row.voided_at,
        void_reason=row.void_reason,
    )
