"""Whether each exchange of a reward has its spend and its voucher, and shelves hold (R1)."""

from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy.orm import Session

from core import clock
from loyalty.ledger import queries as ledger
from loyalty.ledger.rules import Violation
from loyalty.rewards import queries as rewards
from loyalty.rewards.rules import ExchangeView
from loyalty.vouchers import queries as vouchers
from retail.brands import queries as brands
from retail.journeys.points.exchange_points import REWARD, source_of


class _Books(NamedTuple):
    """What each source paid and had back in points, and which sources brought a voucher."""

    paid: dict[str, int]
    returned: dict[str, int]
    issued: set[str]


def check_all_rewards(session: Session) -> list[Violation]:
    """Every breach of R1 in all brands; none is as it should be."""
    found = [Violation(one.rule, one.subject, one.detail) for one in rewards.verify(session)]
    for brand in brands.list_brands(session):
        books = _books(session, brand.id)
        exchanges = rewards.all_exchanges(session, brand.id)
        for exchange in exchanges:
            found += _of_exchange(session, brand.id, exchange, books)
        found += _of_nobody(books, {source_of(one.id) for one in exchanges})
    return found


def _books(session: Session, brand_id: str) -> _Books:
    return _Books(
        ledger.points_by_source(session, brand_id),
        ledger.reversed_by_source(session, brand_id),
        vouchers.sources_of(session, brand_id, prefix=f"{REWARD}:"),
    )


def _of_exchange(
    session: Session, brand_id: str, exchange: ExchangeView, books: _Books
) -> Iterator[Violation]:
    source = source_of(exchange.id)
    paid, came = -books.paid.get(source, 0), books.returned.get(source, 0)
    if paid != exchange.points:
        yield Violation("R1", source, f"{exchange.points} points are its price, {paid} were paid")
    due_back = exchange.points if exchange.back_at else 0
    if came != due_back:
        yield Violation("R1", source, f"{due_back} points were due back, {came} came")
    if source not in books.issued:
        yield Violation("R1", source, "it brought no voucher")
    elif exchange.back_at and not _is_void(session, brand_id, source):
        yield Violation("R1", source, "it was taken back, and its voucher was not")


def _of_nobody(books: _Books, known: set[str]) -> Iterator[Violation]:
    paid = {source for source in books.paid if source.startswith(f"{REWARD}:")}
    for source in sorted(paid - known):
        yield Violation("R1", source, "points were paid, and nothing was exchanged")
    for source in sorted(books.issued - known):
        yield Violation("R1", source, "a voucher was issued, and nothing was exchanged")


def _is_void(session: Session, brand_id: str, source: str) -> bool:
    voucher = vouchers.find_validity(session, brand_id, source, now=clock.now())
    return voucher is not None and voucher.state == "void"
