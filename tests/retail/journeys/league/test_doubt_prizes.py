"""What went back to the shop wins nothing: not before a season closes, and not unseen after."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from core import clock as core_clock
from core.clock import FixedClock
from core.errors import Conflict, Invalid
from loyalty.leaderboards import corrections
from loyalty.leaderboards import queries as leaderboards
from loyalty.leaderboards.rules import BoardKind, Prize
from loyalty.ledger import books
from loyalty.ledger import queries as ledger
from loyalty.ledger import service as points
from loyalty.prizes import queries as prizes
from loyalty.prizes.rules import AwardView, gift_code
from loyalty.vouchers import queries as vouchers
from retail.access_log import queries as access_log
from retail.accounts.queries import MemberView
from retail.brands.queries import StoreView
from retail.journeys.baskets.as_basket import Goods
from retail.journeys.league.give_prize import end_waiting, hand_over, release_prize
from retail.journeys.league.settle_doubt import settle_doubt
from retail.journeys.vouchers.redeem_vouchers import ShownBasket, redeem_now
from retail.outfits import queries as outfits
from retail.outfits import service as outfit_service
from tests.builders.back import SCARF, Week, new_week, send_back
from tests.builders.league import fold, like_times
from tests.builders.outfits import new_outfit
from tests.builders.receipts import SETTINGS
from tests.conftest import KEY, both_databases

POINTS = Prize(1, "points", value=300)
VOUCHER = Prize(1, "voucher", value=1000, currency="GBP")
LARGE = Prize(1, "points", value=9_000)


def scores(session: Session, week: Week) -> list[int]:
    ranks = [leaderboards.rank_of(session, week.season.id, one.id) for one in week.stylists]
    return [rank.score if rank else 0 for rank in ranks]


@both_databases
def test_a_look_that_went_back_scores_no_more_and_wins_nothing(
    session: Session, clock: FixedClock
) -> None:
    week = new_week(session, SCARF)
    send_back(session, week.store, week.looks[0])
    fold(session)
    assert scores(session, week) == [0, 2, 1]
    week.close(session, clock)
    finals = leaderboards.final(session, week.season.id)
    assert [(one.owner_id, one.score) for one in finals] == [
        (week.stylists[1].id, 2),
        (week.stylists[2].id, 1),
    ]
    assert week.award(session, 1).state == "open"


@both_databases
def test_a_look_scores_as_long_as_a_piece_of_it_is_kept(
    session: Session, clock: FixedClock
) -> None:
    week = new_week(session, SCARF)
    send_back(session, week.store, week.looks[0], 1)
    fold(session)
    assert scores(session, week) == [3, 2, 1]
    send_back(session, week.store, week.looks[0], 2)
    fold(session)
    assert scores(session, week) == [0, 2, 1]


def test_a_look_that_went_back_stands_on_no_board_of_looks(
    session: Session, clock: FixedClock
) -> None:
    week = new_week(session, SCARF, kind="outfits")
    send_back(session, week.store, week.looks[0])
    week.close(session, clock)
    finals = leaderboards.final(session, week.season.id)
    assert [one.owner_id for one in finals] == week.looks[1:]


def test_what_went_back_is_not_shown_again(session: Session, clock: FixedClock) -> None:
    week = new_week(session)
    look, owner = week.looks[0], week.stylists[0]
    send_back(session, week.store, look)
    assert outfits.get_own(session, look, member_id=owner.id).state == "away"
    with pytest.raises(Conflict):
        outfit_service.restore(session, look, member_id=owner.id, now=clock.now())


@both_databases
def test_a_closed_season_stays_as_it_was_and_a_gift_that_waits_is_doubted(
    session: Session, clock: FixedClock
) -> None:
    week = new_week(session, SCARF)
    week.close(session, clock)
    frozen = leaderboards.final(session, week.season.id)
    clock.advance(days=1)
    send_back(session, week.store, week.looks[0])
    assert leaderboards.final(session, week.season.id) == frozen
    left = corrections.corrected(session, week.season.id)
    assert [(one.owner_id, one.score) for one in left] == [
        (week.stylists[1].id, 2),
        (week.stylists[2].id, 1),
    ]
    ((award, basis),) = prizes.doubted(session, week.store.brand_id)
    assert award.id == week.award(session).id
    assert (basis.place_then, basis.place_now, basis.score_then, basis.score_now) == (1, None, 3, 0)
    by = {"brand_id": week.store.brand_id, "by_id": "till", "now": clock.now(), "key": KEY}
    with pytest.raises(Conflict) as refusal:
        hand_over(session, gift_code(award.id, KEY), **by)  # type: ignore[arg-type]
    assert refusal.value.code == "prize_doubted"
    clock.advance(days=20)
    end_waiting(session, award.id, now=clock.now(), key=KEY)
    assert week.award(session).state == "open"


@pytest.mark.parametrize("kind", ["stylists", "outfits"])
def test_what_is_taken_back_goes_to_the_next_in_line_with_a_reason(
    session: Session, clock: FixedClock, kind: BoardKind
) -> None:
    week = new_week(session, SCARF, kind=kind)
    week.close(session, clock)
    send_back(session, week.store, week.looks[1])
    send_back(session, week.store, week.looks[0])
    taken = week.settle(session, clock, "taken_back")
    assert (taken.state, taken.reason) == ("taken_back", "The coat came back the next day.")
    # The second went back as well: nothing is passed on to what would not stand.
    assert week.award(session, 2).state == "open"
    with pytest.raises(Conflict):
        week.settle(session, clock, "stands")
    looked = access_log.seen_by(session, week.stylists[0].id)
    assert [(one.what, one.purpose) for one in looked] == [("your league scores", "a prize review")]


def test_a_gift_that_stands_waits_as_long_as_at_first(session: Session, clock: FixedClock) -> None:
    week = new_week(session, SCARF)
    week.close(session, clock)
    first_until = week.award(session).claim_until
    send_back(session, week.store, week.looks[0])
    clock.advance(days=30)
    stands = week.settle(session, clock, "stands")
    assert first_until is not None
    assert stands.claim_until is not None
    assert stands.claim_until - first_until >= timedelta(days=29)
    by = {"brand_id": week.store.brand_id, "by_id": "till", "now": clock.now(), "key": KEY}
    assert hand_over(session, gift_code(stands.id, KEY), **by).state == "collected"  # type: ignore[arg-type]


def test_a_prize_that_is_won_by_what_was_kept_is_not_doubted(
    session: Session, clock: FixedClock
) -> None:
    week = new_week(session, SCARF)
    second_look = another_look(session, week, likes=3)
    week.close(session, clock)
    send_back(session, week.store, second_look)
    assert prizes.doubted(session, week.store.brand_id) == []
    send_back(session, week.store, week.looks[0])
    assert len(prizes.doubted(session, week.store.brand_id)) == 1


def another_look(session: Session, week: Week, *, likes: int) -> str:
    """Another look of the first stylist."""
    outfit_id = new_outfit(session, week.store, member=week.stylists[0])
    like_times(session, outfit_id, week.store.brand_id, likes)
    fold(session)
    return outfit_id


def test_nobody_releases_a_prize_before_somebody_says_that_it_stands(
    session: Session, clock: FixedClock
) -> None:
    week = new_week(session, LARGE)
    week.close(session, clock)
    by = {"brand_id": week.store.brand_id, "now": clock.now(), "key": KEY}
    award = week.award(session)
    release_prize(session, award.id, staff_id="jo", **by)  # type: ignore[arg-type]
    send_back(session, week.store, week.looks[0])
    with pytest.raises(Conflict) as refusal:
        release_prize(session, award.id, staff_id="kim", **by)  # type: ignore[arg-type]
    assert refusal.value.code == "prize_doubted"
    with pytest.raises(Invalid):
        settle_doubt(
            session,
            award.id,
            staff_id="jo",
            role="manager",
            verdict="stands",
            reason=" ",
            **by,  # type: ignore[arg-type]
        )
    assert week.settle(session, clock, "stands").state == "held"
    assert release_prize(session, award.id, staff_id="kim", **by).state == "given"  # type: ignore[arg-type]


@both_databases
def test_points_that_were_spent_are_owed(session: Session, clock: FixedClock) -> None:
    week = new_week(session, POINTS)
    week.close(session, clock)
    brand_id, winner = week.store.brand_id, week.stylists[0]
    who = {"programme_id": brand_id, "owner_id": winner.id}
    points.spend(session, **who, points=200, source="s:1", reason="spent", now=clock.now())
    send_back(session, week.store, week.looks[0])
    assert ledger.balance(session, brand_id, winner.id) == 100
    week.settle(session, clock, "taken_back")
    assert ledger.balance(session, brand_id, winner.id) == -200
    assert books.verify(session) == []
    points.earn(session, **who, points=250, source="e:1", reason="purchase", now=clock.now())
    assert ledger.balance(session, brand_id, winner.id) == 50


def test_a_voucher_ends_unless_it_was_used(session: Session, clock: FixedClock) -> None:
    week = new_week(session, VOUCHER, Prize(2, "voucher", value=1000, currency="GBP"))
    week.close(session, clock)
    for look in week.looks[:2]:
        send_back(session, week.store, look)
    award, used = week.award(session), week.award(session, 1)
    week.settle(session, clock, "taken_back")
    assert state_of_voucher(session, award) == "void"
    use_voucher(session, week.store, week.stylists[1])
    with pytest.raises(Conflict) as refusal:
        week.settle(session, clock, "taken_back", place=1)
    assert refusal.value.code == "prize_used"
    assert state_of_voucher(session, used) == "redeemed"


def test_a_voucher_that_was_used_stays_with_its_winner(session: Session, clock: FixedClock) -> None:
    week = new_week(session, VOUCHER)
    week.close(session, clock)
    use_voucher(session, week.store, week.stylists[0])
    send_back(session, week.store, week.looks[0])
    assert prizes.doubted(session, week.store.brand_id) == []


def state_of_voucher(session: Session, award: AwardView) -> str | None:
    found = vouchers.find_validity(session, award.programme_id, award.source, now=core_clock.now())
    return found.state if found else None


def use_voucher(session: Session, store: StoreView, member: MemberView) -> None:
    """The member pays with the voucher they won."""
    now = core_clock.now()
    (voucher,) = vouchers.vouchers_of(session, store.brand_id, member.id, now=now, key=KEY)
    shown = ShownBasket("GBP", (Goods(Decimal(1), 5_000),), (voucher.code,))
    redeem_now(session, store=store, source="t:1", shown=shown, now=now, settings=SETTINGS)


def test_a_gift_at_home_is_not_asked_for(session: Session, clock: FixedClock) -> None:
    week = new_week(session, SCARF)
    week.close(session, clock)
    by = {"brand_id": week.store.brand_id, "by_id": "till", "now": clock.now(), "key": KEY}
    hand_over(session, gift_code(week.award(session).id, KEY), **by)  # type: ignore[arg-type]
    send_back(session, week.store, week.looks[0])
    assert prizes.doubted(session, week.store.brand_id) == []
    assert week.award(session).state == "collected"
