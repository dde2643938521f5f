"""Gather all that is kept about a member, from every room, for themselves."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core.errors import Conflict
from loyalty.campaigns import queries as campaigns
from loyalty.earning import queries as earning
from loyalty.experiments import queries as experiments
from loyalty.leaderboards import exporter as leaderboards
from loyalty.ledger import queries as ledger
from loyalty.prizes import queries as prizes
from loyalty.rewards import queries as rewards
from loyalty.tiers import queries as tiers
from loyalty.vouchers import queries as vouchers
from loyalty.vouchers import written as voucher_uses
from retail.access_log import queries as access_log
from retail.access_log import service as looks
from retail.accounts import queries as accounts
from retail.accounts.queries import MemberView
from retail.catalogue import held
from retail.consent import queries as consent
from retail.fairness import queries as fairness
from retail.fitting_rooms import links as room_links
from retail.friends import queries as friends
from retail.greetings import queries as greetings
from retail.influence import queries as influence
from retail.journeys.holds.hold_piece import holder_of
from retail.kiosks import queries as kiosks
from retail.notifications import queries as notifications
from retail.occasions import queries as occasions
from retail.offers import queries as offers
from retail.opinions import queries as opinions
from retail.opinions import reports
from retail.outfits import queries as outfits
from retail.own_data import queries as copies
from retail.own_data import service as own_data
from retail.own_data.rules import ROWS_AT_ONCE, plain
from retail.page_posts import queries as page_posts
from retail.phone_baskets import queries as phone_baskets
from retail.polls import queries as polls
from retail.product_likes import queries as product_likes
from retail.receipts import queries as receipts
from retail.same_outfit import queries as same_outfit
from retail.saves import queries as saves
from retail.saves import reminders
from retail.sent_pieces import queries as sent_pieces
from retail.sharing import queries as sharing
from retail.social import queries as social
from retail.visits import queries as visits
from retail.wall import exporter as wall

_ALL = 1_000_000


@dataclass(frozen=True)
class Asked:
    """Whose data, as of when, and the key from which their own codes are derived."""

    member: MemberView
    now: datetime
    key: bytes


@dataclass(frozen=True)
class CopyState:
    """How far a copy is; `expires_at` is None where it is not kept or not ready."""

    is_ready: bool
    parts_done: int
    parts_total: int
    expires_at: datetime | None


Exporter = Callable[[Session, Asked], Any]

EXPORTERS: Mapping[str, Exporter] = {
    "profile": lambda session, asked: accounts.export(session, asked.member.id),
    "consents": lambda session, asked: consent.export(session, asked.member.id),
    "receipts": lambda session, asked: receipts.export(session, asked.member.id),
    "outfits": lambda session, asked: outfits.export(session, asked.member.id),
    "wall": lambda session, asked: wall.export(session, asked.member.id),
    "friends": lambda session, asked: friends.export(session, asked.member.id),
    "saved": lambda session, asked: saves.export(session, asked.member.id),
    "saved_pieces": lambda session, asked: saves.export_pieces(session, asked.member.id),
    "pay_day": lambda session, asked: reminders.export(session, asked.member.id),
    "product_likes": lambda session, asked: product_likes.export(session, asked.member.id),
    "sent_pieces": lambda session, asked: sent_pieces.export(session, asked.member.id),
    "opinions": lambda session, asked: (
        opinions.export(session, asked.member.id) | reports.export(session, asked.member.id)
    ),
    "greetings": lambda session, asked: greetings.export(session, asked.member.id),
    "visits": lambda session, asked: visits.export(session, asked.member.id),
    "room": lambda session, asked: room_links.export(session, asked.member.id),
    "kiosk": lambda session, asked: kiosks.export(session, asked.member.id),
    "basket": lambda session, asked: phone_baskets.export(session, asked.member.id),
    "same_outfit": lambda session, asked: same_outfit.export(session, asked.member.id),
    "occasions": lambda session, asked: occasions.export(session, asked.member.id),
    "polls": lambda session, asked: polls.export(session, asked.member.id),
    "shares": lambda session, asked: sharing.export(session, asked.member.id),
    "brand_page": lambda session, asked: page_posts.export(session, asked.member.id),
    "notes": lambda session, asked: notifications.export(session, asked.member.id),
    "likes": lambda session, asked: social.export(session, asked.member.id),
    "league": lambda session, asked: leaderboards.export(
        session, asked.member.brand_id, asked.member.id
    ),
    "appeals": lambda session, asked: fairness.export(session, asked.member.id),
    "prizes": lambda session, asked: prizes.export(session, asked.member.brand_id, asked.member.id),
    "points": lambda session, asked: ledger.statement(
        session, asked.member.brand_id, asked.member.id, limit=_ALL
    ),
    "points_earned": lambda session, asked: {
        "awards": earning.awards_of(session, asked.member.brand_id, asked.member.id),
        "on_their_way": ledger.pending_lots(session, asked.member.brand_id, asked.member.id),
    },
    "vouchers": lambda session, asked: vouchers.vouchers_of(
        session, asked.member.brand_id, asked.member.id, now=asked.now, key=asked.key
    ),
    "voucher_uses": lambda session, asked: voucher_uses.export(
        session, asked.member.brand_id, asked.member.id
    ),
    "rewards": lambda session, asked: rewards.taken_by(
        session, asked.member.brand_id, asked.member.id
    ),
    "holds": lambda session, asked: held.export(session, holder_of(asked.member.id)),
    "offers": lambda session, asked: offers.export(session, asked.member.id),
    "influence": lambda session, asked: influence.export(session, asked.member.id),
    "experiments": lambda session, asked: experiments.placements(
        session, asked.member.brand_id, asked.member.id
    ),
    "tiers": lambda session, asked: tiers.changes(session, asked.member.brand_id, asked.member.id),
    "campaigns": lambda session, asked: campaigns.gifts_to(
        session, asked.member.brand_id, asked.member.id
    ),
    "looks_at_my_data": lambda session, asked: access_log.export(session, asked.member.id),
}


def gather(
    session: Session,
    *,
    member: MemberView,
    now: datetime,
    key: bytes,
    tell: Callable[[int], None] = lambda _: None,
) -> dict[str, Any]:
    """Everything, in JSON's own types; `tell` hears how many parts are done."""
    asked = Asked(member, now, key)
    document: dict[str, Any] = {"member_id": member.id, "gathered_at": plain(now)}
    for done, (name, export) in enumerate(EXPORTERS.items(), start=1):
        document[name] = plain(export(session, asked))
        tell(done)
    return document


