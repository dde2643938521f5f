"""People who bought the same things."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from core import clock
from core.ids import new_id
from retail.accounts.queries import MemberView
from retail.brands.queries import StoreView
from retail.catalogue.queries import VariantView
from retail.crowds import queries, service
from retail.receipts.views import ReceiptView
from tests.builders.accounts import new_member
from tests.builders.receipts import line, new_receipt

BORN = date(1990, 5, 17)


def crowd_buys(
    session: Session,
    store: StoreView,
    variants: Sequence[VariantView],
    people: int,
    *,
    is_gift: bool = False,
) -> list[tuple[MemberView, ReceiptView]]:
    """So many new members who each bought all of these, with the receipt of each."""
    found = []
    for _ in range(people):
        member = new_member(session, store.brand_id, birth_on=BORN)
        receipt = new_receipt(
            session,
            store=store,
            variants=variants,
            member=member,
            sold_at=clock.now(),
            number=new_id(),
            lines=tuple(line(variant, is_gift=is_gift) for variant in variants),
        )
        found.append((member, receipt))
    return found


def count_crowds(session: Session, brand_id: str) -> None:
    """Count the crowds of a brand as the worker does, in one transaction."""
    now = clock.now()
    service.publish(session, brand_id, queries.count_now(session, brand_id), now=now)
    while service.retire(session, brand_id, now=now):
        pass
