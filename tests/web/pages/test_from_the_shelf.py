"""From a label on: like it, keep it until a day, send it, and what programs read there."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from sqlalchemy import update

from core.transaction import Database
from retail.brands.queries import StoreView
from retail.catalogue.models import Category
from retail.catalogue.queries import VariantView
from retail.consent.rules import PRODUCT_LIKES_TO_FRIENDS
from retail.product_likes import service as likes
from tests.builders.accounts import give_consent, sign_in
from tests.builders.brands import new_brand, new_store
from tests.builders.catalogue import new_stock, new_style, new_variant
from tests.builders.shelf import liked_by_many, two_friends
from tests.builders.visitor import Visitor
from tests.conftest import NOON

LINKSET = "application/linkset+json"
VOCABULARY = "https://ref.gs1.org/voc/"


@dataclass(frozen=True)
class Shelf:
    """A store, a coat in two sizes, and two friends before it; Sarah says what she likes."""

    store: StoreView
    coat: VariantView
    larger: VariantView
    nina: Visitor
    sarah: Visitor
    sarah_id: str

    @property
    def page(self) -> str:
        return f"/01/{self.coat.gtin}"


@pytest.fixture
def shelf(db: Database, visit: Callable[[], Visitor]) -> Shelf:
    with db.write() as session:
        brand = new_brand(session, slug="alder", name="Alder")
        store = new_store(session, brand=brand, slug="leeds", name="Leeds")
        style = new_style(session, brand_id=brand.id)
        coat, larger = (
            new_variant(session, brand_id=brand.id, style=style, size=size) for size in ("8", "10")
        )
        where = {"brand_id": brand.id, "store_id": store.id}
        new_stock(session, **where, variant_id=coat.id, on_hand=1)
        new_stock(session, **where, variant_id=larger.id, on_hand=0)
        people = two_friends(session, brand.id)
        give_consent(session, people[1], PRODUCT_LIKES_TO_FRIENDS)
        liked_by_many(session, coat, brand.id, 12)
        likes.count(session, brand.id, now=NOON)
        nina, sarah = (visit().sign_in(sign_in(session, who)) for who in people)
    return Shelf(store, coat, larger, nina, sarah, people[1].id)


def test_a_label_tells_how_many_like_it_and_friends_by_name(shelf: Shelf) -> None:
    shelf.sarah.open(f"/01/{shelf.larger.gtin}").send(f"/01/{shelf.larger.gtin}/like")
    assert 'aria-pressed="true"' in shelf.sarah.text
    nina = shelf.nina.open(shelf.page)
    assert "At least 10 people like it" in nina.text
    assert "Sarah likes this" in nina.text
    shelf.sarah.send(f"/01/{shelf.larger.gtin}/unlike")
    assert "Sarah likes this" not in nina.open(shelf.page).text


def test_sizes_of_the_colour_are_listed_as_the_store_has_them(shelf: Shelf) -> None:
    text = shelf.nina.open(f"{shelf.page}?at=leeds").text
    found = re.findall(r"<b>(8|10)</b><small data-stock>([^<]+)</small>", text)
    assert found == [("8", "1 left"), ("10", "sold out")]
    assert "Sizes at" not in shelf.nina.open(f"{shelf.page}?at=york").text


@pytest.mark.parametrize("is_never_shareable", [False, True])
def test_who_checked_in_sees_the_sizes_there_unasked(
    db: Database, shelf: Shelf, *, is_never_shareable: bool
) -> None:
    with db.write() as session:
        mine = update(Category).where(Category.brand_id == shelf.store.brand_id)
        session.execute(mine.values(is_never_shareable=is_never_shareable))
    assert "Sizes at" not in shelf.nina.open(shelf.page).text
    shelf.nina.open("/in/alder/leeds").send("/in/alder/leeds/check-in")
    assert "Sizes at Leeds" in shelf.nina.open(shelf.page).text


def test_what_is_kept_has_its_day_and_pay_day_is_remembered(shelf: Shelf) -> None:
    nina = shelf.nina.open(shelf.page).send(f"{shelf.page}/save")
    assert nina.form(f"{shelf.page}/remind")["on"] == "2026-11-30"
    nina.send(f"{shelf.page}/remind", on="2026-11-22")
    assert (nina.status, "Choose a day after today" in nina.text) == (422, True)
    nina.open(shelf.page).send(f"{shelf.page}/remind", on="2026-11-27", repeats="same_day")
    assert "We’ll remind you on Friday 27 November." in nina.text
    assert "Until Friday 27 November" in nina.open("/me/saved").text
    assert "Day 27 of every month" in nina.text
    nina.send("/me/saved/pay-day/forget")
    assert "every month" not in nina.text
    nina.open(shelf.page).send(f"{shelf.page}/remind-not")
    assert "Friday 27 November" not in nina.text


def test_a_pay_day_is_forgotten_also_when_nothing_is_kept(shelf: Shelf) -> None:
    nina = shelf.nina.open(shelf.page).send(f"{shelf.page}/save")
    nina.send(f"{shelf.page}/remind", on="2026-11-27", repeats="same_day")
    nina.open(shelf.page).send(f"{shelf.page}/unsave").open("/me/saved")
    assert ("Nothing saved yet" in nina.text, "Day 27 of every month" in nina.text) == (True, True)
    assert "every month" not in nina.send("/me/saved/pay-day/forget").text


def test_who_likes_something_unseen_by_friends_reads_so_and_where_to_change_it(
    shelf: Shelf,
) -> None:
    words = "Your friends don’t see that you like it."
    assert words not in shelf.nina.open(shelf.page).text
    assert words in shelf.nina.send(f"{shelf.page}/like").text
    assert 'id="p-product_likes_to_friends"' in shelf.nina.open("/me/privacy").text
    assert words not in shelf.sarah.open(shelf.page).send(f"{shelf.page}/like").text


def test_a_piece_is_sent_to_one_friend_who_sees_from_whom(shelf: Shelf) -> None:
    address = f"{shelf.page}/send"
    nina = shelf.nina.open(address).send(address)
    assert (nina.status, "Choose one friend." in nina.text) == (422, True)
    nina.send(address, friend=shelf.sarah_id, line="For the wedding?")
    assert (nina.path, "Sent to Sarah L." in nina.text) == ("/me/sent", True)
    sarah = shelf.sarah.open("/me/sent")
    assert "from Nina O." in sarah.text
    assert "For the wedding?" in sarah.text
    (mute,) = re.findall(r"/me/sent/[0-9A-Z]{26}/mute", sarah.text)
    assert "For the wedding?" not in sarah.send(mute).text
    assert "For the wedding?" in sarah.send(mute.replace("mute", "unmute")).text
    nina.send(f"/me/sent/{shelf.sarah_id}/{shelf.coat.id}/take-back")
    assert "For the wedding?" not in sarah.open("/me/sent").text


def test_a_typed_number_finds_the_piece_and_a_wrong_one_says_so(
    shelf: Shelf, visit: Callable[[], Visitor]
) -> None:
    gtin = shelf.coat.gtin or ""
    for typed in (gtin, f"{gtin[1:7]} {gtin[7:]}", f"https://x.example/01/{gtin}?b=alder"):
        page = visit().open(f"/scan?code={typed}")
        assert (page.path, page.status) == (shelf.page, 200)
    page = visit().open("/scan?code=12345&b=alder")
    assert (page.path, "That’s no number of a label." in page.text) == ("/scan", True)
    assert 'value="12345"' in page.text
    assert visit().open("/scan?code=https://x.example/&b=nowhere").path == "/scan"


@pytest.mark.parametrize(
    ("typed", "opens"),
    [
        ("code=04252614", "/01/00042100005264"),
        ("code=0 425261 4", "/01/00042100005264"),
        ("code=01234565&kind=upc_e", "/01/00012345000065"),
        ("code=01234565", "/01/00000001234565"),
        ("code=04252615", None),
    ],
)
def test_the_eight_digits_of_a_short_code_find_the_twelve_they_stand_for(
    visit: Callable[[], Visitor], typed: str, opens: str | None
) -> None:
    assert visit().client.get(f"/scan?{typed}").headers.get("Location") == opens


def test_programs_read_where_a_label_leads(shelf: Shelf, visit: Callable[[], Visitor]) -> None:
    client = visit().client
    answer = client.get(shelf.page, headers={"Accept": LINKSET})
    assert answer.content_type == LINKSET
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    (found,) = answer.get_json(force=True)["linkset"]
    assert found["anchor"].endswith(shelf.page)
    (default,), (page,) = (found[VOCABULARY + name] for name in ("defaultLink", "pip"))
    assert default == page
    assert page["href"] == f"{found['anchor']}?b=alder"
    again = client.get(
        f"{shelf.page}?linkType=all", headers={"If-None-Match": answer.headers["ETag"]}
    )
    assert again.status_code == 304
    for kind in ("gs1:pip", f"{VOCABULARY}pip", "gs1:defaultLink"):
        assert "text/html" in client.get(f"{shelf.page}?linkType={kind}").content_type
    assert client.get(f"{shelf.page}?linkType=gs1:recallStatus").status_code == 404
    pointer = client.get(shelf.page).headers["Link"]
    assert pointer.endswith(f'?linkType=linkset>; rel="linkset"; type="{LINKSET}"')
    batch = client.get(f"{shelf.page}/10/B7?linkType=linkset&b=alder", follow_redirects=True)
    assert batch.content_type == LINKSET
    assert client.get("/.well-known/gs1resolver").get_json()["supportedPrimaryKeys"] == ["01"]


def test_where_several_shops_sell_it_programs_see_each(
    db: Database, shelf: Shelf, visit: Callable[[], Visitor]
) -> None:
    with db.write() as session:
        birch = new_brand(session, slug="birch", name="Birch")
        new_variant(session, brand_id=birch.id, gtin=shelf.coat.gtin)
    answer = visit().client.get(shelf.page, headers={"Accept": LINKSET})
    (found,) = answer.get_json(force=True)["linkset"]
    assert found[VOCABULARY + "defaultLink"] == [{"href": found["anchor"], "type": "text/html"}]
    assert [one["href"][-5:] for one in found[VOCABULARY + "pip"]] == ["alder", "birch"]
