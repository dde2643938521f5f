"""My profile and my privacy, through the pages."""

from collections.abc import Callable
from datetime import date

import pytest

from core.transaction import Database
from retail.accounts import queries as accounts
from retail.accounts.queries import MemberView, MyProfile
from retail.consent import queries as consent
from retail.consent.rules import PURPOSES
from tests.builders.accounts import new_member, sign_in
from tests.builders.brands import new_brand
from tests.builders.catalogue import sells_in_sizes
from tests.builders.visitor import Visitor

Visit = Callable[[], Visitor]


@pytest.fixture
def nina(db: Database) -> MemberView:
    with db.write() as session:
        brand = new_brand(session)
        sells_in_sizes(session, brand.id, "tops", "shoes")
        return new_member(session, brand.id, birth_on=date(1990, 5, 1))


@pytest.fixture
def visitor(visit: Visit, nina: MemberView, db: Database) -> Visitor:
    with db.write() as session:
        return visit().sign_in(sign_in(session, nina))


def mine(db: Database, member: MemberView) -> MyProfile:
    with db.read() as session:
        return accounts.profile(session, member.id)


def test_name_and_sizes_are_kept(visitor: Visitor, nina: MemberView, db: Database) -> None:
    sizes = {"sizes.tops": " 12 ", "sizes.shoes": "39½"}
    visitor.open("/me/profile").send("/me/profile", display_name="Nina  Obi", **sizes)
    assert (visitor.status, visitor.path) == (200, "/me/profile")
    assert "Saved." in visitor.text
    assert "Others see “Nina O.”" in visitor.text
    assert mine(db, nina).sizes == {"tops": "12", "shoes": "39½"}
    visitor.send("/me/profile", **{"sizes.tops": ""})
    assert mine(db, nina).sizes == {"shoes": "39½"}


def test_a_shop_without_sizes_asks_for_none(visit: Visit, db: Database) -> None:
    with db.write() as session:
        member = new_member(session, new_brand(session).id)
        phone = visit().sign_in(sign_in(session, member))
    assert "Your sizes" not in phone.open("/me/profile").text


def test_what_is_wrong_stands_beside_what_was_typed(
    visitor: Visitor, nina: MemberView, db: Database
) -> None:
    wrong = {"display_name": "<b>Nina</b>", "sizes.tops": "12"}
    visitor.open("/me/profile").send("/me/profile", **wrong)
    assert visitor.status == 422
    assert 'aria-invalid="true"' in visitor.text
    assert visitor.form("/me/profile")["display_name"] == "<b>Nina</b>"
    assert b"<b>Nina" not in (visitor.page.get_data() if visitor.page else b"")
    assert mine(db, nina).sizes == {}
    visitor.send("/me/profile", **{"display_name": "Nina", "sizes.tops": "<12>"})
    assert visitor.status == 422
    assert "as on a label" in visitor.text
    visitor.send("/me/profile", display_name="")
    assert "Tell us what to call you." in visitor.text


def test_a_stated_birth_date_is_shown_and_not_asked_again(visitor: Visitor) -> None:
    visitor.open("/me/profile")
    assert "1 May 1990" in visitor.text
    assert "birth_on" not in visitor.form("/me/profile")


def test_each_purpose_is_one_tap_on_and_one_tap_off(
    visitor: Visitor, nina: MemberView, db: Database
) -> None:
    visitor.open("/me/privacy")
    assert visitor.text.count('role="switch" aria-checked="false"') == len(PURPOSES)
    visitor.send("/me/privacy/league/on")
    assert "On since 22 November." in visitor.text
    with db.read() as session:
        assert consent.has_consent(session, nina.id, "league")
        assert not consent.has_consent(session, nina.id, "public_outfits")
    visitor.send("/me/privacy/league/off")
    assert PURPOSES["league"].off in visitor.text
    with db.read() as session:
        assert not consent.has_consent(session, nina.id, "league")


def test_without_a_birth_date_the_page_says_what_is_missing(
    visit: Visit, db: Database, nina: MemberView
) -> None:
    with db.write() as session:
        token = sign_in(session, new_member(session, nina.brand_id))
    visitor = visit().sign_in(token).open("/me/privacy").send("/me/privacy/league/on")
    assert visitor.status == 422
    assert "Add your birth date" in visitor.text
    assert "/me/profile?next=/me/privacy" in visitor.text


def test_minors_are_told_kindly(visit: Visit, db: Database, nina: MemberView) -> None:
    with db.write() as session:
        minor = new_member(session, nina.brand_id, birth_on=date(2012, 5, 1))
        token = sign_in(session, minor)
    visitor = visit().sign_in(token).open("/me/privacy").send("/me/privacy/public_outfits/on")
    assert visitor.status == 403
    assert "That stays off" in visitor.text
    assert "Add your birth date" not in visitor.text


def test_nobody_is_at_home_without_a_session(visit: Visit, nina: MemberView) -> None:
    for address in ("/me/profile", "/me/privacy"):
        assert visit().open(address).path.startswith("/join/")
