"""What founding any of the demo's retailers takes: its files, tills, boards, staff and keys."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from core.config import Settings
from loyalty.leaderboards import service as leaderboards
from loyalty.leaderboards.calendar import Cadence
from loyalty.leaderboards.rules import Prize, ScopeKind
from retail.brands import queries as brands
from retail.brands import service as brand_service
from retail.brands.queries import BrandView, StoreView
from retail.catalogue import importer
from retail.staff import service as staff

FILES = ("stores", "categories", "styles", "variants", "stock", "places")
Prizes = Mapping[ScopeKind, Mapping[Cadence, Sequence[Prize]]]


def first_three(first_pounds: int, second_pounds: int, third_points: int) -> list[Prize]:
    """Vouchers for the first two places, points for the third."""
    return [
        Prize(1, "voucher", 100 * first_pounds, "GBP"),
        Prize(2, "voucher", 100 * second_pounds, "GBP"),
        Prize(3, "points", third_points),
    ]


def stock_up(
    session: Session, brand: BrandView, folder: Path, prizes: Prizes, *, now: datetime
) -> None:
    """Bring in a retailer's files, open two tills in each store and hang the boards."""
    importer.import_files(session, brand.id, _files(folder, now), now=now)
    for store in brands.list_stores(session, brand.id):
        for number in ("1", "2"):
            brand_service.open_till(
                session, brand_id=brand.id, store_id=store.id, number=number, now=now
            )
        _hang_boards(session, brand.id, "store", store.id, store.zone, prizes, now)
    _hang_boards(session, brand.id, "brand", brand.id, brand.zone, prizes, now)


def new_key(
    session: Session, brand: BrandView, store: StoreView | None, settings: Settings, now: datetime
) -> str:
    """A key for the tills of a store, or for head office where no store is given."""
    _, text = staff.create_key(
        session,
        brand_id=brand.id,
        store_id=store.id if store else None,
        kind="till" if store else "integrator",
        name=f"Tills of {store.name}" if store else "Head office",
        now=now,
        key=settings.key,
    )
    return text


def _files(folder: Path, now: datetime) -> dict[str, str]:
    """The retailer's files; its stock was counted a moment ago, whenever that is."""
    texts = {kind: (folder / f"{kind}.csv").read_text() for kind in FILES}
    counted_at = now.isoformat(timespec="seconds").replace("+00:00", "Z")
    rows = list(csv.DictReader(io.StringIO(texts["stock"])))
    sheet = io.StringIO(newline="")
    writer = csv.DictWriter(sheet, rows[0].keys())
    writer.writeheader()
    writer.writerows(row | {"counted_at": counted_at} for row in rows)
    return texts | {"stock": sheet.getvalue()}


def _hang_boards(
    session: Session,
    brand_id: str,
    kind: ScopeKind,
    scope_id: str,
    zone: str,
    prizes: Prizes,
    now: datetime,
) -> None:
    for cadence, won in prizes[kind].items():
        leaderboards.open_board(
            session,
            programme_id=brand_id,
            scope_kind=kind,
            scope_id=scope_id,
            cadence=cadence,
            zone=zone,
            prizes=list(won),
            now=now,
        )
