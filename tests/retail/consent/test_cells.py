"""Consent by audience and channel: each cell by itself, and all of them where none is named."""

import pytest
from sqlalchemy import literal, select
from sqlalchemy.orm import Session

from core import clock
from core.errors import NotFound
from retail.accounts.queries import MemberView
from retail.consent import queries, service
from retail.consent.cells import AUDIENCES, CHANNELS
from retail.consent.rules import PURPOSES
from tests.builders.accounts import give_consent, new_member
from tests.builders.brands import new_brand

CELLS = [(purpose.code, cell) for purpose in PURPOSES.values() for cell in purpose.cells]


def answers(session: Session, member: MemberView, *asked: str | None) -> set[bool]:
    """What each way of asking says; they may never differ."""
    return {
        queries.has_consent(session, member.id, *asked),
        member.id in queries.consenting(session, [member.id], *asked),
        bool(session.scalar(select(literal(1)).where(queries.agrees(member.id, *asked)))),
    }


def change(session: Session, how: str, member: MemberView, purpose: str, **cell: str) -> bool:
    done: bool = getattr(service, how)(
        session,
        member_id=member.id,
        brand_id=member.brand_id,
        purpose=purpose,
        now=clock.now(),
        **cell,
    )
    return done


def test_every_cell_is_made_of_known_codes() -> None:
    for _, cell in CELLS:
        assert cell.audience in AUDIENCES
        assert cell.channel in CHANNELS
    assert len(set(CELLS)) == len(CELLS)


@pytest.mark.parametrize(("purpose", "cell"), CELLS)
def test_one_cell_says_nothing_about_another(session: Session, purpose: str, cell: object) -> None:
    """The matrix: one cell is given, and every way of asking knows that one and no other."""
    member = new_member(session, new_brand(session).id)
    audience, channel = cell.audience, cell.channel  # type: ignore[attr-defined]
    change(session, "give", member, purpose, audience=audience, channel=channel)
    for other, asked in CELLS:
        is_it = (other, asked) == (purpose, cell)
        assert answers(session, member, other, asked.audience, asked.channel) == {is_it}
    for other in PURPOSES:
        is_whole = other == purpose and len(PURPOSES[other].cells) == 1
        assert answers(session, member, other, None, None) == {is_whole}


def test_a_purpose_is_given_and_withdrawn_whole(session: Session) -> None:
    member = new_member(session, new_brand(session).id)
    give_consent(session, member, "league")
    assert answers(session, member, "league", None, None) == {True}
    assert answers(session, member, "league", "everyone", "screen") == {True}
    assert change(session, "withdraw", member, "league", channel="screen")
    assert not change(session, "withdraw", member, "league", channel="screen")
    assert answers(session, member, "league", "everyone", "web") == {True}
    assert answers(session, member, "league", None, None) == {False}
    [league] = [v for v in queries.consents_of(session, member.id) if v.purpose == "league"]
    assert {cell.channel: cell.is_given for cell in league.cells} == {"screen": False, "web": True}
    assert change(session, "withdraw", member, "league")
    assert answers(session, member, "league", "everyone", "web") == {False}


def test_a_cell_that_the_purpose_does_not_have_is_not_found(session: Session) -> None:
    member = new_member(session, new_brand(session).id)
    for how in ("give", "withdraw"):
        with pytest.raises(NotFound):
            change(session, how, member, "league", channel="smoke signals")
    with pytest.raises(NotFound):
        queries.agrees(member.id, "league", "partners")
