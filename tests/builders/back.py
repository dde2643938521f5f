"""Looks that go back to the shop, whole or in part, and prizes that they won."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock as core_clock
from core.clock import FixedClock
from loyalty.leaderboards.rules import BoardKind, Prize, SeasonView
from loyalty.prizes import queries as prizes
from loyalty.prizes.doubts import Verdict
from loyalty.prizes.rules import AwardView
from retail.accounts.queries import MemberView
from retail.brands.queries import StoreView
from retail.journeys.league.rank_look import rank_look
from retail.journeys.league.season_close import close_season
from retail.journeys.league.settle_doubt import settle_doubt
from retail.journeys.sales.refund import record_refund
from retail.outfits.models import Outfit
from retail.receipts import queries as receipts
from retail.receipts.returns import ReturnInput, ReturnLineInput
from tests.builders.brands import new_store
from tests.builders.league import fold, like_times, new_league, ranked_outfit, running_season
from tests.builders.receipts import till_of
from tests.conftest import KEY

SCARF = Prize(1, "gift", 2500, "GBP", title="Silk scarf", claim_days=7, unclaimed="passes_on")


@dataclass
class Week:
    """A store's week: its stylists with a look each, the best first; three likes, two, one."""

    store: StoreView
    season: SeasonView
    stylists: list[MemberView]
    looks: list[str]

    def close(self, session: Session, clock: FixedClock) -> None:
        """The week is over, and closes."""
        clock.instant = max(clock.instant, self.season.ends_at)
        close_season(session, self.season.id, now=clock.now(), key=KEY)

    def award(self, session: Session, place: int = 0) -> AwardView:
        """What one of the stylists won."""
        mine = self.stylists[place]
        (award,) = prizes.awards_of(session, mine.brand_id, mine.id)
        return award

    def settle(
        self, session: Session, clock: FixedClock, verdict: Verdict, place: int = 0
    ) -> AwardView:
        """A colleague says what becomes of a stylist's prize."""
        return settle_doubt(
            session,
            self.award(session, place).id,
            brand_id=self.store.brand_id,
            staff_id="jo",
            role="manager",
            verdict=verdict,
            reason="The coat came back the next day.",
            now=clock.now(),
            key=KEY,
        )


def new_week(
    session: Session,
    *offered: Prize,
    kind: BoardKind = "stylists",
    store: StoreView | None = None,
) -> Week:
    """A week in which three stylists are liked, not closed yet."""
    store = store or new_store(session)
    new_league(session, store.brand_id, offered, kinds=(kind,))
    stylists, looks = [], []
    for likes in (3, 2, 1):
        stylist, outfit_id = ranked_outfit(session, store)
        like_times(session, outfit_id, store.brand_id, likes)
        stylists.append(stylist)
        looks.append(outfit_id)
        rank_look(session, outfit_id, now=core_clock.now())
    fold(session)
    season = running_season(session, store, kind=kind)
    return Week(store, season, stylists, looks)


def send_back(
    session: Session,
    store: StoreView,
    outfit_id: str,
    *positions: int,
    now: datetime | None = None,
) -> None:
    """These lines of what a look was laid out from come back to the shop; without any, all."""
    receipt_id = session.scalars(select(Outfit.receipt_id).where(Outfit.id == outfit_id)).one()
    held = {line.position: line for line in receipts.get_receipt(session, receipt_id).lines}
    lines = tuple(ReturnLineInput(one, Decimal(held[one].quantity)) for one in positions) or None
    at = now or core_clock.now()
    given = ReturnInput(f"B-{receipt_id}"[:30] + f"{positions}", at, lines)
    key = till_of(store)
    record_refund(session, key=key, receipt_id=receipt_id, given=given, now=at)
