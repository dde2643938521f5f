"""Rewards on the phone and at the desk: looked at, chosen, given back, offered, stopped."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from core import clock
from core.clock import FixedClock
from core.transaction import Database
from loyalty.ledger import queries as ledger
from loyalty.rewards import queries
from loyalty.rewards.rules import RewardView
from retail.accounts.queries import MemberView
from retail.brands.queries import StoreView
from tests.builders.accounts import new_member, sign_in
from tests.builders.brands import new_store
from tests.builders.points import earn
from tests.builders.rewards import new_reward
from tests.builders.staff_accounts import COOKIE, new_staff, sign_in_staff
from tests.builders.tiers import new_tiers
from tests.builders.visitor import Visitor
from tests.web.pages.conftest import settings_key

Visit = Callable[[], Visitor]
PHONE, DESK = "/me/rewards", "/staff/rewards"


@pytest.fixture
def store(db: Database) -> StoreView:
    with db.write() as session:
        return new_store(session)


@pytest.fixture
def nina(db: Database, store: StoreView) -> MemberView:
    with db.write() as session:
        nina = new_member(session, store.brand_id)
        earn(session, nina.id, 250, programme_id=store.brand_id)
        return nina


@pytest.fixture
def phone(app: Flask, db: Database, nina: MemberView, visit: Visit) -> Visitor:
    with db.write() as session:
        return visit().sign_in(sign_in(session, nina, key=settings_key(app)))


@pytest.fixture
def marketer(db: Database, store: StoreView, visit: Visit) -> Visitor:
    with db.write() as session:
        staff = new_staff(session, store.brand_id, role="marketer")
        return visit().sign_in(sign_in_staff(session, staff), cookie=COOKIE)


def offer(db: Database, store: StoreView, **overrides: object) -> RewardView:
    with db.write() as session:
        return new_reward(session, store.brand_id, **overrides)


def balance(db: Database, member: MemberView) -> int:
    with db.read() as session:
        return ledger.balance(session, member.brand_id, member.id)


def choose(phone: Visitor, reward: RewardView) -> Visitor:
    place = f"{PHONE}/{reward.id}"
    return phone.open(place).send(place)


def test_where_there_is_nothing_the_page_says_so(phone: Visitor) -> None:
    assert "Nothing to choose just now" in phone.open(PHONE).text
    assert phone.open(f"{PHONE}/none").status == 404


def test_each_reward_says_what_it_takes_and_why_it_cannot_be_had(
    db: Database, store: StoreView, phone: Visitor
) -> None:
    with db.write() as session:
        new_tiers(session, programme_id=store.brand_id)
    offer(db, store, title="A small thing", stock=3)
    offer(db, store, title="A tote", price=560)
    offer(db, store, title="A dinner", tier="gold")
    offer(db, store, title="A trip", first_day=clock.now().date() + timedelta(days=9))
    text = phone.open(PHONE).text
    assert "3 are left" in text
    assert "310 points to go" in text
    assert "For Gold and above" in text
    assert "From Tuesday 1 December on" in text
    assert text.index("A small thing") < text.index("A tote")
    assert "What they bring" in phone.open("/me/points").text


def test_a_reward_is_chosen_shown_as_a_voucher_and_given_back(
    db: Database, store: StoreView, nina: MemberView, phone: Visitor
) -> None:
    reward = offer(db, store)
    assert "Then you have 150" in phone.open(f"{PHONE}/{reward.id}").text
    text = choose(phone, reward).text
    assert "£5 off" in text
    assert 'class="bars"' in text
    assert balance(db, nina) == 150
    taken, code = phone.path, text.partition('class="mono">')[2].partition("<")[0]
    assert code in phone.open("/me/prizes").text
    assert "Reward: £5 off" in phone.open("/me/points").text
    assert taken in phone.open(PHONE).text
    text = phone.open(taken).send(f"{taken}/undo").text
    assert "100 points are yours again" in text
    assert balance(db, nina) == 250
    assert "Given back" in phone.open(taken).text


def test_a_form_sent_twice_or_from_another_tab_pays_once_and_a_new_look_again(
    db: Database, store: StoreView, nina: MemberView, phone: Visitor
) -> None:
    place = f"{PHONE}/{offer(db, store).id}"
    form, tab = phone.open(place).form(place), phone.open(place).form(place)
    first, again, there = (phone.api("POST", place, data=sent) for sent in (form, form, tab))
    assert first.location == again.location == there.location
    assert balance(db, nina) == 150
    phone.open(first.location or "").send(f"{first.location}/undo")
    second = phone.open(place).send(place).path
    assert (second == first.location, balance(db, nina)) == (False, 150)
    assert phone.open(place).send(place).path != second
    assert balance(db, nina) == 50


def test_what_went_in_the_meantime_is_said_where_it_was_chosen(
    db: Database, store: StoreView, nina: MemberView, phone: Visitor
) -> None:
    reward = offer(db, store, per_owner=1)
    place = f"{PHONE}/{reward.id}"
    form = phone.open(place).form(place)
    choose(phone, reward)
    phone.page = phone.api("POST", place, data=form | {"wish": "another"})
    assert phone.status == 409
    assert "You had as many of these as one can" in phone.text
    assert balance(db, nina) == 150


def test_after_its_time_nothing_is_given_back(
    db: Database, store: StoreView, nina: MemberView, phone: Visitor, clock: FixedClock
) -> None:
    taken = choose(phone, offer(db, store, undo_minutes=5)).path
    form = phone.form(f"{taken}/undo")
    clock.instant += timedelta(minutes=5)
    phone.page = phone.api("POST", f"{taken}/undo", data=form)
    assert phone.status == 409
    assert "It stays yours" in phone.text
    assert "undo" not in phone.open(taken).text
    assert balance(db, nina) == 150


def test_what_somebody_else_took_is_absent(
    app: Flask, db: Database, store: StoreView, phone: Visitor, visit: Visit
) -> None:
    taken = choose(phone, offer(db, store)).path
    with db.write() as session:
        other = new_member(session, store.brand_id)
        theirs = visit().sign_in(sign_in(session, other, key=settings_key(app)))
    token = theirs.open("/me").form("/me/sign-out")
    assert theirs.open(taken).status == 404
    assert theirs.api("POST", f"{taken}/undo", data=token).status_code == 404


def test_what_is_typed_is_offered_watched_and_stopped(
    db: Database, store: StoreView, marketer: Visitor, phone: Visitor
) -> None:
    assert "No reward yet" in marketer.open(DESK).text
    typed = {"title": "£7.50 off", "price": "1,000", "terms.value": "7.50", "stock": "20"}
    marketer.open(f"{DESK}/new")
    form = marketer.form(f"{DESK}/new") | typed
    places = {marketer.api("POST", f"{DESK}/new", data=form).location for _ in range(2)}
    with db.read() as session:
        (reward,) = queries.rewards_of(session, store.brand_id)
    assert places == {f"{DESK}/{reward.id}"}
    assert (reward.price, reward.stock, reward.undo_minutes) == (1000, 20, 60)
    assert "£7.50 off" in phone.open(PHONE).text
    assert "0 of 20" in marketer.open(DESK).text
    stopped = marketer.open(f"{DESK}/{reward.id}").send(f"{DESK}/{reward.id}/stop").text
    assert "Stopped" in stopped
    assert "£7.50 off" not in phone.open(PHONE).text


def test_what_makes_no_sense_is_said_beside_its_box(marketer: Visitor) -> None:
    wrong = {"title": "A", "price": "much", "terms.uses": "", "last_day": "2026-01-01"}
    new = f"{DESK}/new"
    text = marketer.open(new).send(new, **wrong).text
    assert marketer.status == 422
    assert 'id="e-f-price"' in text
    better = marketer.open(new).send(new, **wrong | {"price": "5"}).text
    assert 'id="e-f-terms-uses"' in better
    late = {"title": "A", "first_day": "2026-11-30", "last_day": "2026-11-29"}
    assert 'id="e-f-last_day"' in marketer.open(new).send(new, **late).text


def test_staff_take_one_back_by_its_code_and_see_nobody(
    db: Database, store: StoreView, nina: MemberView, marketer: Visitor, phone: Visitor
) -> None:
    text = choose(phone, offer(db, store)).text
    code = text.partition('class="mono">')[2].partition("<")[0]
    assert (
        "Check it for slips"
        in marketer.open(DESK).send(f"{DESK}/void", code="ABCD", reason="Wrong one.").text
    )
    assert marketer.open(DESK).send(f"{DESK}/void", code=code).status == 422
    text = marketer.open(DESK).send(f"{DESK}/void", code=code, reason="Wrong one.").text
    assert "100 points again" in text
    assert nina.display_name not in text
    assert balance(db, nina) == 250
    assert "£5 off (Wrong one.)" in phone.open("/me/points").text
    assert "taking a reward back" in phone.open("/me/privacy/looks").text


def test_who_works_in_one_store_offers_nothing(
    db: Database, store: StoreView, visit: Visit
) -> None:
    with db.write() as session:
        staff = new_staff(session, store.brand_id, role="manager", store_id=store.id)
        visitor = visit().sign_in(sign_in_staff(session, staff), cookie=COOKIE)
    assert visitor.open(DESK).status == 403
