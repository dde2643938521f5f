"""Points as plain dictionaries and lists: what the ledger must agree with, step by step."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


class Refused(Exception):
    """What the ledger must refuse, too."""


@dataclass
class Lot:
    """Points that end together."""

    ends_at: datetime
    left: int
    source: str


@dataclass
class Purse:
    """What one owner has in one wallet: the balance, what of it ends, and what waits."""

    balance: int = 0
    lots: list[Lot] = field(default_factory=list)
    waiting: dict[str, Lot] = field(default_factory=dict)

    def open_lots(self) -> list[Lot]:
        return sorted((lot for lot in self.lots if lot.left), key=lambda lot: lot.ends_at)


@dataclass
class Done:
    """What a source did: how much to whose purse, what it burned, what was taken back of it."""

    purse: tuple[str, str]
    points: int
    burned: list[tuple[Lot, int]] = field(default_factory=list)
    back: int = 0
    expiry: datetime | None = None


class Oracle:
    """All purses, and every source that had an effect with what was asked of it."""

    def __init__(self) -> None:
        self.purses: dict[tuple[str, str], Purse] = {}
        self.asked: dict[str, tuple[Any, ...]] = {}
        self.done: dict[str, Done] = {}

    def purse(self, owner: str, wallet: str) -> Purse:
        return self.purses.setdefault((owner, wallet), Purse())

    def once(self, source: str, asked: tuple[Any, ...], act: Callable[[], None]) -> bool:
        """Do it the first time; tells whether it was. Another request for the source is refused."""
        if source in self.asked:
            if self.asked[source] != asked:
                raise Refused
            return False
        act()
        self.asked[source] = asked
        return True

    def earn(
        self,
        owner: str,
        wallet: str,
        points: int,
        source: str,
        available_at: datetime | None,
        expires_at: datetime | None,
    ) -> bool:
        def act() -> None:
            purse = self.purse(owner, wallet)
            if available_at is not None:
                purse.waiting[source] = Lot(available_at, points, source)
            else:
                self._gain(purse, points, source, expires_at)
            self.done[source] = Done((owner, wallet), points)

        return self.once(source, ("earn", owner, wallet, points), act)

    def spend(self, owner: str, wallet: str, points: int, source: str, now: datetime) -> bool:
        def act() -> None:
            purse = self.purse(owner, wallet)
            if purse.balance < points:
                raise Refused
            self.expire(now, (owner, wallet))
            if purse.balance < points:
                raise Refused
            purse.balance -= points
            burned = self._burn(purse, points, None)
            self.done[source] = Done((owner, wallet), -points, burned)

        return self.once(source, ("earn", owner, wallet, -points), act)

    def reverse(self, of: str, points: int, source: str, now: datetime) -> bool:
        if of not in self.asked or of not in self.done:
            raise Refused
        done = self.done[of]

        def act() -> None:
            if abs(done.points) - done.back < points:
                raise Refused
            purse = self.purse(*done.purse)
            if done.points > 0:
                early = min(points, purse.waiting[of].left if of in purse.waiting else 0)
                if early:
                    purse.waiting[of].left -= early
                purse.balance -= points - early
                self._burn(purse, points - early, of)
            else:
                self._give_back(purse, done, points)
                self.expire(now, done.purse)
            done.back += points

        return self.once(source, ("reverse", of, points), act)

    def release(self, of: str, now: datetime, expires_at: datetime | None) -> None:
        for purse in self.purses.values():
            lot = purse.waiting.get(of)
            if lot is not None and lot.left and lot.ends_at <= now:
                self._gain(purse, lot.left, of, expires_at)
                lot.left = 0

    def expire(self, now: datetime, only: tuple[str, str] | None = None) -> None:
        for key, purse in self.purses.items():
            for lot in purse.open_lots():
                if lot.ends_at <= now and only in (None, key):
                    purse.balance -= lot.left
                    lot.left = 0

    def _gain(self, purse: Purse, points: int, source: str, expires_at: datetime | None) -> None:
        free = points - min(points, max(0, -purse.balance))
        purse.balance += points
        if expires_at is not None and free:
            purse.lots.append(Lot(expires_at, free, source))

    def _burn(self, purse: Purse, points: int, first: str | None) -> list[tuple[Lot, int]]:
        burned = []
        for lot in sorted(purse.open_lots(), key=lambda lot: lot.source != first or first is None):
            part = min(points, lot.left)
            if part:
                lot.left -= part
                points -= part
                burned.append((lot, part))
        return burned

    def _give_back(self, purse: Purse, done: Done, points: int) -> None:
        points_free = points - min(points, max(0, -purse.balance))
        purse.balance += points
        left = []
        for lot, part in sorted(done.burned, key=lambda each: each[0].ends_at, reverse=True):
            given = min(points_free, part)
            lot.left += given
            points_free -= given
            left.append((lot, part - given))
        done.burned = left
