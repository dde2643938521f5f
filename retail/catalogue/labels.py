"""What rules of loyalty choose goods by: the SKU, style and category of a variant, as labels."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from retail.catalogue.models import Category, Style, Variant

_AT_ONCE = 500


def labels_of(
    session: Session, brand_id: str, variant_ids: Iterable[str]
) -> dict[str, frozenset[str]]:
    """Labels such as `sku:ALD-12`, `style:mallory`, `category:dresses`, by variant id."""
    ids = sorted(set(variant_ids))
    found: dict[str, frozenset[str]] = {}
    for start in range(0, len(ids), _AT_ONCE):
        rows = session.execute(
            select(Variant.id, Variant.sku, Style.code, Style.category_code)
            .join(Style, Style.id == Variant.style_id)
            .where(Variant.brand_id == brand_id, Variant.id.in_(ids[start : start + _AT_ONCE]))
        )
        for variant_id, sku, style, category in rows:
            labels = (f"sku:{sku}", f"style:{style}", f"category:{category}")
            found[variant_id] = frozenset(labels)
    return found


def names_of(session: Session, brand_id: str, labels: Iterable[str]) -> dict[str, str]:
    """What the goods behind labels are called in the shop; what nothing is behind is left out."""
    values: dict[str, list[str]] = {"sku": [], "style": [], "category": []}
    for label in labels:
        kind, _colon, value = label.partition(":")
        if kind in values:
            values[kind].append(value)
    asked = (
        ("sku", select(Variant.sku, Style.name).join(Style), Variant.sku),
        ("style", select(Style.code, Style.name), Style.code),
        ("category", select(Category.code, Category.name), Category.code),
    )
    found: dict[str, str] = {}
    for kind, statement, code in asked:
        if values[kind]:
            mine = (code.class_.brand_id == brand_id, code.in_(values[kind]))
            rows = session.execute(statement.where(*mine))
            found |= {f"{kind}:{value}": name for value, name in rows}
    return found
