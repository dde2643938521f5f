"""What SQLite has to be told, and PostgreSQL finds out by itself."""

from datetime import timedelta

from sqlalchemy import insert, literal, select, text
from sqlalchemy.orm import Session

from core.clock import FixedClock
from core.ids import new_id
from core.model import UtcDateTime
from core.sql import earliest
from core.transaction import Database
from jobs import schedule
from retail.catalogue.models import Variant
from tests.builders.brands import new_brand
from tests.builders.catalogue import new_variant
from tests.conftest import NOON, both_databases

SOME = 60
EVENING = NOON + timedelta(hours=6)


def plan(session: Session, variant: Variant) -> str:
    """How SQLite looks for so many of a brand's variants by their ids."""
    ids = {f"id{n}": new_id() for n in range(SOME)}
    among = ", ".join(f":{name}" for name in ids)
    asked = f"EXPLAIN QUERY PLAN SELECT sku FROM variant WHERE brand_id = :b AND id IN ({among})"
    return str(session.execute(text(asked), ids | {"b": variant.brand_id}).one().detail)


def many_variants(session: Session) -> Variant:
    """A brand with five hundred variants."""
    first = session.get_one(Variant, new_variant(session, brand_id=new_brand(session).id).id)
    alike = {c.key: getattr(first, c.key) for c in Variant.__table__.columns}
    others = [
        alike | {"id": new_id(), "sku": f"S-{n}", "gtin": None, "size": f"{n}"} for n in range(500)
    ]
    session.execute(insert(Variant), others)
    return first


def test_rows_by_id_within_a_brand_are_found_by_their_ids(
    session: Session, clock: FixedClock
) -> None:
    variant = many_variants(session)
    assert "(brand_id=?" in plan(session, variant)
    schedule.look_at_tables(session, clock.now())
    assert "(id=?" in plan(session, variant)
    assert session.scalar(select(Variant.sku).where(Variant.id == variant.id)) == variant.sku


@both_databases
def test_the_earliest_of_instants_leaves_out_what_is_null(db: Database) -> None:
    sooner, later, none = (literal(at, UtcDateTime()) for at in (NOON, EVENING, None))
    asked = select(earliest(later, none, sooner), earliest(none, later), earliest(none, none))
    with db.read() as session:
        assert session.execute(asked).one() == (NOON, EVENING, None)
