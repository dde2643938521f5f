"""When a like is more than a tap, and who may hear of it. Pure."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

ENGAGED_WITHIN = timedelta(days=14)
# Below these nothing is said: what one person did must not follow from a number.
FEWEST_PEOPLE = 10
FEWEST_LIKES = 5
SAVE, SHARE, SCAN, VISIT, PURCHASE = "save", "share", "scan", "visit", "purchase"


@dataclass(frozen=True)
class Deed:
    """What takes a like further; `words` end the sentence "The same person …" on pages."""

    kind: str
    words: str


# All that counts. One more has its line here, and in `queries` where it is first seen.
DEEDS: tuple[Deed, ...] = (
    Deed(SAVE, "saved the look"),
    Deed(SHARE, "shared the look"),
    Deed(SCAN, "kept a piece whose label they scanned"),
    Deed(VISIT, "checked in at a store"),
    Deed(PURCHASE, "bought something, in any store, with a receipt they claimed"),
)


@dataclass(frozen=True)
class Engagement:
    """The likes of an outfit for its stylist; `engaged` is None where it would tell too much."""

    likes: int
    engaged: int | None


@dataclass(frozen=True)
class Counted:
    """The likes of a look or a stylist, and who gave them, before anything is held back."""

    key: str
    people: frozenset[str]
    engaged_people: frozenset[str]
    likes: int
    engaged: int


@dataclass(frozen=True)
class Told:
    """The likes of a look or a stylist as marketers see them: None is held back."""

    likes: int | None
    engaged: int | None

    @property
    def empty(self) -> int | None:
        """The likes after which nothing came."""
        return None if self.likes is None or self.engaged is None else self.likes - self.engaged

    @property
    def share(self) -> float | None:
        """How much of the likes went further, from 0 to 1."""
        return None if self.engaged is None or not self.likes else self.engaged / self.likes


NOTHING = Told(None, None)


@dataclass(frozen=True)
class Totals:
    """Sums over rows that are told: `share` is of those alone whose engaged likes are, too."""

    likes: int
    engaged: int
    empty: int

    @property
    def share(self) -> float | None:
        """How much of what can be told apart went further, from 0 to 1."""
        apart = self.engaged + self.empty
        return self.engaged / apart if apart else None


def is_engaged(liked_at: datetime, first_act: datetime | None) -> bool:
    """Whether what was done first at or after a like was done within `ENGAGED_WITHIN`."""
    return first_act is not None and first_act <= liked_at + ENGAGED_WITHIN


def for_stylist(likes: int, engaged: int) -> Engagement:
    """What a stylist may hear: nothing where her few friends could be told apart by it."""
    return Engagement(likes, engaged if likes >= FEWEST_LIKES and engaged < likes else None)


def together(parts: Collection[Counted], key: str = "") -> Counted:
    """All likes of the parts as of one."""
    return Counted(
        key,
        people=frozenset().union(*(part.people for part in parts)),
        engaged_people=frozenset().union(*(part.engaged_people for part in parts)),
        likes=sum(part.likes for part in parts),
        engaged=sum(part.engaged for part in parts),
    )


def for_marketers(stylists: Sequence[Counted]) -> dict[str, Told]:
    """What marketers may hear of stylists: no number with fewer than ten people.

    A single one held back would follow from a total known elsewhere, so the smallest goes with it.
    """
    told = {one.key: _told(one) for one in stylists}
    shown = [one for one in stylists if told[one.key].likes is not None]
    if shown and len(shown) == len(stylists) - 1:
        told[min(shown, key=lambda one: (one.likes, one.key)).key] = NOTHING
    return told


def of_looks(
    looks: Sequence[Counted], of: Told, *, unnamed: Collection[str] = ()
) -> dict[str, Told]:
    """What marketers may hear of one stylist's looks, next to what they hear `of` her.

    What is left of her numbers when those of the looks are taken off stands for ten people, too.
    The looks in `unnamed` have no row.
    """
    everything = {look.key for look in looks}
    likes = _held_back(looks, _are_many, unnamed) if of.likes is not None else everything
    engaged = _held_back(looks, _are_apart, likes) if of.engaged is not None else everything
    return {
        look.key: Told(
            None if look.key in likes else look.likes,
            None if look.key in engaged else look.engaged,
        )
        for look in looks
    }


def total(rows: Iterable[Told]) -> Totals:
    """The sums of what the rows say: nothing is in them that no row tells."""
    shown = list(rows)
    return Totals(
        likes=sum(row.likes or 0 for row in shown),
        engaged=sum(row.engaged or 0 for row in shown),
        empty=sum(row.empty or 0 for row in shown),
    )


def count_of_many(people: Collection[str], count: int) -> int | None:
    """A count, or None where too few people stand behind it."""
    return count if len(people) >= FEWEST_PEOPLE else None


def _told(one: Counted) -> Told:
    if not _are_many(one):
        return NOTHING
    return Told(one.likes, one.engaged if _are_apart(one) else None)


def _are_many(one: Counted) -> bool:
    return len(one.people) >= FEWEST_PEOPLE


def _are_apart(one: Counted) -> bool:
    others = one.people - one.engaged_people
    return len(one.engaged_people) >= FEWEST_PEOPLE and len(others) >= FEWEST_PEOPLE


def _held_back(
    parts: Sequence[Counted], is_enough: Callable[[Counted], bool], anyway: Collection[str]
) -> set[str]:
    held = [part for part in parts if part.key in anyway or not is_enough(part)]
    keys = {part.key for part in held}
    shown = [part for part in parts if part.key not in keys]
    shown.sort(key=lambda part: (-part.likes, part.key))
    while held and shown and not is_enough(together(held)):
        held.append(shown.pop())
    return {part.key for part in held}
