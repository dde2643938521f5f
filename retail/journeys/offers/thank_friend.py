"""What follows when an offer is used, and when its goods come back: score and thank-you, once.

Either is said as often as anybody likes and happens once: each offer moves on by one update.
"""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core.config import Settings
from core.outbox import emit
from core.sql import close_gate
from loyalty.leaderboards import corrections
from loyalty.leaderboards import queries as leaderboards
from loyalty.leaderboards import service as boards
from loyalty.leaderboards.earlier import service as earlier
from loyalty.leaderboards.rules import SeasonView, is_newcomer
from loyalty.vouchers import service as vouchers
from loyalty.vouchers import windows, written
from loyalty.vouchers.terms import Terms
from retail.accounts import queries as accounts
from retail.brands import queries as brands
from retail.catalogue import queries as catalogue
from retail.consent.rules import OFFERS_NEWS
from retail.friends import queries as friends
from retail.journeys.influence.speak_of_friends import tellers
from retail.journeys.league.doubt_prizes import doubt_prizes
from retail.journeys.league.fold_likes import BoardChanged, board_topics
from retail.journeys.offers.pay_offer import campaign_of
from retail.journeys.offers.set_offer_terms import terms_of
from retail.note_page import subjects
from retail.notifications.service import notify
from retail.offers import queries, service
from retail.offers.queries import OfferView
from retail.offers.terms import takes_off
from retail.receipts import queries as receipts
from retail.social.rules import fold_gate

USED_JOB, RETURNED_JOB = "settle_offers_used", "settle_offers_returned"
# A till that was offline sends its sale and its redemption at different times.
_NEAR = timedelta(days=3)


def settle_used(session: Session, redemption_id: str, *, settings: Settings, now: datetime) -> None:
    """Settle the offers whose vouchers a redemption used: thank whose taste each followed.

    Where the redemption was rolled back, what followed from it is taken back.
    """
    for voucher_id, sold_at, is_back in written.used_in(session, redemption_id):
        for offer in queries.offers_by_voucher(session, [voucher_id]):
            if is_back:
                _take_back(session, offer, now=now)
            elif service.redeem(session, offer.id, now=sold_at):
                _tell(session, offer.member_id, offer, subjects.USED, now)
                _thank(session, offer, settings, now=now)


def settle_returned(session: Session, receipt_id: str, *, now: datetime) -> None:
    """Take back what followed from offers whose pieces a receipt sold and that came back whole."""
    receipt = receipts.get_receipt(session, receipt_id)
    back = {line.variant_id for line in receipt.lines if line.variant_id and line.is_returned}
    if receipt.member_id is None or not back:
        return
    known = catalogue.get_variants(session, receipt.brand_id, back)
    span = {"since": receipt.sold_at - _NEAR, "until": receipt.sold_at + _NEAR}
    styles = sorted({one.style_id for one in known.values()})
    for offer in queries.redeemed_for(session, receipt.member_id, styles, **span):
        _take_back(session, offer, now=now)


def thanks_source(offer_id: str) -> str:
    """The source of the voucher by which a friend is thanked for an offer."""
    return f"offer-thanks:{offer_id}"


def _thank(session: Session, offer: OfferView, settings: Settings, *, now: datetime) -> None:
    friend_id = offer.friend_id
    if friend_id is None or not friends.is_friend(session, offer.member_id, friend_id):
        return
    age = settings.minimum_age_years
    if not tellers(session, offer.member_id, [friend_id], now=now, minimum_age=age):
        return
    close_gate(session, fold_gate(offer.brand_id))
    if not service.credit(session, offer.id, now=now):
        return
    _score(session, offer, friend_id, credited_at=now, sign=1, now=now)
    store = brands.get_store(session, offer.store_id)
    percent = terms_of(session, offer.brand_id, settings).thanks_percent
    vouchers.issue(
        session,
        programme_id=offer.brand_id,
        terms_id=_agree(session, offer, percent, store.currency, now),
        owner_id=friend_id,
        source=thanks_source(offer.id),
        **windows.given(store.zone, now)._asdict(),
        now=now,
        key=settings.key,
    )
    _tell(session, friend_id, offer, subjects.THANKED, now)


def _take_back(session: Session, offer: OfferView, *, now: datetime) -> None:
    close_gate(session, fold_gate(offer.brand_id))
    if not service.take_back(session, offer.id):
        return
    _tell(session, offer.member_id, offer, subjects.BACK, now)
    if offer.friend_id is None or offer.credited_at is None:
        return
    _score(session, offer, offer.friend_id, credited_at=offer.credited_at, sign=-1, now=now)
    _correct(session, offer, offer.friend_id, offer.credited_at, now)
    source = thanks_source(offer.id)
    vouchers.take_back(session, programme_id=offer.brand_id, source=source, now=now)
    _tell(session, offer.friend_id, offer, subjects.UNTHANKED, now)


def _score(
    session: Session,
    offer: OfferView,
    friend_id: str,
    *,
    credited_at: datetime,
    sign: int,
    now: datetime,
) -> None:
    """Change the friend's score on the open boards where the credit counts; the gate is held."""
    seasons = leaderboards.unclosed_seasons(session, offer.brand_id)
    for season in sorted(seasons, key=lambda one: one.id):
        if _counts(session, season, offer, friend_id, credited_at):
            earlier.keep_ranks(session, season, now=now)
            boards.add_score(
                session,
                season_id=season.id,
                owner_id=friend_id,
                delta=sign * season.purchase_weight,
                reached_at=credited_at,
            )
            emit(session, BoardChanged(season.board_id), topics=board_topics(season))


def _correct(
    session: Session, offer: OfferView, friend_id: str, credited_at: datetime, now: datetime
) -> None:
    """Note what closed seasons lose, and doubt the prizes it won; the gate is held."""
    closed = leaderboards.closed_seasons(
        session, offer.brand_id, since=credited_at, until=credited_at
    )
    for season in closed:
        if _counts(session, season, offer, friend_id, credited_at):
            corrections.correct(
                session,
                season_id=season.id,
                owner_id=friend_id,
                delta=-season.purchase_weight,
                source=f"offer:{offer.id}",
                now=now,
            )
    doubt_prizes(session, offer.brand_id, friend_id, now=now)


def _counts(
    session: Session, season: SeasonView, offer: OfferView, friend_id: str, at: datetime
) -> bool:
    is_here = season.scope_id in (offer.brand_id, offer.store_id)
    if not is_here or not season.starts_at <= at < season.ends_at or season.kind == "outfits":
        return False
    joined_at = accounts.get_member(session, friend_id).joined_at
    return season.kind == "stylists" or is_newcomer(season, joined_at)


def _agree(session: Session, offer: OfferView, percent: int, currency: str, now: datetime) -> str:
    """So many per cent off, never more than the offer itself took off."""
    known = catalogue.get_variants(session, offer.brand_id, [offer.variant_id])
    most = takes_off(known[offer.variant_id].price_minor, offer.percent)
    terms = Terms("percent", percent, currency, most_minor=most, campaign_id=campaign_of(currency))
    source = f"offer-thanks:{percent}:{most}:{currency}"
    return vouchers.agree(session, programme_id=offer.brand_id, source=source, terms=terms, now=now)


def _tell(session: Session, member_id: str, offer: OfferView, what: str, now: datetime) -> None:
    notify(
        session,
        member_id=member_id,
        brand_id=offer.brand_id,
        purpose=OFFERS_NEWS,
        subject=subjects.of_offer(offer.id, what),
        now=now,
    )
