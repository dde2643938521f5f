"""Book what campaigns give for a basket: points earned that wait, vouchers issued to the member."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.days import day_after
from loyalty.campaigns import queries
from loyalty.campaigns.books import WrittenUse
from loyalty.campaigns.queries import UseView
from loyalty.earning import queries as earning
from loyalty.ledger.rules import POINTS, WALLETS
from loyalty.vouchers import queries as voucher_terms
from loyalty.vouchers import service as vouchers
from loyalty.vouchers import windows
from retail.brands.queries import StoreView
from retail.journeys.points.earn_points import post_points

CAMPAIGN = "campaign"
# As terms of earning have it, unless they say otherwise.
PENDING_DAYS = 30


def book_gifts(
    session: Session,
    store: StoreView,
    source: str,
    *,
    bought_at: datetime,
    now: datetime,
    key: bytes,
) -> None:
    """Make true what campaigns gave for a source; nothing for what has no member.

    Points wait as those of a purchase do, from when it was bought. Each posting and voucher has a
    source of its own, named after the use of its campaign, which is written once and for ever.
    """
    terms = earning.current_terms(session, store.brand_id)
    available_at = day_after(bought_at, store.zone, terms.pending_days if terms else PENDING_DAYS)
    for use in queries.uses_of(session, store.brand_id, source):
        if use.owner_id is None:
            continue
        for wallet in WALLETS:
            if points := use.points_in(wallet):
                given = (use.owner_id, source_of(use.id, wallet), wallet, points, CAMPAIGN)
                post_points(session, store.brand_id, *given, available_at, now)
        _issue(session, store, use, use.owner_id, now=now, key=key)


def source_of(use_id: str, wallet: str = POINTS) -> str:
    """The source under which what a campaign's use gave to a wallet is booked."""
    return f"{CAMPAIGN}:{use_id}" if wallet == POINTS else f"{CAMPAIGN}:{use_id}:{wallet}"


def voucher_sources(use: UseView | WrittenUse) -> list[tuple[str, str]]:
    """The source of each voucher that a use promised, with the name of its terms."""
    named = [effect.voucher for effect in use.effects if effect.voucher]
    return [(f"{source_of(use.id)}:{number}", name) for number, name in enumerate(named, 1)]


def _issue(
    session: Session, store: StoreView, use: UseView, owner_id: str, *, now: datetime, key: bytes
) -> None:
    promised = voucher_sources(use)
    known = voucher_terms.named_terms(session, store.brand_id) if promised else {}
    for source, name in promised:
        vouchers.issue(
            session,
            programme_id=store.brand_id,
            terms_id=known[name],
            owner_id=owner_id,
            source=source,
            **windows.given(store.zone, now)._asdict(),
            now=now,
            key=key,
        )
