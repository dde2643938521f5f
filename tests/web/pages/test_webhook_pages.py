"""The staff page of webhooks: adding a system, its secret once, its log, sending again."""

import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from core.transaction import Database
from jobs.schedule import new_worker
from retail.brands.queries import StoreView
from tests.builders.brands import new_brand, new_store
from tests.builders.receipts import new_receipt
from tests.builders.receiver import Receiver, listening, says, verifies
from tests.builders.staff_accounts import COOKIE, new_staff, sign_in_staff
from tests.builders.visitor import Visitor
from tests.builders.webhooks import new_endpoint

Visit = Callable[[], Visitor]
PAGE = "/staff/webhooks"


@pytest.fixture
def store(db: Database) -> StoreView:
    with db.write() as session:
        return new_store(session)


@pytest.fixture
def desk(db: Database, store: StoreView, visit: Visit) -> Visitor:
    """An operator's."""
    with db.write() as session:
        token = sign_in_staff(session, new_staff(session, store.brand_id, role="operator"))
    return visit().sign_in(token, cookie=COOKIE)


@pytest.fixture
def far() -> Iterator[Receiver]:
    with listening() as receiver:
        yield receiver


def adds(desk: Visitor, url: str) -> str:
    """Add a system on the page; gives the secret that the page shows."""
    desk.open(PAGE).send(PAGE, name="Warehouse", url=url)
    return re.findall(r"whsec_[\w+/=]+", desk.text)[0]


def works(app: Flask, db: Database) -> None:
    with app.app_context():
        new_worker(db).run_all()


def test_a_system_is_added_tested_and_its_secret_never_seen_again(
    app: Flask, db: Database, desk: Visitor, far: Receiver
) -> None:
    assert "Nobody is told yet" in desk.open(PAGE).text
    secret = adds(desk, far.url)
    place = re.findall(PAGE + r"/[0-9A-Z]{26}", desk.text)[0]
    assert "In order" in desk.open(PAGE).text
    desk.open(place).send(f"{place}/test")
    works(app, db)
    (got,) = far.got
    assert verifies(secret, got.headers, got.body)
    log = desk.open(place).text
    for shown in ("endpoint.test", "Delivered", "200", got.id):
        assert shown in log
    desk.open(PAGE).send(PAGE, name="Warehouse", url=far.url)
    assert "is here already" in desk.text
    assert secret not in desk.text
    desk.open(place).send(f"{place}/secret")
    assert "whsec_" in desk.text
    assert "signs as well for a day" in desk.text


def test_dead_letters_are_shown_and_sent_again_alone_or_together(
    app: Flask, db: Database, store: StoreView, desk: Visitor, far: Receiver
) -> None:
    adds(desk, far.url)
    place = re.findall(PAGE + r"/[0-9A-Z]{26}", desk.text)[0]
    far.answers += [says(410, "<b>We moved</b>")]
    for _ in range(2):
        with app.app_context(), db.write() as session:
            new_receipt(session, store=store)
    works(app, db)
    assert "it answered that it is gone" in desk.open(place).text
    page = desk.open(f"{place}?state=dead")
    assert page.text.count("· Dead letter") == 2
    raw = page.page.get_data(as_text=True) if page.page else ""
    assert "&lt;b&gt;We moved" in raw, "an answer is text, whatever it says"
    desk.open(place).send(f"{place}/enable")
    first = far.ids[0]
    desk.open(place)
    answer = desk.client.post(
        f"{place}/replay",
        data=desk.form(f"{place}/replay") | {"message_id": first},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    assert answer.status_code == 303
    works(app, db)
    assert far.ids == [first, first]
    desk.open(place).send(f"{place}/replay", message_id="", hours="24", dead_only="true")
    assert "1 message is sent again." in desk.text
    works(app, db)
    assert len(set(far.ids)) == 2


def test_what_cannot_be_added_comes_back_with_the_reason(desk: Visitor) -> None:
    desk.open(PAGE).send(PAGE, name="Warehouse", url="ftp://erp.example")
    assert desk.status == 422
    assert "Give an https address" in desk.text
    assert 'value="ftp://erp.example"' in desk.text


def test_who_works_in_one_store_and_other_brands_see_nothing(
    app: Flask, db: Database, store: StoreView, visit: Visit
) -> None:
    with db.write() as session:
        view, _ = new_endpoint(session, store.brand_id)
        narrow = new_staff(session, store.brand_id, store_id=store.id)
        other = new_staff(session, new_brand(session).id, role="operator")
        tokens = [sign_in_staff(session, one) for one in (narrow, other)]
    in_store, elsewhere = (visit().sign_in(token, cookie=COOKIE) for token in tokens)
    assert in_store.open(PAGE).status == 403
    assert PAGE not in in_store.open("/staff").text
    assert "erp.example" not in elsewhere.open(PAGE).text
    assert elsewhere.open(f"{PAGE}/{view.id}").status == 404
    form = elsewhere.open("/staff").form("/staff/lock")
    for verb in ("test", "disable", "enable", "delete", "secret", "replay"):
        given = form | {"version": "2", "hours": "24"}
        answer = elsewhere.api("POST", f"{PAGE}/{view.id}/{verb}", data=given)
        assert answer.status_code == 404, verb
