"""Where somebody works just now: their brand and store, and which staff pages they may open."""

from dataclasses import dataclass
from typing import Any

from flask import g

from retail.brands import queries as brands
from retail.brands.queries import BrandView, StoreView
from retail.fitting_rooms import queries as fitting_rooms
from retail.staff import roles
from retail.staff.queries import SignedInStaff
from web.auth import current_staff
from web.pages.staff.sections import SECTIONS, Section
from web.write import read


@dataclass(frozen=True)
class Here:
    """What every staff page says about its reader. Without a store they work in all of them.

    To whom may bring pieces it says how many requests of fitting rooms in `store_ids` are late.
    """

    staff: SignedInStaff
    brand: BrandView
    store: StoreView | None
    late: int = 0
    store_ids: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        """Where they work, in a few words."""
        return self.store.name if self.store else self.brand.name

    @property
    def zone(self) -> str:
        """In whose time the pages speak."""
        return self.store.zone if self.store else self.brand.zone

    @property
    def sections(self) -> list[Section]:
        """What they may open."""
        mine = [s for s in SECTIONS if any(map(self.staff.may, s.permissions))]
        return [s for s in mine if self.store is None or not s.is_brand_wide]


def here() -> Here:
    """Where who is signed in works."""
    if "staff_here" not in g:
        g.staff_here = _here()
    found: Here = g.staff_here
    return found


@read
def _here(session: Any) -> Here:
    staff = current_staff()
    store = brands.get_store(session, staff.store_id) if staff.store_id else None
    brand = brands.get_brand(session, staff.brand_id)
    if not staff.may(roles.BRING_PIECES):
        return Here(staff, brand, store)
    every = [store] if store else brands.list_stores(session, staff.brand_id)
    ids = tuple(one.id for one in every)
    return Here(staff, brand, store, fitting_rooms.count_late(session, ids), ids)
