"""What is owed: whole as the ledger has it, by month, and never about few."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import bindparam, text
from sqlalchemy.orm import Session

from core.clock import FixedClock
from core.model import UtcDateTime
from loyalty.ledger import books
from loyalty.vouchers import service
from retail.brands.queries import BrandView
from retail.liability import rules
from retail.liability.queries import Liability, MoneySum, liability_of
from retail.liability.rules import Cell
from tests.builders.brands import new_brand
from tests.builders.points import earn, reverse, spend
from tests.builders.vouchers import new_voucher
from tests.conftest import NOON, both_databases

FEW = rules.FEWEST_PEOPLE


@pytest.fixture
def brand(session: Session, clock: FixedClock) -> BrandView:
    del clock
    return new_brand(session)


def owed(session: Session, brand: BrandView, hundred: str | None = None) -> Liability:
    worth = Decimal(hundred) if hundred else None
    return liability_of(session, brand.id, now=NOON, hundred_points=worth)


def members(session: Session, brand: BrandView, months: int | None, points: int, of: str) -> None:
    """As many members as may be told of, each with points that end so many months from now."""
    for number in range(FEW):
        ends = None if months is None else NOON + timedelta(days=31 * months)
        terms = {"programme_id": brand.id, "expires_at": ends}
        earn(session, f"{of}{number}", points, **terms)


def ledger_sum(session: Session, brand: BrandView, kind: str = "member") -> int:
    told = "SELECT sum(balance) FROM ledger_account WHERE programme_id = :brand AND kind = :kind"
    return int(session.scalar(text(told), {"brand": brand.id, "kind": kind}) or 0)


@both_databases
def test_the_months_sum_to_what_the_ledger_holds(session: Session, brand: BrandView) -> None:
    members(session, brand, 1, 100, "soon")
    members(session, brand, None, 40, "ever")
    members(session, brand, 3, 7, "soon")
    members(session, brand, 99, 1, "far")
    for number in range(FEW):
        place = {"programme_id": brand.id}
        spend(session, f"soon{number}", 30, **place)
        earn(session, f"way{number}", 5, available_at=NOON + timedelta(days=9), **place)
        earn(session, f"debt{number}", 50, source=f"bought:{number}", **place)
        spend(session, f"debt{number}", 50, **place)
        reverse(session, f"bought:{number}", 20, **place)
    (wallet,) = owed(session, brand, "1.00").wallets
    assert [(one.points, one.span.first) for one in wallet.spans] == [
        (700, date(2026, 12, 1)),
        (70, date(2027, 2, 1)),
        (10, None),
        (400, None),
    ]
    assert (wallet.spans[2].span.is_later, wallet.spans[3].span.is_endless) == (True, True)
    assert (wallet.points, wallet.pending, wallet.debts) == (1180, 50, 200)
    assert wallet.points - (wallet.debts or 0) == ledger_sum(session, brand)
    assert wallet.pending == ledger_sum(session, brand, "pending")
    assert sum(one.points for one in wallet.spans) == wallet.points
    assert sum(one.worth_minor or 0 for one in wallet.spans) == wallet.worth_minor == 1180
    assert list(books.verify(session)) == []


@both_databases
def test_few_people_have_no_month_of_their_own(session: Session, brand: BrandView) -> None:
    members(session, brand, 3, 10, "many")
    place = {"programme_id": brand.id}
    earn(session, "nina", 77, expires_at=NOON + timedelta(days=20), **place)
    earn(session, "omar", 5, available_at=NOON + timedelta(days=9), **place)
    earn(session, "few", 3, wallet="credits", **place)
    kudos, points = owed(session, brand).wallets
    assert [one.points for one in points.spans] == [177]
    assert (points.spans[0].span.first, points.spans[0].span.last) == (
        date(2026, 12, 1),
        date(2027, 2, 1),
    )
    assert (points.pending, points.debts, points.worth_minor) == (None, 0, None)
    assert (kudos.is_few, kudos.points, len(kudos.spans)) == (True, 3, 1)
    assert owed(session, new_brand(session)).wallets == ()


@both_databases
def test_vouchers_cost_at_most_face_cap_and_budget(session: Session, brand: BrandView) -> None:
    place = {"programme_id": brand.id, "owner_id": None}
    june = {"valid_until": NOON + timedelta(days=61)}
    new_voucher(session, value=500, **place)
    new_voucher(session, value=500, uses=3, **place)
    new_voucher(session, kind="percent", value=20, currency=None, **place)
    new_voucher(session, kind="percent", value=20, most_minor=900, **place, **june)
    new_voucher(session, value=700, currency="EUR", **place, **june)
    for _ in range(2):
        new_voucher(session, value=800, campaign_id="may", **place)
    new_voucher(session, kind="percent", value=9, uses=None, campaign_id="may", **place, **june)
    spent = {"programme_id": brand.id, "campaign_id": "may", "currency": "GBP"}
    service.set_budget(session, **spent, limit_minor=1000)
    ended = new_voucher(session, value=100, **place)
    service.void(session, ended.voucher_id, programme_id=brand.id)
    new_voucher(session, value=1, **place, valid_from=NOON - timedelta(2), valid_until=NOON)
    told = owed(session, brand).vouchers
    assert [(one.vouchers, one.without_value, one.without_most) for one in told.spans] == [
        (5, 1, 1),
        (3, 2, 0),
    ]
    assert told.spans[0].at_most == (MoneySum("GBP", 500 + 1500 + 1000),)
    assert told.spans[1].at_most == (MoneySum("EUR", 700), MoneySum("GBP", 900))
    live = text("SELECT count(*) FROM voucher WHERE state = 'issued' AND valid_until > :now")
    now = bindparam("now", NOON, UtcDateTime)
    assert told.vouchers == session.scalar(live.bindparams(now)) == 8


def test_a_month_ends_at_its_last_midnight_of_the_brand() -> None:
    months, ends = rules.month_ends(datetime(2026, 3, 31, 23, 30, tzinfo=UTC), "Europe/London")
    assert (months[0], len(months)) == (date(2026, 4, 1), rules.MONTHS)
    assert ends[1] == datetime(2026, 4, 30, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("people", "groups"),
    [
        ([], []),
        ([9], [[0]]),
        ([10, 9, 12], [[0], [1, 2]]),
        ([10, 3], [[0, 1]]),
        ([3, 0, 4, 11, 0, 0, 2], [[0, 1, 2, 3], [4], [5, 6]]),
    ],
)
def test_no_group_is_of_few_unless_all_are(people: list[int], groups: list[list[int]]) -> None:
    assert rules.grouped(Cell(number, one) for number, one in enumerate(people)) == groups
