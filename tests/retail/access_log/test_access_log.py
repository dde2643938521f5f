"""Who looked, as the one looked at reads it."""

import pytest
from sqlalchemy.orm import Session

from core.clock import FixedClock
from core.errors import Invalid
from retail.access_log import queries, service
from retail.accounts.queries import MemberView
from tests.builders.accounts import new_member
from tests.builders.brands import new_brand


def look(session: Session, member: MemberView, clock: FixedClock, **overrides: str) -> None:
    seen = {"viewer_kind": "manager", "viewer_id": "S7", "purpose": "complaint", "what": "receipts"}
    who = {"member_id": member.id, "brand_id": member.brand_id}
    service.record(session, **who, **(seen | overrides), now=clock.now())


def test_its_owner_reads_each_look_in_words_newest_first(
    session: Session, clock: FixedClock
) -> None:
    brand = new_brand(session)
    nina, olu = (new_member(session, brand.id) for _ in range(2))
    look(session, nina, clock)
    clock.advance(minutes=1)
    look(session, nina, clock, viewer_kind="care", purpose="a lost parcel", what="profile")
    look(session, olu, clock)
    newest, oldest = queries.seen_by(session, nina.id)
    assert (newest.viewer, newest.what) == ("Customer care", "your profile")
    assert newest.purpose == "a lost parcel"
    assert (oldest.viewer, oldest.what) == ("A store manager", "your receipts")
    assert oldest.purpose == "a complaint"
    assert "S7" not in repr(queries.export(session, nina.id))


@pytest.mark.parametrize("lacking", ["viewer_kind", "purpose", "what"])
def test_no_look_goes_unexplained(session: Session, clock: FixedClock, lacking: str) -> None:
    member = new_member(session, new_brand(session).id)
    with pytest.raises(Invalid) as refusal:
        look(session, member, clock, **{lacking: ""})
    assert list(refusal.value.data["fields"]) == [lacking]
    assert queries.seen_by(session, member.id) == []


def test_erasing_leaves_nothing(session: Session, clock: FixedClock) -> None:
    member = new_member(session, new_brand(session).id)
    look(session, member, clock)
    service.erase(session, member.id)
    assert queries.export(session, member.id) == []
