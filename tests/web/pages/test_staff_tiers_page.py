"""The page of tiers: a ladder as a table, tried on members, changed as a new version, by few."""

from collections.abc import Callable

import pytest

from core import clock as core_clock
from core import ids
from core.clock import FixedClock
from core.transaction import Database
from loyalty.campaigns.definition import read_campaign
from loyalty.tiers import queries
from loyalty.tiers.rules import Ladder, Tier
from retail.brands.queries import StoreView
from retail.journeys.points.review_tier import review_tier
from tests.builders.accounts import new_member
from tests.builders.brands import new_store
from tests.builders.campaigns import new_campaign, told
from tests.builders.desk import at_desk, press
from tests.builders.points import earn
from tests.builders.tiers import TIERS, ladder, new_tiers, review
from tests.builders.visitor import Visitor
from web.pages.staff.tiers_words import margin

Visit = Callable[[], Visitor]
EDIT = "/staff/tiers/edit"


@pytest.fixture
def store(db: Database, clock: FixedClock) -> StoreView:
    """A store of a brand with a ladder, and a member who stands on Silver with 150 credits."""
    del clock
    with db.write() as session:
        store = new_store(session)
        new_tiers(session, programme_id=store.brand_id)
        member = new_member(session, store.brand_id)
        earn(session, member.id, 150, programme_id=store.brand_id, wallet="credits")
        review_tier(session, member.id, brand_id=store.brand_id, now=core_clock.now())
        return store


def held(db: Database, store: StoreView) -> tuple[int, Ladder]:
    with db.read() as session:
        found = queries.find_ladder(session, store.brand_id)
    assert found is not None
    return found.version, found.ladder


def test_the_ladder_stands_as_a_table_with_who_is_there_and_what_it_brings(
    db: Database, store: StoreView, visit: Visit
) -> None:
    with db.write() as session:
        buyer = {"kind": "buyer", "labels": ["tier:silver"]}
        benefit = {"kind": "points", "points": 5}
        plan = read_campaign(told(benefit, conditions=[buyer], name="Silver thanks"))
        new_campaign(session, plan, programme_id=store.brand_id)
    text = " ".join(at_desk(db, store, visit).open("/staff/tiers").text.split())
    silver = text.split("tier:silver")[1].split("</tr>")[0]
    for words in ('<td class="n">100</td><td class="n">1</td>', "Silver thanks"):
        assert words in silver
    assert "What was earned in a calendar year counts." in text
    assert "a command" in text


def test_who_would_move_is_told_before_anything_holds(
    db: Database, store: StoreView, visit: Visit
) -> None:
    page = at_desk(db, store, visit, name="Robin Vale").open(EDIT)
    late = at_desk(db, store, visit).open(EDIT)
    dearer = {"tiers.1.at": "200"}
    text = " ".join(press(page, EDIT, f"{EDIT}/try", **dearer).text.split())
    assert "0 up, 1 down" in text
    assert "Silver → Classic<small>down</small></th><td>1</td>" in text
    assert held(db, store) == (1, ladder())
    page = press(page, EDIT, **dearer)
    assert "Version 2 holds from now on; members move within minutes." in page.text
    for words in ("Robin Vale", "<del>Silver from 100</del> → Silver from 200"):
        assert words in page.text
    late = press(late, EDIT, **{"tiers.1.at": "150"})
    assert (late.status, "Somebody set other tiers meanwhile" in late.text) == (409, True)
    assert late.form(EDIT)["tiers.1.at"] == "150"
    assert held(db, store)[0] == 2


def test_a_tier_that_would_be_gone_is_called_so(
    db: Database, store: StoreView, visit: Visit
) -> None:
    page = press(at_desk(db, store, visit).open(EDIT), EDIT, f"{EDIT}/try", do="remove:tiers.1")
    text = press(page, EDIT, f"{EDIT}/try", do="preview").text
    assert "1 stands on a tier that would be gone." in text
    assert "Silver → Classic<small>their tier would be gone</small>" in text


def test_what_is_in_force_comes_back_the_same_from_the_form(
    db: Database, store: StoreView, visit: Visit
) -> None:
    rolling = {"period_days": 400, "grace_days": 30, "drop": "one_step"}
    with db.write() as session:
        new_tiers(session, programme_id=store.brand_id, **rolling)
    page = press(at_desk(db, store, visit).open(EDIT), EDIT)
    assert "Version 2 holds from now on" in page.text
    assert held(db, store) == (2, ladder(**rolling))


