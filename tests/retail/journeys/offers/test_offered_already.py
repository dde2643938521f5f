"""What somebody was offered and can use still is not offered to them again."""

from dataclasses import replace

from core.clock import FixedClock
from core.transaction import Database
from tests.builders.offers import new_boutique
from tests.conftest import both_databases

pytestmark = both_databases


def test_what_is_offered_already_is_not_offered_again_while_that_is_good(
    db: Database, clock: FixedClock
) -> None:
    with db.write() as session:
        shop = new_boutique(session)
        shop.terms = replace(shop.terms, a_day=2)
        first = shop.made(session)
        assert shop.offer(session) is None
        clock.advance(seconds=(first.ends_at - clock.now()).total_seconds())
        next_day = shop.buy(session, sold_at=clock.now())
        assert shop.made(session, next_day).style_id == first.style_id


def test_another_piece_is_offered_meanwhile_and_the_explanation_counts_what_waits(
    db: Database, clock: FixedClock
) -> None:
    with db.write() as session:
        shop = new_boutique(session)
        shop.terms = replace(shop.terms, a_day=2)
        first = shop.made(session)
        other = shop.also_here(session)
        second = shop.made(session)
    assert (first.style_id, second.style_id) == (shop.shoes.style_id, other.style_id)
    assert second.reason["left_out"]["waiting"] == 1
