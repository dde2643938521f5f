"""The wall on pages and in the API: what hangs, what is reported, what its owner is told."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from core.clock import FixedClock
from core.config import Settings
from core.cursor import pack
from core.transaction import Database
from retail.accounts.queries import MemberView
from retail.brands.queries import StoreView
from retail.outfits import service as outfits
from retail.staff.queries import StaffView
from retail.wall import queries, rules
from tests.builders.accounts import new_member, sign_in
from tests.builders.brands import new_brand, new_store
from tests.builders.outfits import new_stylist
from tests.builders.staff_accounts import COOKIE, new_staff, sign_in_staff
from tests.builders.visitor import Visitor
from tests.builders.wall import decide, new_look, report_times
from tests.conftest import both_databases

Visit = Callable[[], Visitor]


@pytest.fixture
def store(db: Database) -> StoreView:
    with db.write() as session:
        brand = new_brand(session, slug="alder", name="Alder & Finch")
        return new_store(session, brand=brand, slug="leeds", name="Leeds")


@pytest.fixture
def nina(db: Database, store: StoreView) -> MemberView:
    with db.write() as session:
        return new_stylist(session, store.brand_id)


@pytest.fixture
def jo(db: Database, store: StoreView) -> StaffView:
    with db.write() as session:
        return new_staff(session, store.brand_id)


@pytest.fixture
def look(db: Database, store: StoreView, nina: MemberView) -> str:
    with db.write() as session:
        return new_look(session, store, "Sunday best", member=nina)


@pytest.fixture
def tablet(db: Database, jo: StaffView, visit: Visit) -> Visitor:
    with db.write() as session:
        return visit().sign_in(sign_in_staff(session, jo), cookie=COOKIE)


def signed_in(db: Database, visit: Visit, member: MemberView) -> Visitor:
    with db.write() as session:
        return visit().sign_in(sign_in(session, member))


@both_databases
def test_a_wall_is_paged_from_the_newest_to_the_oldest(
    app: Flask, db: Database, store: StoreView, nina: MemberView, visit: Visit, clock: FixedClock
) -> None:
    hung = []
    for number in range(7):
        clock.advance(seconds=number % 2)
        with db.write() as session:
            hung.append(new_look(session, store, f"Number {number}", member=nina))
    with db.write() as session:
        outfits.put_away(session, hung[3], member_id=nina.id, now=clock.now())
    seen, after = [], ""
    while after is not None:
        page = visit().api("GET", f"/api/v1/wall?brand=alder&store=leeds&limit=2{after}").get_json()
        seen += [look["outfit"]["caption"] for look in page["looks"]]
        after = page["next_after"] and f"&after={page['next_after']}"
    assert sorted(seen) == [f"Number {n}" for n in (0, 1, 2, 4, 5, 6)]
    assert seen.index("Number 6") < seen.index("Number 4") < seen.index("Number 0")


BEFORE_THE_CALENDAR = pack("0001-01-01T00:00:00+14:00 01ARZ3NDEKTSV4RRFFQ69G5FAV")


@pytest.mark.parametrize("after", ["x", "%00", "AAAA", "2026-11-22", BEFORE_THE_CALENDAR])
def test_a_cursor_of_somebody_elses_making_is_refused(
    store: StoreView, visit: Visit, after: str
) -> None:
    assert visit().api("GET", f"/api/v1/wall?brand=alder&after={after}").status_code == 422
    assert visit().open(f"/wall/alder?after={after}").status == 422


def test_the_walls_of_brand_and_store_show_people_as_they_chose(
    store: StoreView, look: str, visit: Visit
) -> None:
    for address in ("/wall/alder", "/wall/alder/leeds", "/fragments/wall/alder/leeds"):
        page = visit().open(address)
        assert (page.status, "Sunday best" in page.text) == (200, True)
        assert "Nina O." in page.text
        assert "Okafor" not in page.text
    assert visit().open("/wall/nowhere").status == 404
    assert visit().open("/wall/alder/nowhere").status == 404


def test_an_empty_wall_says_how_to_fill_it(store: StoreView, visit: Visit) -> None:
    assert "Nothing hangs here yet" in visit().open("/wall/alder/leeds").text


@pytest.fixture
def screens(app: Flask, store: StoreView, look: str, visit: Visit) -> Callable[[], Iterator[str]]:
    """Those of all screens for everyone on which the look can be seen."""
    addresses = [
        f"/o/{look}",
        f"/api/v1/outfits/{look}",
        f"/o/{look}/preview-2.png",
        f"/fragments/outfits/{look}/likes",
        "/",
        "/b/alder",
        "/wall/alder",
        "/wall/alder/leeds",
        "/fragments/wall/alder",
        "/api/v1/wall?brand=alder",
        "/kiosk/alder/leeds",
        "/fragments/kiosk/alder/leeds/wall",
        "/fragments/kiosk/alder/leeds/looks",
        "/o/00000000000000000000000000",
        "/league/alder",
    ]

    def seen() -> Iterator[str]:
        for address in addresses:
            page = visit().open(address)
            is_its_own = look in address and page.status == 200
            if is_its_own or "Sunday best" in page.text or look in page.text:
                yield address

    return seen


def test_hiding_reaches_every_screen_at_once(
    db: Database, look: str, jo: StaffView, screens: Callable[[], Iterator[str]]
) -> None:
    shown = set(screens())
    assert {"/wall/alder", "/kiosk/alder/leeds", "/b/alder", f"/o/{look}", "/"} <= shown
    with db.write() as session:
        decide(session, look, jo, rules.HIDE, "rude")
    assert set(screens()) == set()
    with db.write() as session:
        decide(session, look, jo, rules.SHOW)
    assert set(screens()) == shown


def test_anyone_signed_in_reports_a_look_and_nobody_learns_who(
    db: Database, store: StoreView, look: str, visit: Visit, tablet: Visitor
) -> None:
    assert visit().open(f"/o/{look}/report").path == "/join/alder"
    for number in range(3):
        with db.write() as session:
            fan = new_member(session, store.brand_id, display_name=f"Zebedee {'ABC'[number]}")
        phone = signed_in(db, visit, fan).open(f"/o/{look}")
        assert f'href="/o/{look}/report"' in phone.text
        phone.open(f"/o/{look}/report").send(f"/o/{look}/report")
        assert "Somebody will look at it" in phone.text
        assert phone.api("PUT", f"/api/v1/outfits/{look}/report").status_code == 200
    tablet.open("/staff/wall")
    assert "3 members reported it" in tablet.text
    assert "Zebedee" not in tablet.text


def test_ones_own_another_brands_and_a_hidden_look_cannot_be_reported(
    db: Database, look: str, nina: MemberView, jo: StaffView, visit: Visit
) -> None:
    report = f"/api/v1/outfits/{look}/report"
    assert signed_in(db, visit, nina).api("PUT", report).status_code == 422
    with db.write() as session:
        strangers = new_member(session, new_brand(session).id)
        olu = new_member(session, nina.brand_id)
        decide(session, look, jo, rules.HIDE, "rude")
    for member in (strangers, olu):
        answer = signed_in(db, visit, member).api("PUT", report)
        assert (answer.status_code, answer.get_json()["type"][-16:]) == (404, "outfit_not_found")
    assert visit().api("PUT", report).status_code == 401


def test_its_owner_reads_why_and_asks_once(
    db: Database, look: str, nina: MemberView, jo: StaffView, visit: Visit, tablet: Visitor
) -> None:
    with db.write() as session:
        decide(session, look, jo, rules.HIDE, "advert")
    phone, mine = signed_in(db, visit, nina), f"/me/outfits/{look}/shared"
    assert "Off the wall" in phone.open("/me/outfits").text
    assert "It advertises something else than the look." in phone.open(mine).text
    assert "Jo Hartley" not in phone.text
    phone.send(f"/me/outfits/{look}/appeal")
    assert "You asked, and somebody will look again." in phone.text
    assert "its owner asks for another look" in tablet.open("/staff/wall").text
    tablet.send(f"/staff/wall/{look}", verdict="hide", reason="advert")
    assert "it stays off" in phone.open(mine).text
    assert f"/me/outfits/{look}/appeal" not in phone.text


def test_staff_decide_with_a_reason_and_take_it_back(
    db: Database, look: str, nina: MemberView, jo: StaffView, tablet: Visitor, visit: Visit
) -> None:
    with db.write() as session:
        report_times(session, look, nina.brand_id, 3)
    tablet.open("/staff/wall").send(f"/staff/wall/{look}", verdict="hide")
    assert (tablet.status, "Say why" in tablet.text) == (422, True)
    tablet.open("/staff/wall").send(
        f"/staff/wall/{look}", verdict="hide", reason="unkind", note="As on Monday"
    )
    assert "Decided." in tablet.text
    assert visit().open(f"/o/{look}").status == 404
    with db.read() as session:
        (decision,) = queries.history(session, look)
    tablet.send(f"/staff/wall/decisions/{decision.id}/undo")
    assert "Taken back. It is as it was." in tablet.text
    assert "“As on Monday”" in tablet.text
    assert visit().open(f"/o/{look}").status == 200


def test_who_decides_on_what_changed_meanwhile_is_told(
    db: Database, look: str, jo: StaffView, tablet: Visitor
) -> None:
    tablet.open(f"/staff/wall/{look}")
    with db.write() as session:
        decide(session, look, jo, rules.HIDE, "rude")
    tablet.send(f"/staff/wall/{look}", verdict="show")
    assert tablet.status == 409
    assert "It has changed since you opened it" in tablet.text


def test_banned_words_and_rules_are_set_by_the_brand_not_by_a_store(
    db: Database, store: StoreView, tablet: Visitor, visit: Visit
) -> None:
    tablet.open("/staff/wall/rules").send("/staff/wall/rules/words", word="Plónker")
    assert "Plónker" in tablet.text
    tablet.send("/staff/wall/rules", checks_first="yes", reports_for_review="5")
    with db.write() as session:
        waiting = new_look(session, store, "Hello")
        manager = new_staff(session, store.brand_id, store_id=store.id)
        token = sign_in_staff(session, manager)
    assert "Every look is checked first" in tablet.open(f"/staff/wall/{waiting}").text
    of_store = visit().sign_in(token, cookie=COOKIE).open("/staff/wall/rules")
    of_store.send("/staff/wall/rules/words", word="teapot")
    assert of_store.status == 403
    tablet.open("/staff/wall/rules").send("/staff/wall/rules/words/plonker/allow")
    assert "Plónker" not in tablet.text


class TestWithLimits:
    """Reports by one member in one minute."""

    @pytest.fixture
    def app_settings(self, app_settings: Settings) -> Settings:
        """The same, with rate limits."""
        return Settings(**(vars(app_settings) | {"rate_limits": True}))

    def test_a_flood_of_reports_is_slowed_down(
        self, db: Database, look: str, nina: MemberView, visit: Visit
    ) -> None:
        with db.write() as session:
            fan = new_member(session, nina.brand_id)
        phone = signed_in(db, visit, fan)
        report = f"/api/v1/outfits/{look}/report"
        answers = [phone.api("PUT", report) for _ in range(11)]
        assert [answer.status_code for answer in answers] == [200] * 10 + [429]
        assert int(answers[-1].headers["Retry-After"]) > 0


def test_a_form_of_another_site_changes_nothing(
    db: Database, look: str, nina: MemberView, tablet: Visitor
) -> None:
    form = tablet.open(f"/staff/wall/{look}").form(f"/staff/wall/{look}")
    wish = form | {"verdict": "hide", "reason": "rude"}
    foreign = {"Sec-Fetch-Site": "cross-site"}
    answer = tablet.client.post(f"/staff/wall/{look}", data=wish, headers=foreign)
    assert answer.status_code == 401
    wish.pop("csrf_token")
    own = {"Sec-Fetch-Site": "same-origin"}
    assert tablet.client.post(f"/staff/wall/{look}", data=wish, headers=own).status_code == 400
    with db.read() as session:
        assert queries.notices_for(session, nina.id) == {}


def test_brands_keep_apart(look: str, db: Database, visit: Visit) -> None:
    with db.write() as session:
        other = new_brand(session, slug="birch")
    assert visit().open("/wall/alder").text.count(look)
    assert look not in visit().open(f"/wall/{other.slug}").text
