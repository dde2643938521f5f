"""Every role at every staff page: each reaches exactly what the table of roles says."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from core.clock import FixedClock
from core.transaction import Database
from retail.access_log import queries as access_log
from retail.accounts.queries import MemberView
from retail.brands.queries import StoreView
from retail.consent.rules import PUBLIC_OUTFITS, PURPOSES
from retail.staff.roles import ROLES, may
from retail.wall import queries as wall
from retail.wall import rules
from tests.builders.accounts import new_member
from tests.builders.brands import new_store
from tests.builders.outfits import new_stylist
from tests.builders.staff_accounts import COOKIE, new_staff, sign_in_staff
from tests.builders.visitor import Visitor
from tests.builders.vouchers import new_voucher
from tests.builders.wall import decide, new_look

Visit = Callable[[], Visitor]
# What every colleague may do, whatever their role: their own start page, PIN and sessions.
FOR_EVERYBODY = {"show", "me", "set_pin", "end", "lock"}
STAFF_GUARDS = {"staff_page", "staff_live"}


@pytest.fixture
def store(db: Database) -> StoreView:
    with db.write() as session:
        return new_store(session, slug="leeds")


def routes(app: Flask) -> dict[str, list[tuple[str, str]]]:
    """The methods and addresses behind each view of the staff pages, by the view's name."""
    found: dict[str, list[tuple[str, str]]] = {}
    for rule in app.url_map.iter_rules():
        blueprint = app.blueprints.get(rule.endpoint.rpartition(".")[0])
        if getattr(blueprint, "guarded_by", "") in STAFF_GUARDS:
            for method in sorted(set(rule.methods or ()) & {"GET", "POST"}):
                found.setdefault(rule.endpoint, []).append((method, rule.rule))
    return found


def test_every_staff_view_names_its_permission(app: Flask) -> None:
    unnamed = {
        endpoint
        for endpoint in routes(app)
        if not hasattr(app.view_functions[endpoint], "needs")
        and endpoint.removeprefix("staff_home.") not in FOR_EVERYBODY
    }
    assert unnamed == set()
    assert len(routes(app)) >= 20


@pytest.mark.parametrize("role", ROLES)
def test_each_role_reaches_exactly_what_the_table_says(
    app: Flask, db: Database, store: StoreView, visit: Visit, role: str
) -> None:
    with db.write() as session:
        staff = new_staff(session, store.brand_id, role=role)
        new_look(session, store)
        tablet = visit().sign_in(sign_in_staff(session, staff), cookie=COOKIE)
    token = tablet.open("/staff").form("/staff/lock")
    # Locking comes last, as nothing opens after it.
    for endpoint, ways in sorted(routes(app).items(), key=lambda item: "lock" in item[0]):
        needed = getattr(app.view_functions[endpoint], "needs", None)
        for method, rule in ways:
            address = re.sub(r"<\w+>", "00000000000000000000000000", rule)
            answer = tablet.api(method, address, data=token if method == "POST" else None)
            is_open = needed is None or may(role, needed)
            assert (answer.status_code != 403) == is_open, (endpoint, answer.status_code)


def test_strangers_and_members_reach_nothing(
    app: Flask, db: Database, store: StoreView, visit: Visit
) -> None:
    del store
    for endpoint, ways in routes(app).items():
        for method, rule in ways:
            answer = visit().api(method, re.sub(r"<\w+>", "0" * 26, rule))
            assert answer.status_code in (302, 400, 401), endpoint
            assert "location" not in answer.headers or "/staff/sign-in" in answer.location


