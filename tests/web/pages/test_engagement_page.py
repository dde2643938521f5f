"""Likes that went further, as marketers see them: nothing of few, nothing of another store."""

import re
from collections.abc import Callable

import pytest

from core.clock import FixedClock
from core.transaction import Database
from retail.brands.queries import StoreView
from retail.consent import service as consent
from retail.consent.rules import LEAGUE
from retail.engagement.rules import DEEDS, Told
from retail.saves import service as saves
from tests.builders.accounts import sign_in
from tests.builders.brands import new_store
from tests.builders.fair_play import hold_back
from tests.builders.league import like_times, new_league, ranked_outfit
from tests.builders.outfits import new_outfit
from tests.builders.staff_accounts import COOKIE, new_staff, sign_in_staff
from tests.builders.visitor import Visitor
from web.pages.staff.engagement_rows import Row, page_of

Visit = Callable[[], Visitor]
ADDRESSES = ("/staff/engagement", "/staff/engagement.csv", "/staff/engagement/looks.csv")


@pytest.fixture
def store(db: Database) -> StoreView:
    with db.write() as session:
        store = new_store(session, slug="leeds")
        new_league(session, store.brand_id)
        return store


def marketer(db: Database, store: StoreView, visit: Visit, store_id: str | None = None) -> Visitor:
    with db.write() as session:
        staff = new_staff(session, store.brand_id, role="marketer", store_id=store_id)
        return visit().sign_in(sign_in_staff(session, staff), cookie=COOKIE)


def liked(
    db: Database, store: StoreView, clock: FixedClock, likes: int, further: int, name: str
) -> str:
    """A stylist whose look was liked, with so many who then saved it; gives her id."""
    with db.write() as session:
        stylist, look = ranked_outfit(session, store, display_name=name)
        fans = like_times(session, look, store.brand_id, likes)
        clock.advance(minutes=1)
        for fan in fans[:further]:
            saves.save(session, look, member=fan, now=clock.now())
        return stylist.id


def cells(page: str, table: str) -> list[list[str]]:
    """What the rows of a table say, cell by cell."""
    section = page.split(f'id="{table}"')[1].split("<tbody>")[1].split("</tbody>")[0]
    return [
        [
            " ".join(re.sub(r"<[^>]*>", " ", cell).split())
            for cell in re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.DOTALL)
        ]
        for row in re.findall(r"<tr>(.*?)</tr>", section, re.DOTALL)
    ]


def test_without_likes_the_page_says_so(db: Database, store: StoreView, visit: Visit) -> None:
    page = marketer(db, store, visit).open("/staff/engagement")
    assert (page.status, "No likes to tell of" in page.text) == (200, True)


def test_further_and_empty_likes_are_told_apart(
    db: Database, store: StoreView, visit: Visit, clock: FixedClock
) -> None:
    liked(db, store, clock, 22, 12, "Chloe Martin")
    page = marketer(db, store, visit).open("/staff/engagement")
    assert cells(page.text, "stylists") == [["1", "Chloe M.", "22", "12", "55%", "10"]]
    assert cells(page.text, "looks") == [
        ["1", "A look without words Chloe M.", "22", "12", "55%", "10"]
    ]
    choice = "store=leeds&month=2026-11"
    sheet = page.open(f"/staff/engagement.csv?{choice}")
    assert sheet.text.splitlines()[1] == "Chloe M.,22,12,10,0.545"
    sheet = page.open(f"/staff/engagement/looks.csv?{choice}")
    row = sheet.text.splitlines()[1].split(",")
    assert (row[1], row[3:]) == ("Chloe M.", ["22", "12", "10", "0.545"])
    assert f'href="/o/{row[2]}"' in page.open("/staff/engagement").text
    assert "2026-10" in page.open("/staff/engagement").text
    assert "No likes" in page.open("/staff/engagement?month=2026-10").text
    assert page.open("/staff/engagement?month=1999-01").status == 404


