"""Prizes on their way: released by two, collected once, and passed on when nobody comes."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from core.clock import FixedClock
from core.errors import Conflict, NotFound
from core.transaction import Database
from loyalty.leaderboards.rules import Prize
from loyalty.ledger import books
from loyalty.ledger import queries as ledger
from loyalty.prizes import queries as prizes
from loyalty.prizes.models import Award
from loyalty.prizes.rules import AwardView, gift_code
from retail.accounts.queries import MemberView
from retail.brands.queries import StoreView
from retail.journeys.league.give_prize import (
    accept_invitation,
    end_waiting,
    hand_over,
    release_prize,
)
from retail.journeys.league.season_close import close_season
from tests.builders.brands import new_store
from tests.builders.league import fold, like_times, new_league, ranked_outfit, running_season
from tests.builders.races import meeting, race
from tests.conftest import KEY, both_databases


def won(
    session: Session, clock: FixedClock, *offered: Prize, stylists: int = 3
) -> tuple[StoreView, list[MemberView]]:
    """A store's week that has closed, its stylists in the order of their places."""
    store = new_store(session)
    new_league(session, store.brand_id, offered)
    ranked = []
    for likes in range(stylists, 0, -1):
        stylist, outfit_id = ranked_outfit(session, store)
        like_times(session, outfit_id, store.brand_id, likes)
        ranked.append(stylist)
    fold(session)
    season = running_season(session, store)
    clock.instant = season.ends_at
    close_season(session, season.id, now=clock.now(), key=KEY)
    return store, ranked


def award_of(session: Session, member: MemberView) -> AwardView:
    (award,) = prizes.awards_of(session, member.brand_id, member.id)
    return award


RUNNERS = 8
SCARF = Prize(1, "gift", 2500, "GBP", title="Silk scarf", claim_days=7, unclaimed="passes_on")


@both_databases
def test_a_gift_is_handed_over_once(session: Session, clock: FixedClock) -> None:
    store, (first, *_) = won(session, clock, SCARF)
    code = gift_code(award_of(session, first).id, KEY)
    by = {"brand_id": store.brand_id, "by_id": "till", "now": clock.now(), "key": KEY}
    with pytest.raises(NotFound):
        hand_over(session, "0000000000", **by)  # type: ignore[arg-type]
    assert hand_over(session, code.lower(), **by).state == "collected"  # type: ignore[arg-type]
    with pytest.raises(Conflict):
        hand_over(session, code, **by)  # type: ignore[arg-type]


@both_databases
def test_what_nobody_comes_for_passes_to_the_next_in_line_until_there_is_none(
    session: Session, clock: FixedClock
) -> None:
    _, stylists = won(session, clock, SCARF)
    for place, stylist in enumerate(stylists):
        award = award_of(session, stylist)
        assert (award.state, award.place, award.turn) == ("open", 1, place)
        end_waiting(session, award.id, now=clock.now(), key=KEY)
        assert award_of(session, stylist).state == "open"
        clock.advance(days=10)
        end_waiting(session, award.id, now=clock.now(), key=KEY)
        end_waiting(session, award.id, now=clock.now(), key=KEY)
        following = "passed_on" if stylist is not stylists[-1] else "expired"
        assert award_of(session, stylist).state == following


def test_whoever_comes_on_the_last_day_is_in_time_whenever_their_time_began(
    session: Session, clock: FixedClock
) -> None:
    store, (first, second, _) = won(session, clock, SCARF)
    clock.advance(days=10, hours=9)
    end_waiting(session, award_of(session, first).id, now=clock.now(), key=KEY)
    until = award_of(session, second).claim_until
    assert until is not None
    there = until.astimezone(ZoneInfo(store.zone))
    assert (there.hour, there.minute) == (0, 0)
    assert until - clock.now() > timedelta(days=SCARF.claim_days)


def test_an_invitation_is_accepted_in_time_by_who_was_invited(
    session: Session, clock: FixedClock
) -> None:
    invitation = Prize(1, "invitation", title="Private view", claim_days=3)
    store, (first, second, _) = won(session, clock, invitation)
    award, late = award_of(session, first), clock.now() + timedelta(days=3)
    for member, now, refusal in ((second, clock.now(), NotFound), (first, late, Conflict)):
        with pytest.raises(refusal):
            accept_invitation(
                session, award.id, brand_id=store.brand_id, member_id=member.id, now=now
            )
    mine = {"brand_id": store.brand_id, "member_id": first.id, "now": clock.now()}
    assert accept_invitation(session, award.id, **mine).state == "accepted"  # type: ignore[arg-type]
    end_waiting(session, award.id, now=late, key=KEY)
    assert award_of(session, first).state == "accepted"


@both_databases
def test_a_large_prize_needs_two_people(session: Session, clock: FixedClock) -> None:
    store, (first, *_) = won(session, clock, Prize(1, "points", value=9_000))
    award = award_of(session, first)
    by = {"brand_id": store.brand_id, "now": clock.now(), "key": KEY}
    assert release_prize(session, award.id, staff_id="jo", **by).state == "held"  # type: ignore[arg-type]
    with pytest.raises(Conflict):
        release_prize(session, award.id, staff_id="jo", **by)  # type: ignore[arg-type]
    assert ledger.balance(session, store.brand_id, first.id) == 0
    assert release_prize(session, award.id, staff_id="kim", **by).state == "given"  # type: ignore[arg-type]
    assert ledger.balance(session, store.brand_id, first.id) == 9_000
    assert books.verify(session) == []


def waiting_prizes(db: Database, clock: FixedClock) -> tuple[StoreView, AwardView, AwardView]:
    """Points that two have to release, and a gift that waits for its winner."""
    with db.write() as session:
        offered = (Prize(1, "points", value=9_000), Prize(2, "gift", 2500, "GBP", title="Scarf"))
        store, (first, second, _) = won(session, clock, *offered)
        return store, award_of(session, first), award_of(session, second)


@pytest.mark.proof(rounds=1_250)
@both_databases
def test_many_who_release_and_collect_at_once_do_it_once(db: Database, clock: FixedClock) -> None:
    store, held, gift = waiting_prizes(db, clock)
    code, now = gift_code(gift.id, KEY), clock.now()

    def work(attempt: int) -> str:
        try:
            with db.write() as session:
                if attempt % 2:
                    by = {"brand_id": store.brand_id, "by_id": str(attempt)}
                    return hand_over(session, code, now=now, key=KEY, **by).state
                who = {"brand_id": store.brand_id, "staff_id": str(attempt % 8)}
                return release_prize(session, held.id, now=now, key=KEY, **who).state
        except Conflict:
            return "refused"

    answers = race(work, attempts=32, threads=RUNNERS)
    assert (answers.count("collected"), answers.count("given")) == (1, 1)
    assert answers.count("held") == 1
    with db.read() as session:
        assert ledger.balance(session, store.brand_id, held.owner_id) == 9_000


@pytest.mark.proof
@both_databases
def test_handing_over_what_was_read_as_waiting_is_caught(db: Database, clock: FixedClock) -> None:
    """The control: the state is compared in memory, so everybody goes home with the scarf."""
    _, _, gift = waiting_prizes(db, clock)
    all_have_read = meeting(RUNNERS)

    def naive(_: int) -> str:
        with db.read() as session:
            state = session.get_one(Award, gift.id).state
        all_have_read()
        with db.write() as session:
            session.get_one(Award, gift.id).state = "collected"
        return "collected" if state == "open" else "refused"

    answers = race(naive, attempts=RUNNERS, threads=RUNNERS)
    assert answers.count("collected") == RUNNERS
