"""What happened is told to whom it concerns: once, as it stands now, and no more than theirs."""

from dataclasses import asdict

from sqlalchemy.orm import Session

from core.clock import FixedClock
from core.transaction import Database
from loyalty.leaderboards.rules import BOARD_KINDS, Prize
from loyalty.prizes import queries as prizes
from loyalty.prizes.rules import gift_code
from retail.accounts.queries import MemberView
from retail.brands.queries import StoreView
from retail.consent.rules import FRIENDS_NEWS, LEAGUE_NEWS
from retail.friends import service as friends
from retail.journeys.league import give_prize
from retail.journeys.league.rank_look import rank_look
from retail.journeys.league.season_close import close_season
from retail.journeys.members.erase_member import erase_member
from retail.notifications import queries as notes
from tests.builders.accounts import new_member
from tests.builders.back import new_week, send_back
from tests.builders.brands import new_brand, new_store
from tests.builders.friends import befriend
from tests.builders.league import fold, like_times, new_league, ranked_outfit, running_season
from tests.builders.notes import hears_of
from tests.builders.wall import new_look
from tests.conftest import KEY, both_databases
from tests.jobs.conftest import Told, Work, titles

SCARF = Prize(1, "gift", 2500, "GBP", title="Silk scarf", claim_days=7, unclaimed="passes_on")


def a_week(session: Session, *offered: Prize) -> tuple[StoreView, list[MemberView]]:
    """A store's week with three stylists in the order of their places, not closed yet."""
    store = new_store(session)
    new_league(session, store.brand_id, offered)
    ranked = []
    for likes in (3, 2, 1):
        stylist, outfit_id = ranked_outfit(session, store)
        like_times(session, outfit_id, store.brand_id, likes)
        ranked.append(stylist)
    fold(session)
    return store, ranked


def close(session: Session, store: StoreView, clock: FixedClock) -> None:
    season = running_season(session, store)
    clock.instant = season.ends_at
    close_season(session, season.id, now=clock.now(), key=KEY)


def award_of(session: Session, member: MemberView) -> str:
    (award,) = prizes.awards_of(session, member.brand_id, member.id)
    return award.id


@both_databases
def test_winners_hear_of_their_prizes_once_each(
    db: Database, clock: FixedClock, work: Work, told: Told
) -> None:
    offered = (SCARF, Prize(2, "points", value=300), Prize(3, "voucher", 1000, "GBP"))
    with db.write() as session:
        store, (first, second, third) = a_week(session, *offered)
        close(session, store, clock)
    work()
    assert titles(told(first)) == ["You’ve won: Silk scarf"]
    assert told(first)[0].text == "It’s ready to collect. Your prizes say until when."
    assert titles(told(second)) == ["You’ve won 300 points"]
    assert titles(told(third)) == ["You’ve won a voucher"]
    with db.write() as session:
        code = gift_code(award_of(session, first), KEY)
        by = {"brand_id": store.brand_id, "by_id": "till", "now": clock.now()}
        give_prize.hand_over(session, code, **by, key=KEY)
    work()
    # To have collected it is no news; what is said of it has changed.
    assert [asdict(said)["text"] for said in told(first)] == ["You’ve collected it. Enjoy."]


@both_databases
def test_what_nobody_comes_for_is_told_to_both(
    db: Database, clock: FixedClock, work: Work, told: Told
) -> None:
    with db.write() as session:
        store, (first, second, _) = a_week(session, SCARF)
        close(session, store, clock)
    work()
    clock.advance(days=8)
    work()
    (lost,) = told(first)
    assert lost.title == "A prize of yours is gone"
    assert "it went to the next in line" in lost.text
    (won,) = told(second)
    assert won.title == "You’ve won: Silk scarf"
    assert won.text.startswith("Whoever won it before you didn’t come. It’s ready")


