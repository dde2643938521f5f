"""Erase a member from every room, and from all that remembers what rooms did."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core import outbox, replay
from core.keys import keyed_hashes
from core.outbox import emit, enqueue
from loyalty.campaigns import service as campaigns
from loyalty.experiments import service as experiments
from loyalty.prizes import service as prizes
from loyalty.rewards import service as rewards
from loyalty.tiers import service as tiers
from loyalty.vouchers import service as vouchers
from retail.access_log import service as access_log
from retail.accounts import queries as accounts
from retail.accounts import service as accounts_service
from retail.accounts.queries import MemberView
from retail.catalogue import holds
from retail.consent import service as consent
from retail.fairness import service as fairness
from retail.fitting_rooms import links as room_links
from retail.friends import service as friends
from retail.greetings import service as greetings
from retail.guests import service as guests
from retail.influence import service as influence
from retail.journeys.holds.hold_piece import holder_of
from retail.journeys.league.opt_in import leave_league
from retail.kiosks import service as kiosks
from retail.notifications import service as notifications
from retail.occasions import service as occasions
from retail.offers import service as offers
from retail.opinions import service as opinions
from retail.outfits import service as outfits
from retail.own_data import service as own_data
from retail.page_posts import service as page_posts
from retail.phone_baskets import service as phone_baskets
from retail.polls import service as polls
from retail.product_likes import service as product_likes
from retail.receipts import service as receipts
from retail.same_outfit import service as same_outfit
from retail.saves import service as saves
from retail.sent_pieces import service as sent_pieces
from retail.sharing import service as sharing
from retail.social import service as social
from retail.visits import service as visits
from retail.wall import service as wall

FINISH_JOB = "finish_erasure"


@dataclass(frozen=True)
class MemberErased:
    """Somebody left for good; who it was is nobody's to know any more."""

    brand_id: str


@dataclass(frozen=True)
class Leaving:
    """Who leaves, when, and the key of the hashes under which they are known."""

    member: MemberView
    now: datetime
    key: bytes


Eraser = Callable[[Session, Leaving], object]

# In this order: what hangs on something goes before it.
ERASERS: tuple[Eraser, ...] = (
    lambda session, who: leave_league(session, member=who.member, now=who.now),
    lambda session, who: outfits.hide_all(session, who.member.id, now=who.now),
    lambda session, who: fairness.erase(session, who.member.id),
    lambda session, who: social.erase(session, who.member.id),
    lambda session, who: friends.erase(session, who.member.id),
    lambda session, who: notifications.erase(session, who.member.id),
    lambda session, who: same_outfit.erase(session, who.member.id),
    lambda session, who: occasions.erase(session, who.member.id),
    lambda session, who: guests.erase(session, who.member.id),
    lambda session, who: saves.erase(session, who.member.id),
    lambda session, who: product_likes.erase(session, who.member.id),
    lambda session, who: sent_pieces.erase(session, who.member.id),
    lambda session, who: opinions.erase(session, who.member.id),
    lambda session, who: greetings.erase(session, who.member.id),
    lambda session, who: visits.erase(session, who.member.id),
    lambda session, who: room_links.unlink_member(session, who.member.id),
    lambda session, who: kiosks.leave(session, who.member.id),
    lambda session, who: phone_baskets.forget(session, who.member.id),
    lambda session, who: page_posts.erase(session, who.member.id, now=who.now),
    lambda session, who: sharing.erase(session, who.member.id, now=who.now),
    lambda session, who: polls.erase(session, who.member.id),
    lambda session, who: wall.erase(session, who.member.id),
    lambda session, who: outfits.erase(session, who.member.id),
    lambda session, who: holds.erase(session, holder_of(who.member.id)),
    lambda session, who: offers.erase(session, who.member.id),
    lambda session, who: influence.erase(session, who.member.id),
    lambda session, who: receipts.erase(session, who.member.id),
    lambda session, who: prizes.disown(session, who.member.brand_id, who.member.id, now=who.now),
    lambda session, who: vouchers.disown(session, who.member.brand_id, who.member.id),
    lambda session, who: rewards.disown(session, who.member.brand_id, who.member.id),
    lambda session, who: experiments.forget(session, who.member.id),
    lambda session, who: tiers.forget(session, who.member.brand_id, who.member.id),
    lambda session, who: campaigns.disown(session, who.member.id),
    lambda session, who: access_log.erase(session, who.member.id),
    lambda session, who: own_data.erase(session, who.member.id),
    lambda session, who: consent.erase(session, who.member.id, brand_id=who.member.brand_id),
    lambda session, who: accounts_service.erase(session, who.member.id, now=who.now, key=who.key),
    lambda session, who: replay.forget(session, who.member.id),
    lambda session, who: outbox.forget(session, who.member.id, now=who.now),
)


def erase_member(session: Session, *, member: MemberView, now: datetime, key: bytes) -> None:
    """Leave nothing of a member but an opaque id, under which books and old seasons add up.

    A job then notes the erasure outside the database and empties what the database kept beside
    itself. Points that were left stay in the books and can be spent by nobody.
    """
    for erase in ERASERS:
        erase(session, Leaving(member, now, key))
    brand_id = member.brand_id
    emit(session, MemberErased(brand_id), topics=[f"brand:{brand_id}", f"consent:{brand_id}"])
    mark = mark_of(member.id, key)
    enqueue(session, FINISH_JOB, {"mark": mark}, due_at=now, key=f"erased:{mark}")


def erase_again(session: Session, marks: set[str], *, now: datetime, key: bytes) -> int:
    """Erase whoever bears one of the marks, as after an older backup; tells how many."""
    found = [
        member_id
        for member_id in accounts.ids_of_all(session)
        if not marks.isdisjoint(marks_of(member_id, key))
    ]
    for member in accounts.members_by_id(session, found, now=now).values():
        erase_member(session, member=member, now=now, key=key)
    return len(found)


def mark_of(member_id: str, key: bytes) -> str:
    """The name under which an erasure is remembered: it finds nobody without the key."""
    return marks_of(member_id, key)[0]


def marks_of(member_id: str, key: bytes) -> list[str]:
    """Every name under which it may have been remembered since the oldest listed key."""
    return keyed_hashes(key, "erasure", member_id)
