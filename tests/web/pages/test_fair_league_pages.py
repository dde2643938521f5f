"""Pages of a fair league: rules in plain words, likes being checked, appeals, staff deciding."""

from collections.abc import Callable

import pytest

from core import clock as core_clock
from core.clock import FixedClock
from core.transaction import Database
from loyalty.leaderboards.rules import BOARD_KINDS, Prize
from loyalty.prizes import queries as prizes
from loyalty.prizes.rules import gift_code
from retail.accounts.queries import MemberView
from retail.brands.queries import BrandView, StoreView
from retail.fairness import queries, service
from retail.journeys.league.rank_look import rank_look
from retail.journeys.league.season_close import close_season
from tests.builders.accounts import sign_in
from tests.builders.back import SCARF, new_week, send_back
from tests.builders.brands import new_brand, new_store
from tests.builders.league import fold, like_times, new_league, ranked_outfit, running_season
from tests.builders.staff_accounts import COOKIE, new_staff, sign_in_staff
from tests.builders.visitor import Visitor
from tests.conftest import KEY

Visit = Callable[[], Visitor]
OFFERED = (
    Prize(1, "gift", 2500, "GBP", title="Silk scarf"),
    Prize(2, "voucher", value=50_000, currency="GBP"),
    Prize(3, "invitation", title="Private view"),
)


@pytest.fixture
def brand(db: Database) -> BrandView:
    with db.write() as session:
        return new_brand(session, slug="alder", name="Alder & Finch")


@pytest.fixture
def store(db: Database, brand: BrandView) -> StoreView:
    with db.write() as session:
        store = new_store(session, brand=brand)
        new_league(session, brand.id, OFFERED, kinds=BOARD_KINDS)
        return store


@pytest.fixture
def stylists(db: Database, store: StoreView) -> list[MemberView]:
    """Three on the board, the first with a like that is held back."""
    with db.write() as session:
        ranked = [ranked_outfit(session, store, display_name=n) for n in ("Ada A", "Bo B", "Cy C")]
        for likes, (_, outfit_id) in zip((4, 2, 1), ranked, strict=True):
            fans = like_times(session, outfit_id, store.brand_id, likes)
            rank_look(session, outfit_id, now=core_clock.now())
            first = fans[0]
            if likes == 4:
                held = (outfit_id, first.id)
        fold(session)
        evidence = {"members": 9, "looks": 4, "density_percent": 90, "hours": 2.0}
        suspicion = service.Suspicion("group", (held,), evidence | {"least_density_percent": 40})
        play = queries.rules_of(session, store.brand_id)
        now = core_clock.now()
        service.hold_back(session, store.brand_id, suspicion, play=play, now=now)
        fold(session)
        return [stylist for stylist, _ in ranked]


@pytest.fixture
def at_work(db: Database, brand: BrandView, visit: Visit) -> Callable[[str], Visitor]:
    def come(name: str) -> Visitor:
        with db.write() as session:
            token = sign_in_staff(session, new_staff(session, brand.id, name=name))
        return visit().sign_in(token, cookie=COOKIE)

    return come


def phone_of(db: Database, visit: Visit, member: MemberView) -> Visitor:
    with db.write() as session:
        token = sign_in(session, member)
    return visit().sign_in(token)


def force(visitor: Visitor, address: str, **values: str) -> int:
    """The answer to a form that the open page does not offer."""
    token = visitor.form("/staff/lock")
    same = {"Sec-Fetch-Site": "same-origin"}
    return visitor.client.post(address, data=token | values, headers=same).status_code


def test_a_league_has_boards_of_stylists_looks_and_newcomers(
    stylists: list[MemberView], store: StoreView, visit: Visit
) -> None:
    looks = visit().open("/league/alder?kind=outfits").text
    assert "by Ada A." in looks
    assert "Ada A." in visit().open("/league/alder?kind=newcomers").text
    assert "Ada A." in visit().open(f"/kiosk/alder/{store.slug}?kind=outfits").text
    for kind in BOARD_KINDS:
        rules = visit().open(f"/league/alder/{store.slug}/rules?kind={kind}").text
        assert "It never goes back into a closed one." in rules
        assert "Silk scarf" in rules


@pytest.mark.parametrize(
    ("hours", "said"),
    [(0, "gives it is an adult"), (1, "at least 1 hour before"), (24, "at least 24 hours before")],
)
def test_the_rules_say_how_long_before_only_where_it_matters(
    store: StoreView, db: Database, visit: Visit, hours: int, said: str
) -> None:
    with db.write() as session:
        limit: dict[str, int | bool] = {"account_age_hours": hours}
        service.set_rules(session, store.brand_id, limit, now=core_clock.now())
    rules = visit().open(f"/league/alder/{store.slug}/rules").text
    sentence = (
        "A like counts 1, an offer that is used with your name on it 5, and nothing else does"
    )
    assert sentence in visit().open("/league/alder").text
    assert "A like counts 1. An offer with a stylist’s name on it counts 5" in rules
    assert said in rules
    assert ("joined at least" in rules) == (hours > 0)


