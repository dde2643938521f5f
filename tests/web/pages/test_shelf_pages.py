"""What the codes of labels and doors open: reading notes nothing, buttons do."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from sqlalchemy import func, select

from core.clock import FixedClock
from core.transaction import Database
from retail.brands.queries import StoreView
from retail.catalogue.queries import VariantView
from retail.catalogue.service import take_stock
from retail.saves.models import SavedPiece
from retail.visits.models import Visit
from tests.builders.accounts import new_member, sign_in
from tests.builders.brands import new_brand, new_store
from tests.builders.catalogue import new_stock, new_variant
from tests.builders.visitor import Visitor

GoTo = Callable[[], Visitor]


@pytest.fixture
def store(db: Database) -> StoreView:
    with db.write() as session:
        brand = new_brand(session, slug="alder", name="Alder")
        return new_store(session, brand=brand, slug="leeds", name="Leeds")


@pytest.fixture
def piece(db: Database, store: StoreView) -> VariantView:
    with db.write() as session:
        return new_variant(session, brand_id=store.brand_id)


def member_of(db: Database, brand_id: str, visit: GoTo) -> Visitor:
    with db.write() as session:
        return visit().sign_in(sign_in(session, new_member(session, brand_id, display_name="Nina")))


def rows(db: Database, table: type[SavedPiece] | type[Visit]) -> int:
    with db.read() as session:
        return session.execute(select(func.count()).select_from(table)).scalar_one()


def test_a_label_opens_its_piece_for_anybody_and_notes_nothing(
    db: Database, piece: VariantView, visit: GoTo
) -> None:
    page = visit().open(f"/01/{piece.gtin}")
    assert (page.status, "Harbour trench" in page.text) == (200, True)
    for words in ("Camel, 12", "£189", "Join or sign in to keep it"):
        assert words in page.text
    assert page.open(f"/01/{piece.gtin}/10/B7/21/0042").path == f"/01/{piece.gtin}"
    assert rows(db, SavedPiece) == 0


@pytest.mark.parametrize(
    ("behind", "opens"),
    [
        ("21/A%2FB", True),
        ("10/B%2F7/21/00%2542", True),
        ("22/2A/10/B7/21/A%20B", True),
        ("21/A/B", False),
        ("21/%2F", True),
        ("21%2FA", False),
        ("21/", False),
        ("21/9/10/A", False),
        ("21/" + "%2F" * 21, False),
    ],
)
def test_a_serial_number_may_hold_a_slash_as_the_standard_writes_it(
    piece: VariantView, visit: GoTo, behind: str, opens: bool
) -> None:
    answer = visit().client.get(f"/01/{piece.gtin}/{behind}")
    assert answer.status_code == (302 if opens else 404)


@pytest.mark.parametrize(
    ("on_hand", "minutes", "words"),
    [
        (3, 4, "In stock in 12"),
        (1, 4, "1 left in 12, counted 12:00"),
        (0, 4, "Sold out in 12"),
        (1, 5, "In stock in 12"),
        (0, 5, "Not counted lately"),
    ],
)
def test_scarcity_is_claimed_of_fresh_counts_alone(
    db: Database,
    store: StoreView,
    piece: VariantView,
    visit: GoTo,
    clock: FixedClock,
    on_hand: int,
    minutes: int,
    words: str,
) -> None:
    with db.write() as session:
        where = {"brand_id": store.brand_id, "store_id": store.id, "variant_id": piece.id}
        new_stock(session, **where, on_hand=on_hand)
    clock.advance(minutes=minutes)
    text = visit().open(f"/01/{piece.gtin}").text
    assert words in text
    assert ("left" in text) == ("left" in words)
    assert ("Sold out" in text) == ("Sold out" in words)


def test_what_shops_have_follows_each_sale(
    db: Database, store: StoreView, piece: VariantView, visit: GoTo, clock: FixedClock
) -> None:
    held = {"brand_id": store.brand_id, "store_id": store.id, "variant_id": piece.id}
    with db.write() as session:
        new_stock(session, **held, on_hand=2)
    page = visit().open(f"/01/{piece.gtin}?at=leeds")
    part = re.search(r'data-live-fragment="([^"]+)" data-topic="([^"]+)"', page.text)
    assert part
    assert f"store:{store.id}" in part[2].split()
    address = unescape(part[1])
    before = page.client.get(address)
    assert before.get_data(as_text=True).strip() in page.text
    known = {"If-None-Match": before.headers["ETag"]}
    assert page.client.get(address, headers=known).status_code == 304
    sold = {"quantities": {piece.id: 1}, "now": clock.now()}
    with db.write() as session:
        take_stock(session, brand_id=store.brand_id, store_id=store.id, **sold)
    assert "1 left in 12" in page.client.get(address, headers=known).get_data(as_text=True)
    assert page.client.get(address.replace("b=alder", "b=none")).status_code == 404


def test_what_is_wrong_unknown_or_not_of_that_brand_is_answered_alike(
    db: Database, store: StoreView, piece: VariantView, visit: GoTo
) -> None:
    with db.write() as session:
        new_brand(session, slug="birch")
    gtin = piece.gtin or ""
    wrong = gtin[:-1] + str((int(gtin[-1]) + 1) % 10)
    answers = []
    for address in (wrong, "09520000000011", "x", f"{gtin}?b=birch", f"{gtin}?b=none"):
        page = visit().open(f"/01/{address}")
        answers.append((page.status, re.sub(r"nonce=\"[^\"]*\"", "", page.text)))
    assert {status for status, _ in answers} == {404}
    assert "This isn’t here." in answers[0][1]
    assert len({text for _, text in answers}) == 1


def test_a_piece_is_kept_and_let_go_by_a_button(
    db: Database, store: StoreView, piece: VariantView, visit: GoTo
) -> None:
    nina = member_of(db, store.brand_id, visit).open(f"/01/{piece.gtin}")
    nina.send(f"/01/{piece.gtin}/save")
    assert (rows(db, SavedPiece), "It’s on your list" in nina.text) == (1, True)
    assert f"/01/{piece.gtin}?b=alder" in nina.open("/me/saved").text
    assert nina.send(f"/me/saved/pieces/{piece.id}/let-go").path == "/me/saved"
    assert (rows(db, SavedPiece), "Nothing saved yet" in nina.text) == (0, True)
    nina.open(f"/01/{piece.gtin}").send(f"/01/{piece.gtin}/save")
    nina.send(f"/01/{piece.gtin}/unsave")
    assert (nina.path, rows(db, SavedPiece)) == (f"/01/{piece.gtin}", 0)


def test_several_shops_with_one_number_are_asked_between(
    db: Database, store: StoreView, piece: VariantView, visit: GoTo
) -> None:
    with db.write() as session:
        birch = new_brand(session, slug="birch", name="Birch")
        new_variant(session, brand_id=birch.id, gtin=piece.gtin, colour_name="Ink")
    page = visit().open(f"/01/{piece.gtin}")
    assert "Which shop?" in page.text
    assert f"/01/{piece.gtin}?b=birch" in page.text
    assert "Ink, 12" in page.open(f"/01/{piece.gtin}?b=birch").text
    nina = member_of(db, store.brand_id, visit)
    assert "Camel, 12" in nina.open(f"/01/{piece.gtin}").text
    assert "Join or sign in" in nina.open(f"/01/{piece.gtin}?b=birch").text


def test_at_a_door_one_checks_in_by_a_button_and_takes_it_back(
    db: Database, store: StoreView, visit: GoTo
) -> None:
    door = "/in/alder/leeds"
    assert "Join or sign in to check in" in visit().open(door).text
    nina = member_of(db, store.brand_id, visit).open(door)
    assert rows(db, Visit) == 0
    assert "You’re checked in" in nina.send(f"{door}/check-in").text
    assert rows(db, Visit) == 1
    assert "Leeds" in nina.open("/me/visits").text
    assert "Taken back" in nina.open(door).send(f"{door}/leave").text
    assert rows(db, Visit) == 0
    nina.send(f"{door}/check-in").open("/me/visits")
    (delete,) = re.findall(r"/me/visits/[0-9A-Z]{26}/delete", nina.text)
    assert "Nowhere lately" in nina.send(delete).text
    assert rows(db, Visit) == 0
    assert nina.open("/in/alder/york").status == 404


def test_of_another_brand_one_is_a_stranger_at_the_door(
    db: Database, store: StoreView, piece: VariantView, visit: GoTo
) -> None:
    with db.write() as session:
        far = new_store(session).brand_id
    rex = member_of(db, far, visit).open("/in/alder/leeds")
    assert "Join or sign in to check in" in rex.text
    for action in ("/in/alder/leeds/check-in", f"/01/{piece.gtin}/save"):
        token = rex.open("/me/profile").form("/me/profile")
        answer = rex.client.post(action, data=token, headers={"Sec-Fetch-Site": "same-origin"})
        assert answer.status_code == 404
    assert (rows(db, Visit), rows(db, SavedPiece)) == (0, 0)


def test_who_has_to_sign_in_comes_back(
    db: Database, piece: VariantView, visit: GoTo, mailed_code: Callable[[], str]
) -> None:
    page = visit().open(f"/01/{piece.gtin}")
    (onward,) = re.findall(r'href="(/join/alder\?next=[^"]+)"', page.text)
    page.open(onward).send("/join/alder", email="nina@shopper.example")
    page.send("/join/alder/code", code=mailed_code())
    assert page.path == "/me/profile"
    assert page.form("/me/profile")["next"] == f"/01/{piece.gtin}?b=alder"
