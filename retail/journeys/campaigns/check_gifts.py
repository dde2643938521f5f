"""Whether what campaigns gave is counted (C1), within their limits (C2), and booked (C3)."""

from collections import Counter
from collections.abc import Iterator, Sequence

from sqlalchemy.orm import Session

from loyalty.campaigns import books, once, queries
from loyalty.campaigns.books import WrittenUse
from loyalty.campaigns.rules import points_in
from loyalty.ledger import queries as ledger
from loyalty.ledger.rules import POINTS, WALLETS, Violation
from loyalty.vouchers import queries as vouchers
from retail.brands import queries as brands
from retail.journeys.campaigns.book_gifts import CAMPAIGN, source_of, voucher_sources
from retail.receipts.given import priced_source


def check_all_gifts(session: Session) -> list[Violation]:
    """Every breach of C1 to C3 in all brands; none is as it should be."""
    found = [
        Violation("C1", one.campaign_id, f"{one.counted} is counted, its uses are {one.summed}")
        for one in books.miscounts(session)
    ]
    for brand in brands.list_brands(session):
        uses = list(books.all_uses(session, brand.id))
        found += _beyond_limits(session, brand.id, uses)
        found += _not_booked(session, brand.id, uses)
    return found


def _beyond_limits(
    session: Session, brand_id: str, uses: Sequence[WrittenUse]
) -> Iterator[Violation]:
    live = [use for use in uses if not use.is_taken_back]
    for campaign in queries.campaigns(session, brand_id):
        limits, mine = campaign.definition.limits, [u for u in live if u.campaign_id == campaign.id]
        each = Counter(use.owner_id for use in mine if use.owner_id)
        for what, given, limit in (
            ("uses", sum(use.is_of_its_own for use in mine), limits.uses),
            ("minor units", sum(use.discount_minor for use in mine), limits.budget_minor),
            ("points", sum(use.points for use in mine), limits.budget_points),
            ("uses of one owner", max(each.values(), default=0), limits.uses_each),
        ):
            if limit is not None and given > limit:
                yield Violation("C2", campaign.id, f"{given} {what} were given of {limit}")


def _not_booked(session: Session, brand_id: str, uses: Sequence[WrittenUse]) -> Iterator[Violation]:
    posted = {
        source: points
        for source, points in ledger.points_by_source(session, brand_id).items()
        if source.startswith(f"{CAMPAIGN}:")
    }
    issued = vouchers.sources_of(session, brand_id, prefix=f"{CAMPAIGN}:")
    booked = once.booked(session, brand_id)
    for use in uses:
        in_books = {wallet: posted.pop(source_of(use.id, wallet), 0) for wallet in WALLETS}
        # What has no owner was booked for nobody, or its owner was erased with their books.
        if use.owner_id is None or priced_source(use.source) not in booked:
            continue
        for wallet in WALLETS:
            yield from _of_wallet(session, brand_id, use, wallet, in_books[wallet])
        for name, terms in voucher_sources(use):
            if name not in issued:
                yield Violation("C3", name, f"a voucher of {terms} was given, none was issued")
    known = {use.id for use in uses}
    for source, points in posted.items():
        if source.split(":")[1] not in known:
            yield Violation("C3", source, f"{points} points are booked, no campaign gave them")


def _of_wallet(
    session: Session, brand_id: str, use: WrittenUse, wallet: str, in_books: int
) -> Iterator[Violation]:
    source = source_of(use.id, wallet)
    given = use.points if wallet == POINTS else points_in(use.effects, wallet)
    if in_books != given:
        yield Violation("C3", source, f"{given} {wallet} were given, {in_books} are booked")
    elif given and use.is_taken_back and _left(session, brand_id, source):
        yield Violation("C3", source, f"it was taken back, its {wallet} were not")


def _left(session: Session, brand_id: str, source: str) -> int:
    effect = ledger.find_effect(session, brand_id, source)
    return effect.points - effect.reversed_points if effect else 0
