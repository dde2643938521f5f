"""What one friend sends another: with a line, seen by both, taken back by either."""

import pytest
from sqlalchemy.orm import Session

from core import clock as core_clock
from core.clock import FixedClock
from core.errors import Conflict, Invalid, NotFound, TooMany
from core.transaction import Database
from retail.accounts.queries import MemberView
from retail.catalogue.queries import VariantView
from retail.friends import service as friends
from retail.sent_pieces import queries, rules, service
from retail.wall_rules import service as wall_rules
from tests.builders.accounts import new_member
from tests.builders.brands import new_brand
from tests.builders.catalogue import new_style, new_variant
from tests.builders.races import meeting, race
from tests.builders.shelf import two_friends
from tests.builders.staff_accounts import new_staff
from tests.conftest import both_databases

LANES = 4


def send(
    session: Session, piece: VariantView, sender: MemberView, friend_id: str, line: str = ""
) -> str:
    who = {"member": sender, "now": core_clock.now()}
    return service.send(session, piece.gtin or "", friend_id, line=line, **who)


def lines(session: Session, member: MemberView) -> tuple[list[str], list[str]]:
    """What a member reads that friends sent, and what they sent themselves."""
    mine = {"brand_id": member.brand_id}
    return (
        [one.line for one in queries.received_by(session, member.id, **mine)],
        [one.line for one in queries.sent_by(session, member.id, **mine)],
    )


@both_databases
def test_both_see_it_and_either_has_it_gone(session: Session) -> None:
    brand_id = new_brand(session).id
    coat = new_variant(session, brand_id=brand_id)
    nina, sarah = two_friends(session, brand_id)
    send(session, coat, nina, sarah.id, "  For the\nwedding? ")
    assert (lines(session, sarah)[0], lines(session, nina)[1]) == (["For the wedding?"],) * 2
    with pytest.raises(Conflict):
        send(session, coat, nina, sarah.id, "Again")
    service.take_back(session, sarah.id, coat.id, member=nina)
    assert lines(session, sarah)[0] == []
    send(session, coat, nina, sarah.id, "Again")
    service.put_away(session, nina.id, coat.id, member=sarah)
    assert lines(session, nina)[1] == []


@both_databases
def test_a_mute_is_silent_and_a_friendship_that_ended_hides_it_all(session: Session) -> None:
    brand_id = new_brand(session).id
    coat, boots = (new_variant(session, brand_id=brand_id) for _ in range(2))
    nina, sarah = two_friends(session, brand_id)
    send(session, coat, nina, sarah.id, "One")
    service.mute(session, nina.id, member=sarah, now=core_clock.now())
    send(session, boots, nina, sarah.id, "Two")
    assert lines(session, sarah)[0] == []
    assert sorted(lines(session, nina)[1]) == ["One", "Two"]
    service.unmute(session, nina.id, member=sarah)
    assert sorted(lines(session, sarah)[0]) == ["One", "Two"]
    friends.block(session, nina.id, member=sarah, now=core_clock.now())
    assert (lines(session, sarah)[0], lines(session, nina)[1]) == ([], [])


def test_only_friends_are_sent_to_and_only_what_may_be_shown(session: Session) -> None:
    brand_id = new_brand(session).id
    coat = new_variant(session, brand_id=brand_id)
    health = new_style(session, brand_id=brand_id, category_code="health", is_never_shareable=True)
    secret = new_variant(session, brand_id=brand_id, style=health)
    nina, sarah = two_friends(session, brand_id)
    stranger = new_member(session, brand_id)
    for other in (stranger.id, nina.id, "nobody"):
        with pytest.raises(NotFound):
            send(session, coat, nina, other)
    with pytest.raises(Invalid, match="nobody’s business"):
        send(session, secret, nina, sarah.id)


def test_a_line_is_kept_short_and_free_of_what_the_shop_bans(session: Session) -> None:
    brand_id = new_brand(session).id
    coat = new_variant(session, brand_id=brand_id)
    nina, sarah = two_friends(session, brand_id)
    wall_rules.ban_word(
        session, "plonker", staff=new_staff(session, brand_id), now=core_clock.now()
    )
    for line in ("x" * 81, "What a pl0nker"):
        with pytest.raises(Invalid) as refused:
            send(session, coat, nina, sarah.id, line)
        assert "line" in refused.value.data["fields"]


def test_a_day_has_room_for_so_many(session: Session, clock: FixedClock) -> None:
    brand_id = new_brand(session).id
    nina, sarah = two_friends(session, brand_id)
    pieces = [new_variant(session, brand_id=brand_id) for _ in range(rules.MOST_A_DAY + 1)]
    for piece in pieces[:-1]:
        send(session, piece, nina, sarah.id)
    with pytest.raises(TooMany):
        send(session, pieces[-1], nina, sarah.id)
    clock.advance(hours=24)
    send(session, pieces[-1], nina, sarah.id)


def _crowded(db: Database) -> tuple[MemberView, MemberView, list[VariantView]]:
    """Two friends, and a piece for each lane; one short of a day's room is sent already."""
    with db.write() as session:
        brand_id = new_brand(session).id
        nina, sarah = two_friends(session, brand_id)
        pieces = [new_variant(session, brand_id=brand_id) for _ in range(LANES + 1)]
        send(session, pieces.pop(), nina, sarah.id)
    return nina, sarah, pieces


def _sent(db: Database, member: MemberView) -> int:
    with db.read() as session:
        return queries.count_since(session, member.id, core_clock.now() - rules.DAY)


@both_databases
def test_taps_at_one_instant_find_no_more_room_than_there_is(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "MOST_A_DAY", 3)
    nina, sarah, pieces = _crowded(db)

    def tap(attempt: int) -> bool:
        try:
            with db.write() as session:
                send(session, pieces[attempt], nina, sarah.id)
        except TooMany:
            return False
        return True

    assert sum(race(tap, attempts=LANES, threads=LANES)) == 2
    assert _sent(db, nina) == 3


@both_databases
def test_the_race_catches_a_count_before_the_gate(db: Database) -> None:
    """The control: whoever counts before they wait for each other all find room."""
    nina, sarah, pieces = _crowded(db)
    all_have_counted = meeting(LANES)

    def naive(attempt: int) -> None:
        has_room = _sent(db, nina) < 3
        all_have_counted()
        with db.write() as session:
            if has_room:
                send(session, pieces[attempt], nina, sarah.id)

    race(naive, attempts=LANES, threads=LANES)
    assert _sent(db, nina) == LANES + 1
