"""Whether prizes are doubted while a doubt waits (P1), and booked as they stand (P2)."""

from collections.abc import Iterator, Mapping

from sqlalchemy.orm import Session

from core import clock
from loyalty.ledger import queries as ledger
from loyalty.ledger.rules import Violation
from loyalty.prizes import queries as prizes
from loyalty.prizes.rules import AwardView
from loyalty.vouchers import queries as vouchers
from retail.brands import queries as brands

_PAID = ("points", "voucher")


def check_all_prizes(session: Session) -> list[Violation]:
    """Every breach of P1 and P2 in all brands; none is as it should be."""
    found = [
        Violation("P1", award_id, "it is doubted and no doubt waits, or the other way round")
        for award_id in prizes.misdoubted(session)
    ]
    for brand in brands.list_brands(session):
        posted = ledger.points_by_source(session, brand.id)
        for award in prizes.all_awards(session, brand.id):
            if award.worth.kind in _PAID:
                found += _of_award(session, award, posted)
    return found


def _of_award(session: Session, award: AwardView, posted: Mapping[str, int]) -> Iterator[Violation]:
    if award.worth.kind == "points":
        booked, left = posted.get(award.source, 0), _left(session, award)
        given = award.worth.value
    else:
        validity = vouchers.find_validity(
            session, award.programme_id, award.source, now=clock.now()
        )
        booked, given = int(validity is not None), 1
        left = int(validity is not None and validity.state == "issued")
    if award.state == "given" and booked != given:
        yield Violation("P2", award.source, f"{given} was given, {booked} is booked")
    elif award.state == "taken_back" and left:
        yield Violation("P2", award.source, f"it was taken back, and {left} is left of it")
    elif award.state in ("held", "withheld") and booked:
        yield Violation("P2", award.source, f"it was never given, and {booked} is booked")


def _left(session: Session, award: AwardView) -> int:
    effect = ledger.find_effect(session, award.programme_id, award.source)
    return effect.points - effect.reversed_points if effect else 0
