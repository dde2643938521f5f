"""What campaigns change, at the desk and in the API, and whoever is kept back is given nothing."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from random import Random
from typing import Any

import pytest
from flask import Flask

from core.clock import FixedClock
from core.transaction import Database
from loyalty.experiments.rules import stands
from loyalty.ledger import queries as ledger
from retail.journeys.campaigns import give_gifts
from retail.journeys.campaigns.measure_experiment import Compared, measure_experiment
from tests.builders.accounts import new_member
from tests.builders.receipts import line, new_receipt
from tests.builders.staff import new_integrator_key, new_till_key
from tests.builders.staff_accounts import COOKIE, new_staff, sign_in_staff
from tests.builders.till import Till, measured_till, new_in_arm
from tests.builders.visitor import Visitor
from web.auth import settings

Visit = Callable[[], Visitor]
DESK = "/staff/experiments"
POINT = {"kind": "points", "points": 1}
DOORS = ("preview", "unnamed", "stranger", "give", "late", "again", "back", "stop")


def bought(db: Database, people: int, *, more_minor: int = 0, seed: int = 4) -> Till:
    """Members who bought while a campaign ran; the treated, every other, spent so much more each.

    Who is drawn follows the campaign's id, so members are looked for who are drawn in turn.
    """
    dice = Random(seed)
    ids = (f"M{seed:02}{number:023}" for number in count())
    with db.write() as session:
        till = measured_till(session, POINT)
        for number in range(people):
            arm = ("treatment", "holdout")[number % 2]
            drawn = next(one for one in ids if stands(till.campaign_id, one, 500).arm == arm)
            member = new_member(session, till.store.brand_id, id=drawn)
            priced = till.give(session, f"A{number}", 5_000, member_id=member.id)
            total = max(0, round(dice.gauss(5_000, 1_500))) + priced.points * more_minor
            goods = {"lines": (line(total_minor=total),), "number": f"A{number}"}
            new_receipt(session, store=till.store, member=member, **goods)
    return till


def buys_as_treated(db: Database, till: Till, number: str, total_minor: int) -> None:
    """One more, who is drawn to be given the campaign, buys."""
    with db.write() as session:
        member = new_in_arm(session, till, "treatment")
        till.give(session, number, total_minor, member_id=member.id)
        goods = {"lines": (line(total_minor=total_minor),), "number": number}
        new_receipt(session, store=till.store, member=member, **goods)


def spent(db: Database, till: Till, clock: FixedClock) -> Compared:
    with db.read() as session:
        found = measure_experiment(
            session, till.store.brand_id, till.campaign_id, now=clock.now() + timedelta(minutes=1)
        )
    assert found.spent is not None
    return found.spent


def reader(db: Database, till: Till, visit: Visit) -> Visitor:
    with db.write() as session:
        staff = new_staff(session, till.store.brand_id, role="marketer")
        return visit().sign_in(sign_in_staff(session, staff), cookie=COOKIE)


def test_a_campaign_that_changes_nothing_is_not_said_to(db: Database, clock: FixedClock) -> None:
    found = spent(db, bought(db, 80), clock)
    assert found.low < 0 < found.high
    assert not found.is_clear


def test_what_a_campaign_changes_is_found_and_told_in_a_sentence(
    db: Database, clock: FixedClock, visit: Visit, app: Flask
) -> None:
    till = bought(db, 80, more_minor=2_000)
    found = spent(db, till, clock)
    assert found.low < 2_000 < found.high
    assert found.is_clear
    clock.advance(minutes=1)
    page = reader(db, till, visit).open(f"{DESK}/{till.campaign_id}")
    assert "Members who could get it spent £" in page.text
    assert "Cochran" in page.text
    file = page.open(f"{DESK}/{till.campaign_id}/figures.csv").text
    assert f"{found.difference:.4f}" in file
    with app.app_context(), db.write() as session:
        _, key = new_integrator_key(session, till.store.brand_id, key=settings().key)
    headers = {"Authorization": f"Bearer {key}"}
    told = app.test_client().get(f"/api/v1/experiments/{till.campaign_id}", headers=headers)
    assert told.json["spent"]["difference"] == pytest.approx(found.difference)
    (row,) = app.test_client().get("/api/v1/experiments", headers=headers).json["experiments"]
    assert row == told.json["experiment"]


def test_of_few_people_nothing_is_told(db: Database, clock: FixedClock, visit: Visit) -> None:
    till = bought(db, 12)
    page = reader(db, till, visit).open(f"{DESK}/{till.campaign_id}")
    assert "Not enough people yet" in page.text
    assert "give or take" not in page.text
    assert "under 10" in page.text


def test_some_are_kept_back_from_everything_from_the_page_and_let_in_again(
    db: Database, clock: FixedClock, visit: Visit
) -> None:
    with db.write() as session:
        till = measured_till(session, POINT)
    page = reader(db, till, visit).open(DESK)
    assert page.send(DESK, holdout="501").status == 422
    page.send(DESK, holdout="50")
    assert "5% of members are kept back" in " ".join(page.text.split())
    started = page.path
    assert page.open(DESK).text.count('class="tick on"') == 2
    clock.advance(minutes=1)
    page.open(started).send(f"{started}/end")
    assert "ended" in page.text
    assert page.open(DESK).text.count('class="tick on"') == 1


class Doors:
    """A member who is held out, and every way to a till."""

    def __init__(self, app: Flask, db: Database, clock: FixedClock) -> None:
        self.client, self.db, self.clock, self.sold = app.test_client(), db, clock, 0
        with app.app_context(), db.write() as session:
            self.till = measured_till(session, {"kind": "percent_off", "per_cent": 10}, POINT)
            self.brand_id = self.till.store.brand_id
            while True:
                self.member = new_member(session, self.brand_id)
                if stands(self.till.campaign_id, self.member.id, 500).arm == "holdout":
                    break
            key, store_id = settings().key, self.till.store.id
            _, self.key = new_till_key(session, self.brand_id, store_id, key=key)
            _, self.office = new_integrator_key(session, self.brand_id, key=key)

    def call(self, method: str, path: str, by: str, **options: Any) -> Any:
        headers = {"Authorization": f"Bearer {by}"}
        return self.client.open(f"/api/v1{path}", method=method, headers=headers, **options).json

    def price(self, **more: Any) -> Any:
        lines = [{"sku": "C-1", "quantity": "1", "total_minor": 10_000}]
        body = {"currency": "GBP", "lines": lines, "member_id": self.member.id} | more
        return self.call("POST", "/baskets/price", self.key, json=body)

    def come_by(self, door: str) -> int:
        """What somebody who is held out is given there."""
        self.sold += door not in ("again", "back")
        number = f"A{self.sold}"
        for_good = {"commit": True, "source": number}
        late = (self.clock.now() - timedelta(minutes=50)).isoformat()
        if door == "stop":
            for deed in ("stop", "start"):
                self.call("POST", f"/campaigns/{self.till.campaign_id}/{deed}", self.office)
            return 0
        if door == "back":
            self.call("DELETE", f"/baskets/{number}", self.key)
            return 0
        priced = {
            "preview": lambda: self.price(),
            "unnamed": lambda: self.price(member_id=None, **for_good),
            "stranger": lambda: self.price(member_id="0" * 26, **for_good),
            "give": lambda: self.price(**for_good),
            "again": lambda: self.price(**for_good),
            "late": lambda: self.price(at=late, **for_good),
        }[door]()
        return int(priced.get("discount_minor", 0)) + int(priced.get("points", 0))


def walk(doors: Doors, seed: int) -> int:
    """All that came of thirty doors in any order."""
    dice = Random(seed)
    given = sum(doors.come_by(dice.choice(DOORS)) for _ in range(30))
    with doors.db.read() as session:
        points = ledger.pending(session, doors.brand_id, doors.member.id)
    return given + points


def test_nobody_who_is_kept_back_is_given_anything_by_any_doors(
    app: Flask, db: Database, clock: FixedClock
) -> None:
    assert walk(Doors(app, db, clock), 1) == 0


def test_a_till_that_asks_nobody_is_caught(
    app: Flask, db: Database, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(give_gifts, "keep_back", lambda *_given, **_named: {})
    assert walk(Doors(app, db, clock), 1) > 0


def test_two_readings_differ_by_ten_people_or_by_none(db: Database, clock: FixedClock) -> None:
    till = bought(db, 80)
    with db.read() as session:
        before = measure_experiment(
            session, till.store.brand_id, till.campaign_id, now=later(clock)
        )
    clock.advance(minutes=1)
    buys_as_treated(db, till, "B1", 900_000)
    with db.read() as session:
        after = measure_experiment(session, till.store.brand_id, till.campaign_id, now=later(clock))
    assert before.spent is not None
    assert (after.spent, after.experiment) == (before.spent, before.experiment)
    people = (before.experiment.treated_people, before.experiment.held_out_people)
    assert [one % 10 for one in people if one] == [0, 0]


def later(clock: FixedClock) -> datetime:
    return clock.now() + timedelta(minutes=1)
