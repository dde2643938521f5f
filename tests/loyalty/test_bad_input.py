"""What makes no sense is refused with the fields that are wrong, and leaves what was there.

What tills send is in `web/api/test_bad_input.py`.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.clock import FixedClock
from core.errors import Conflict, Invalid
from loyalty.campaigns import queries as campaigns
from loyalty.campaigns.definition import Definition, read_campaign
from loyalty.earning import queries as earning
from loyalty.leaderboards import queries as boards
from loyalty.leaderboards import service as seasons
from loyalty.leaderboards.models import Season
from loyalty.ledger import books
from loyalty.ledger import queries as ledger
from loyalty.ledger.ends import expire
from loyalty.tiers import queries as tiers
from loyalty.tiers.rules import Tier
from loyalty.vouchers import books as voucher_books
from tests.builders.boards import new_season
from tests.builders.campaigns import new_campaign, ten_per_cent, told
from tests.builders.points import PROGRAMME, earn, reverse, spend
from tests.builders.terms import POUNDS, give_terms
from tests.builders.tiers import TIERS, new_tiers
from tests.builders.vouchers import new_code, quote, redeem, redeem_now, reserve, uses_left
from tests.conftest import both_databases

HOUR = timedelta(hours=1)


@pytest.mark.parametrize("points", [-1, 0, 0.5, 1.0, 10**12 + 1, "5", True])
def test_a_negative_or_fractional_amount_moves_no_point(session: Session, points: Any) -> None:
    earn(session, "nina", 10, source="receipt:1")
    for act in (
        lambda: earn(session, "nina", points),
        lambda: spend(session, "nina", points),
        lambda: reverse(session, "receipt:1", points),
    ):
        with pytest.raises(Invalid) as refused:
            act()
        assert list(refused.value.data["fields"]) == ["points"]
    assert [line.points for line in ledger.statement(session, PROGRAMME, "nina")] == [10]
    assert books.verify(session) == []


@pytest.mark.parametrize("wallet", ["stars", "", "POINTS", "points ", "pοints"])
def test_an_unknown_wallet_is_refused_by_points_and_by_terms(session: Session, wallet: str) -> None:
    earn(session, "nina", 10)
    held = give_terms(session, PROGRAMME)
    for act in (earn, spend):
        with pytest.raises(Invalid) as refused:
            act(session, "nina", 1, wallet=wallet)
        assert list(refused.value.data["fields"]) == ["wallet"]
    with pytest.raises(Invalid) as refused:
        give_terms(session, PROGRAMME, POUNDS | {"wallet": wallet})
    assert list(refused.value.data["fields"]) == ["rules.0.wallet"]
    assert ledger.balance(session, PROGRAMME, "nina") == 10
    assert earning.current_terms(session, PROGRAMME) == held


CONTRADICTIONS: tuple[tuple[tuple[dict[str, Any], ...], dict[str, Any], str], ...] = (
    ((POUNDS, POUNDS | {"points": 2}), {}, "rules"),
    ((POUNDS | {"action": "outfit_laid_out"},), {}, "rules.0.action"),
    ((POUNDS | {"caps": {"per_day": 0}},), {}, "rules.0.caps.per_day"),
    (
        (POUNDS | {"window": {"first_day": "2026-12-02", "last_day": "2026-12-01"}},),
        {},
        "rules.0.window.last_day",
    ),
    (
        (POUNDS | {"window": {"from_time": "18:00", "until_time": "09:00"}},),
        {},
        "rules.0.window.until_time",
    ),
    ((POUNDS,), {"expiry": {"kind": "none", "days": 30}}, "expiry.days"),
    ((POUNDS,), {"expiry": {"kind": "rolling", "days": 0}}, "expiry.days"),
    ((POUNDS,), {"currency": "pounds"}, "currency"),
    ((POUNDS | {"points": -1},), {}, "rules.0.points"),
    ((POUNDS | {"points": 1.5},), {}, "rules.0.points"),
)


@pytest.mark.parametrize(("rules", "more", "field"), CONTRADICTIONS)
def test_contradictory_terms_are_refused_and_the_old_ones_hold(
    session: Session, rules: tuple[dict[str, Any], ...], more: dict[str, Any], field: str
) -> None:
    held = give_terms(session, PROGRAMME)
    with pytest.raises(Invalid) as refused:
        give_terms(session, PROGRAMME, *rules, **more)
    assert list(refused.value.data["fields"]) == [field]
    assert earning.current_terms(session, PROGRAMME) == held


def test_a_ladder_that_contradicts_itself_is_refused_and_the_old_one_holds(
    session: Session,
) -> None:
    new_tiers(session)
    held = tiers.find_ladder(session, PROGRAMME)
    for wrong in ((*TIERS, Tier("top", "Top", 200)), (*TIERS, Tier("gold", "Gold", 900))):
        with pytest.raises(Invalid) as refused:
            new_tiers(session, tiers=wrong)
        assert list(refused.value.data["fields"]) == ["tiers"]
    assert tiers.find_ladder(session, PROGRAMME) == held


def test_a_campaign_that_ends_before_it_starts_is_refused(
    session: Session, clock: FixedClock
) -> None:
    with pytest.raises(Invalid) as refused:
        new_campaign(session, ten_per_cent(), ends_at=clock.now() - HOUR)
    assert refused.value.data["fields"]
    assert campaigns.campaigns(session, PROGRAMME) == []


@both_databases
def test_no_two_seasons_of_a_board_overlap(session: Session) -> None:
    """None can be asked for: each begins where the one before ends, a twin is refused below."""
    season = new_season(session)
    again = {"id": "another", "board_id": season.board_id, "programme_id": PROGRAMME, "prizes": []}
    for starts_at, ends_at in ((season.starts_at, season.ends_at + HOUR), (season.ends_at,) * 2):
        row = Season(**again, starts_at=starts_at, ends_at=ends_at)
        with pytest.raises(IntegrityError), session.begin_nested():
            session.add(row)
            session.flush()
    for at in (season.starts_at - 1000 * HOUR, season.starts_at, season.ends_at - HOUR):
        found = seasons.ensure_seasons(session, season.board_id, now=at)
        assert found[0].id == season.id
    there = boards.seasons_after(session, season.board_id, season.starts_at)
    assert all(before.ends_at == after.starts_at for before, after in pairwise(there))
    assert len(there) > 1


@both_databases
def test_points_survive_a_clock_that_was_set_back_between_two_bookings(
    session: Session, clock: FixedClock
) -> None:
    ends_at = clock.now() + HOUR
    earn(session, "nina", 10, source="receipt:1", expires_at=ends_at)
    earn(session, "nina", 5, source="receipt:2")
    (lot,) = ledger.expiring_lots(session, PROGRAMME, "nina")
    clock.advance(hours=2)
    assert expire(session, lot.id, now=clock.now())
    clock.advance(hours=-2)
    # What ran out stays so, and the same source is the same effect, whatever the clock says.
    assert expire(session, lot.id, now=clock.now()) is None
    assert not earn(session, "nina", 10, source="receipt:1", expires_at=ends_at).is_new
    spend(session, "nina", 5, source="voucher:1")
    with pytest.raises(Conflict, match="not enough points"):
        spend(session, "nina", 1)
    lines = ledger.statement(session, PROGRAMME, "nina")
    assert [line.balance_after for line in lines] == [0, 5, 15, 10]
    assert books.verify(session) == []


@both_databases
def test_a_clock_that_was_set_back_between_two_reservations_frees_no_use(
    session: Session, clock: FixedClock
) -> None:
    code = new_code(session, valid_from=clock.now() - HOUR)
    clock.advance(minutes=10)
    held = reserve(session, code)
    clock.advance(minutes=-10)
    with pytest.raises(Conflict):
        reserve(session, code)
    assert redeem(session, held.id).state == "redeemed"
    clock.advance(hours=-2)
    (refused,) = quote(session, code).refused
    assert refused.reason == "not_yet_issued"
    with pytest.raises(Conflict):
        redeem_now(session, code)
    assert uses_left(session, code) == 0
    assert voucher_books.verify(session) == []


Change = Callable[[Session], object]
EARLIER = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("change", [new_tiers, lambda session: give_terms(session, PROGRAMME)])
def test_what_was_published_is_the_newest_though_the_clock_was_set_back(
    session: Session, clock: FixedClock, change: Change
) -> None:
    change(session)
    clock.instant = EARLIER
    new_tiers(session, grace_days=9)
    give_terms(session, PROGRAMME, POUNDS | {"points": 9})
    ladder, terms = tiers.find_ladder(session, PROGRAMME), earning.current_terms(session, PROGRAMME)
    assert ladder is not None
    assert terms is not None
    assert (ladder.ladder.grace_days, terms.rules[0].points) == (9, 9)


def _hours(begin: int, end: int) -> dict[str, Any]:
    return {"kind": "hours", "from_minute": begin * 60, "until_minute": end * 60}


NEVER: tuple[tuple[dict[str, Any], ...], ...] = (
    ({"kind": "weekdays", "days": [1, 2]}, {"kind": "weekdays", "days": [3]}),
    (_hours(9, 12), _hours(12, 18)),
    (_hours(22, 2), _hours(2, 22)),
    (
        {"kind": "purchase_number", "at_least": 1, "at_most": 1},
        {"kind": "purchase_number", "at_least": 2, "at_most": 9},
    ),
)


@pytest.mark.parametrize("conditions", NEVER)
def test_a_campaign_whose_conditions_exclude_each_other_is_not_planned(
    session: Session, conditions: tuple[dict[str, Any], ...]
) -> None:
    with pytest.raises(Invalid) as refused:
        new_campaign(session, ten_per_cent_if(*conditions))
    assert list(refused.value.data["fields"]) == ["rules.0.conditions"]
    assert campaigns.page(session, PROGRAMME) == []
    # Each alone makes sense, and so do those that overlap.
    for one in conditions:
        new_campaign(session, ten_per_cent_if(one))
    new_campaign(session, ten_per_cent_if(_hours(22, 3), _hours(2, 4)))


def ten_per_cent_if(*conditions: dict[str, Any]) -> Definition:
    gift = {"kind": "percent_off", "per_cent": 10}
    return read_campaign(told(gift, conditions=list(conditions)))
