"""Look round a store for what goes with a purchase: free, in size and colour, within the budget."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from loyalty.vouchers import outstanding
from retail.brands.queries import StoreView
from retail.catalogue.queries import VariantView
from retail.catalogue.shelf import Wanted, on_shelf, stocked_in
from retail.journeys.offers.pay_offer import campaign_of
from retail.offers import rules
from retail.offers.rules import Tip
from retail.offers.terms import OfferTerms

# Where fewer than one of so many is here, to look through a whole store takes less long.
FEW = 10


@dataclass(frozen=True)
class Here:
    """Of tips, what was bought and what goes with it here, by the latter's style.

    `barred` are the styles that would be here too, if the brand's terms let them be offered.
    """

    goods: dict[str, tuple[VariantView, VariantView]]
    barred: frozenset[str]


@dataclass(frozen=True)
class Shelves:
    """What a store has free for a buyer: of what was bought, in these sizes, within the budget."""

    session: Session
    store: StoreView
    bought: Mapping[str, VariantView]
    sizes: Mapping[str, set[str]]
    terms: OfferTerms
    now: datetime

    def here(self, tips: Sequence[Tip]) -> Here:
        """What of the tips is here now, as far as the budget of offers pays for it."""
        store = self.store
        where = (self.session, store.id, store.brand_id)
        shelf = on_shelf(*where, [tip.style_id for tip in tips], self.sizes, now=self.now)
        campaign = campaign_of(store.currency)
        budget = outstanding.budget_left(self.session, store.brand_id, campaign)
        first = next(iter(self.bought.values()))
        goods: dict[str, tuple[VariantView, VariantView]] = {}
        barred = set()
        for tip in tips:
            here = shelf.get(tip.style_id)
            if not here:
                continue
            anchor = self.bought.get(tip.why.anchor or "", first)
            mine = self.sizes.get(here[0].category_code, set())
            variant = rules.pick_variant(here, mine, anchor.colours)
            if variant is None or not self._is_paid(variant, budget):
                continue
            if self.terms.allow(variant.category_code, variant.price_minor, variant.currency):
                goods[tip.style_id] = anchor, variant
            else:
                barred.add(tip.style_id)
        return Here(goods, frozenset(barred))

    def fitting(self, style_ids: Collection[str] | None = None) -> frozenset[str]:
        """Those of the styles, or of all, of which a variant is here that may be offered.

        In size, and in a colour that goes with what was bought. That is no promise: it may be held
        for somebody. For all styles, this looks at the whole store.
        """
        store, anchors = self.store, [one.colours for one in self.bought.values()]
        where = (self.session, store.id, store.brand_id)
        wanted = Wanted(self.sizes, self.terms.quiet, self.terms.dearest)
        stocked = stocked_in(*where, wanted, style_ids)
        goes = {
            colour: any(rules.goes(anchor, {"a": colour}) for anchor in anchors)
            for colour in {colour for _, colour in stocked}
        }
        return frozenset(style_id for style_id, colour in stocked if goes[colour])

    def _is_paid(self, variant: VariantView, budget: int | None) -> bool:
        return budget is None or budget >= self.terms.takes_off(variant.price_minor)


@dataclass
class Sieve:
    """Lets those styles through that are `Shelves.fitting`, asked about some at a time.

    Where few of the first went through, few will: the whole store is looked at then, once.
    """

    shelves: Shelves
    asked: int = 0
    passed: int = 0
    everything: frozenset[str] | None = None

    def __call__(self, style_ids: Sequence[str]) -> Collection[str]:
        """Those of the styles that are here, and maybe others."""
        if self.everything is None and self.passed * FEW < self.asked:
            self.everything = self.shelves.fitting()
        if self.everything is not None:
            return self.everything
        found = self.shelves.fitting(style_ids)
        self.asked, self.passed = self.asked + len(style_ids), self.passed + len(found)
        return found
