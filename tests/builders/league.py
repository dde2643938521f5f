"""Stylist leagues for tests: boards that run, stylists who are ranked, likes given and folded."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from core import clock
from loyalty.leaderboards import queries as leaderboards
from loyalty.leaderboards.rules import BoardKind, Prize, SeasonView
from retail.accounts.queries import MemberView
from retail.brands.queries import StoreView
from retail.journeys.league.fold_likes import fold_likes
from retail.journeys.league.open_league import open_league
from retail.journeys.league.opt_in import join_league
from retail.social import service as social
from tests.builders.accounts import new_member
from tests.builders.outfits import new_outfit, new_stylist

PRIZES = (
    Prize(1, "voucher", value=1000, currency="GBP"),
    Prize(2, "points", value=300),
    Prize(3, "points", value=150),
)


def new_league(
    session: Session,
    brand_id: str,
    prizes: Iterable[Prize] = PRIZES,
    *,
    kinds: Iterable[BoardKind] = ("stylists",),
) -> None:
    """Every board of these kinds, each with a running season."""
    open_league(session, brand_id, kinds=kinds, prizes=prizes, now=clock.now())


def ranked_outfit(session: Session, store: StoreView, **member: object) -> tuple[MemberView, str]:
    """A stylist in the league and the id of an outfit of theirs that everyone may see."""
    stylist = new_stylist(session, store.brand_id, **member)
    join_league(session, member=stylist, now=clock.now())
    return stylist, new_outfit(session, store, member=stylist)


def like_times(session: Session, outfit_id: str, brand_id: str, times: int) -> list[MemberView]:
    """As many new members as told like the outfit; gives them."""
    fans = [new_member(session, brand_id, display_name="Ada Fan") for _ in range(times)]
    for fan in fans:
        social.like(session, outfit_id, member=fan, now=clock.now())
    return fans


def fold(session: Session) -> None:
    """Count every waiting like."""
    fold_likes(session, clock.now())


def running_season(
    session: Session,
    store: StoreView,
    *,
    scope_kind: str = "store",
    cadence: str = "week",
    kind: BoardKind = "stylists",
) -> SeasonView:
    """The season of the store's or its brand's board that runs now."""
    scope_id = store.id if scope_kind == "store" else store.brand_id
    (season,) = (
        season
        for season in leaderboards.open_seasons(session, store.brand_id, clock.now())
        if (season.scope_id, season.cadence, season.kind) == (scope_id, cadence, kind)
    )
    return season