def test_the_first_ladder_is_made_step_by_step(db: Database, visit: Visit) -> None:
    with db.write() as session:
        bare = new_store(session)
    page = at_desk(db, bare, visit)
    assert "No tiers yet" in page.open("/staff/tiers").text
    press(page.open(EDIT), EDIT, f"{EDIT}/try", do="add:tiers")
    steps = {"tiers.1.name": "Rose gold", "tiers.1.at": "250"}
    press(
        page,
        EDIT,
        f"{EDIT}/try",
        do="preview",
        **steps,
        **{"tiers.2.name": "Top", "tiers.2.at": "9000"},
    )
    assert "nobody would move" in page.text
    press(page, EDIT, period="days", period_days="365", grace_days="0")
    made = (
        Tier("member", "Member", 0),
        Tier("rose_gold", "Rose gold", 250),
        Tier("top", "Top", 9000),
    )
    zone = bare.zone
    assert held(db, bare) == (1, Ladder(made, "earned", zone, period_days=365))


@pytest.mark.parametrize(
    ("path", "typed", "said"),
    [
        ("tiers.0.at", "5", "The lowest tier starts at 0"),
        ("tiers.1.at", "", "Say from how many credits"),
        ("tiers.1.at", "many", "Write a whole number"),
        ("tiers.1.name", "", "Give it a name"),
        ("tiers.1.code", "sil ver", "letters, digits and underscores"),
        ("period_days", "", "Say how many days"),
        ("period_days", "0", "1 to"),
        ("grace_days", "-1", "0 to"),
    ],
)
def test_what_is_wrong_stands_beside_its_box_and_changes_nothing(
    db: Database, store: StoreView, visit: Visit, path: str, typed: str, said: str
) -> None:
    page = at_desk(db, store, visit).open(EDIT)
    for address in (f"{EDIT}/try", EDIT):
        page = press(page, EDIT, address, **{"period": "days", "period_days": "365", path: typed})
        assert page.status == 422
        beside = page.text.split(f'name="{path}"')[1].split("</div>")[0]
        assert said in beside
        assert page.form(EDIT)[path] == typed
    assert held(db, store) == (1, ladder(tiers=TIERS))


@pytest.mark.parametrize("role", ["marketer", "assistant"])
def test_whoever_works_in_one_store_or_may_not_sees_nothing(
    db: Database, store: StoreView, visit: Visit, role: str
) -> None:
    page = at_desk(db, store, visit, role=role, store_id=store.id)
    for address in ("/staff/tiers", EDIT):
        assert page.open(address).status == 403
    page.page = page.api("POST", EDIT, data={"version": "1"})
    assert page.status in (400, 403)
    assert held(db, store)[0] == 1


def test_of_very_many_members_some_are_drawn_and_the_page_says_by_how_much_it_may_be_off(
    db: Database, store: StoreView, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.pages.staff.tiers.MOST_TRIED", 15)
    with db.write() as session:
        # Of 31 more who stand on silver, nearly half of the endings are drawn.
        for number in range(31):
            owner_id = f"{number:024}{ids.crockford(number * 32, 2)}"
            earn(session, owner_id, 150, programme_id=store.brand_id, wallet="credits")
            review(session, owner_id, 150, programme_id=store.brand_id)
        members = sum(queries.counts(session, store.brand_id).values())
    page = at_desk(db, store, visit)
    page.open(EDIT)
    press(page, EDIT, f"{EDIT}/try", **{"tiers.1.at": "200"}, do="preview")
    assert "About 0 up, " in page.text
    assert f"members drawn by chance of {members}: give or take 0 up and" in page.text


@pytest.mark.parametrize(
    ("seen", "looked", "members", "off"),
    [(0, 0, 0, 0), (5, 10, 10, 0), (0, 10, 100, 0), (5_000, 20_000, 320_000, 1_860)],
)
def test_a_number_worked_out_from_some_may_be_off_by_so_much(
    seen: int, looked: int, members: int, off: int
) -> None:
    assert margin(seen, looked, members) == off