@pytest.mark.parametrize("role", ["manager", "marketer"])
def test_of_another_brand_or_store_everything_is_absent(
    app: Flask, db: Database, store: StoreView, visit: Visit, role: str
) -> None:
    with db.write() as session:
        look = new_look(session, store, "Sunday best")
        jo = new_staff(session, store.brand_id)
        decision = decide(session, look, jo, rules.HIDE, "rude")
        elsewhere = new_store(session, brand_id=store.brand_id)
        strangers = [
            new_staff(session, new_store(session).brand_id, role=role),
            new_staff(session, store.brand_id, store_id=elsewhere.id, role=role),
        ]
        tokens = [sign_in_staff(session, stranger) for stranger in strangers]
    for token in tokens:
        tablet = visit().sign_in(token, cookie=COOKIE)
        assert "Sunday best" not in tablet.open("/staff/wall?show=hidden").text
        assert "Sunday best" not in tablet.open("/staff/live/wall/queue?show=hidden").text
        assert tablet.open(f"/staff/wall/{look}").status == 404
        form = tablet.open("/staff").form("/staff/lock")
        wish = form | {"verdict": "show", "version": "2"}
        for address in (f"/staff/wall/{look}", f"/staff/wall/decisions/{decision}/undo"):
            assert tablet.api("POST", address, data=wish).status_code == 404
        answer = tablet.api("POST", f"/staff/team/{jo.id}/disable", data=form)
        assert answer.status_code == (404 if role == "manager" else 403)
    with db.read() as session:
        assert wall.get_post(session, look, seen_by=jo).state == rules.HIDDEN


@pytest.fixture
def nina(db: Database, store: StoreView) -> MemberView:
    """A member with a size, a look for everyone and a voucher."""
    with db.write() as session:
        email = "nina@shopper.example"
        member = new_stylist(session, store.brand_id, email=email, sizes={"tops": "12"})
        new_look(session, store, "Sunday best", member=member)
        new_voucher(session, member.id, programme_id=store.brand_id)
        return member


@pytest.fixture
def tablet(db: Database, store: StoreView, visit: Visit) -> Visitor:
    """A manager's."""
    with db.write() as session:
        token = sign_in_staff(session, new_staff(session, store.brand_id))
    return visit().sign_in(token, cookie=COOKIE)


def looks_at(db: Database, member: MemberView) -> list[tuple[str, str]]:
    """What the member reads about who looked."""
    with db.read() as session:
        return [(look.viewer, look.purpose) for look in access_log.seen_by(session, member.id)]


def test_no_member_opens_without_a_purpose_or_to_another_brand(
    db: Database, nina: MemberView, tablet: Visitor
) -> None:
    with db.write() as session:
        olu = new_member(session, new_store(session).brand_id, email="olu@shopper.example")
    tablet.open("/staff/members")
    assert tablet.send("/staff/members", email="nina@shopper.example").status == 422
    tablet.send("/staff/members", email="nina@shopper.example", purpose="curiosity")
    assert tablet.status == 422
    tablet.send("/staff/members", email="olu@shopper.example", purpose="complaint")
    assert "Nobody has joined with this address." in tablet.text
    assert tablet.open("/staff/members/open").path == "/staff/members"
    assert looks_at(db, nina) == looks_at(db, olu) == []


def test_a_member_opens_for_a_while_and_can_read_that(
    db: Database, nina: MemberView, tablet: Visitor, clock: FixedClock
) -> None:
    tablet.open("/staff/members")
    tablet.send("/staff/members", email="nina@shopper.example", purpose="complaint")
    title = PURPOSES[PUBLIC_OUTFITS].title
    for shown in ("Nina Okafor", "Opened for a complaint", "Sunday best", "£5", title):
        assert shown in tablet.text, shown
    for private in ("nina@shopper.example", ">12<", nina.id, "/o/"):
        assert private not in tablet.text, private
    assert looks_at(db, nina) == [("A store manager", "a complaint")]
    for _ in range(3):
        clock.advance(minutes=4)
        assert tablet.open("/staff/members/open").path == "/staff/members/open"
    clock.advance(minutes=3)
    assert tablet.open("/staff/members/open").path == "/staff/members"


def test_closing_a_member_puts_them_away(nina: MemberView, tablet: Visitor) -> None:
    del nina
    tablet.open("/staff/members")
    tablet.send("/staff/members", email="nina@shopper.example", purpose="prize_review")
    tablet.send("/staff/members/close")
    assert tablet.open("/staff/members/open").path == "/staff/members"
