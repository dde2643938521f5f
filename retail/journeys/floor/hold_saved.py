"""Hold a saved piece for who checked in and asks for it, by the hand of whoever serves them."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core.config import Settings
from retail.accounts import queries as accounts
from retail.brands.queries import StoreView
from retail.catalogue import holds
from retail.catalogue.held import HoldView
from retail.catalogue.holds import Wanted
from retail.greetings import queries
from retail.greetings.rules import SAVED, greeting_not_found
from retail.journeys.floor.saved_here import saved_here
from retail.journeys.holds.hold_piece import holder_of


def hold_saved(
    session: Session,
    store: StoreView,
    greeting_id: str,
    variant_id: str,
    *,
    now: datetime,
    settings: Settings,
) -> HoldView:
    """Keep one piece back for a while, once for each check-in; asked again, it is the same hold.

    Raises NotFound for who is shown no more and for what is not on their card, Conflict where that
    hold is over, where they hold enough, and where the piece is not free.
    """
    greeting = queries.get_greeting(session, greeting_id, store_id=store.id, now=now)
    member = accounts.get_member(session, greeting.member_id, now=now)
    shows = queries.find_wish(session, member.id).shows
    pieces = saved_here(session, store, member, now=now) if SAVED in shows else ()
    if not greeting.is_shown(now) or all(one.variant.id != variant_id for one in pieces):
        raise greeting_not_found()
    wanted = Wanted(
        store.brand_id,
        store.id,
        variant_id,
        f"saved:{greeting_id}:{variant_id}",
        now + timedelta(minutes=settings.hold_minutes),
    )
    holder, most = holder_of(member.id), settings.holds_at_once
    return holds.hold(session, wanted, holder=holder, most=most, now=now)
