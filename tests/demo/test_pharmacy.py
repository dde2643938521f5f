"""The demo's pharmacy: health is nobody's business, and one brand's members are no other's."""

import csv
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, make_url
from sqlalchemy.orm import Session

from core import clock as core_clock
from core.clock import FixedClock
from core.config import Settings
from core.transaction import Database, prepare_engine
from demo import pharmacy, seed
from retail.brands import queries as brands
from retail.brands.queries import BrandView, StoreView
from retail.catalogue import queries as catalogue
from retail.catalogue.exporter import export_csv
from retail.catalogue.queries import SizeHere, VariantView
from retail.crowds import queries as crowds
from retail.crowds.rules import LEAST_CROWD
from retail.journeys.looks.lay_out import lay_out
from retail.journeys.looks.publish import publish
from retail.journeys.offers.offer import draw, think
from retail.outfits import queries as outfits
from retail.training.lessons import lessons_of
from tests.builders.crowds import count_crowds
from tests.builders.offers import TERMS, FriendsHave
from tests.builders.training import buys, new_shopper
from tests.conftest import KEY, NOON
from web.pages.shopper.offered import offered_pieces

KINDS = ("stores", "categories", "styles", "variants", "stock", "places")
NEVER = {"medicines", "tests", "intimate", "baby"}
THINGS = {"bottle", "jar", "tube", "box"}


