"""What a store has that fits, asked for in slices: the same as if all of it had been looked at."""

import random
from collections.abc import Iterator
from unittest.mock import patch

import pytest
from sqlalchemy.orm import Session

from core import clock
from recommender.bundle import fit
from recommender.ranking import Request, rank
from retail.catalogue.queries import VariantView
from retail.catalogue.service import store_counts
from retail.journeys.offers import look_round
from retail.journeys.offers.look_round import Shelves, Sieve
from retail.offers import rules
from retail.offers.terms import OfferTerms
from tests.builders.brands import new_store
from tests.builders.catalogue import new_category, new_style, new_variant
from tests.builders.tastes import NOW, SMALL, happened
from tests.conftest import both_databases

COLOURS = ("#2B3550", "#B03030", "#30B050", "#3050B0", "")
CATEGORIES = {"dresses": ("8", "10", "12"), "bags": ("",), "shoes": ("38", "39")}
STYLES = 24


class World:
    """Goods by chance of a store, and of another that has other counts of them."""

    def __init__(self, session: Session, draw: random.Random) -> None:
        self.session, self.draw = session, draw
        self.store = new_store(session)
        brand_id = self.store.brand_id
        other = new_store(session, brand_id=brand_id)
        for code in CATEGORIES:
            new_category(session, brand_id=brand_id, code=code)
        self.goods = list(self._goods())
        for store in (self.store, other):
            counted = {
                one.id: draw.choice((0, 0, 1, 3)) for one in self.goods if draw.random() < 0.8
            }
            counts = {id_: (count, clock.now()) for id_, count in counted.items()}
            where = {"brand_id": brand_id, "store_id": store.id}
            store_counts(session, **where, counts=counts, now=clock.now())
            self.counted = counted if store == self.store else self.counted

    def _goods(self) -> Iterator[VariantView]:
        for _ in range(STYLES):
            category = self.draw.choice(list(CATEGORIES))
            style = new_style(self.session, brand_id=self.store.brand_id, category_code=category)
            sizes = CATEGORIES[category]
            for _ in range(self.draw.randint(1, 3)):
                yield new_variant(
                    self.session,
                    brand_id=self.store.brand_id,
                    style=style,
                    size=self.draw.choice(sizes),
                    colours={"a": self.draw.choice(COLOURS)},
                    price_minor=self.draw.choice((1_000, 5_049, 5_050, 9_000)),
                )

    def shelves(self) -> Shelves:
        """Of somebody with sizes by chance, by terms by chance."""
        draw = self.draw
        sizes = {
            category: set(draw.sample(known, draw.randint(0, len(known))))
            for category, known in CATEGORIES.items()
            if draw.random() < 0.7
        }
        terms = OfferTerms(
            *(20, 1, 3),
            quiet=frozenset(draw.sample(list(CATEGORIES), draw.choice((0, 0, 1)))),
            most_off={self.store.currency: 1_009} if draw.random() < 0.3 else {},
        )
        bought = {one.style_id: one for one in draw.sample(self.goods, 2)}
        return Shelves(self.session, self.store, bought, sizes, terms, clock.now())

    def plainly(self, shelves: Shelves) -> frozenset[str]:
        """What fits, by looking at each variant as the sentence says it."""
        sizes_of: dict[str, set[str]] = {}
        for one in self.goods:
            sizes_of.setdefault(one.style_id, set()).add(one.size)
        return frozenset(
            one.style_id
            for one in self.goods
            if self.counted.get(one.id, 0) > 0
            and (
                one.size in shelves.sizes.get(one.category_code, ())
                or len(sizes_of[one.style_id]) == 1
            )
            and shelves.terms.allow(one.category_code, one.price_minor, one.currency)
            and any(rules.goes(bought.colours, one.colours) for bought in shelves.bought.values())
        )


@both_databases
@pytest.mark.parametrize("seed", [1, 2])
def test_what_fits_in_a_store_is_ranked_as_if_all_of_it_had_been_looked_at(
    session: Session, seed: int
) -> None:
    draw = random.Random(seed)
    world = World(session, draw)
    styles = sorted({one.style_id for one in world.goods})
    events = [happened(f"s{n}", draw.choice(styles)) for n in range(12) for _ in range(4)]
    bundle = fit(events, [], settings=SMALL, now=NOW)
    looked_whole = 0
    for _ in range(15):
        shelves = world.shelves()
        plain = world.plainly(shelves)
        assert shelves.fitting() == plain
        some = draw.sample(styles, 7)
        assert shelves.fitting(some) == plain & set(some)
        asked = {"anchors": tuple(shelves.bought), "history": tuple(events[:3]), "now": NOW}
        few = draw.choice((1, 2, 10))
        with patch("recommender.ranking.ASKED_FIRST", 2), patch.object(look_round, "FEW", few):
            sieve = Sieve(shelves)
            found = rank(bundle, Request(**asked, sieve=sieve, top=4))
        looked_whole += sieve.everything is not None
        assert found == rank(bundle, Request(**asked, allowed=plain, top=4))
    assert 0 < looked_whole < 15