def test_nothing_is_said_of_few(
    db: Database, store: StoreView, visit: Visit, clock: FixedClock
) -> None:
    liked(db, store, clock, 22, 12, "Chloe Martin")
    liked(db, store, clock, 9, 3, "Robin Vale")
    page = marketer(db, store, visit).open("/staff/engagement")
    hidden = ["not shown"] * 2
    assert cells(page.text, "stylists") == [
        ["", "Chloe M.", *hidden, "", "not shown"],
        ["", "Robin V.", *hidden, "", "not shown"],
    ], "the smallest shown one goes with it"
    assert "No single look" in page.text
    for address in ("/staff/engagement.csv", "/staff/engagement/looks.csv"):
        assert not set("0123456789") & set(page.open(address).text)


def test_who_left_the_league_is_not_named(
    db: Database, store: StoreView, visit: Visit, clock: FixedClock
) -> None:
    stylist = liked(db, store, clock, 22, 12, "Chloe Martin")
    with db.write() as session:
        who = {"member_id": stylist, "brand_id": store.brand_id}
        consent.withdraw(session, **who, purpose=LEAGUE, now=clock.now())
    page = marketer(db, store, visit)
    for address in ADDRESSES:
        assert "Chloe" not in page.open(address).text


def test_of_another_store_or_brand_nothing_is_seen(
    db: Database, store: StoreView, visit: Visit, clock: FixedClock
) -> None:
    liked(db, store, clock, 22, 12, "Chloe Martin")
    with db.write() as session:
        near = new_store(session, brand_id=store.brand_id, slug="york")
        far = new_store(session, slug="far")
    for page in (marketer(db, near, visit, near.id), marketer(db, far, visit)):
        for address in ADDRESSES:
            assert "Chloe" not in page.open(address).text
            assert page.open(f"{address}?store=leeds").status == 404


def test_stylists_and_looks_stand_in_the_order_asked_for(
    db: Database, store: StoreView, visit: Visit, clock: FixedClock
) -> None:
    liked(db, store, clock, 26, 10, "Marcus Dean")
    liked(db, store, clock, 24, 14, "Grace Lee")
    page = marketer(db, store, visit).open("/staff/engagement")
    for sort, names in (
        ("likes", ["Marcus D.", "Grace L."]),
        ("engaged", ["Grace L.", "Marcus D."]),
    ):
        page.open(f"/staff/engagement?sort={sort}")
        assert [row[1] for row in cells(page.text, "stylists")] == names
        assert [row[1].split("words ")[1] for row in cells(page.text, "looks")] == names
        assert page.text.count('aria-sort="descending"') == 2
        sheet = page.open(f"/staff/engagement.csv?sort={sort}").text.splitlines()
        assert [line.split(",")[0] for line in sheet[1:]] == names
    assert cells(page.open("/staff/engagement?sort=nothing").text, "stylists")[0][1] == "Marcus D."


def test_the_chart_says_in_words_who_moves_people(
    db: Database, store: StoreView, visit: Visit, clock: FixedClock
) -> None:
    liked(db, store, clock, 26, 10, "Marcus Dean")
    assert "<desc" not in marketer(db, store, visit).open("/staff/engagement").text
    liked(db, store, clock, 24, 14, "Grace Lee")
    page = marketer(db, store, visit).open("/staff/engagement").text
    assert "Marcus D. gets the likes. Grace L. moves people." in page
    assert 'role="img" aria-labelledby="shift-t shift-d"' in page
    assert "Marcus D.: place 1 by likes, 2 by likes that went further." in page


def test_totals_are_of_the_rows_that_stand_there(
    db: Database, store: StoreView, visit: Visit, clock: FixedClock
) -> None:
    liked(db, store, clock, 26, 10, "Marcus Dean")
    liked(db, store, clock, 24, 14, "Grace Lee")
    for name in ("Robin Vale", "Ida Moor"):
        liked(db, store, clock, 4, 2, name)
    page = marketer(db, store, visit).open("/staff/engagement").text
    numbers = re.findall(r"<dd>([\d,]+)</dd>", page)
    assert numbers == ["50", "24", "26"]
    assert "48% of the likes" in page


