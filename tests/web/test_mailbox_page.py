"""The mailbox of a development, and an installation in earnest, which has none."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from core.config import Settings
from core.transaction import Database
from retail.brands.queries import BrandView
from tests.builders.brands import new_brand, new_store
from tests.builders.visitor import Visitor

EMAIL = "nina@shopper.example"
Visit = Callable[[], Visitor]


@pytest.fixture
def brand(db: Database) -> BrandView:
    with db.write() as session:
        return new_brand(session, slug="alder")


class TestInProduction:
    """The same installation, in earnest."""

    @pytest.fixture
    def app_settings(self, db: Database, tmp_path: Path) -> Settings:
        return Settings(
            environment="production",
            database_url=db.engine.url.render_as_string(hide_password=False),
            secret_key="k" * 40,
            public_url="https://shop.example",
            mail_from="Shop <hello@shop.example>",
            smtp_url="smtp://mail.example",
            data_dir=tmp_path,
        )

    def test_the_front_door_shows_no_takings_and_no_receipts(
        self, visit: Visit, brand: BrandView, db: Database
    ) -> None:
        assert visit().open("/").path == "/b/alder"
        with db.write() as session:
            new_store(session, brand=new_brand(session, slug="finch"))
        page = visit().open("/")
        assert "/b/finch" in page.text
        assert "/print/receipts" not in page.text
        assert visit().open("/fragments/hub/tills").status == 404

    def test_the_mailbox_is_not_there(self, visit: Visit) -> None:
        assert visit().open("/dev/mailbox").status == 404

    def test_forms_work_without_a_referrer(self, brand: BrandView, app: Flask) -> None:
        client = app.test_client()
        https = {"base_url": "https://shop.example"}
        visitor = Visitor(client, client.get("/join/alder", **https))
        data = visitor.form("/join/alder") | {"email": EMAIL}
        answer = client.post("/join/alder", data=data, **https)
        assert answer.headers["Location"] == "/join/alder/code"


def test_an_empty_mailbox_says_what_fills_it(visit: Visit) -> None:
    page = visit().open("/dev/mailbox")
    assert page.status == 200
    assert "Nothing yet" in page.text


def test_a_mailbox_shows_one_persons_mails(
    brand: BrandView, visit: Visit, mailed_code: Callable[[], str]
) -> None:
    visit().open("/join/alder").send("/join/alder", email=EMAIL)
    code = mailed_code()
    assert code in visit().open(f"/dev/mailbox?to={EMAIL}").text
    assert code not in visit().open("/dev/mailbox?to=olu@shopper.example").text


def test_the_mail_leaves_once_and_its_address_is_forgotten(
    app: Flask, brand: BrandView, visit: Visit, db: Database, mailed_code: Callable[[], str]
) -> None:
    visit().open("/join/alder").send("/join/alder", email=EMAIL)
    mailed_code()
    mailed_code()
    letters = visit().open("/dev/mailbox").text.count("</article>")
    assert letters == 1
