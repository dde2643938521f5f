"""What a sale is credited to, how far a look travels, and what of that may be told. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import NamedTuple
from zoneinfo import ZoneInfo

from core.days import day_start

# The name under which experiments know that stylists are spoken of to their friends.
TREATMENT = "influence"
FEWEST_PEOPLE = 10
# When the goods of a month are back that come back, and its sales stand.
SETTLES_AFTER = timedelta(days=14)
# A look that was passed on more often is not followed any farther.
TIERS = (1, 2, 3)
OFFERS = "offers"


@dataclass(frozen=True)
class Month:
    """A calendar month of a zone, as [starts_at, ends_at); its sales stand at `settles_at`."""

    on: date
    starts_at: datetime
    ends_at: datetime

    @property
    def settles_at(self) -> datetime:
        """When what came back of it is back."""
        return self.ends_at + SETTLES_AFTER

    def days_left(self, now: datetime) -> int:
        """How many days until it stands, begun ones included; 0 where it does."""
        return max(0, -((now - self.settles_at) // timedelta(days=1)))


class Line(NamedTuple):
    """Goods in a member's sale, with what was paid for them less what was paid back."""

    id: str
    member_id: str
    store_id: str
    sold_at: datetime
    paid_minor: int


class Led(NamedTuple):
    """What led a member to goods: a link to a look, or an offer in a friend's name (no share)."""

    id: str
    stylist_id: str
    share_id: str | None
    at: datetime


@dataclass(frozen=True)
class Sale:
    """Goods that a stylist is credited with; `share_id` is None for an offer in their name.

    `id` is that of the line, sold `at` an instant.
    """

    id: str
    at: datetime
    stylist_id: str
    member_id: str
    store_id: str
    share_id: str | None
    paid_minor: int


class Step(NamedTuple):
    """Somebody made a link to a look to which they had come by another, the source, before."""

    link_id: str
    made_at: datetime
    source_id: str
    source_made_at: datetime
    came_at: datetime


class Came(NamedTuple):
    """A member came to a look by a link; whether they have a link to it of their own."""

    share_id: str
    member_id: str
    passed_on: bool


@dataclass(frozen=True)
class Cell:
    """A sum, and the people behind it, before anything is held back."""

    people: frozenset[str]
    amount_minor: int


@dataclass(frozen=True)
class TravelTier:
    """How far a look got at one remove; None is held back. `passed_on` of the people shared it."""

    number: int
    people: int | None
    passed_on: int | None
    sales_minor: int | None


def month_of(at: datetime, zone: str) -> Month:
    """The calendar month in which an instant lies, by a zone's clock."""
    where = ZoneInfo(zone)
    return month_from(at.astimezone(where).date(), zone)


def month_from(day: date, zone: str) -> Month:
    """The calendar month of a day, by a zone's clock."""
    where, first = ZoneInfo(zone), day.replace(day=1)
    following = (first + timedelta(days=31)).replace(day=1)
    return Month(first, day_start(first, where), day_start(following, where))


def credited(candidates: Iterable[tuple[Line, Led]], *, within: timedelta) -> list[Sale]:
    """The sales that count: each line once, for the last that led to it in that time before it.

    A link and an offer in somebody's name weigh alike; who sent the buyer earlier gets nothing of
    it. What came back whole is no sale.
    """
    last: dict[str, tuple[Line, Led]] = {}
    for line, led in candidates:
        if line.paid_minor <= 0 or not led.at <= line.sold_at <= led.at + within:
            continue
        before = last.get(line.id)
        if before is None or (before[1].at, before[1].id) < (led.at, led.id):
            last[line.id] = line, led
    return [
        Sale(
            *(line.id, line.sold_at, led.stylist_id, line.member_id),
            *(line.store_id, led.share_id, line.paid_minor),
        )
        for line, led in last.values()
    ]


def tiers_of(steps: Iterable[Step]) -> dict[str, int]:
    """At which remove from its stylist a link is, by its id; of the first are all that are missing.

    Whoever came by a link and made one later passed the look on by one more, and of several by
    which they came the first counts. A link of the stylist, of nobody who may be named, or of
    somebody who found the look by themselves is of the first.
    """
    found: dict[str, int] = {}
    # A link is made after the one by which its maker came, so theirs is known by then.
    for (made_at, link_id), some in groupby(sorted(steps, key=_made), key=_made):
        before = [one for one in some if (one.source_made_at, one.source_id) < (made_at, link_id)]
        if before:
            source = min(before, key=lambda one: (one.came_at, one.source_id))
            found[link_id] = found.get(source.source_id, 1) + 1
    return found


