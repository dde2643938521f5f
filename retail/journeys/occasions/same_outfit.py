"""Ask whether a friend has a piece, where it is a true question: at a shelf, or at a till.

Nothing that is answered here, refused or suggested depends on what others have: only what the
member reads of it afterwards does, and that names nobody who did not agree.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.errors import Forbidden, TooMany
from retail.accounts import queries as accounts
from retail.accounts.queries import MemberView
from retail.brands import queries as brands
from retail.brands.queries import StoreView
from retail.catalogue import shelf
from retail.catalogue.digital_link import gtin_in, piece_not_found
from retail.catalogue.queries import VariantView
from retail.same_outfit import queries, rules, service
from retail.same_outfit.rules import Instead
from retail.visits import queries as visits


@dataclass(frozen=True)
class ToSay:
    """A piece in a basket, and what the store has instead: the same for everybody."""

    variant: VariantView
    instead: Instead


def ask_at_shelf(session: Session, gtin: str, *, member: MemberView, now: datetime) -> str:
    """Ask about the piece on a label, for somebody who checked in today; gives its GTIN-14.

    Raises NotFound for what the brand does not sell, Forbidden without a check-in of today or an
    agreement of one's own, TooMany beyond what anybody may ask in a day.
    """
    code = gtin_in(gtin)
    variant = shelf.sold_as(session, code, [member.brand_id]).get(member.brand_id)
    if variant is None:
        raise piece_not_found()
    store = find_here(session, member, now=now)
    store_id = rules.check_here(store.id if store else None)
    if not queries.hears(session, member):
        raise Forbidden("not_agreed", "Turn on “Same piece as a friend” first: it goes both ways.")
    where = {"store_id": store_id, "place": rules.SHELF}
    service.ask(session, variant, member=member, **where, now=now)
    return code


def ask_at_till(
    session: Session,
    variants: Iterable[VariantView],
    *,
    member: MemberView | None,
    store: StoreView,
    now: datetime,
) -> list[ToSay]:
    """What else the store has for each piece of a basket; the member finds names on their phone.

    Who is known by their card and agreed has asked about every piece, as far as a day allows.
    """
    found = list({rules.piece_of(one): one for one in variants}.values())
    may = [one for one in found if not one.is_never_shareable]
    if member is not None and queries.hears(session, member):
        for one in may:
            try:
                where = {"store_id": store.id, "place": rules.TILL}
                service.ask(session, one, member=member, **where, now=now)
            except TooMany:
                break
    return [ToSay(one, instead(session, one, member=member, store=store, now=now)) for one in may]


def find_here(session: Session, member: MemberView, *, now: datetime) -> StoreView | None:
    """The store at which the member checked in last, on the day that its clocks show."""
    stores = {one.slug: one for one in brands.list_stores(session, member.brand_id)}
    for visit in visits.visits_of(session, member.id):
        store = stores.get(visit.store)
        if store and visits.find_visit(session, store, member.id, now=now):
            return store
    return None


def instead(
    session: Session,
    variant: VariantView,
    *,
    member: MemberView | None,
    store: StoreView,
    now: datetime,
) -> Instead:
    """What the store has instead, by a fresh count, in the member's size or else the piece's."""
    here = shelf.counted_lately(session, store.id, store.brand_id, variant.category_code, now=now)
    sizes = {variant.size}
    if member is not None:
        own = accounts.get_member(session, member.id).sizes.get(variant.category_code)
        sizes = {own} if own else sizes
    return rules.instead_of(variant, here, sizes)
