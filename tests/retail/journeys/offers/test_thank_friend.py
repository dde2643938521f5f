"""An offer is used: whose taste it was rises and is thanked, once; what comes back takes both."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from core import clock as core_clock
from core.clock import FixedClock
from core.config import Settings
from core.transaction import Database
from loyalty.leaderboards import queries as leaderboards
from loyalty.prizes import queries as prizes
from retail.consent.rules import LEAGUE
from retail.journeys.baskets.as_basket import Goods
from retail.journeys.league.opt_in import join_league, leave_league
from retail.journeys.league.season_close import close_season
from retail.journeys.members.agree import agree
from retail.journeys.members.erase_member import erase_member
from retail.journeys.offers import thank_friend
from retail.journeys.vouchers.redeem_vouchers import ShownBasket, redeem_now
from retail.notifications import queries as notes
from retail.offers import queries
from retail.offers.models import Offer
from retail.offers.queries import OfferView
from retail.receipts import queries as receipts
from tests.builders.league import new_league, running_season
from tests.builders.offers import Boutique, new_boutique
from tests.builders.races import THREADS, meeting, race
from tests.builders.receipts import SETTINGS
from tests.conftest import KEY, both_databases
from tests.retail.journeys.offers.test_offer import ENDS_THE_NAME

pytestmark = both_databases


@dataclass
class Sold:
    """An offer whose voucher a till redeemed, with the receipt of the shoes."""

    shop: Boutique
    offer: OfferView
    redemption_id: str
    receipt_id: str


def _sell(session: Session) -> Sold:
    """Nina is in the league; Sarah uses the offer."""
    shop = new_boutique(session)
    new_league(session, shop.store.brand_id)
    join_league(session, member=shop.nina, now=core_clock.now())
    offer = shop.made(session)
    (voucher,) = shop.vouchers(session, shop.sarah)
    goods = (Goods(Decimal(1), shop.shoes.price_minor, gtin=shop.shoes.gtin),)
    shown = ShownBasket("GBP", goods, (voucher.code,))
    view = redeem_now(
        session,
        store=shop.store,
        source="till:1",
        shown=shown,
        now=core_clock.now(),
        settings=SETTINGS,
    )
    receipt = shop.buy(session, shop.shoes)
    return Sold(shop, offer, view.id, receipt.id)


def settle(session: Session, sold: Sold) -> None:
    known = Settings(secret_key=KEY.decode(), offer_thanks_percent=10)
    thank_friend.settle_used(session, sold.redemption_id, settings=known, now=core_clock.now())


def thanks(session: Session, sold: Sold) -> list[tuple[int, str]]:
    return [(one.value, one.state) for one in sold.shop.vouchers(session, sold.shop.nina)]


def score(session: Session, sold: Sold) -> int:
    season = running_season(session, sold.shop.store)
    rank = leaderboards.rank_of(session, season.id, sold.shop.nina.id)
    return rank.score if rank else 0


def subjects(session: Session, member_id: str) -> list[str]:
    return sorted(note.subject.split(".")[-1] for note in notes.inbox(session, member_id))


def test_a_used_offer_scores_and_thanks_its_friend_once_and_a_return_takes_both_back(
    db: Database,
) -> None:
    with db.write() as session:
        sold = _sell(session)
        for _ in range(2):
            settle(session, sold)
        assert (score(session, sold), thanks(session, sold)) == (5, [(10, "issued")])
        shop = sold.shop
        assert subjects(session, shop.sarah.id) == ["used"]
        assert subjects(session, shop.nina.id) == ["thanked"]
        thank_friend.settle_returned(session, sold.receipt_id, now=core_clock.now())
        assert score(session, sold) == 5
        shop.bring_back(session, receipts.get_receipt(session, sold.receipt_id))
        for _ in range(2):
            thank_friend.settle_returned(session, sold.receipt_id, now=core_clock.now())
        assert (score(session, sold), thanks(session, sold)) == (0, [(10, "void")])
        settle(session, sold)
        assert (score(session, sold), thanks(session, sold)) == (0, [(10, "void")])


@pytest.mark.parametrize("what", ENDS_THE_NAME)
def test_whoever_may_not_be_named_any_more_is_not_thanked_and_the_voucher_stays_good(
    db: Database, clock: FixedClock, what: str
) -> None:
    with db.write() as session:
        sold = _sell(session)
        ENDS_THE_NAME[what](session, sold.shop, clock)
        settle(session, sold)
        assert (score(session, sold), thanks(session, sold)) == (0, [])
        found = queries.find_offer(session, sold.offer.id)
        assert found is not None
        assert (found.state, found.credited_at) == ("redeemed", None)


def test_credit_outlasts_leaving_the_league_and_stands_in_the_closed_season(
    db: Database, clock: FixedClock
) -> None:
    with db.write() as session:
        sold = _sell(session)
        settle(session, sold)
        leave_league(session, member=sold.shop.nina, now=clock.now())
        assert score(session, sold) == 0
        agree(session, LEAGUE, member=sold.shop.nina, now=clock.now())
        assert score(session, sold) == 5
        season = running_season(session, sold.shop.store)
        clock.instant = season.ends_at
        finals = close_season(session, season.id, now=clock.now(), key=KEY)
    assert [(one.owner_id, one.score) for one in finals] == [(sold.shop.nina.id, 5)]


def test_a_buyer_who_is_erased_leaves_no_offer_behind_and_no_error(
    db: Database, clock: FixedClock
) -> None:
    with db.write() as session:
        sold = _sell(session)
        erase_member(session, member=sold.shop.sarah, now=clock.now(), key=KEY)
        settle(session, sold)
        assert queries.find_offer(session, sold.offer.id) is None
        assert thanks(session, sold) == []


def settle_many(db: Database, sold: Sold) -> None:
    def work(_: int) -> None:
        with db.write() as session:
            settle(session, sold)

    race(work, attempts=THREADS)


def test_of_many_who_settle_one_use_at_once_one_thanks(db: Database) -> None:
    with db.write() as session:
        sold = _sell(session)
    settle_many(db, sold)
    with db.read() as session:
        assert (score(session, sold), thanks(session, sold)) == (5, [(10, "issued")])


def test_a_careless_settler_would_thank_many_times(db: Database) -> None:
    with db.write() as session:
        sold = _sell(session)
    together: Callable[[], object] = meeting()

    def careless(_: int) -> int:
        """Reads whether the offer is unused, and writes that it is used wherever it stands."""
        with db.read() as session:
            found = queries.find_offer(session, sold.offer.id)
        together()
        assert found is not None
        if found.state != "offered":
            return 0
        with db.write() as session:
            session.execute(update(Offer).where(Offer.id == found.id).values(state="redeemed"))
        return 1

    assert sum(race(careless, attempts=THREADS)) == THREADS


def test_credit_that_a_closed_season_counted_stays_there_and_its_prize_is_doubted(
    db: Database, clock: FixedClock
) -> None:
    with db.write() as session:
        sold = _sell(session)
        settle(session, sold)
        season = running_season(session, sold.shop.store)
        clock.instant = season.ends_at
        finals = close_season(session, season.id, now=clock.now(), key=KEY)
        sold.shop.bring_back(session, receipts.get_receipt(session, sold.receipt_id))
        for _ in range(2):
            thank_friend.settle_returned(session, sold.receipt_id, now=core_clock.now())
        assert leaderboards.final(session, season.id) == finals
        ((award, basis),) = prizes.doubted(session, sold.shop.store.brand_id)
        assert award.owner_id == sold.shop.nina.id
        assert (basis.score_then, basis.score_now, basis.place_now) == (5, 0, None)
