"""What every page of a league needs: its board, the running season, rows with names."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import request

from loyalty.leaderboards import queries as leaderboards
from loyalty.leaderboards.earlier.queries import earlier_ranks
from loyalty.leaderboards.rules import (
    BOARD_KINDS,
    BoardKind,
    BoardView,
    Cadence,
    RankView,
    SeasonView,
)
from retail.accounts import queries as accounts
from retail.accounts.queries import MemberView
from retail.brands import queries as brands
from retail.brands.queries import BrandView, StoreView
from retail.outfits import queries as outfits
from web.pages.league_view import LeagueTable, Look, league_table

KIOSK_ROWS = 7
PHONE_ROWS = 10
EACH_SIDE = 2
WINNERS_STAY = timedelta(days=7)


@dataclass(frozen=True)
class Place:
    """Which league: of a store, or of the whole brand where `store` is None."""

    brand: BrandView
    store: StoreView | None
    cadence: Cadence
    kind: BoardKind = "stylists"


def asked_place(session: Any, brand_slug: str, store_slug: str | None) -> Place:
    """The league of an address, its `cadence` and `kind`: week and stylists unless it says other.

    Raises NotFound.
    """
    brand = brands.get_brand_by_slug(session, brand_slug)
    store = brands.get_store_by_slug(session, brand.id, store_slug) if store_slug else None
    cadence: Cadence = "month" if request.args.get("cadence") == "month" else "week"
    kind = next((kind for kind in BOARD_KINDS if kind == request.args.get("kind")), BOARD_KINDS[0])
    return Place(brand, store, cadence, kind)


def find_board(session: Any, place: Place) -> BoardView | None:
    """The board of a place, if the brand opened its league."""
    return leaderboards.find_board(
        session,
        place.brand.id,
        scope_kind="store" if place.store else "brand",
        scope_id=place.store.id if place.store else place.brand.id,
        cadence=place.cadence,
        kind=place.kind,
    )


def running_table(
    session: Any, board: BoardView | None, *, rows: int, me: str | None = None, now: datetime
) -> LeagueTable | None:
    """The best rows of the season that runs now."""
    season = leaderboards.find_season(session, board.id, now) if board else None
    if season is None:
        return None
    standings = leaderboards.top(session, season.id, limit=rows)
    names, looks = owners_of(session, season, [standing.owner_id for standing in standings])
    ranks = earlier_ranks(session, season.id)
    return league_table(season, standings, names, looks=looks, earlier=ranks, me=me)


def owners_of(
    session: Any, season: SeasonView, owner_ids: list[str]
) -> tuple[dict[str, MemberView], dict[str, Look]]:
    """The people behind the owners of a board, and their looks where it ranks looks.

    A look that not everyone may see any more has nobody behind it.
    """
    if season.kind != "outfits":
        return accounts.members_by_id(session, owner_ids), {}
    found = outfits.public_outfits(session, season.programme_id, owner_ids)
    people = accounts.members_by_id(session, {look.member_id for look in found})
    names = {look.id: people[look.member_id] for look in found if look.member_id in people}
    return names, {look.id: Look(look.id, look.caption) for look in found}


def last_winners(session: Any, board: BoardView | None, *, now: datetime) -> LeagueTable | None:
    """Who won the season that closed last, for a week; only who is in the league still."""
    season = leaderboards.latest_closed_season(session, board.id) if board else None
    if season is None or now - season.ends_at > WINNERS_STAY or not season.prizes:
        return None
    places = tuple(prize.place for prize in season.prizes)
    finals = leaderboards.final(session, season.id, places=places)
    owners = [final.owner_id for final in finals]
    ranked = leaderboards.enlisted(session, season.programme_id, owners)
    names, looks = owners_of(session, season, [owner for owner in owners if owner in ranked])
    table = league_table(season, finals, names, looks=looks)
    return table if table.rows else None


def my_rank(session: Any, season: SeasonView, member: MemberView) -> RankView | None:
    """The member's own rank, if they have a score."""
    return leaderboards.rank_of(session, season.id, member.id)


def my_neighbours(session: Any, table: LeagueTable, member: MemberView) -> LeagueTable | None:
    """The member's row with two on each side, or None without a score.

    Prizes are left out: a row from the middle does not know its place, only its rank.
    """
    near = leaderboards.neighbours(session, table.season.id, member.id, each_side=EACH_SIDE)
    if not near:
        return None
    names = accounts.members_by_id(session, [standing.owner_id for standing in near])
    best = max((row.score for row in table.rows), default=near[0].score)
    first = max(near[0].rank, table.prize_places + 1)
    return league_table(table.season, near, names, me=member.id, first_place=first, best=best)


def topics_of(board: BoardView | None, place: Place) -> list[str]:
    """What a page of this league listens to."""
    scope = f"store:{place.store.id}" if place.store else f"brand:{place.brand.id}"
    topics = [scope, f"consent:{place.brand.id}"]
    return [f"board:{board.id}", *topics] if board else topics
