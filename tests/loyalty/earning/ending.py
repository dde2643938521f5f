"""When points end, as plain lists: what the books and their jobs must agree with."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from loyalty.earning.rules import Expiry
from tests.builders.days import begins


@dataclass
class Lot:
    """Points of a source that are there; without `ends_at` they end by idleness, if at all."""

    source: str
    left: int
    ends_at: datetime | None


@dataclass
class Waiting:
    """Points of a source on their way."""

    source: str
    left: int
    available_at: datetime
    earned_at: datetime


@dataclass
class Purse:
    """What somebody has, what is on its way, when they last earned or spent, what ran out."""

    lots: list[Lot] = field(default_factory=list)
    waiting: list[Waiting] = field(default_factory=list)
    active_at: datetime | None = None
    ran_out: int = 0

    @property
    def balance(self) -> int:
        return sum(lot.left for lot in self.lots)

    def endless(self) -> int:
        return sum(lot.left for lot in self.lots if lot.ends_at is None)

    def ending(self) -> list[tuple[datetime, str, int]]:
        """What ends by itself, the soonest first."""
        lots = [(lot.ends_at, lot.source, lot.left) for lot in self.lots if lot.left]
        return [(at, *rest) for at, *rest in lots if at is not None]

    def burn(self, points: int, first: str | None = None) -> None:
        """Take points: those of a source first, then the soonest to end, then the endless."""

        def order(lot: Lot) -> tuple[bool, bool, float]:
            ends = lot.ends_at.timestamp() if lot.ends_at else 0
            return lot.source != first or lot.ends_at is None, lot.ends_at is None, ends

        for lot in sorted(self.lots, key=order):
            part = min(points, lot.left)
            lot.left -= part
            points -= part
        assert points == 0

    def lapse(self, now: datetime) -> None:
        """Let run out whatever had its time."""
        for lot in self.lots:
            if lot.ends_at is not None and lot.ends_at <= now:
                self.ran_out += lot.left
                lot.left = 0


class Rules:
    """What the terms say of the end of points, by the days of the brand's zone."""

    def __init__(self, zone: str) -> None:
        self.zone = zone
        self.expiry = Expiry()

    def _day(self, at: datetime) -> date:
        return at.astimezone(ZoneInfo(self.zone)).date()

    def end_of(self, earned_at: datetime) -> datetime | None:
        """When points earned then end."""
        if self.expiry.kind == "rolling":
            last = self._day(earned_at) + timedelta(days=self.expiry.days)
        elif self.expiry.kind == "calendar":
            last = date(self._day(earned_at).year, 12, 31) + timedelta(days=self.expiry.days)
        else:
            return None
        return begins(last + timedelta(days=1), self.zone)

    def idle_end(self, purse: Purse) -> datetime | None:
        """When the points of somebody end who does nothing."""
        if self.expiry.kind != "sliding" or purse.active_at is None or not purse.endless():
            return None
        last = self._day(purse.active_at) + timedelta(days=self.expiry.days)
        return begins(last + timedelta(days=1), self.zone)

    def next_of(self, purse: Purse) -> datetime | None:
        """The next instant at which something of it comes free or ends."""
        found = [one.available_at for one in purse.waiting if one.left]
        found += [at for at, _, _ in purse.ending()]
        return min((*found, *filter(None, [self.idle_end(purse)])), default=None)

    def free(self, purse: Purse, now: datetime) -> None:
        """Let come free whatever had its time; of what ends alike what came first burns first."""
        for one in sorted(purse.waiting, key=lambda one: one.available_at):
            if one.left and one.available_at <= now:
                purse.lots.append(Lot(one.source, one.left, self.end_of(one.earned_at)))
                purse.active_at, one.left = now, 0

    def settle(self, purse: Purse, now: datetime) -> None:
        """What the worker does by an instant."""
        self.free(purse, now)
        purse.lapse(now)
        idle_end = self.idle_end(purse)
        if idle_end is not None and idle_end <= now:
            purse.ran_out += purse.endless()
            for lot in purse.lots:
                lot.left = 0 if lot.ends_at is None else lot.left