def _made(step: Step) -> tuple[datetime, str]:
    return step.made_at, step.link_id


def parts_of(sales: Iterable[Sale], tiers: Mapping[str, int]) -> dict[str, Cell]:
    """A stylist's sales by how they came about: at which remove, or by offers in their name."""
    grouped: dict[str, list[Sale]] = {part: [] for part in (*map(str, TIERS), OFFERS)}
    for sale in sales:
        grouped[part_of(sale, tiers)].append(sale)
    return {part: cell_of(some) for part, some in grouped.items()}


def part_of(sale: Sale, tiers: Mapping[str, int]) -> str:
    """How a sale came about: by a link at which remove, or by an offer."""
    return str(min(tiers.get(sale.share_id, 1), TIERS[-1])) if sale.share_id else OFFERS


def stores_of(sales: Sequence[Sale]) -> dict[str, Cell]:
    """A stylist's sales by store."""
    ids = {sale.store_id for sale in sales}
    return {one: cell_of(sale for sale in sales if sale.store_id == one) for one in ids}


def told_figures(
    sales: Sequence[Sale], tiers: Mapping[str, int]
) -> Callable[[Sale], tuple[str, ...]]:
    """In which figures of its month, of stores and of removes, a stylist's sale is counted.

    What is held back of them is together a figure too: it follows by taking the others off.
    """
    stores, parts = told(stores_of(sales)), told(parts_of(sales, tiers))

    def figures(sale: Sale) -> tuple[str, ...]:
        part = part_of(sale, tiers)
        return (
            f"store {sale.store_id if stores[sale.store_id] is not None else 'held'}",
            f"part {part if parts[part] is not None else 'held'}",
        )

    return figures


def cell_of(sales: Iterable[Sale]) -> Cell:
    """The sum of some sales, with who bought."""
    some = list(sales)
    return Cell(frozenset(one.member_id for one in some), sum(one.paid_minor for one in some))


def told(cells: Mapping[str, Cell]) -> dict[str, int | None]:
    """The sums that may be told beside the sum of them all; None is held back.

    None is of fewer than ten people, and what is held back is together of ten people too, so that
    it does not follow by taking the rest off.
    """
    held = {key for key, cell in cells.items() if len(cell.people) < FEWEST_PEOPLE}
    shown = sorted(
        (key for key in cells if key not in held),
        key=lambda key: (-cells[key].amount_minor, key),
    )
    while held and shown and 0 < len(_together(cells, held)) < FEWEST_PEOPLE:
        held.add(shown.pop())
    return {key: None if key in held else cell.amount_minor for key, cell in cells.items()}


def travelled(
    came: Iterable[Came], tiers: Mapping[str, int]
) -> dict[int, tuple[frozenset[str], frozenset[str]]]:
    """Who came at each remove, and who of them has a link of their own to the look."""
    people: dict[int, set[str]] = {number: set() for number in TIERS}
    on: dict[int, set[str]] = {number: set() for number in TIERS}
    for share_id, member_id, passed_on in came:
        number = tiers.get(share_id, 1)
        if number in people:
            people[number].add(member_id)
            if passed_on:
                on[number].add(member_id)
    return {number: (frozenset(people[number]), frozenset(on[number])) for number in TIERS}


def told_tiers(
    travels: Mapping[int, tuple[frozenset[str], frozenset[str]]],
    sales: Mapping[str, int | None],
) -> tuple[TravelTier, ...]:
    """What may be told of each remove: how many passed it on only where many did, and many not."""
    found = []
    for number, (people, on) in travels.items():
        is_many = len(people) >= FEWEST_PEOPLE
        is_apart = len(on) >= FEWEST_PEOPLE and len(people - on) >= FEWEST_PEOPLE
        found.append(
            TravelTier(
                number,
                len(people) if is_many else None,
                len(on) if is_apart else None,
                sales.get(str(number)),
            )
        )
    return tuple(found)


def together(tiers: Iterable[TravelTier]) -> TravelTier:
    """The same remove of several stylists, summed over what is told."""
    some = list(tiers)

    def total(values: Iterable[int | None]) -> int | None:
        shown = [one for one in values if one is not None]
        return sum(shown) if shown else None

    # Of people it is told how many passed it on only where that is told of all of them.
    apart = all(one.passed_on is not None for one in some if one.people is not None)
    return TravelTier(
        some[0].number,
        total(one.people for one in some),
        total(one.passed_on for one in some) if apart else None,
        total(one.sales_minor for one in some),
    )


def _together(cells: Mapping[str, Cell], keys: Iterable[str]) -> frozenset[str]:
    return frozenset().union(*(cells[key].people for key in keys))