def state(session: Session, *, member: MemberView, now: datetime) -> CopyState | None:
    """How the member's copy is: ready at once, ready for a while, on its way, or not asked for."""
    if _is_small(session, member):
        return CopyState(True, len(EXPORTERS), len(EXPORTERS), None)
    copy = copies.find_copy(session, member.id, now=now)
    if copy is None:
        return None
    return CopyState(copy.is_ready, copy.parts_done, copy.parts_total, copy.expires_at)


def ask(session: Session, *, member: MemberView, now: datetime) -> CopyState:
    """Have a copy gathered by a job, where it cannot be had at once; once is enough."""
    parts = len(EXPORTERS)
    if not _is_small(session, member):
        who = {"member_id": member.id, "brand_id": member.brand_id}
        own_data.ask(session, **who, parts=parts, now=now)
    return state(session, member=member, now=now) or CopyState(False, 0, parts, None)


def take(session: Session, *, member: MemberView, now: datetime, key: bytes) -> dict[str, Any]:
    """The member's copy: the one that was gathered, or one made now where that is quick.

    The log of who looked remembers it. Raises Conflict where it has to be asked for, or is on its
    way.
    """
    gathered = copies.read_copy(session, member.id, now=now)
    if gathered is None and not _is_small(session, member):
        raise Conflict(
            "copy_not_ready",
            "There is a lot to gather. Ask for your copy first, then fetch it when it is ready.",
        )
    document: dict[str, Any] = (
        json.loads(gathered) if gathered else gather(session, member=member, now=now, key=key)
    )
    looks.record(
        session,
        member_id=member.id,
        brand_id=member.brand_id,
        viewer_kind="self",
        viewer_id=member.id,
        purpose="own_copy",
        what="everything",
        now=now,
    )
    return document


def _is_small(session: Session, member: MemberView) -> bool:
    few = ROWS_AT_ONCE + 1
    rows = len(receipts.receipts_of(session, member.id, limit=few))
    rows += len(ledger.statement(session, member.brand_id, member.id, limit=few))
    return rows + social.likes_around(session, member.id, at_most=few) <= ROWS_AT_ONCE
