"""A receipt laid out by many hands at once becomes one look."""

import pytest
from sqlalchemy import text

from core import clock
from core.ids import new_id
from core.transaction import Database
from retail.accounts.queries import MemberView
from retail.journeys.looks.lay_out import lay_out
from retail.outfits import queries
from retail.outfits.models import Outfit
from retail.receipts.views import ReceiptView
from tests.builders.brands import new_store
from tests.builders.catalogue import new_variants
from tests.builders.outfits import bought, new_stylist
from tests.builders.races import meeting, race
from tests.conftest import both_databases

RECEIPTS, HANDS = 10, 8


def buy(db: Database) -> tuple[MemberView, list[ReceiptView]]:
    with db.write() as session:
        store = new_store(session)
        stylist = new_stylist(session, store.brand_id)
        variants = new_variants(session, brand_id=store.brand_id, drawings=("knit", "jeans"))
        return stylist, [bought(session, store, stylist, variants) for _ in range(RECEIPTS)]


@pytest.mark.proof(rounds=1_250)
@both_databases
def test_a_receipt_is_laid_out_once_in_a_race(db: Database) -> None:
    stylist, receipts = buy(db)

    def work(attempt: int) -> str:
        with db.write() as session:
            receipt = receipts[attempt // HANDS]
            return lay_out(session, receipt.id, member=stylist, now=clock.now())

    assert len(set(race(work, attempts=RECEIPTS * HANDS))) == RECEIPTS
    with db.read() as session:
        looks = queries.outfits_of(session, stylist.id)
        assert [len(look.pieces) for look in looks] == [2] * RECEIPTS


@pytest.mark.proof
@both_databases
def test_looking_for_the_look_before_laying_out_is_caught(db: Database) -> None:
    """The control: without the unique key, looking first lays a receipt out more than once."""
    stylist, receipts = buy(db)
    columns = ", ".join(column.name for column in Outfit.__table__.columns)
    with db.write() as session:
        # A copy made of a query has no keys.
        session.execute(text(f"CREATE TABLE laid_out AS SELECT {columns} FROM outfit WHERE 1 = 0"))

    all_have_looked = meeting(HANDS)

    def naive(attempt: int) -> bool:
        receipt = receipts[attempt // HANDS]
        mine = {"receipt": receipt.id, "member": stylist.id, "id": new_id()}
        with db.read() as session:
            found = session.scalar(
                text("SELECT id FROM laid_out WHERE receipt_id = :receipt"), mine
            )
        all_have_looked()
        if found is not None:
            return False
        with db.write() as session:
            session.execute(
                text(
                    "INSERT INTO laid_out (id, receipt_id, member_id)"
                    " VALUES (:id, :receipt, :member)"
                ),
                mine,
            )
        return True

    try:
        assert sum(race(naive, attempts=RECEIPTS * HANDS)) > RECEIPTS
    finally:
        with db.write() as session:
            session.execute(text("DROP TABLE laid_out"))
