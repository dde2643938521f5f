"""Whether points are still what receipts and their terms make of them (L7)."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from loyalty.earning import queries as earning
from loyalty.earning.rules import points_in
from loyalty.ledger import queries as ledger
from loyalty.ledger.rules import POINTS, WALLETS, Violation
from retail.receipts.returned import sums_of


def check_points(session: Session, programme_id: str) -> list[Violation]:
    """Every award that does not come out again, from its terms, its receipt, or in the books."""
    return [
        *_computed_otherwise(session, programme_id),
        *_posted_otherwise(session, programme_id),
        *_sold_otherwise(session, programme_id),
    ]


def _computed_otherwise(session: Session, programme_id: str) -> Iterator[Violation]:
    for off in earning.differing(session, programme_id):
        detail = f"{off.kept} points were kept, its terms give {off.computed}"
        yield Violation("L7", off.source, detail)


def _posted_otherwise(session: Session, programme_id: str) -> Iterator[Violation]:
    posted = ledger.points_by_source(session, programme_id)
    for award in earning.all_awards(session, programme_id):
        for wallet in WALLETS:
            source = award.source if wallet == POINTS else f"{award.source}:{wallet}"
            earned, in_books = points_in(award.parts, wallet), posted.get(source, 0)
            if earned != in_books:
                detail = f"{earned} points were awarded, {in_books} posted"
                yield Violation("L7", source, detail)


def _sold_otherwise(session: Session, programme_id: str) -> Iterator[Violation]:
    """Receipts that were erased or never came here are none of ours to compare."""
    sold = sums_of(session, programme_id)
    for source, total_minor in earning.sums_of_baskets(session, programme_id):
        receipt_id = source.removeprefix("receipt:")
        if receipt_id in sold and sold[receipt_id] != total_minor:
            detail = f"the award was for {total_minor}, the receipt says {sold[receipt_id]}"
            yield Violation("L7", source, detail)
