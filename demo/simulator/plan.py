"""Who does what, in which order: a pure function of a seed."""

import itertools
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

BATCH = 8
RING = 6
COUNT_EVERY = 20
# About two minutes, with the first soon after the shop is open.
COMES_EVERY, COMES_AT = 80, 1
STORE_WEIGHTS = (8, 5, 2, 2, 1, 1)
REPORTERS = 3
# The demo's shop bans its second word.
BANNED_CAPTION = "My Pl0nker coat, wear it proud"
BACKGROUNDS = ("blush", "rain", "straw", "bottle")
# What makes a look: one article of each role, where the shop has it.
RECIPES = (
    ("outer", "top", "bottom", "shoes"),
    ("top", "bottom", "shoes", "extra"),
    ("dress", "shoes", "extra"),
    ("outer", "dress", "shoes"),
    ("outer", "top", "bottom", "shoes", "extra"),
    ("top", "bottom", "private"),
)


@dataclass(frozen=True)
class Article:
    """Something with a barcode: `role` is its part in a look."""

    gtin: str
    name: str
    price_minor: int
    role: str
    size: str


@dataclass(frozen=True)
class AskForCode:
    """A shopper asks for her sign-in mail."""

    shopper: int


@dataclass(frozen=True)
class Join:
    """She types the code and says who she is."""

    shopper: int


@dataclass(frozen=True)
class Sell:
    """A till posts a receipt; a nervous one posts it twice."""

    receipt: int
    store: int
    till: str
    articles: tuple[Article, ...]
    is_repeated: bool


@dataclass(frozen=True)
class Claim:
    """She scans the code on the receipt, and claims it."""

    receipt: int
    shopper: int


@dataclass(frozen=True)
class LayOut:
    """She lays the pieces out and says something; a look has its receipt's number."""

    look: int
    shopper: int
    background: str
    caption: str


@dataclass(frozen=True)
class Publish:
    """She shows the look, to everyone and mostly in the league unless said otherwise."""

    look: int
    shopper: int
    is_in_league: bool
    audience: str = "everyone"


@dataclass(frozen=True)
class Like:
    """Somebody likes a look."""

    look: int
    shopper: int


@dataclass(frozen=True)
class Unlike:
    """And thinks again."""

    look: int
    shopper: int


@dataclass(frozen=True)
class Report:
    """Somebody thinks that a look shouldn't hang."""

    look: int
    shopper: int


@dataclass(frozen=True)
class Befriend:
    """One invites another, who says yes; both let friends see what they like."""

    host: int
    guest: int


@dataclass(frozen=True)
class Count:
    """A store's stock is counted, one store after another."""

    store: int


@dataclass(frozen=True)
class ComeIn:
    """A member checks in at the door of a store, and is greeted there by those who work in it."""

    shopper: int
    store: int


Action = (
    AskForCode
    | Join
    | Sell
    | Claim
    | LayOut
    | Publish
    | Like
    | Unlike
    | Report
    | Befriend
    | Count
    | ComeIn
)


