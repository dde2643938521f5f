"""Profiles, names, ages and erasure."""

from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from core import clock
from core.errors import Conflict, Invalid, NotFound
from retail.accounts import queries, service
from tests.builders.accounts import new_member, sign_in
from tests.builders.brands import new_brand
from tests.builders.catalogue import sells_in_sizes
from tests.conftest import KEY


def test_a_profile_changes_only_what_is_given(session: Session) -> None:
    brand = new_brand(session)
    sells_in_sizes(session, brand.id, "shoes")
    member = new_member(session, brand.id, sizes={"tops": "12"})
    service.update_profile(session, member.id, display_name="  Nina   Obi ", now=clock.now())
    mine = queries.profile(session, member.id)
    assert (mine.display_name, mine.public_name) == ("Nina Obi", "Nina O.")
    assert mine.sizes == {"tops": "12"}
    service.update_profile(session, member.id, sizes={"shoes": "39"}, now=clock.now())
    assert queries.profile(session, member.id).sizes == {"shoes": "39"}


def test_others_never_see_address_or_birth_date(session: Session) -> None:
    member = new_member(
        session, new_brand(session).id, email="n@shopper.example", birth_on=date(1990, 5, 1)
    )
    view = queries.get_member(session, member.id)
    assert not hasattr(view, "email")
    assert not hasattr(view, "birth_on")
    assert view.is_adult is True
    assert "shopper" not in repr(queries.profile(session, member.id))


def test_age_is_unknown_until_stated_and_fixed_from_then(session: Session) -> None:
    member = new_member(session, new_brand(session).id)
    assert member.is_adult is None
    service.update_profile(session, member.id, birth_on=date(2012, 1, 1), now=clock.now())
    assert queries.get_member(session, member.id).is_adult is False
    assert queries.get_member(session, member.id, minimum_age=14).is_adult is True
    service.update_profile(session, member.id, birth_on=date(2012, 1, 1), now=clock.now())
    with pytest.raises(Conflict):
        service.update_profile(session, member.id, birth_on=date(1990, 1, 1), now=clock.now())


def test_a_refused_profile_changes_nothing(session: Session) -> None:
    member = new_member(session, new_brand(session).id)
    with pytest.raises(Invalid):
        service.update_profile(
            session, member.id, display_name="Olu", sizes={"hats": "1"}, now=clock.now()
        )
    session.rollback()


def test_an_address_is_one_member_per_brand(session: Session) -> None:
    one, other = new_brand(session), new_brand(session)
    first = new_member(session, one.id, email="n@shopper.example")
    second = new_member(session, other.id, email="n@shopper.example")
    found = queries.find_member_by_email(session, one.id, "N@shopper.example")
    assert found is not None
    assert found.id == first.id != second.id
    assert queries.find_member_by_email(session, one.id, "x@shopper.example") is None


def test_members_come_by_id_without_the_absent(session: Session) -> None:
    member = new_member(session, new_brand(session).id)
    assert queries.members_by_id(session, [member.id, "absent"]) == {member.id: member}


def test_an_erased_member_leaves_only_an_id(session: Session) -> None:
    brand = new_brand(session)
    member = new_member(session, brand.id, email="gone@shopper.example", display_name="Gone Girl")
    token = sign_in(session, member)
    service.request_code(
        session, brand_id=brand.id, email="gone@shopper.example", now=clock.now(), key=KEY
    )
    for _ in range(2):
        service.erase(session, member.id, now=clock.now(), key=KEY)
    session.expire_all()
    assert queries.find_session(session, token, now=clock.now(), key=KEY) is None
    for read in (queries.get_member, queries.profile):
        with pytest.raises(NotFound):
            read(session, member.id)
    for table in ("member", "sign_in_code", "member_session"):
        assert "gone" not in str(session.execute(text(f"SELECT * FROM {table}")).all()).lower()


def test_an_export_holds_ones_own_data_and_no_secret(session: Session) -> None:
    member = new_member(session, new_brand(session).id, email="n@shopper.example")
    token = sign_in(session, member)
    exported = queries.export(session, member.id)
    assert exported["email"] == "n@shopper.example"
    assert len(exported["sessions"]) == 1
    assert token not in str(exported)