@both_databases
def test_a_held_prize_is_told_when_two_released_it_or_with_the_reason_against_it(
    db: Database, clock: FixedClock, work: Work, told: Told
) -> None:
    with db.write() as session:
        big = [Prize(place, "points", value=9_000) for place in (1, 2)]
        store, (first, second, _) = a_week(session, *big)
        close(session, store, clock)
    work()
    assert told(first) == told(second) == []
    place = {"brand_id": store.brand_id, "now": clock.now()}
    with db.write() as session:
        for one in ("jo", "kim"):
            award_id = award_of(session, first)
            give_prize.release_prize(session, award_id, staff_id=one, **place, key=KEY)
        award_id, reason = award_of(session, second), "Two accounts, one person."
        give_prize.withhold_prize(session, award_id, staff_id="jo", reason=reason, **place)
    work()
    assert titles(told(first)) == ["You’ve won 9,000 points"]
    assert [said.text for said in told(second)] == [f"We kept it back: {reason}"]


@both_databases
def test_a_season_s_end_is_told_to_those_who_asked_for_it(
    db: Database, clock: FixedClock, work: Work, told: Told
) -> None:
    with db.write() as session:
        store, (first, second, third) = a_week(session)
        for keen in (first, third):
            hears_of(session, keen, LEAGUE_NEWS)
        close(session, store, clock)
    work()
    assert titles(told(first)) == titles(told(third)) == ["The week’s league has closed"]
    assert told(third)[0].text.startswith("You came in at number 3, in ")
    assert told(second) == []


def test_of_several_looks_on_a_board_the_best_is_told(
    db: Database, clock: FixedClock, work: Work, told: Told
) -> None:
    with db.write() as session:
        store = new_store(session)
        new_league(session, store.brand_id, (), kinds=BOARD_KINDS)
        stylist, look = ranked_outfit(session, store)
        hears_of(session, stylist, LEAGUE_NEWS)
        for outfit_id, likes in ((look, 1), (new_look(session, store, member=stylist), 4)):
            rank_look(session, outfit_id, now=clock.now())
            like_times(session, outfit_id, store.brand_id, likes)
        fold(session)
        season = running_season(session, store, kind="outfits")
        clock.instant = season.ends_at
        close_season(session, season.id, now=clock.now(), key=KEY)
    work()
    (said,) = told(stylist)
    assert said.text.startswith("Your look came in at number 1, in ")


@both_databases
def test_an_accepted_invitation_names_the_friend_while_they_are_friends(
    db: Database, work: Work, told: Told
) -> None:
    with db.write() as session:
        brand = new_brand(session)
        nina = new_member(session, brand.id, display_name="Nina Okafor")
        fay = new_member(session, brand.id, display_name="Fay Friend")
        befriend(session, nina, fay)
    work()
    assert titles(told(nina)) == ["Fay F. accepted your invitation"]
    assert told(fay) == []
    with db.write() as session:
        friends.end(session, nina.id, member=fay)
    assert titles(told(nina)) == ["Your invitation was accepted"]
    assert "Fay" not in str([asdict(said) for said in told(nina)])


def test_erasing_a_friend_takes_what_was_told_of_them(
    db: Database, work: Work, clock: FixedClock
) -> None:
    with db.write() as session:
        brand = new_brand(session)
        nina, fay = (new_member(session, brand.id, display_name=name) for name in ("Nina", "Fay"))
        befriend(session, nina, fay)
    work()
    with db.write() as session:
        assert notes.inbox(session, nina.id) != []
        erase_member(session, member=fay, now=clock.now(), key=KEY)
        assert notes.inbox(session, nina.id) == []


def test_who_wants_no_news_of_friends_gets_no_note(db: Database, work: Work) -> None:
    with db.write() as session:
        brand = new_brand(session)
        nina, fay = (new_member(session, brand.id) for _ in range(2))
        hears_of(session, nina)
        befriend(session, nina, fay)
    work()
    with db.write() as session:
        hears_of(session, nina, FRIENDS_NEWS)
        assert notes.inbox(session, nina.id) == []


def test_a_prize_that_is_doubted_taken_back_and_passed_on_is_told(
    db: Database, clock: FixedClock, work: Work, told: Told
) -> None:
    with db.write() as session:
        week = new_week(session, SCARF)
        week.close(session, clock)
        send_back(session, week.store, week.looks[0])
    first, second, _ = week.stylists
    work()
    said = told(first)
    assert titles(said) == ["We’re looking at a prize of yours again"]
    with db.write() as session:
        week.settle(session, clock, "taken_back")
    work()
    assert titles(told(first)) == ["A prize of yours is gone"]
    assert told(first)[0].text == "We took it back: The coat came back the next day."
    assert titles(told(second)) == ["You’ve won: Silk scarf"]
