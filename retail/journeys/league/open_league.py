"""Open the stylist league of a brand: boards for the brand and for each store, week and month."""

from collections.abc import Iterable
from datetime import datetime
from itertools import product

from sqlalchemy.orm import Session

from core.outbox import enqueue
from loyalty.leaderboards import queries as leaderboards
from loyalty.leaderboards import service as boards
from loyalty.leaderboards.calendar import Cadence
from loyalty.leaderboards.rules import BOARD_KINDS, BoardKind, BoardView, Prize, ScopeKind
from retail.brands import queries as brands
from retail.brands.queries import BrandView, StoreView

CADENCES: tuple[Cadence, ...] = ("week", "month")
CLOSING_JOB = "season_close"


def default_prizes(
    scope_kind: ScopeKind, cadence: Cadence, currency: str, kind: BoardKind = "stylists"
) -> tuple[Prize, ...]:
    """What places win where a brand says nothing else.

    The first three stylists a voucher, then points; the first three newcomers points. Looks win
    nothing, as their stylist wins with their likes already.
    """
    if kind == "outfits":
        return ()
    if kind == "newcomers":
        return tuple(Prize(place, "points", value=120 - 30 * place) for place in (1, 2, 3))
    factor = (2 if scope_kind == "brand" else 1) * (2 if cadence == "month" else 1)
    return (
        Prize(1, "voucher", value=1000 * factor, currency=currency),
        Prize(2, "points", value=300 * factor),
        Prize(3, "points", value=150 * factor),
    )


def open_league(
    session: Session,
    brand_id: str,
    *,
    kinds: Iterable[BoardKind] = BOARD_KINDS,
    prizes: Iterable[Prize] | None = None,
    now: datetime,
) -> list[BoardView]:
    """Open every board of a brand that is not open yet, with the season that runs now.

    `prizes`, where given, go to all new boards of these kinds. Repeated, it only adds what is
    missing, such as the boards of a new store.
    """
    given = None if prizes is None else tuple(prizes)
    brand = brands.get_brand(session, brand_id)
    scopes: list[tuple[ScopeKind, BrandView | StoreView]] = [("brand", brand)]
    scopes += [("store", store) for store in brands.list_stores(session, brand_id)]
    opened = []
    for (scope_kind, scope), cadence, kind in product(scopes, CADENCES, tuple(kinds)):
        board = boards.open_board(
            session,
            programme_id=brand_id,
            scope_kind=scope_kind,
            scope_id=scope.id,
            cadence=cadence,
            kind=kind,
            zone=scope.zone,
            prizes=default_prizes(scope_kind, cadence, scope.currency, kind)
            if given is None
            else given,
            now=now,
        )
        run_seasons(session, board.id, brand_id=brand_id, now=now)
        opened.append(board)
    return opened


def run_seasons(session: Session, board_id: str, *, brand_id: str, now: datetime) -> None:
    """See that a board has its present and its next season, each with the job that closes it."""
    boards.ensure_seasons(session, board_id, now=now)
    for season in leaderboards.unclosed_seasons(session, brand_id, board_id=board_id):
        key = f"{CLOSING_JOB}:{season.id}"
        enqueue(session, CLOSING_JOB, {"season_id": season.id}, due_at=season.ends_at, key=key)
