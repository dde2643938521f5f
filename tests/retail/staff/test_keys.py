"""Keys of tills and integrators."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from core import clock
from core.errors import Invalid, NotFound
from retail.staff import queries, rules, service
from tests.builders.brands import new_brand, new_store
from tests.builders.staff import new_integrator_key, new_till_key
from tests.conftest import KEY


def test_a_key_acts_for_its_store(session: Session) -> None:
    store = new_store(session)
    view, shown = new_till_key(session, store.brand_id, store.id)
    found = queries.find_key(session, shown, key=KEY)
    assert found == view
    assert (view.brand_id, view.store_id, view.kind) == (store.brand_id, store.id, "till")


def test_the_secret_is_stored_nowhere(session: Session) -> None:
    store = new_store(session)
    view, shown = new_till_key(session, store.brand_id, store.id)
    secret = shown.removeprefix(f"st_{view.id}_")
    assert len(secret) >= 43
    assert secret not in str(session.execute(text("SELECT * FROM api_key")).all())
    assert secret not in repr(view)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda shown: shown[:-1],
        lambda shown: shown + "x",
        lambda shown: shown.replace("st_", "", 1),
        lambda shown: "st_",
        lambda shown: "st__",
        lambda shown: "",
        lambda shown: shown.rsplit("_", 1)[0] + "_é",
    ],
)
def test_anything_else_opens_nothing(session: Session, spoil) -> None:  # type: ignore[no-untyped-def]
    store = new_store(session)
    _, shown = new_till_key(session, store.brand_id, store.id)
    assert queries.find_key(session, spoil(shown), key=KEY) is None
    assert queries.find_key(session, shown, key=b"another key") is None


def test_a_secret_does_not_fit_another_key(session: Session) -> None:
    store = new_store(session)
    one, shown = new_till_key(session, store.brand_id, store.id)
    other, _ = new_till_key(session, store.brand_id, store.id, name="Till 2")
    assert queries.find_key(session, shown.replace(one.id, other.id), key=KEY) is None


def test_a_revoked_key_opens_nothing_from_then_on(session: Session) -> None:
    brand = new_brand(session)
    view, shown = new_integrator_key(session, brand.id)
    service.revoke_key(session, view.id, now=clock.now())
    service.revoke_key(session, view.id, now=clock.now() + timedelta(hours=1))
    assert queries.find_key(session, shown, key=KEY) is None
    (entry,) = queries.list_keys(session, brand.id)
    assert entry.revoked_at == clock.now()


def test_revoking_an_unknown_key_is_said(session: Session) -> None:
    with pytest.raises(NotFound):
        service.revoke_key(session, "unknown", now=clock.now())


@pytest.mark.parametrize(
    ("kind", "name", "field"),
    [("till", "Till 1", "store"), ("robot", "R2", "kind"), ("integrator", " ", "name")],
)
def test_a_key_that_makes_no_sense_is_refused(
    session: Session, kind: str, name: str, field: str
) -> None:
    brand = new_brand(session)
    with pytest.raises(Invalid) as refused:
        service.create_key(
            session, brand_id=brand.id, kind=kind, name=name, now=clock.now(), key=KEY
        )
    assert set(refused.value.data["fields"]) == {field}


def test_a_key_never_reaches_into_another_brand(session: Session) -> None:
    store = new_store(session)
    with pytest.raises(NotFound):
        new_till_key(session, new_brand(session).id, store.id)


def test_its_use_is_noted_to_the_hour(session: Session) -> None:
    view, shown = new_integrator_key(session, new_brand(session).id)
    now = clock.now()
    assert view.used_at is None
    for minutes in (0, -5):
        service.note_use(session, view.id, now=now + timedelta(minutes=minutes))
    found = queries.find_key(session, shown, key=KEY)
    assert found is not None
    assert found.used_at == now
    assert [
        rules.is_use_news(used_at, now)
        for used_at in (None, now, now - timedelta(minutes=59), now - timedelta(hours=1))
    ] == [True, False, False, True]
