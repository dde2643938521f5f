"""The way back from a provider: walked once, in the browser that left, and to nowhere else."""

import re
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import select

from core.clock import FixedClock
from core.transaction import Database
from retail.accounts.models import Identity, Member, MemberSession, SpentState
from retail.accounts.service import forget_old_codes
from retail.brands.queries import BrandView
from tests.builders.accounts import new_member
from tests.builders.brands import new_brand
from tests.builders.provider import OwnProvider
from tests.builders.races import race
from tests.builders.visitor import Visitor
from tests.conftest import both_databases
from tests.web.elsewhere import EMAIL, Visit, brand, count, provider, sign_in, way_back

__all__ = ["brand", "provider"]

RUNNERS = 8


def is_refused(visitor: Visitor, says: str = "Please start again") -> bool:
    return visitor.status == 403 and says in visitor.text


def with_cookies_of(visitor: Visitor, visit: Visit) -> Visitor:
    """Another window that was given all that this browser holds, as it is now."""
    twin = visit()
    for cookie in visitor.client._cookies.values():
        twin.client.set_cookie(cookie.key, cookie.value)
    return twin


def test_a_way_back_is_walked_once(
    brand: BrandView, visit: Visit, provider: OwnProvider, db: Database
) -> None:
    nina = visit()
    back = way_back(nina)
    before = with_cookies_of(nina, visit)
    nina.open(back)
    assert is_refused(nina.open(back))
    # Not even with the cookie as it was before, and before the provider is asked again.
    assert is_refused(before.open(back))
    assert provider.count("/token") == 1
    assert count(db, MemberSession) == 1


def test_another_browser_cannot_walk_it(
    brand: BrandView, visit: Visit, provider: OwnProvider, db: Database
) -> None:
    nina = visit()
    back = way_back(nina)
    assert is_refused(visit().open(back))
    other = visit()
    way_back(other)
    assert is_refused(other.open(back))
    assert provider.count("/token") == 0
    assert nina.open(back).path == "/me/profile"


def test_who_is_sent_here_with_somebody_elses_account_keeps_their_own_way(
    brand: BrandView, visit: Visit, provider: OwnProvider, db: Database
) -> None:
    victim = visit()
    own = way_back(victim)
    provider.person = {"sub": "rex", "email": "rex@shopper.example", "email_verified": True}
    assert is_refused(victim.open(way_back(visit())))
    assert count(db, MemberSession) == 0
    assert victim.open(own).path == "/me/profile"
    with db.read() as session:
        assert session.scalars(select(Member.email)).all() == [EMAIL]


@pytest.mark.parametrize("checks_pkce", [True, False])
def test_somebody_elses_code_opens_nothing_even_if_the_provider_forgets_to_check(
    brand: BrandView, visit: Visit, provider: OwnProvider, db: Database, checks_pkce: bool
) -> None:
    provider.checks_pkce = checks_pkce
    victim, thief = visit(), visit()
    stolen = re.search(r"code=([^&]+)", way_back(victim))
    assert stolen is not None
    back = re.sub(r"code=[^&]+", f"code={stolen[1]}", way_back(thief))
    thief.open(back)
    assert thief.status == 403
    # By the challenge if the provider looks at it, by the nonce if it does not.
    assert ("didn’t confirm" if checks_pkce else "doesn’t add up") in thief.text
    assert count(db, MemberSession) == 0


def test_a_code_that_was_used_opens_nothing_under_a_new_state(
    brand: BrandView, visit: Visit, provider: OwnProvider, db: Database
) -> None:
    nina = visit()
    first = way_back(nina)
    nina.open(first)
    used = re.search(r"code=([^&]+)", first)
    assert used is not None
    again = visit()
    again.open(re.sub(r"code=[^&]+", f"code={used[1]}", way_back(again)))
    assert is_refused(again, "didn’t confirm")
    assert count(db, MemberSession) == 1


def test_after_ten_minutes_it_is_over(
    brand: BrandView, visit: Visit, provider: OwnProvider, clock: FixedClock
) -> None:
    late, in_time = visit(), visit()
    ways = way_back(late), way_back(in_time)
    clock.advance(minutes=9, seconds=59)
    assert in_time.open(ways[1]).path == "/me/profile"
    clock.advance(seconds=1)
    assert is_refused(late.open(ways[0]))


