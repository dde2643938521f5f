"""The books worked out anew from the raw receipts, in whole numbers, by nothing of the engine.

The numbers of the programme are written here a second time, on purpose.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from demo.groceries.figures import Books, Snapshot
from demo.groceries.table import ZONE, GoodsBack, Receipt, Year

WALLETS = ("points", "credits")
DAY = timedelta(days=1)
TIERS = ((1_500, "orchard"), (750, "harvest"), (300, "crate"), (0, "basket"))


@dataclass
class _Lot:
    ends: date
    receipt: int
    left: int


@dataclass
class _Wallet:
    waiting: dict[int, int] = field(default_factory=dict)
    due: dict[date, list[Receipt]] = field(default_factory=lambda: defaultdict(list))
    lots: list[_Lot] = field(default_factory=list)
    balance: int = 0
    earned: int = 0
    taken_back: int = 0
    spent: int = 0
    expired: int = 0

    def books(self) -> Books:
        pending = sum(self.waiting.values())
        return Books(self.earned, self.taken_back, self.spent, self.expired, pending, self.balance)

    def earn(self, receipt: Receipt, points: int) -> None:
        if points:
            self.earned += points
            self.waiting[receipt.number] = points
            self.due[receipt.day + 15 * DAY].append(receipt)

    def turn_of(self, day: date) -> None:
        for receipt in self.due.pop(day, []):
            points = self.waiting.pop(receipt.number)
            debt = max(0, -self.balance)
            self.balance += points
            if points > debt:
                self.lots.append(_Lot(_ends(receipt.day, day), receipt.number, points - debt))
        over = sum(lot.left for lot in self.lots if lot.ends <= day)
        self.expired += over
        self.balance -= over
        self.lots = [lot for lot in self.lots if lot.ends > day and lot.left]

    def take_back(self, receipt: int, points: int) -> None:
        self.taken_back += points
        early = min(points, self.waiting.get(receipt, 0))
        if early:
            self.waiting[receipt] -= early
        self.balance -= points - early
        self._burn(points - early, first=receipt)

    def spend(self) -> None:
        if self.balance >= 500:
            points = self.balance // 200 * 100
            self.spent += points
            self.balance -= points
            self._burn(points)

    def _burn(self, points: int, first: int | None = None) -> None:
        for lot in sorted(self.lots, key=lambda one: (one.receipt != first, one.ends)):
            part = min(points, lot.left)
            lot.left -= part
            points -= part


def _ends(sold: date, freed: date) -> date:
    return sold + 121 * DAY if freed < date(2017, 7, 1) else date(sold.year + 1, 2, 1)


@dataclass
class _Household:
    wallets: dict[str, _Wallet] = field(
        default_factory=lambda: {wallet: _Wallet() for wallet in WALLETS}
    )
    given: list[tuple[date, int, int]] = field(default_factory=list)
    by_line: dict[int, dict[str, list[int]]] = field(default_factory=dict)
    credits: dict[int, list] = field(default_factory=dict)

    def buy(self, receipt: Receipt) -> None:
        earned = self._earned(receipt)
        self.by_line[receipt.number] = earned
        for wallet in WALLETS:
            self.wallets[wallet].earn(receipt, sum(earned[wallet]))
        if any(earned["credits"]):
            self.credits[receipt.number] = [receipt.at, sum(earned["credits"])]

    def _earned(self, receipt: Receipt) -> dict[str, list[int]]:
        money = [line.cents for line in receipt.lines]
        today = sum(base for day, base, _ in self.given if day == receipt.day)
        base = max(0, min(sum(money) * 2 // 100, 250, 300 - today))
        shares = share_out(base, money)
        produce = [
            share if line.department == "PRODUCE" else 0
            for share, line in zip(shares, receipt.lines, strict=True)
        ]
        since = receipt.day - 29 * DAY
        lately = sum(more for day, _, more in self.given if day >= since)
        more = max(0, min(2 * sum(produce), 200 - lately))
        self.given.append((receipt.day, base, more))
        bonus = share_out(more, produce)
        credit = share_out(sum(money) // 100, money)
        points = [one + two for one, two in zip(shares, bonus, strict=True)]
        return {"points": points, "credits": credit}

    def bring_back(self, back: GoodsBack) -> None:
        number = back.receipt.number
        for wallet in WALLETS:
            points = sum(
                _gone(back.receipt, place, pieces, self.by_line[number][wallet][place - 1])
                for place, pieces in back.pieces
            )
            self.wallets[wallet].take_back(number, points)
            if wallet == "credits" and points:
                self.credits[number][1] -= points

    def tier(self, now: datetime) -> str | None:
        if not self.credits:
            return None
        net = sorted((at, amount) for at, amount in self.credits.values() if amount)
        best, start, counted = 0, 0, 0
        for at, amount in net:
            counted += amount
            while net[start][0] < at - 91 * DAY:
                counted -= net[start][1]
                start += 1
            if now < at + 105 * DAY:
                best = max(best, counted)
        return next(code for least, code in TIERS if best >= least)


def _gone(receipt: Receipt, place: int, pieces: int, points: int) -> int:
    line = receipt.lines[place - 1]
    if pieces == line.quantity:
        return points
    paid = (2 * line.cents * pieces + line.quantity) // (2 * line.quantity)
    return points if paid >= line.cents else points * paid // line.cents


def share_out(amount: int, weights: Sequence[int]) -> list[int]:
    """Whole parts in proportion; what is left over goes to the largest remainders, first first."""
    total = sum(weights)
    if total == 0 or amount == 0:
        return [0] * len(weights)
    parts = [divmod(amount * weight, total) for weight in weights]
    shares = [whole for whole, _ in parts]
    order = sorted(range(len(parts)), key=lambda place: parts[place][1], reverse=True)
    for place in order[: amount - sum(shares)]:
        shares[place] += 1
    return shares


def snapshots(year: Year, days: Iterable[date], checkpoints: Sequence[date]) -> list[Snapshot]:
    """The books of every household as each of the checkpoints begins."""
    happening: dict[int, dict[date, list[Receipt | GoodsBack]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for receipt in year.receipts:
        happening[receipt.household][receipt.day].append(receipt)
    for back in year.back:
        happening[back.receipt.household][back.day].append(back)
    found = [Snapshot(day, {}, {}) for day in checkpoints]
    known, span = {one.day: one for one in found}, list(days)
    for household, by_day in happening.items():
        for day, state in _live(by_day, span):
            if day in known:
                _note(known[day], household, state)
    return found


def _live(
    by_day: dict[date, list[Receipt | GoodsBack]], days: list[date]
) -> Iterator[tuple[date, _Household]]:
    household = _Household()
    for day in days:
        for wallet in household.wallets.values():
            wallet.turn_of(day)
        yield day, household
        for one in sorted(by_day.get(day, []), key=lambda each: each.at):
            household.buy(one) if isinstance(one, Receipt) else household.bring_back(one)
        if (day + DAY).day == 1:
            household.wallets["points"].spend()


def _note(snapshot: Snapshot, number: int, household: _Household) -> None:
    for name, wallet in household.wallets.items():
        if wallet.earned:
            snapshot.books[number, name] = wallet.books()
    day = snapshot.day
    midnight = datetime(day.year, day.month, day.day, tzinfo=ZONE).astimezone(UTC)
    tier = household.tier(midnight)
    if tier is not None:
        snapshot.tiers[number] = tier
