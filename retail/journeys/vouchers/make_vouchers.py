"""Batches of vouchers: agreed on at once, made piece by piece, each piece one job."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from core.errors import Invalid
from core.outbox import enqueue
from loyalty.vouchers import batches, windows
from loyalty.vouchers.batches import BatchView
from loyalty.vouchers.terms import Terms, check_terms
from retail.brands import queries as brands
from retail.catalogue import sheets

JOB = "make_vouchers"


@dataclass(frozen=True)
class WantedBatch:
    """So many vouchers of the same terms, valid on whole days of a store, or of the brand."""

    reference: str
    size: int
    terms: Terms
    first_day: date
    last_day: date
    store: str | None = None


def begin_batch(
    session: Session, wanted: WantedBatch, *, brand_id: str, now: datetime
) -> BatchView:
    """Begin to make a batch; the same reference again is the same batch.

    Raises Invalid for what makes no sense, Conflict where the reference began another batch.
    """
    check_terms(wanted.terms, within="terms.")
    if wanted.terms.is_bound:
        sentence = "A batch has no members: agree on terms by name, for campaigns to give."
        raise Invalid("batch_unclear", sentence, fields={"terms.is_bound": [sentence]})
    problem = brands.find_trade_problem(session, brand_id, wanted.terms.currency)
    if problem:
        raise Invalid("batch_unclear", problem, fields={"terms.currency": [problem]})
    view = batches.begin(
        session,
        programme_id=brand_id,
        source=wanted.reference,
        terms=wanted.terms,
        size=wanted.size,
        window=windows.days(_zone(session, wanted, brand_id), wanted.first_day, wanted.last_day),
        now=now,
    )
    _enqueue(session, view.id, view.made, now)
    return view


def make_more(session: Session, batch_id: str, *, now: datetime, key: bytes) -> None:
    """Make the next piece and see to the one after it, in one transaction."""
    made = batches.make_more(session, batch_id, now=now, key=key)
    if made is not None:
        _enqueue(session, batch_id, made, now)


def export_csv(
    session: Session, batch_id: str, *, brand_id: str, now: datetime, key: bytes
) -> Iterator[str]:
    """All codes of a batch as CSV in which no cell is a formula, some lines at a time.

    Raises NotFound, before any line.
    """
    batches.get_batch(session, batch_id, programme_id=brand_id)
    found = batches.codes_of(session, batch_id, programme_id=brand_id, now=now, key=key)
    rows = (
        [one.code, one.state, "" if one.uses_left is None else str(one.uses_left)] for one in found
    )
    return sheets.written(["code", "state", "uses_left"], rows)


def _zone(session: Session, wanted: WantedBatch, brand_id: str) -> str:
    if wanted.store is None:
        return brands.get_brand(session, brand_id).zone
    for store in brands.list_stores(session, brand_id):
        if store.slug == wanted.store:
            return store.zone
    sentence = "This is none of your stores."
    raise Invalid("store_unknown", sentence, fields={"store": [sentence]})


def _enqueue(session: Session, batch_id: str, made: int, now: datetime) -> None:
    enqueue(session, JOB, {"batch_id": batch_id}, due_at=now, key=f"{JOB}:{batch_id}:{made}")
