"""A year of loyalty on real receipts: earned, spent, returned, expired; and worked out anew."""

import os
import shutil
import time
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import create_engine

from core import clock, config
from core.clock import FixedClock
from core.transaction import Database, prepare_engine
from demo import server
from demo.groceries import coupon_oracle, oracle, reconcile, shop, tills
from demo.groceries.figures import Figures
from demo.groceries.shop import OPENED, Shop
from demo.groceries.table import Year
from loyalty.ledger.books import verify as verify_ledger
from loyalty.tiers.service import miscounted
from loyalty.vouchers.books import verify as verify_vouchers
from retail.journeys.points.check_points import check_points

SLUG, NAME = "harvest-lane", "Harvest Lane"
# The day after points of a year end that are kept until the end of January.
CLOSED = date(2018, 2, 2)
BORDERS = (date(2017, 4, 1), date(2017, 7, 1), date(2017, 10, 1), date(2018, 1, 1))
Kept = dict[str, int]


def prove(year: Year, folder: Path) -> int:
    """Let the year happen in a database of its own, made anew; how many differences there are."""
    tell(year)
    began = time.perf_counter()
    database, settings = _open(folder)
    standing = FixedClock(clock.now())
    with clock.installed(standing):
        where = Shop(database, standing, settings)
        ours, kept = happen(where, year)
    took = time.perf_counter() - began
    print(f"the year took {took:,.0f} s, {len(year.receipts) / took:,.1f} receipts a second")
    return compare(ours, kept, year)


def tell(year: Year) -> None:
    """What is real and what is made up."""
    lines = sum(len(receipt.lines) for receipt in year.receipts)
    back = sum(len(one.pieces) for one in year.back)
    households = {receipt.household for receipt in year.receipts}
    print(
        f"\n{NAME}, loyalty: {len(year.receipts):,} receipts, {lines:,} lines, "
        f"{len(households):,} households; {len(year.redemptions):,} coupons redeemed\n"
        "real: receipts, households, times, prices, departments; campaigns with their days, their\n"
        "  coupons and goods, and which household redeemed which coupon when\n"
        f"made up: the programme; {back:,} lines brought back (1 in 100, by seed); points spent\n"
        "  at the end of months; face values and budgets of coupons; member addresses"
    )


def happen(where: Shop, year: Year) -> tuple[Figures, Kept]:
    """The figures of the engine, and what its own checks find."""
    shop.open_shop(where, year, slug=SLUG, name=NAME)
    ours = tills.run(where, year, days(), checkpoints(year))
    with where.database.read() as session:
        kept = {
            "breaches of L1 to L9 in the books": len(verify_ledger(session)),
            "awards that come out differently": len(check_points(session, where.brand_id)),
            "tiers that differ from their last change": len(miscounted(session, where.brand_id)),
            "breaches of V1 to V5, budgets too": len(verify_vouchers(session)),
        }
    return ours, kept


def compare(ours: Figures, kept: Kept, year: Year) -> int:
    """Both sides printed; how many differences there are, checks of the engine included."""
    coupons, spent = coupon_oracle.outcomes(year)
    found = oracle.snapshots(year, days(), checkpoints(year))
    differences = reconcile.reconcile(ours, Figures(tuple(found), tuple(coupons), spent))
    print(f"  {len(year.unmatched)} more had no receipt of their household on their day")
    for name, number in kept.items():
        print(f"{name:46}{number:6,}")
    differences += sum(kept.values())
    print(f"{differences:,} differences")
    return differences


def days() -> list[date]:
    """Every day from before the first campaign until all points have had their time."""
    return [OPENED + timedelta(days=n) for n in range((CLOSED - OPENED).days + 1)]


def checkpoints(year: Year) -> list[date]:
    """The quarters that the receipts reach, and the end."""
    last = max(receipt.day for receipt in year.receipts)
    return [day for day in BORDERS if day <= last + timedelta(days=1)] + [CLOSED]


def _open(folder: Path) -> tuple[Database, config.Settings]:
    # Always anew, and apart from everything else: time goes by in it.
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    environment = {"ENVIRONMENT": "development", "DATA_DIR": str(folder), "LOG_LEVEL": "ERROR"}
    path = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    server.flask(path | environment, "db", "upgrade")
    settings = config.load(environment)
    return Database(prepare_engine(create_engine(settings.database_url))), settings