@dataclass
class Planner:
    """Plans a day at the shop, action by action; the same seed gives the same day.

    `articles` are by role, `recipes` the roles that go together, `sizes` what fits each shopper,
    `stores` how many there are.
    """

    seed: str
    articles: Mapping[str, Sequence[Article]]
    captions: Sequence[str]
    sizes: Sequence[frozenset[str]]
    stores: int
    recipes: Sequence[Sequence[str]] = RECIPES
    _looks: dict[int, tuple[int, float]] = field(default_factory=dict)
    _likes: set[tuple[int, int]] = field(default_factory=set)
    _joined: list[int] = field(default_factory=list)
    _receipts: int = 0

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)
        order = list(range(len(self.sizes)))
        self._chance.shuffle(order)
        self._order = order
        self._flair = {shopper: 1 / (1 + rank) ** 0.6 for rank, shopper in enumerate(order)}

    def warm_up(self, *, people: int = 56, looks: int = 28, likes: int = 520) -> Iterator[Action]:
        """People join, the first looks appear, and likes fill the boards."""
        shoppers, self._order = self._order[:people], self._order[people:]
        batches = [shoppers[i : i + BATCH] for i in range(0, len(shoppers), BATCH)]
        yield from map(AskForCode, batches[0])
        for number, batch in enumerate(batches):
            # The next ones ask already, so that nobody waits for the mail.
            for asking in batches[number + 1 : number + 2]:
                yield from map(AskForCode, asking)
            yield from map(Join, batch)
            self._joined += batch
            for shopper in batch[: _share(looks, number, len(batches))]:
                yield from self._buy_and_show(shopper)
            for _ in range(_share(likes, number, len(batches))):
                yield from self._like()
        yield from self._befriend()

    def trouble(self) -> Iterator[Action]:
        """What brings staff to the wall: a look that some report, and one with a banned word."""
        if len(self._joined) <= REPORTERS or not self._looks:
            return
        look = min(self._looks, key=lambda number: (self._looks[number][1], number))
        stylist = self._looks[look][0]
        others = [shopper for shopper in self._joined if shopper != stylist]
        yield from (Report(look, shopper) for shopper in others[:REPORTERS])
        yield from self._buy_and_show(self._joined[-1], caption=BANNED_CAPTION)
        # It waits, so nobody can like it.
        self._looks.pop(self._receipts)

    def trickle(self) -> Iterator[Action]:
        """An ordinary afternoon, without an end."""
        for turn in itertools.count():
            if turn % COUNT_EVERY == 0:
                yield Count(turn // COUNT_EVERY % self.stores)
            if turn % COMES_EVERY == COMES_AT and self._joined:
                # The first store is the one with fitting rooms and a tablet.
                yield ComeIn(self._joined[turn // COMES_EVERY % len(self._joined)], store=0)
            luck = self._chance.random()
            if luck < 0.80:
                yield from self._like()
            elif luck < 0.85:
                yield from self._unlike()
            elif luck < 0.90:
                yield self._sell(self._chance.choice(self.sizes))
            elif luck < 0.92 and self._order:
                newcomer = self._order.pop(0)
                yield AskForCode(newcomer)
                yield Join(newcomer)
                self._joined.append(newcomer)
            else:
                yield from self._buy_and_show(self._chance.choice(self._joined))

    def _befriend(self) -> Iterator[Action]:
        """The first to join know each other: a ring in which everyone has four friends."""
        ring = self._joined[:RING]
        for place, host in enumerate(ring):
            for step in (1, 2):
                guest = ring[(place + step) % len(ring)]
                if guest != host:
                    yield Befriend(host, guest)

    def _buy_and_show(self, shopper: int, *, caption: str | None = None) -> Iterator[Action]:
        sale = self._sell(self.sizes[shopper])
        look = sale.receipt
        yield sale
        yield Claim(sale.receipt, shopper)
        words = caption or self._chance.choice(self.captions)
        yield LayOut(look, shopper, self._chance.choice(BACKGROUNDS), words)
        yield Publish(look, shopper, is_in_league=self._chance.random() < 0.93)
        self._looks[look] = (shopper, self._flair[shopper] * self._chance.uniform(0.6, 1.4))

    def _sell(self, sizes: frozenset[str]) -> Sell:
        self._receipts += 1
        weights = STORE_WEIGHTS[: self.stores]
        return Sell(
            receipt=self._receipts,
            store=self._chance.choices(range(len(weights)), weights)[0],
            till=str(self._chance.randint(1, 2)),
            articles=self._basket(sizes),
            is_repeated=self._chance.random() < 0.15,
        )

    def _basket(self, sizes: frozenset[str]) -> tuple[Article, ...]:
        basket = []
        for role in self._chance.choice(self.recipes):
            offered = self.articles.get(role, ())
            fitting = [article for article in offered if article.size in sizes] or offered
            if fitting:
                basket.append(self._chance.choice(fitting))
        return tuple(basket)

    def _like(self) -> Iterator[Action]:
        shopper = self._chance.choice(self._joined)
        open_to_her = {
            look: weight
            for look, (stylist, weight) in self._looks.items()
            if stylist != shopper and (look, shopper) not in self._likes
        }
        if open_to_her:
            look = self._chance.choices(list(open_to_her), list(open_to_her.values()))[0]
            self._likes.add((look, shopper))
            yield Like(look, shopper)

    def _unlike(self) -> Iterator[Action]:
        if self._likes:
            look, shopper = self._chance.choice(sorted(self._likes))
            self._likes.discard((look, shopper))
            yield Unlike(look, shopper)


def _share(total: int, number: int, of: int) -> int:
    """How much of a total falls to one batch: the first ones bring the looks."""
    return total * (number + 1) // of - total * number // of
