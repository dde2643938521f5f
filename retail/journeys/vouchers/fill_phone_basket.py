"""Fill a basket on the phone: pieces by what their labels say, in the store where one stands."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.errors import Invalid, NotFound
from retail.accounts.queries import MemberView
from retail.brands import queries as brands
from retail.brands.queries import StoreView
from retail.catalogue import queries as catalogue
from retail.catalogue.queries import VariantView
from retail.catalogue.scanned import find_gtin
from retail.phone_baskets import queries, service
from retail.visits import queries as visits


@dataclass(frozen=True)
class Piece:
    """So many pieces of one variant, at the catalogue's price."""

    variant: VariantView
    pieces: int

    @property
    def total_minor(self) -> int:
        """What all of them cost, in minor units of the variant's currency."""
        return self.variant.price_minor * self.pieces


@dataclass(frozen=True)
class Carried:
    """What a member means to buy in a store. Pieces without a price there are left to the till."""

    store: StoreView
    pieces: tuple[Piece, ...]
    unpriced: tuple[Piece, ...] = ()


def carried_by(session: Session, member: MemberView, *, now: datetime) -> Carried | None:
    """The basket that a member fills just now, if they began one."""
    basket = queries.find_basket(session, member.id, now=now)
    if basket is None:
        return None
    store = brands.get_store(session, basket.store_id)
    known = catalogue.get_variants(session, member.brand_id, basket.pieces)
    found = [Piece(known[one], pieces) for one, pieces in basket.pieces.items() if one in known]
    return carried_in(store, found)


def carried_in(store: StoreView, found: list[Piece]) -> Carried:
    """Pieces in a store, apart from those that the catalogue has in another currency only."""
    priced = tuple(one for one in found if one.variant.currency == store.currency)
    return Carried(store, priced, tuple(one for one in found if one not in priced))


def put_in(
    session: Session,
    item: str,
    pieces: int,
    *,
    member: MemberView,
    store_slug: str | None = None,
    now: datetime,
) -> None:
    """Put pieces into the basket, by the label, GTIN or SKU that was scanned or typed.

    Raises Invalid for what the brand does not sell, and where no store is known.
    """
    variant = find_piece(session, member.brand_id, item)
    move_to(session, store_slug, member=member, now=now)
    service.add(session, variant.id, pieces, member=member, now=now)


def change(session: Session, variant_id: str, pieces: int, *, member: MemberView) -> None:
    """Say how many there are of a piece in the basket; 0 takes it out, as often as it is said.

    Raises NotFound for what is not in it, or nobody sells; Invalid for no number of pieces.
    """
    is_there = service.set_pieces(session, variant_id, pieces, member=member)
    is_sold = bool(catalogue.get_variants(session, member.brand_id, [variant_id]))
    if not is_there and (pieces > 0 or not is_sold):
        raise NotFound("piece_not_in_basket", "This piece isn’t in the basket.")


def move_to(session: Session, store_slug: str | None, *, member: MemberView, now: datetime) -> None:
    """Fill the basket in this store, or where `likely_store` says. Raises Invalid for no store."""
    store = find_store(session, store_slug, member=member, now=now)
    service.open_basket(session, store, member=member, now=now)


def find_store(
    session: Session, slug: str | None, *, member: MemberView, now: datetime
) -> StoreView:
    """The store of this slug, or without one the likely one. Raises Invalid where there is none."""
    stores = brands.list_stores(session, member.brand_id)
    named = next((store for store in stores if store.slug == slug), None)
    found = named if slug else likely_store(session, stores, member=member, now=now)
    if found is None:
        sentence = "Say in which store you are."
        raise Invalid("store_unknown", sentence, fields={"store": [sentence]})
    return found


def likely_store(
    session: Session, stores: list[StoreView], *, member: MemberView, now: datetime
) -> StoreView | None:
    """Where a member seems to be: by their basket, by a check-in of today, or the only store."""
    basket = queries.find_basket(session, member.id, now=now)
    if basket is not None:
        return next(store for store in stores if store.id == basket.store_id)
    here = [one for one in stores if visits.find_visit(session, one, member.id, now=now)]
    return here[0] if len(here) == 1 else stores[0] if len(stores) == 1 else None


def find_piece(session: Session, brand_id: str, item: str) -> VariantView:
    """What a label or a SKU means, scanned or typed. Raises Invalid for what nobody sells."""
    found = catalogue.find_variant(session, brand_id, gtin=find_gtin(item), sku=item.strip())
    if found is None:
        sentence = "We don’t know this piece. Check the number on its label."
        raise Invalid("piece_unknown", sentence, fields={"item": [sentence]})
    return found
