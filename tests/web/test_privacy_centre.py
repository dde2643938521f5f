"""The privacy centre on a phone: who sees what, who looked, take it along, leave."""

import json
from collections.abc import Callable

import pytest
from flask import Flask

from core.clock import FixedClock
from core.transaction import Database
from jobs.schedule import new_worker
from retail.access_log import service as access_log
from retail.accounts.queries import MemberView
from retail.brands.queries import StoreView
from retail.consent import queries as consent
from retail.consent.rules import PURPOSES
from retail.own_data import rules as own_data
from tests.builders.accounts import sign_in
from tests.builders.brands import new_store
from tests.builders.canaries import found_in_rows
from tests.builders.league import like_times, new_league, ranked_outfit
from tests.builders.visitor import Visitor


class Owner:
    """Somebody who shares all there is to share, with a phone and an app."""

    def __init__(self, db: Database, visit: Callable[[], Visitor]) -> None:
        with db.write() as session:
            self.store: StoreView = new_store(session)
            new_league(session, self.store.brand_id)
            found = ranked_outfit(session, self.store, display_name="Chloe Martin")
            self.member: MemberView = found[0]
            self.look = found[1]
            like_times(session, self.look, self.store.brand_id, 1)
            token = sign_in(session, self.member)
        self.phone = visit().sign_in(token)
        self.bearer = {"Authorization": f"Bearer {token}"}


@pytest.fixture
def owner(app: Flask, db: Database, visit: Callable[[], Visitor]) -> Owner:
    return Owner(db, visit)


def agreed(db: Database, owner: Owner) -> set[str]:
    with db.read() as session:
        views = consent.consents_of(session, owner.member.id)
    return {view.purpose for view in views if view.is_given}


def test_each_purpose_is_a_line_with_its_state_and_a_switch(owner: Owner) -> None:
    page = owner.phone.open("/me/privacy").text
    for purpose in PURPOSES.values():
        assert purpose.title in page
        assert purpose.sentence in page
    assert "On since 22 November." in page
    assert page.count('role="switch"') == len(PURPOSES)


@pytest.mark.parametrize("purpose", ["league", "public_outfits"])
def test_one_tap_turns_off_and_says_what_that_did(owner: Owner, db: Database, purpose: str) -> None:
    before = agreed(db, owner)
    page = owner.phone.open("/me/privacy").send(f"/me/privacy/{purpose}/off").text
    assert PURPOSES[purpose].off in page
    assert agreed(db, owner) == before - {purpose}


def test_stop_all_sharing_is_two_taps_from_every_page_of_mine(
    app: Flask, owner: Owner, db: Database
) -> None:
    addresses = [
        rule.rule.replace("<outfit_id>", owner.look)
        for rule in app.url_map.iter_rules()
        if f"{rule.rule}/".startswith("/me/") and "GET" in (rule.methods or ())
    ]
    # One friend, one note: pages that are reached from a list which is among these.
    pages = [address for address in addresses if "<" not in address]
    assert len(pages) > 12
    for page in pages:
        text = owner.phone.open(page).text
        assert owner.phone.status == 200, page
        assert 'href="/me/privacy"' in text or 'action="/me/privacy/stop"' in text, page
    owner.phone.open("/me/privacy").send("/me/privacy/stop")
    assert agreed(db, owner) == set()
    assert "You share nothing" in owner.phone.text
    assert "/me/privacy/stop" not in owner.phone.text


def test_who_looked_stands_there_at_once(owner: Owner, db: Database, clock: FixedClock) -> None:
    assert "Nobody yet" in owner.phone.open("/me/privacy/looks").text
    with db.write() as session:
        access_log.record(
            session,
            member_id=owner.member.id,
            brand_id=owner.member.brand_id,
            viewer_kind="manager",
            viewer_id="S7",
            purpose="prize_review",
            what="league",
            now=clock.now(),
        )
    page = owner.phone.open("/me/privacy/looks").text
    assert "A store manager" in page
    assert "saw your league scores, for a prize review" in page
    assert "S7" not in page


def test_a_small_copy_is_downloaded_at_once_and_logged(owner: Owner) -> None:
    assert "Chloe Martin" in owner.phone.open("/me/data").text
    owner.phone.send("/me/data/download")
    assert owner.phone.page is not None
    assert "my-data.json" in owner.phone.page.headers["Content-Disposition"]
    assert json.loads(owner.phone.text)["profile"]["display_name"] == "Chloe Martin"
    assert "your own copy" in owner.phone.open("/me/privacy/looks").text


def test_a_big_copy_is_gathered_by_a_job_and_expires(
    app: Flask, owner: Owner, db: Database, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("retail.journeys.members.own_data.ROWS_AT_ONCE", 0)
    client = app.test_client()
    refused = client.get("/api/v1/me/data", headers=owner.bearer)
    assert refused.status_code == 409
    assert refused.json["type"].endswith(":copy_not_ready")
    assert "Gather my data" in owner.phone.open("/me/data").text
    owner.phone.send("/me/data")
    assert "We’re gathering it…" in owner.phone.text
    asked = client.post("/api/v1/me/data", headers=owner.bearer)
    assert (asked.status_code, asked.json["is_ready"]) == (202, False)
    with app.app_context():
        assert new_worker(db).run_all() >= 1
    assert "Ready until 23 November" in owner.phone.open("/me/data").text
    document = client.get("/api/v1/me/data", headers=owner.bearer).json
    assert document["profile"]["display_name"] == "Chloe Martin"
    clock.advance(hours=own_data.KEPT.total_seconds() / 3600)
    assert client.get("/api/v1/me/data", headers=owner.bearer).status_code == 409


def test_who_left_meanwhile_gets_no_copy(
    app: Flask, owner: Owner, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("retail.journeys.members.own_data.ROWS_AT_ONCE", 0)
    owner.phone.open("/me/data").send("/me/data")
    app.test_client().delete("/api/v1/me", headers=owner.bearer)
    with app.app_context():
        new_worker(db).run_all()
    with db.read() as session:
        assert found_in_rows(session, "Chloe") == []


def test_deleting_asks_once_and_leaves_nothing(
    app: Flask,
    owner: Owner,
    db: Database,
    visit: Callable[[], Visitor],
    logs: Callable[[], str],
) -> None:
    assert "This can’t be undone" in owner.phone.open("/me/delete").text
    owner.phone.send("/me/delete")
    assert "We’ve deleted what we kept about you." in owner.phone.text
    assert owner.phone.open("/me").path.startswith("/join")
    assert app.test_client().get("/api/v1/me", headers=owner.bearer).status_code == 401
    assert visit().open(f"/o/{owner.look}").status == 404
    words = ("Chloe", f"{owner.member.id.lower()}@")
    with db.read() as session:
        assert found_in_rows(session, *words) == []
    assert "request.answered" in logs()
    assert [word for word in words if word in logs()] == []


def test_leaving_by_api_needs_no_page(app: Flask, owner: Owner, db: Database) -> None:
    assert app.test_client().delete("/api/v1/me", headers=owner.bearer).status_code == 204
    assert app.test_client().delete("/api/v1/me", headers=owner.bearer).status_code == 401
    with db.read() as session:
        assert found_in_rows(session, "Chloe") == []
