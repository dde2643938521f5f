"""What a brand owes: points and vouchers by the month in which they end."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from babel.numbers import get_currency_precision
from sqlalchemy.orm import Session

from loyalty.ledger import liability as ledger
from loyalty.ledger.liability import Owed
from loyalty.vouchers import outstanding
from loyalty.vouchers.outstanding import Outstanding
from retail.brands import queries as brands
from retail.liability import rules
from retail.liability.rules import Cell, Months


@dataclass(frozen=True)
class MoneySum:
    """So much money."""

    currency: str
    amount_minor: int


@dataclass(frozen=True)
class PointsDue:
    """Points that end in a span, and what they are worth, where that was assumed."""

    span: Months
    points: int
    worth_minor: int | None


@dataclass(frozen=True)
class WalletOwed:
    """One wallet: its points by when they end, and what is on its way or owed back to the brand.

    `pending` and `debts` are None where fewer than ten people stand behind them; `is_few` where
    fewer than ten people have the points, so that they are in one span.
    """

    wallet: str
    points: int
    worth_minor: int | None
    pending: int | None
    debts: int | None
    is_few: bool
    spans: tuple[PointsDue, ...]


@dataclass(frozen=True)
class VouchersDue:
    """Vouchers that end in a span, and the most that they can take off.

    `without_value` of them are no fixed sum, but a share or goods; `without_most` of them nothing
    bounds: neither a cap nor a budget.
    """

    span: Months
    vouchers: int
    without_value: int
    without_most: int
    at_most: tuple[MoneySum, ...]


@dataclass(frozen=True)
class VouchersOwed:
    """All vouchers that can still be used; what tills hold counts as used."""

    vouchers: int
    without_value: int
    without_most: int
    at_most: tuple[MoneySum, ...]
    spans: tuple[VouchersDue, ...]


@dataclass(frozen=True)
class Liability:
    """What a brand owes at an instant, in months of its zone.

    `hundred_points` is what a hundred points were assumed to be worth, None for no assumption.
    """

    at: datetime
    zone: str
    currency: str
    hundred_points: Decimal | None
    wallets: tuple[WalletOwed, ...]
    vouchers: VouchersOwed


def liability_of(
    session: Session, brand_id: str, *, now: datetime, hundred_points: Decimal | None = None
) -> Liability:
    """Points and vouchers outstanding. Raises NotFound for an unknown brand.

    Months of few people are told together with a neighbour, never left out: the sums are the
    ledger's, as they are the company's own account, and still none is about somebody.
    """
    brand = brands.get_brand(session, brand_id)
    months, ends = rules.month_ends(now, brand.zone)
    digits = get_currency_precision(brand.currency)
    owed = ledger.owed(session, brand_id, ends)
    return Liability(
        at=now,
        zone=brand.zone,
        currency=brand.currency,
        hundred_points=hundred_points,
        wallets=tuple(_wallet(one, months, hundred_points, digits) for one in owed),
        vouchers=_vouchers(session, brand_id, months, ends, now),
    )


def _wallet(owed: Owed, months: Sequence[date], hundred: Decimal | None, digits: int) -> WalletOwed:
    endless = len(months) + 2
    points = {_number(one.span, endless): one.points for one in owed.endings}
    cells = [Cell(_number(one.span, endless), one.owners) for one in owed.endings]
    groups = rules.grouped(cells)
    sums = [sum(points[number] for number in group) for group in groups]
    worths = rules.worths(sums, hundred, digits) if hundred is not None else [None] * len(sums)
    known = [worth for worth in worths if worth is not None]
    return WalletOwed(
        wallet=owed.wallet,
        points=owed.points,
        worth_minor=sum(known) if hundred is not None else None,
        pending=rules.told(owed.pending, owed.pending_owners),
        debts=rules.told(owed.debts, owed.debtors),
        is_few=0 < owed.owners < rules.FEWEST_PEOPLE,
        spans=tuple(
            PointsDue(rules.span_of(group, months), total, worth)
            for group, total, worth in zip(groups, sums, worths, strict=True)
        ),
    )


def _vouchers(
    session: Session, brand_id: str, months: Sequence[date], ends: Sequence[datetime], now: datetime
) -> VouchersOwed:
    rows = outstanding.outstanding(session, brand_id, ends, now=now)
    people = outstanding.owners(session, brand_id, ends, now=now)
    left = {
        one.campaign_id: one.limit_minor - one.spent_minor
        for one in outstanding.budgets(session, brand_id, since=now)
        if one.limit_minor is not None
    }
    priced = list(zip(rows, rules.most_of(rows, left.get), strict=True))
    cells = [Cell(number, people.get(number, 0)) for number in sorted({one.span for one in rows})]
    spans = tuple(
        _due(rules.span_of(group, months), [one for one in priced if one[0].span in group])
        for group in rules.grouped(cells)
    )
    return VouchersOwed(
        vouchers=sum(one.vouchers for one in spans),
        without_value=sum(one.without_value for one in spans),
        without_most=sum(one.without_most for one in spans),
        at_most=_sums((each.currency, each.amount_minor) for one in spans for each in one.at_most),
        spans=spans,
    )


def _due(span: Months, priced: Iterable[tuple[Outstanding, int | None]]) -> VouchersDue:
    counts: Counter[str] = Counter()
    money: list[tuple[str, int]] = []
    for row, most in priced:
        counts["all"] += row.vouchers
        counts["without_value"] += row.vouchers if row.terms.kind != "amount" else 0
        counts["without_most"] += row.vouchers if most is None else 0
        if most is not None and row.terms.currency is not None:
            money.append((row.terms.currency, most))
    return VouchersDue(
        span, counts["all"], counts["without_value"], counts["without_most"], _sums(money)
    )


def _sums(money: Iterable[tuple[str, int]]) -> tuple[MoneySum, ...]:
    found: dict[str, int] = defaultdict(int)
    for currency, minor in money:
        found[currency] += minor
    return tuple(MoneySum(currency, found[currency]) for currency in sorted(found))


def _number(span: int | None, endless: int) -> int:
    return endless if span is None else span
