"""Offers beside a sale: made within a time budget, once the sale is safe, and read for its reply.

Nothing here may fail a sale or keep its till waiting: whatever goes wrong or takes too long, the
sale has no offer.
"""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from threading import BoundedSemaphore

import structlog
from flask import current_app
from flask_babel import force_locale, gettext
from sqlalchemy.orm import Session

from core import clock
from core.config import Settings
from core.transaction import Database, database
from loyalty.vouchers import queries as vouchers
from retail.brands import queries as brands
from retail.journeys.offers import offer as journey
from retail.journeys.offers.rank_goods import ranker_of
from retail.journeys.offers.set_offer_terms import terms_of
from retail.journeys.offers.show_offer import facts_of
from retail.offers import queries
from retail.offers.queries import OfferView
from retail.offers.rules import PAPER_COLUMNS, Ranker
from retail.offers.terms import OfferTerms
from retail.offers.wording import on_paper
from retail.receipts import queries as receipts
from web.auth import settings
from web.language import SPEECH
from web.pages.formats import last_day

Rankers = Callable[[str, Path], Ranker | None]
RANKERS = "RANKERS"
"""An application that ranks in another way than by the bundle that serves says so under this."""

_THREADS = 4
_pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="offers")
# Who finds every thread busy goes without, so that no queue of late offers builds up.
_free = BoundedSemaphore(_THREADS)
log = structlog.get_logger()


@dataclass(frozen=True)
class PrintedOffer:
    """An offer for the slip: whole lines, beneath them the voucher's code and until when."""

    id: str
    kind: str
    sku: str
    percent: int
    valid_until: datetime
    code: str
    lines: tuple[str, ...]
    until: str


@dataclass(frozen=True)
class _Sale:
    """A sale that is safe, and until when of `time.monotonic` an offer for it is in time.

    `steps` are those that were begun, for whoever wants to know where it ended.
    """

    receipt_id: str
    now: datetime
    until: float
    settings: Settings
    terms: OfferTerms
    rankers: Rankers
    steps: list[str] = field(default_factory=list)


class TooLate(Exception):
    """The time for an offer is over; what was begun is rolled back."""


def offer_within_budget(receipt_id: str) -> None:
    """Make an offer for a sale if its brand's budget of time allows; never raises."""
    began, rankers = time.monotonic(), current_app.config.get(RANKERS, ranker_of)
    steps = ["terms"]
    try:
        terms = _terms_for(receipt_id)
        if not _free.acquire(blocking=False):
            return
        steps.append("wait")
        until = began + terms.budget_milliseconds / 1000
        sale = _Sale(receipt_id, clock.now(), until, settings(), terms, rankers, steps)
        future: Future[None] = _pool.submit(_offer, database(), sale)
        future.add_done_callback(lambda _: _free.release())
        future.result(timeout=max(0.0, until - time.monotonic()))
    except Exception as error:  # noqa: BLE001 (whatever it is, the sale stands)
        log.warning("no_offer", step=steps[-1], reason=type(error).__name__)


def offers_for_slip(receipt_id: str, columns: int = PAPER_COLUMNS) -> tuple[PrintedOffer, ...]:
    """What a receipt's offers say on paper just now, from rows alone; those with nothing left out.

    Its lines hold so many `columns` at most.

    Never raises.
    """
    try:
        with database().read() as session:
            made = queries.offers_on(session, receipt_id)
            found = [_printed(session, one, columns) for one in made]
    except Exception as error:  # noqa: BLE001 (whatever it is, the sale stands)
        log.warning("no_offer", step="print", reason=type(error).__name__)
        return ()
    return tuple(one for one in found if one is not None)


def _offer(db: Database, sale: _Sale) -> None:
    terms, now, age = sale.terms, sale.now, sale.settings.minimum_age_years
    sale.steps.append("draw")
    with db.write() as session:
        buyer = journey.draw(session, sale.receipt_id, now=now, minimum_age=age)
        _in_time(sale)
    sale.steps.append("load")
    ranker = sale.rankers(buyer.receipt.brand_id, sale.settings.data_dir) if buyer else None
    if buyer is None or ranker is None:
        return
    sale.steps.append("think")
    with db.read() as session:
        given = {"ranker": ranker, "terms": terms, "now": now, "minimum_age": age}
        choice = journey.think(session, buyer, **given)
    _in_time(sale)
    if choice is None:
        return
    sale.steps.append("make")
    with db.write() as session:
        key = sale.settings.key
        journey.make(session, buyer, choice, terms=terms, now=now, key=key)
        _in_time(sale)


def _terms_for(receipt_id: str) -> OfferTerms:
    with database().read() as session:
        brand_id = receipts.get_receipt(session, receipt_id).brand_id
        return terms_of(session, brand_id, settings())


def _in_time(sale: _Sale) -> None:
    if time.monotonic() > sale.until:
        raise TooLate


def _printed(session: Session, one: OfferView, columns: int) -> PrintedOffer | None:
    known, now = settings(), clock.now()
    if not one.is_open(now):
        return None
    age = known.minimum_age_years
    facts = facts_of(session, one, channel="print", now=now, minimum_age=age)
    if facts is None:
        return None
    store = brands.get_store(session, one.store_id)
    with force_locale(store.locale.replace("-", "_")):
        most = terms_of(session, one.brand_id, known).print_lines
        lines = on_paper(facts, SPEECH, most=most, columns=columns)
        day = last_day(one.ends_at, store.zone, "d MMMM")
        until = gettext("Show it at the till, until %(moment)s.", moment=day)
    mine = vouchers.vouchers_of(session, one.brand_id, one.member_id, now=now, key=known.key)
    voucher = next((each for each in mine if each.id == one.voucher_id), None)
    if voucher is None or not lines:
        return None
    return PrintedOffer(
        one.id, one.kind, facts.sku, one.percent, one.ends_at, voucher.code, lines, until
    )