def test_held_likes_are_told_decided_on_and_appealed(
    stylists: list[MemberView],
    db: Database,
    visit: Visit,
    at_work: Callable[[str], Visitor],
) -> None:
    phone = phone_of(db, visit, stylists[0])
    page = phone.open("/league/alder").text
    assert "1 like is being checked." in page
    assert "You’ll hear by Wednesday." in page
    jo, kim = at_work("Jo Hartley"), at_work("Kim Osei")
    assert "9 members like the same 4 looks" in jo.open("/staff/reviews").text
    with db.read() as session:
        (case,) = queries.cases_of(session, stylists[0].id)
    address = f"/staff/reviews/{case.id}"
    assert "90%" in jo.open(address).text
    assert jo.open(address).send(address, is_fair="false").status == 422
    jo.open(address).send(address, is_fair="false", reason="One flyer, nine accounts.")
    assert "One flyer, nine accounts." in phone.open("/me/league").text
    phone.send(f"/me/league/{case.id}/appeal", words="They are my class.")
    assert "Somebody else is on it." in phone.open("/me/league").text
    answer = f"{address}/appeals/{stylists[0].id}"
    assert "somebody else answers" in jo.open(address).text
    assert force(jo, answer, is_fair="true", reason="Mine") == 403
    kim.open(address).send(answer, is_fair="true", reason="A class it is.")
    assert "1 like counts" in phone.open("/me/league").text


def test_prizes_are_released_collected_and_accepted(
    stylists: list[MemberView],
    store: StoreView,
    db: Database,
    clock: FixedClock,
    visit: Visit,
    at_work: Callable[[str], Visitor],
) -> None:
    with db.write() as session:
        season = running_season(session, store)
        clock.instant = season.ends_at
        close_season(session, season.id, now=clock.now(), key=KEY)
        gift, voucher, invited = (
            prizes.awards_of(session, store.brand_id, stylist.id)[0] for stylist in stylists
        )
    ada, bo, cy = (phone_of(db, visit, stylist) for stylist in stylists)
    code = gift_code(gift.id, KEY)
    assert f"{code[:5]}-{code[5:]}" in ada.open("/me/prizes").text
    assert "No vouchers yet" not in ada.text
    assert "Yours once two of us have released it." in bo.open("/me/prizes").text
    jo, kim = at_work("Jo Hartley"), at_work("Kim Osei")
    release = f"/staff/prizes/{voucher.id}/release"
    jo.open("/staff/prizes").send(release)
    assert force(jo, release) == 409
    kim.open("/staff/prizes").send(release)
    assert "£500 off" in bo.open("/me/prizes").text
    mistyped = jo.open("/staff/gifts").send("/staff/gifts", code="0000000000")
    assert (mistyped.status, "They have it" in mistyped.text) == (404, True)
    assert mistyped.form("/staff/gifts")["code"] == "0000000000"
    jo.open("/staff/gifts").send("/staff/gifts", code=code)
    assert jo.open("/staff/gifts").send("/staff/gifts", code=code).status == 409
    assert "Collected on" in ada.open("/me/prizes").text
    cy.open("/me/prizes").send(f"/me/prizes/{invited.id}/accept")
    assert "You said yes." in cy.open("/me/prizes").text


def test_a_prize_whose_ground_gave_way_is_decided_on_and_its_winner_reads_why(
    brand: BrandView,
    db: Database,
    clock: FixedClock,
    visit: Visit,
    at_work: Callable[[str], Visitor],
) -> None:
    with db.write() as session:
        week = new_week(session, SCARF, store=new_store(session, brand=brand))
        week.close(session, clock)
        send_back(session, week.store, week.looks[0])
        award = week.award(session)
    phone, jo = phone_of(db, visit, week.stylists[0]), at_work("Jo Hartley")
    assert "It waits until we’ve decided." in phone.open("/me/prizes").text
    settle = f"/staff/prizes/{award.id}/settle"
    page = jo.open("/staff/prizes")
    assert "It was won with a score of 3." in page.text
    assert page.send(settle, verdict="taken_back", reason="").status == 422
    jo.open("/staff/prizes").send(settle, verdict="taken_back", reason="All of it came back.")
    assert "Taken back: All of it came back." in phone.open("/me/prizes").text
    assert "a prize review" in phone.open("/me/privacy/looks").text
