"""May we? Consent given, withdrawn and given again."""

from dataclasses import asdict

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock as core_clock
from core.clock import FixedClock
from core.errors import NotFound
from core.outbox import Event
from core.transaction import Database
from retail.brands import queries as brands
from retail.consent import queries, service
from tests.builders.accounts import give_consent, new_member
from tests.builders.brands import new_brand
from tests.conftest import both_databases


def test_everything_starts_off(session: Session) -> None:
    member = new_member(session, new_brand(session).id)
    assert not any(view.is_given for view in queries.consents_of(session, member.id))
    assert not queries.has_consent(session, member.id, "league")


@both_databases
def test_each_change_moves_the_epoch_and_tells_the_brand_once(db: Database) -> None:
    with db.write() as session:
        brand = new_brand(session)
        who = {"member_id": new_member(session, brand.id).id, "brand_id": brand.id}
        before = brands.consent_epoch(session, brand.id)
        now = core_clock.now()
        changes = [
            change(session, **who, purpose="league", now=now)
            for change in (service.give, service.give, service.withdraw, service.withdraw)
        ]
        assert changes == [True, False, True, False]
        assert brands.consent_epoch(session, brand.id) == before + 2
        events = session.scalars(select(Event).order_by(Event.id)).all()
        assert [event.kind for event in events] == ["ConsentGiven", "ConsentWithdrawn"]
        assert all(event.topics == [f"brand:{brand.id}"] for event in events)
        assert events[0].payload == {"member_id": who["member_id"], "purpose": "league"}


def test_one_purpose_says_nothing_about_another_or_about_others(session: Session) -> None:
    brand = new_brand(session)
    nina, olu = (new_member(session, brand.id) for _ in range(2))
    give_consent(session, nina, "league")
    give_consent(session, olu, "league", "public_outfits")
    both = [nina.id, olu.id]
    assert queries.consenting(session, both, "league") == set(both)
    assert queries.consenting(session, both, "public_outfits") == {olu.id}


def test_given_again_after_withdrawing_both_stay_on_record(
    session: Session, clock: FixedClock
) -> None:
    brand = new_brand(session)
    member = new_member(session, brand.id)
    give_consent(session, member, "league")
    clock.advance(minutes=1)
    service.withdraw(
        session, member_id=member.id, brand_id=brand.id, purpose="league", now=clock.now()
    )
    clock.advance(minutes=1)
    give_consent(session, member, "league")
    past, present = queries.export(session, member.id)
    assert past["withdrawn_at"] is not None
    assert present["withdrawn_at"] is None
    assert present["audience"] == "store screens and league pages"
    assert present["channel"] == "screen"


def test_newer_words_replace_the_older_agreement(session: Session) -> None:
    brand = new_brand(session)
    member = new_member(session, brand.id)
    who = {"member_id": member.id, "brand_id": brand.id, "purpose": "league"}
    now = core_clock.now()
    assert service.give(session, **who, notice_version="2025-01", now=now)
    assert service.give(session, **who, notice_version="2026-11", now=now)
    versions = {row["notice_version"]: row for row in queries.export(session, member.id)}
    assert versions["2025-01"]["withdrawn_at"] == now
    assert versions["2026-11"]["withdrawn_at"] is None


def test_the_member_sees_every_purpose_with_their_answer(session: Session) -> None:
    member = new_member(session, new_brand(session).id)
    give_consent(session, member, "league")
    shown = {view.purpose: asdict(view) for view in queries.consents_of(session, member.id)}
    assert set(shown) >= {"league", "public_outfits"}
    assert shown["league"]["given_at"] == core_clock.now()
    assert shown["public_outfits"]["given_at"] is None


def test_an_unknown_purpose_is_not_found(session: Session) -> None:
    brand = new_brand(session)
    member = new_member(session, brand.id)
    for change in (service.give, service.withdraw):
        with pytest.raises(NotFound):
            change(
                session,
                member_id=member.id,
                brand_id=brand.id,
                purpose="everything",
                now=core_clock.now(),
            )


def test_erasing_leaves_nothing(session: Session) -> None:
    brand = new_brand(session)
    member = new_member(session, brand.id)
    give_consent(session, member, "league")
    service.erase(session, member.id, brand_id=brand.id)
    assert queries.export(session, member.id) == []
    assert not queries.has_consent(session, member.id, "league")
