"""What one occasion shows to one of those who come, looked up at once."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from retail.accounts.queries import MemberView
from retail.brands import queries as brands
from retail.brands.queries import StoreView
from retail.catalogue.queries import VariantView
from retail.journeys.occasions.same_outfit import find_here, instead
from retail.occasions import queries
from retail.occasions.clashes import Clash, clashes_of
from retail.occasions.queries import GuestView, OccasionView
from retail.same_outfit.rules import Instead


@dataclass(frozen=True)
class ShownClash:
    """A clash, and what a store has to swap the piece for; `store` is None where none has."""

    clash: Clash
    store: StoreView | None
    instead: Instead


@dataclass(frozen=True)
class ShownOccasion:
    """An occasion with who was asked, for its maker alone, one’s own plan, and its clashes."""

    occasion: OccasionView
    guests: list[GuestView]
    plan: list[VariantView]
    clashes: list[ShownClash]


def show_occasion(
    session: Session, occasion_id: str, *, viewer: MemberView, now: datetime
) -> ShownOccasion:
    """The occasion as the viewer sees it. Raises NotFound as `queries.get_occasion`."""
    seen = queries.get_occasion(session, occasion_id, viewer=viewer, now=now)
    guests = queries.guests_of(session, seen.id, host_id=viewer.id) if seen.is_own else []
    found = clashes_of(session, viewer, now=now, occasion_id=seen.id)
    return ShownOccasion(
        seen,
        guests,
        queries.plan_of(session, seen.id, viewer),
        [_shown(session, clash, viewer, now) for clash in found],
    )


def _shown(session: Session, clash: Clash, viewer: MemberView, now: datetime) -> ShownClash:
    """With what the first store has that has anything, and first where the viewer is today."""
    here = find_here(session, viewer, now=now)
    for store in (*filter(None, [here]), *brands.list_stores(session, viewer.brand_id)):
        found = instead(session, clash.variant, member=viewer, store=store, now=now)
        if found.colours or found.styles:
            return ShownClash(clash, store, found)
    return ShownClash(clash, None, Instead((), ()))