@pytest.mark.parametrize("issuer", ["", "https://another.example", None])
def test_an_answer_in_another_providers_name_is_not_believed(
    brand: BrandView, visit: Visit, provider: OwnProvider, db: Database, issuer: str | None
) -> None:
    nina = visit()
    back = re.sub(r"&iss=[^&]+", "", way_back(nina))
    says = "" if issuer is None else "&" + urlencode({"iss": issuer})
    assert is_refused(nina.open(back + says), "doesn’t add up")
    assert provider.count("/token") == 0


def test_a_provider_that_does_not_promise_its_name_need_not_give_it(
    brand: BrandView, visit: Visit, provider: OwnProvider
) -> None:
    provider.metadata = {"authorization_response_iss_parameter_supported": False}
    nina = visit()
    assert nina.open(re.sub(r"&iss=[^&]+", "", way_back(nina))).path == "/me/profile"


def test_who_says_no_over_there_comes_back_to_the_page_they_left(
    brand: BrandView, visit: Visit, provider: OwnProvider, db: Database
) -> None:
    nina = visit()
    back = re.sub(r"code=[^&]+", "error=access_denied&error_description=%3Cb%3E", way_back(nina))
    assert is_refused(nina.open(back), "Nothing has changed")
    assert "<b>" not in nina.form("/join/alder").values()
    assert "access_denied" not in nina.text
    assert nina.form("/join/alder")["next"] == "/me/privacy"
    assert count(db, Member) == 0


def test_a_way_back_to_one_brand_does_not_lead_into_another(
    app: Flask, brand: BrandView, visit: Visit, provider: OwnProvider, db: Database
) -> None:
    with db.write() as session:
        new_brand(session, slug="birch", name="Birch")
    nina = visit()
    back = way_back(nina)
    assert is_refused(nina.open(back.replace("/alder/", "/birch/")))
    assert nina.open(back).path == "/me/profile"


@pytest.mark.parametrize("onward", ["https://elsewhere.example/", "//elsewhere.example", "/%5Ce"])
def test_the_way_on_never_leaves_the_site(
    brand: BrandView, visit: Visit, provider: OwnProvider, db: Database, onward: str
) -> None:
    with db.write() as session:
        new_member(session, brand.id, email=EMAIL)
    assert sign_in(visit(), onward=onward).path == "/me"


def test_a_like_of_a_stranger_and_what_stood_in_the_browser_do_not_cross_over(
    brand: BrandView, visit: Visit, provider: OwnProvider
) -> None:
    nina = visit().open("/join/alder").send("/join/alder", email="old@shopper.example")
    sign_in(nina)
    assert nina.open("/join/alder/code").path != "/join/alder/code"


def test_what_makes_a_way_back_single_is_forgotten_after_an_hour(
    brand: BrandView, visit: Visit, provider: OwnProvider, db: Database, clock: FixedClock
) -> None:
    sign_in(visit())
    for minutes, left in ((59, 1), (1, 0)):
        clock.advance(minutes=minutes)
        with db.write() as session:
            forget_old_codes(session, now=clock.now())
        assert count(db, SpentState) == left


@pytest.mark.proof(rounds=50)
@both_databases
def test_one_way_back_walked_at_once_is_one_session_of_one_member(
    app: Flask, brand: BrandView, visit: Visit, provider: OwnProvider, db: Database
) -> None:
    nina = visit()
    back = way_back(nina)
    # The provider would take the code each time: that it does not is not what is tried here.
    provider.forgets_codes = True
    twins = [with_cookies_of(nina, visit) for _ in range(RUNNERS)]
    statuses = race(lambda n: twins[n].client.get(back).status_code, attempts=RUNNERS)
    assert sorted(statuses) == [303] + [403] * (RUNNERS - 1)
    assert provider.count("/token") == 1
    assert [count(db, table) for table in (Member, Identity, MemberSession)] == [1, 1, 1]


@pytest.mark.proof(rounds=50)
@both_databases
def test_ways_of_one_stranger_at_once_join_one_member(
    app: Flask, brand: BrandView, visit: Visit, provider: OwnProvider, db: Database
) -> None:
    browsers = [visit() for _ in range(RUNNERS)]
    ways = [way_back(browser) for browser in browsers]
    statuses = race(lambda n: browsers[n].client.get(ways[n]).status_code, attempts=RUNNERS)
    assert statuses == [303] * RUNNERS
    assert [count(db, table) for table in (Member, Identity, MemberSession)] == [1, 1, RUNNERS]
    with db.read() as session:
        owners = set(session.scalars(select(MemberSession.member_id)))
        assert owners == set(session.scalars(select(Identity.member_id)))
