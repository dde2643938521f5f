"""A member's card: a code that is found while it is good, and is kept nowhere."""

import pytest
from sqlalchemy.orm import Session

from core import clock as core_clock
from core import ids
from core.clock import FixedClock
from core.transaction import Database
from retail.accounts import cards
from retail.accounts.card_holders import find_holder
from retail.accounts.cards import CARD, HELD, Kind
from retail.accounts.models import Member
from retail.accounts.queries import MemberView
from tests.builders.accounts import new_member
from tests.builders.brands import new_brand
from tests.conftest import KEY, both_databases


def code_of(member: MemberView, kind: Kind = CARD, scope: str = "") -> str:
    return cards.code_of(kind, member, scope=scope, now=core_clock.now(), key=KEY)


def found(
    session: Session, code: str, brand_id: str, kind: Kind = CARD, scope: str = ""
) -> str | None:
    where = {"brand_id": brand_id, "scope": scope, "now": core_clock.now(), "key": KEY}
    member = find_holder(session, code, kind, **where)  # type: ignore[arg-type]
    return member.id if member else None


@both_databases
def test_a_code_finds_its_member_and_nobody_who_joined_in_the_same_instant(db: Database) -> None:
    with db.write() as session:
        brand = new_brand(session)
        first = new_member(session, brand.id)
        twins = [new_member(session, brand.id, id=first.id[:10] + "0" * 15 + n) for n in "12Z"]
        for member in (first, *twins):
            typed = ids.group(code_of(member), 4).lower().replace("0", "o")
            assert found(session, typed, brand.id) == member.id
        assert len({code_of(member) for member in (first, *twins)}) == 4


@pytest.mark.parametrize(("kind", "good", "over"), [(CARD, 60, 120), (HELD, 450, 900)])
@pytest.mark.parametrize("shown_at", [0, 1, 59, 449])
def test_it_is_good_for_half_its_time_at_least_and_never_longer_than_all_of_it(
    session: Session, clock: FixedClock, kind: Kind, good: int, over: int, shown_at: int
) -> None:
    member = new_member(session, new_brand(session).id)
    clock.advance(seconds=shown_at)
    code = code_of(member, kind)
    clock.advance(seconds=good)
    assert found(session, code, member.brand_id, kind) == member.id
    assert found(session, code, member.brand_id, kind) == member.id, "read again, it is the same"
    clock.advance(seconds=over - good)
    assert found(session, code, member.brand_id, kind) is None


def test_it_is_another_one_when_it_says_that_it_renews(session: Session, clock: FixedClock) -> None:
    member = new_member(session, new_brand(session).id)
    clock.advance(seconds=17)
    first, left = code_of(member), CARD.renews_at(clock.now()) - clock.now()
    clock.advance(seconds=int(left.total_seconds()) - 1)
    assert code_of(member) == first
    clock.advance(seconds=1)
    assert code_of(member) != first


def test_of_another_brand_scope_or_kind_it_finds_nobody(session: Session) -> None:
    member, elsewhere = new_member(session, new_brand(session).id), new_brand(session).id
    assert found(session, code_of(member), elsewhere) is None
    assert found(session, code_of(member, HELD, "jo:1"), member.brand_id, HELD, "jo:2") is None
    assert found(session, code_of(member), member.brand_id, HELD) is None


def test_who_has_left_is_nobody(session: Session) -> None:
    member = new_member(session, new_brand(session).id)
    code = code_of(member)
    session.query(Member).filter_by(id=member.id).update({"closed_at": core_clock.now()})
    assert found(session, code, member.brand_id) is None


def test_no_slip_and_no_patched_code_finds_anybody(session: Session) -> None:
    """Also with the check character put right, each of its characters is needed."""
    member = new_member(session, new_brand(session).id)
    code = code_of(member)
    for at in range(15):
        other = "0" if code[at] != "0" else "1"
        slipped = code[:at] + other + code[at + 1 : 15]
        patched = slipped + ids.crockford_check(slipped)
        assert found(session, slipped + code[15], member.brand_id) is None
        assert found(session, patched, member.brand_id) is None
    for typed in ("", "hello", "ß" * 16, code[:15], code + "0"):
        assert found(session, typed, member.brand_id) is None


def test_it_tells_nothing_of_when_somebody_joined(session: Session, clock: FixedClock) -> None:
    """Those who joined together have codes that share nothing."""
    brand = new_brand(session)
    first = new_member(session, brand.id)
    twin = new_member(session, brand.id, id=first.id[:10] + "0" * 16)
    codes = [code_of(first), code_of(twin)]
    assert sum(a == b for a, b in zip(*(code[7:15] for code in codes), strict=True)) < 5
