"""Members who agreed that a store's screens choose by what they like, and who are there."""

from sqlalchemy.orm import Session

from core import clock
from core.clock import FixedClock
from retail.accounts.queries import MemberView
from retail.brands.queries import StoreView
from retail.catalogue.queries import VariantView
from retail.consent.in_stores import SCREENS_CHOOSE
from retail.product_likes import service as product_likes
from tests.builders.accounts import give_consent, new_member
from tests.builders.greetings import comes_in


def who_like(
    session: Session,
    store: StoreView,
    number: int,
    *goods: VariantView,
    purposes: tuple[str, ...] = (SCREENS_CHOOSE,),
) -> list[MemberView]:
    """So many members who agreed and like these goods."""
    people = [new_member(session, store.brand_id) for _ in range(number)]
    for one in people:
        give_consent(session, one, *purposes)
        for piece in goods:
            product_likes.like(session, piece.gtin or "", member=one, now=clock.now())
    return people


def come_in(
    session: Session, store: StoreView, clock: FixedClock, people: list[MemberView]
) -> None:
    """All of them check in, a second apart, and a quarter of an hour passes."""
    for one in people:
        comes_in(session, store, one)
        clock.advance(seconds=1)
    clock.advance(minutes=15)