def test_what_looks_arranged_is_in_no_row(
    db: Database, store: StoreView, visit: Visit, clock: FixedClock
) -> None:
    liked(db, store, clock, 26, 12, "Marcus Dean")
    with db.write() as session:
        _, look = ranked_outfit(session, store, display_name="Grace Lee")
        like_times(session, look, store.brand_id, 11)
        hold_back(session, look)
    page = marketer(db, store, visit).open("/staff/engagement").text
    assert "Grace" not in page
    assert "11 more set aside: they look arranged" in page


def test_what_counts_is_said_in_plain_words(db: Database, store: StoreView, visit: Visit) -> None:
    page = marketer(db, store, visit).open("/staff/engagement").text
    for deed in DEEDS:
        assert f"<li>{deed.words}</li>" in page
    assert "within 14 days" in page


def test_pages_end_where_the_rows_do() -> None:
    rows = [Row(f"{n:02}", "", Told(100 - n, None)) for n in range(21)]
    for asked, numbers in ((None, (1, 10)), ("2", (2, 10)), ("3", (3, 1)), ("99", (3, 1))):
        page = page_of(rows, asked)
        assert (page.number, len(page.rows)) == numbers
    for nonsense in ("0", "-1", "x", "²", "9" * 5000):
        assert page_of(rows, nonsense).number == 1
    first, last = page_of(rows, "1"), page_of(rows, "3")
    assert (first.before, first.after, last.before, last.after) == (None, 2, 2, None)
    assert page_of([], None).pages == 1


def test_a_page_leads_to_the_next_and_keeps_the_other_list(
    db: Database, store: StoreView, visit: Visit, clock: FixedClock
) -> None:
    for n in range(11):
        liked(db, store, clock, 2, 0, f"Ann{n:02} Lee")
    page = marketer(db, store, visit).open("/staff/engagement?sort=engaged")
    assert len(cells(page.text, "stylists")) == 10
    (ahead,) = re.findall(r'href="(/staff/engagement\?[^"#]*page=2[^"#]*)', page.text)
    page.open(ahead.replace("&amp;", "&"))
    assert [row[1] for row in cells(page.text, "stylists")] == ["Ann10 L."]
    assert "Page 2 of 2" in page.text


def test_no_cell_begins_a_formula(
    db: Database, store: StoreView, visit: Visit, clock: FixedClock
) -> None:
    liked(db, store, clock, 22, 12, "=Cmd Line")
    page = marketer(db, store, visit)
    for address in ADDRESSES[1:]:
        cells_said = page.open(address).text.replace("\n", ",").split(",")
        assert "'=Cmd L." in cells_said
        assert not any(cell.startswith("=") for cell in cells_said)


def test_a_stylist_sees_hers_told_apart_where_it_gives_nobody_away(
    db: Database, store: StoreView, visit: Visit, clock: FixedClock
) -> None:
    with db.write() as session:
        stylist, few = ranked_outfit(session, store, display_name="Chloe Martin")
        like_times(session, few, store.brand_id, 4)
        token = sign_in(session, stylist)
    mine = visit().sign_in(token)
    assert "went further" not in mine.open("/me/outfits").text
    for likes, further in ((12, 5), (6, 6), (4, 1)):
        with db.write() as session:
            look = new_outfit(session, store, member=stylist)
            fans = like_times(session, look, store.brand_id, likes)
            clock.advance(minutes=1)
            for fan in fans[:further]:
                saves.save(session, look, member=fan, now=clock.now())
    page = mine.open("/me/outfits").text
    assert re.findall(r"\d+ of \d+ likes went further, \d+ not yet", page) == [
        "5 of 12 likes went further, 7 not yet"
    ], "of four, and of six who all did the same, nothing is said"
    for deed in DEEDS:
        assert deed.words in page