def rows(name: str) -> list[dict[str, str]]:
    with (pharmacy.DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@dataclass
class Both:
    """The pharmacy, whose members buy medicine too, and the other retailer beside it."""

    chemist: BrandView
    house: BrandView
    store: StoreView
    looks: list[str]
    sold: dict[str, VariantView]


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("pharmacy")
    return Settings(environment="test", secret_key=KEY.decode(), data_dir=folder)


@pytest.fixture(scope="module")
def planted(sqlite_template: Path, settings: Settings) -> tuple[Path, Both]:
    """Both retailers in a file that each test copies: to plant them takes seconds."""
    path = settings.data_dir / "planted.db"
    shutil.copy(sqlite_template, path)
    engine = prepare_engine(create_engine(f"sqlite:///{path}"))
    with core_clock.installed(FixedClock(NOON)), Database(engine).write() as session:
        both = plant_both(session, settings)
    engine.dispose()
    return path, both


@pytest.fixture
def sqlite_db(
    sqlite_engine: Engine, planted: tuple[Path, Both], tmp_path: Path
) -> Iterator[Database]:
    shutil.copy(planted[0], tmp_path / "swingtag.db")
    sqlite_engine.url = make_url(f"sqlite:///{tmp_path}/swingtag.db")
    yield Database(sqlite_engine)
    sqlite_engine.dispose()


@pytest.fixture
def both(planted: tuple[Path, Both]) -> Both:
    return planted[1]


def plant_both(session: Session, settings: Settings) -> Both:
    pharmacy.plant(session, {}, settings)
    seed.plant(session, {}, settings)
    chemist, house = (
        brands.get_brand_by_slug(session, slug) for slug in (pharmacy.BRAND_SLUG, seed.BRAND_SLUG)
    )
    store = brands.get_store_by_slug(session, chemist.id, "york")
    mine = catalogue.GOODS.where(catalogue.GOODS.selected_columns.brand_id == chemist.id)
    goods = sorted((VariantView(*row[:-1]) for row in session.execute(mine)), key=lambda v: v.sku)
    private = [one for one in goods if one.is_never_shareable]
    cream = next(one for one in goods if one.sku.startswith("SEA-FENNEL"))
    looks = []
    for number in range(LEAST_CROWD + 2):
        member = new_shopper(session, chemist.id, birth_on=date(1984, 2, 11))
        bought = buys(session, store, member, cream, private[number % len(private)], private[0])
        looks.append(lay_out(session, bought.id, member=member, now=NOON))
        publish(
            session, looks[-1], member=member, audience="everyone", joins_league=False, now=NOON
        )
    for brand in (chemist, house):
        count_crowds(session, brand.id)
    return Both(chemist, house, store, looks, {one.id: one for one in goods})


def test_what_touches_health_is_drawn_on_no_look_and_no_board(both: Both, session: Session) -> None:
    shown = outfits.public_outfits(session, both.chemist.id, both.looks)
    assert len(shown) == len(both.looks)
    for look in shown:
        assert [piece.style_name for piece in look.pieces] == ["Sea-fennel day cream, 50 ml"]


def test_no_crowd_line_is_said_of_it(both: Both, session: Session) -> None:
    counted = crowds.crowds(session, {one.style_id for one in both.sold.values()}, now=NOON)
    spoken = {one.style_id for one in both.sold.values() if not one.is_never_shareable}
    told = {style for style, people in counted.items() if people}
    assert told
    assert told <= spoken


def test_nothing_is_learnt_from_it_nor_by_one_brand_from_another(
    both: Both, session: Session, settings: Settings
) -> None:
    spoken = {one.style_id for one in both.sold.values() if not one.is_never_shareable}
    theirs = lessons_of(session, both.chemist.id, now=NOON, key=settings.key)
    ours = lessons_of(session, both.house.id, now=NOON, key=settings.key)
    assert theirs.events
    assert {event.item for event in theirs.events} <= spoken
    assert {event.item for event in ours.events} & {
        one.style_id for one in both.sold.values()
    } == set()
    assert {event.user for event in ours.events} & {event.user for event in theirs.events} == set()


def test_a_wall_and_a_board_show_their_own_brand_alone(both: Both, session: Session) -> None:
    assert outfits.public_outfits(session, both.house.id, both.looks) == []
    assert outfits.newest_public(session, both.house.id) == {}


def test_it_is_no_reason_for_an_offer_and_never_the_piece_of_one(
    both: Both, session: Session, settings: Settings
) -> None:
    """Somebody whose friends all bought medicine is led to none, and asked about none."""
    ranker = FriendsHave(dict.fromkeys({one.style_id for one in both.sold.values()}, 99))
    sarah = new_shopper(session, both.chemist.id, birth_on=date(1990, 5, 17))
    private = [one for one in both.sold.values() if one.is_never_shareable]
    soap = next(one for one in both.sold.values() if one.sku.startswith("HEATHER"))
    bought = buys(session, both.store, sarah, soap, *private[:3])
    buyer = draw(session, bought.id, now=NOON, minimum_age=18)
    assert buyer is not None
    choice = think(session, buyer, ranker=ranker, terms=TERMS, now=NOON, minimum_age=18)
    assert choice is not None
    assert not choice.variant.is_never_shareable
    assert ranker.asked[0].anchors == (soap.style_id,)
    # With nothing but medicine on the receipt nothing is even asked.
    alone = buys(session, both.store, sarah, *private[:3])
    buyer = draw(session, alone.id, now=NOON, minimum_age=18)
    assert buyer is not None
    assert think(session, buyer, ranker=ranker, terms=TERMS, now=NOON, minimum_age=18) is None


def test_its_files_come_in_and_go_out_and_name_what_is_never_shown(
    both: Both, session: Session
) -> None:
    for kind in KINDS:
        exported = export_csv(session, both.chemist.id, kind)
        if kind != "stock":
            assert sorted(exported.splitlines()) == sorted(
                (pharmacy.DATA / f"{kind}.csv").read_text(encoding="utf-8").splitlines()
            )
    assert {
        row["category"] for row in rows("categories") if row["never_shareable"] == "yes"
    } == NEVER
    assert {row["drawing"] for row in rows("styles") if row["category"] not in NEVER} == THINGS
    assert {row["drawing"] for row in rows("styles") if row["category"] in NEVER} == {""}
    assert all(row["gtin"].startswith("0952") for row in rows("variants"))


def test_goods_without_sizes_are_said_to_be_here_in_no_size(both: Both, session: Session) -> None:
    (look,) = outfits.public_outfits(session, both.chemist.id, both.looks[:1])
    here = SizeHere("", 4, NOON, is_fresh=True)
    (offered,) = offered_pieces(look, {look.pieces[0].variant_id: [here]}, {})
    assert (offered.state, offered.sizes) == ("here", "")
