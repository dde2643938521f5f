"""Where pieces lie: said by a file, found by who fetches them, forgotten when a cell is empty."""

from sqlalchemy.orm import Session

from core.transaction import Database
from retail.catalogue.exporter import export_csv
from retail.catalogue.importer import import_files
from retail.catalogue.places import places_of
from tests.builders.brands import new_brand, new_store
from tests.builders.catalogue import new_variant
from tests.conftest import NOON, both_databases

HEADER = "store,sku,place\n"


def told(session: Session, brand_id: str, *lines: str) -> dict[str, int]:
    """What came of a file with these lines: its rows by what was done."""
    files = {"places": HEADER + "".join(f"{line}\n" for line in lines)}
    done = import_files(session, brand_id, files, now=NOON).summary()["places"]
    return {action: number for action, number in done.items() if number}


@both_databases
def test_a_place_is_said_moved_and_forgotten(db: Database) -> None:
    with db.write() as session:
        store = new_store(session)
        one, other = (new_variant(session, brand_id=store.brand_id) for _ in range(2))

        def lie() -> dict[str, str]:
            found = places_of(session, [store.id], [one.id, other.id])
            return {variant_id: place for (_, variant_id), place in found.items()}

        told(session, store.brand_id, f"{store.slug},{one.sku},Rail 7")
        told(session, store.brand_id, f"{store.slug},{other.sku},Rail 7")
        assert lie() == {one.id: "Rail 7", other.id: "Rail 7"}
        moved = told(session, store.brand_id, f'{store.slug},{one.sku},"Stock room, bay C2"')
        assert moved == {"change": 1}
        assert lie() == {one.id: "Stock room, bay C2", other.id: "Rail 7"}
        told(session, store.brand_id, f"{store.slug},{one.sku},")
        assert lie() == {other.id: "Rail 7"}
        assert export_csv(session, store.brand_id, "places").splitlines() == [
            "store,sku,place",
            f"{store.slug},{other.sku},Rail 7",
        ]


def test_an_empty_place_of_what_lies_nowhere_changes_nothing(session: Session) -> None:
    store = new_store(session)
    one = new_variant(session, brand_id=store.brand_id)
    assert told(session, store.brand_id, f"{store.slug},{one.sku},") == {"unchanged": 1}
    assert places_of(session, [store.id], [one.id]) == {}


def test_another_brand_s_pieces_and_shops_are_not_known(session: Session) -> None:
    store = new_store(session)
    one = new_variant(session, brand_id=store.brand_id)
    told(session, store.brand_id, f"{store.slug},{one.sku},Rail 7")
    assert (
        export_csv(session, new_brand(session, slug="others").id, "places") == "store,sku,place\r\n"
    )
