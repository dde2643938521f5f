"""Hold the piece of an offer for its member, in the store that offers it."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core.config import Settings
from core.errors import Conflict
from retail.accounts.queries import MemberView
from retail.catalogue import held, holds
from retail.catalogue.held import Holder, HoldView
from retail.catalogue.holds import Wanted
from retail.consent import queries as consent
from retail.consent.rules import OFFERS
from retail.offers import queries, rules
from retail.offers.queries import OfferView
from retail.receipts.views import ReceiptView

MEMBER = "member"


def holder_of(member_id: str) -> Holder:
    """A member as whoever holds something."""
    return Holder(MEMBER, member_id)


def hold_offered(
    session: Session, offer_id: str, *, member: MemberView, now: datetime, settings: Settings
) -> HoldView:
    """Hold what was offered, once, for a while and no longer than the offer; again, it is the same.

    Raises NotFound for an offer that is not theirs or not shown to them, Conflict for one that is
    over, for a hold that is, where they hold enough, and where the piece is not free.
    """
    offer = queries.get_offer(session, offer_id, member_id=member.id)
    if not member.is_adult or not consent.has_consent(session, member.id, OFFERS, channel="web"):
        raise rules.offer_not_found()
    if not offer.is_open(now):
        raise Conflict("offer_over", "This offer is over.")
    wanted = Wanted(
        offer.brand_id,
        offer.store_id,
        offer.variant_id,
        source_of(offer.id),
        min(now + timedelta(minutes=settings.hold_minutes), offer.ends_at),
    )
    holder, most = holder_of(member.id), settings.holds_at_once
    return holds.hold(session, wanted, holder=holder, most=most, now=now)


def let_go(session: Session, hold_id: str, *, member: MemberView, now: datetime) -> None:
    """Let go of one's hold; once it has ended nothing changes. Raises NotFound."""
    holds.release(session, hold_id, holder=holder_of(member.id), now=now)


def holds_of(session: Session, member_id: str, *, now: datetime) -> list[HoldView]:
    """What is held for a member at this instant, the newest first."""
    return [one for one in held.holds_of(session, holder_of(member_id)) if one.is_live(now)]


def collect_bought(session: Session, receipt: ReceiptView, *, now: datetime) -> None:
    """End what a member held of a receipt of theirs, which no till knew to be theirs."""
    bought = {line.variant_id: 1 for line in receipt.lines if line.variant_id}
    holder, sold_at = holder_of(receipt.member_id or ""), receipt.sold_at
    holds.collect(session, receipt.store_id, bought, holder=holder, sold_at=sold_at, now=now)


def collect_offered(session: Session, voucher_ids: Iterable[str], *, now: datetime) -> None:
    """End what is held by offers whose vouchers a till just took, whoever brought them."""
    # Several holds are always ended in one order.
    offers = queries.offers_by_voucher(session, list(voucher_ids))
    for offer in sorted(offers, key=lambda one: one.variant_id):
        holder = holder_of(offer.member_id)
        holds.end_from(session, source_of(offer.id), "collected", holder=holder, now=now)


def find_hold(session: Session, offer: OfferView) -> HoldView | None:
    """The hold that followed from an offer, however it ended."""
    return held.from_source(session, source_of(offer.id), holder=holder_of(offer.member_id))


def source_of(offer_id: str) -> str:
    """The source of the hold that follows from an offer."""
    return f"offer:{offer_id}"
