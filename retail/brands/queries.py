"""Reads of brands, stores and tills."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, ScalarSelect, bindparam, select
from sqlalchemy.orm import Session

from core.errors import NotFound
from retail.brands.models import Brand, Store, Till


@dataclass(frozen=True)
class BrandView:
    """A tenant; zone, locale and currency are those of what belongs to no single store.

    `words` names the vocabulary that its pages speak, `coat` the colour they wear; empty for the
    usual ones.
    """

    id: str
    slug: str
    name: str
    zone: str
    locale: str
    currency: str
    words: str = ""
    coat: str = ""


@dataclass(frozen=True)
class StoreView:
    """A shop of a brand."""

    id: str
    brand_id: str
    slug: str
    name: str
    zone: str
    currency: str
    locale: str


@dataclass(frozen=True)
class TillView:
    """A till of a store."""

    id: str
    brand_id: str
    store_id: str
    number: str


_Texts = Row[*tuple[str, ...]]
# Every brand, its columns those of `BrandView`; for other rooms to build on.
BRANDS = select(
    Brand.id,
    Brand.slug,
    Brand.name,
    Brand.zone,
    Brand.locale,
    Brand.currency,
    Brand.words,
    Brand.coat,
)
_BRAND = BRANDS.where(Brand.id == bindparam("id"))
_BRAND_BY_SLUG = BRANDS.where(Brand.slug == bindparam("slug"))
_EPOCH = select(Brand.consent_epoch).where(Brand.id == bindparam("id"))
# Every store, its columns those of `StoreView`; for other rooms to build on.
STORES = select(
    Store.id, Store.brand_id, Store.slug, Store.name, Store.zone, Store.currency, Store.locale
)
_STORE = STORES.where(Store.id == bindparam("id"))
_STORE_BY_SLUG = STORES.where(
    Store.brand_id == bindparam("brand_id"), Store.slug == bindparam("slug")
)
_STORES_OF_BRAND = STORES.where(Store.brand_id == bindparam("brand_id")).order_by(
    Store.name, Store.id
)
_TILLS = select(Till.id, Till.brand_id, Till.store_id, Till.number)


def get_brand(session: Session, brand_id: str) -> BrandView:
    """The brand with this id. Raises NotFound."""
    return _brand(session.execute(_BRAND, {"id": brand_id}).one_or_none())


def get_brand_by_slug(session: Session, slug: str) -> BrandView:
    """The brand at this address. Raises NotFound."""
    return _brand(session.execute(_BRAND_BY_SLUG, {"slug": slug}).one_or_none())


def find_brand_by_slug(session: Session, slug: str) -> BrandView | None:
    """The brand at this address, if there is one."""
    row = session.execute(_BRAND_BY_SLUG, {"slug": slug}).one_or_none()
    return BrandView(*row) if row else None


def list_brands(session: Session) -> list[BrandView]:
    """Every brand of this installation, by name."""
    return [BrandView(*row) for row in session.execute(BRANDS.order_by(Brand.name))]


def get_store(session: Session, store_id: str, *, brand_id: str | None = None) -> StoreView:
    """The store with this id, and of this brand where one is named. Raises NotFound."""
    store = _store(session.execute(_STORE, {"id": store_id}).one_or_none())
    if brand_id is not None and store.brand_id != brand_id:
        raise _store_not_found()
    return store


def get_store_by_slug(session: Session, brand_id: str, slug: str) -> StoreView:
    """The store of a brand at this address. Raises NotFound."""
    key = {"brand_id": brand_id, "slug": slug}
    return _store(session.execute(_STORE_BY_SLUG, key).one_or_none())


def list_stores(session: Session, brand_id: str) -> list[StoreView]:
    """The stores of a brand, by name."""
    return [StoreView(*row) for row in session.execute(_STORES_OF_BRAND, {"brand_id": brand_id})]


def find_trade_problem(session: Session, brand_id: str, currency: str | None) -> str | None:
    """The sentence that says why a brand has no use for this currency, or None.

    It counts in its own, and each of its stores sells in one; a share needs none.
    """
    sold_in = {store.currency for store in list_stores(session, brand_id)}
    if currency in {None, get_brand(session, brand_id).currency, *sold_in}:
        return None
    return f"None of your stores sells in {currency}."


def list_tills(session: Session, store_id: str) -> list[TillView]:
    """The tills of a store, by number."""
    rows = session.execute(_TILLS.where(Till.store_id == store_id).order_by(Till.number))
    return [TillView(*row) for row in rows]


def consent_epoch(session: Session, brand_id: str) -> int:
    """A number that grows with every change of a consent or a store; part of every cache's key."""
    epoch = session.execute(_EPOCH, {"id": brand_id}).scalar_one_or_none()
    if epoch is None:
        raise _brand_not_found()
    return epoch


def epoch_of(brand_id: Any) -> ScalarSelect[int]:
    """`consent_epoch` for another room's column of brand ids, for its selects."""
    return select(Brand.consent_epoch).where(Brand.id == brand_id).scalar_subquery()


def words_of(brand_id: Any) -> ScalarSelect[str]:
    """A brand's vocabulary for another room's column of brand ids, for its selects."""
    return select(Brand.words).where(Brand.id == brand_id).scalar_subquery()


def _brand(row: _Texts | None) -> BrandView:
    if row is None:
        raise _brand_not_found()
    return BrandView(*row)


def _store(row: _Texts | None) -> StoreView:
    if row is None:
        raise _store_not_found()
    return StoreView(*row)


def _brand_not_found() -> NotFound:
    return NotFound("brand_not_found", "We don’t know this brand.")


def _store_not_found() -> NotFound:
    return NotFound("store_not_found", "We don’t know this store.")
