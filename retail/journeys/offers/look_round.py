"""Look round a store for what goes with a purchase: free, in size and colour, within the budget."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from loyalty.vouchers import outstanding
from retail.brands.queries import StoreView
from retail.catalogue.queries import VariantView
from retail.catalogue.shelf import on_shelf, stocked_in
from retail.journeys.offers.pay_offer import campaign_of, most_off
from retail.offers import rules
from retail.offers.rules import OfferTerms, Tip


@dataclass(frozen=True)
class Shelves:
    """What a store has free for a buyer: of what was bought, in these sizes, within the budget."""

    session: Session
    store: StoreView
    bought: Mapping[str, VariantView]
    sizes: Mapping[str, set[str]]
    terms: OfferTerms
    now: datetime

    def here(self, tips: Sequence[Tip]) -> dict[str, tuple[VariantView, VariantView]]:
        """What was bought and what goes with it here, by the latter's style."""
        store = self.store
        styles = [tip.style_id for tip in tips]
        where = (self.session, store.id, store.brand_id)
        shelf = on_shelf(*where, styles, self.sizes, now=self.now)
        campaign = campaign_of(store.currency)
        budget = outstanding.budget_left(self.session, store.brand_id, campaign)
        first = next(iter(self.bought.values()))
        found: dict[str, tuple[VariantView, VariantView]] = {}
        for tip in tips:
            anchor = self.bought.get(tip.anchor or "", first)
            here = shelf.get(tip.style_id, [])
            mine = self.sizes.get(here[0].category_code, set()) if here else set()
            variant = rules.pick_variant(here, mine, anchor.colours)
            if variant is not None and (
                budget is None or budget >= most_off(variant, self.terms.percent)
            ):
                found[tip.style_id] = anchor, variant
        return found

    def fitting(self) -> frozenset[str]:
        """The styles of which a variant is here in size and in a colour that goes with it.

        Asked for only where the best of everything brought nothing: it looks at the whole store.
        """
        store = self.store
        stocked = stocked_in(self.session, store.id, store.brand_id, self.sizes)
        anchors = [one.colours for one in self.bought.values()]
        return frozenset(
            style_id
            for style_id, colours in stocked
            if any(rules.goes(anchor, colours) for anchor in anchors)
        )
