"""What this process has read of styles: kept for one edition of a brand's catalogue, and no longer.

Nothing in it is of anybody, and nothing of what a store has.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, bindparam, select

from core.glance import Ask, Glance, instant
from core.sql import among
from retail.catalogue import queries
from retail.catalogue.held import FREE
from retail.catalogue.models import CatalogueEdition, Stock, Style, Variant
from retail.catalogue.queries import StyleView, VariantView
from retail.catalogue.shelf import Sizes
from retail.catalogue.sizes import size_order

# Of which style and brand each variant is; for other rooms to build on.
OF_STYLES = select(Variant.id, Variant.style_id, Variant.brand_id)
# Of one brand; then it begins again.
MOST = 2_000
_STYLES = Glance(
    queries.STYLES.where(
        among(Style.id, bindparam("style_ids")), Style.brand_id == bindparam("brand_id")
    )
)
_GOODS = Glance(
    queries.GOODS.where(
        among(Variant.style_id, bindparam("style_ids")), Variant.brand_id == bindparam("brand_id")
    )
)
_FREE = Glance(
    select(Stock.variant_id).where(
        Stock.store_id == bindparam("store_id"),
        among(Stock.variant_id, bindparam("variant_ids")),
        FREE > 0,
    )
)


@dataclass(frozen=True)
class KnownStyle:
    """A style, `is_sole` with one size, and its goods as people expect sizes to follow."""

    style: StyleView
    goods: tuple[VariantView, ...]
    by_id: Mapping[str, VariantView]
    is_sole: bool

    def fitting(self, sizes: Sizes) -> tuple[VariantView, ...]:
        """Its goods in these sizes by category; what comes in one size fits everybody."""
        if self.is_sole:
            return self.goods
        mine = sizes.get(self.style.category_code, ())
        return tuple(one for one in self.goods if one.size in mine)


@dataclass(frozen=True)
class _Edition:
    number: int | None
    styles: dict[str, KnownStyle]


_by_brand: dict[str, _Edition] = {}


def edition_of(brand_id: Any) -> ScalarSelect[int]:
    """The edition of a brand's goods for another room's column of brand ids, for its selects; none
    where it never had any."""
    number = select(CatalogueEdition.number).where(CatalogueEdition.brand_id == brand_id)
    return number.scalar_subquery()


def known_styles(
    ask: Ask, brand_id: str, edition: int | None, style_ids: Collection[str]
) -> dict[str, KnownStyle]:
    """Some styles of a brand, by id, as of an edition that was seen before, or as of now; what the
    brand does not have is left out.
    """
    kept = _by_brand.get(brand_id)
    if kept is None or kept.number != edition:
        kept = _by_brand[brand_id] = _Edition(edition, {})
    styles = kept.styles
    # Each asked for once: another thread may begin again meanwhile.
    looked = ((one, styles.get(one)) for one in style_ids)
    found = {one: style for one, style in looked if style is not None}
    if len(found) < len(style_ids):
        new = _read(ask, brand_id, [one for one in style_ids if one not in found])
        if len(styles) + len(new) > MOST:
            styles.clear()
        styles |= new
        found |= new
    return found


def free_here(
    ask: Ask, styles: Iterable[KnownStyle], store_id: str, sizes: Sizes, *, now: datetime
) -> dict[str, list[VariantView]]:
    """As `shelf.on_shelf`: what a store has free of each of some styles, in these sizes."""
    fitting = {
        one.id: one
        for style in styles
        for one in style.fitting(sizes)
        if not one.is_never_shareable
    }
    told = {"store_id": store_id, "now": instant(now), "variant_ids": json.dumps(list(fitting))}
    found: dict[str, list[VariantView]] = {}
    for (variant_id,) in ask(_FREE, **told) if fitting else ():
        one = fitting[variant_id]
        found.setdefault(one.style_id, []).append(one)
    return found


def _read(ask: Ask, brand_id: str, style_ids: list[str]) -> dict[str, KnownStyle]:
    told = {"brand_id": brand_id, "style_ids": json.dumps(style_ids)}
    goods: dict[str, list[Any]] = defaultdict(list)
    for row in ask(_GOODS, **told):
        one = VariantView(*row[:-1])
        goods[one.style_id].append(one)
    return {row[0]: _known(queries.style_view(row), goods[row[0]]) for row in ask(_STYLES, **told)}


def _known(style: StyleView, goods: list[VariantView]) -> KnownStyle:
    in_order = sorted(goods, key=lambda one: (size_order(one.size), one.sku))
    by_id = {one.id: one for one in in_order}
    return KnownStyle(style, tuple(in_order), by_id, len({one.size for one in in_order}) == 1)
