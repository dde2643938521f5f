"""What the worker knows how to do: jobs by kind, and ticks by the clock."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from core import clock, installation
from core.sql import refresh_statistics
from core.transaction import Database
from jobs import (
    deliver,
    deliver_notes,
    offers,
    own_data,
    page_posts,
    points,
    queue,
    shares,
    telling,
    training,
    webhooks,
)
from jobs.crowds import count_crowds
from jobs.queue import Claimed
from jobs.worker import Leased, Round, Tick, Transactional, Worker
from loyalty.vouchers import redemptions as voucher_redemptions
from loyalty.vouchers import service as vouchers
from retail.accounts import service as accounts
from retail.accounts.rules import MEMBERS
from retail.catalogue import holds
from retail.crowds import queries as crowds
from retail.devices import service as devices
from retail.engagement.rules import ENGAGED_WITHIN
from retail.fairness import service as fairness
from retail.fitting_rooms import arrivals
from retail.fitting_rooms import requests as room_requests
from retail.fitting_rooms import service as fitting_rooms
from retail.friends import service as friends
from retail.greetings import service as greetings
from retail.journeys.league import (
    credit_purchase,
    fold_likes,
    give_prize,
    open_league,
    rank_look,
    scan_likes,
    season_close,
)
from retail.journeys.looks import hang_on_page
from retail.journeys.members import block, erase_member, tell_of_ranges
from retail.journeys.offers import offer, train
from retail.journeys.points import review_tier
from retail.journeys.sales import receipt_import
from retail.journeys.vouchers import make_vouchers, redeem_vouchers
from retail.kiosks import service as kiosks
from retail.notifications import service as notifications
from retail.opinions import service as opinions
from retail.own_data import service as copies
from retail.page_posts import rules as page_post_rules
from retail.phone_baskets import service as phone_baskets
from retail.polls import service as polls
from retail.product_likes import service as product_likes
from retail.same_outfit import service as same_outfit
from retail.staff import service as staff
from retail.training import service as training_runs
from retail.visits import service as visits
from retail.wall import service as wall
from retail.wall_rules import service as wall_rules
from retail.webhooks import outgoing
from retail.webhooks import rules as webhook_rules
from retail.webhooks import service as webhooks_service


def close_season(session: Session, payload: dict[str, Any], now: datetime) -> None:
    """Freeze a season whose time is over and give its prizes."""
    key = current_app.config["SETTINGS"].key
    season_close.close_season(session, payload["season_id"], now=now, key=key)


def end_waiting(session: Session, payload: dict[str, Any], now: datetime) -> None:
    """Let a prize that nobody came for expire, or pass on."""
    key = current_app.config["SETTINGS"].key
    give_prize.end_waiting(session, payload["award_id"], now=now, key=key)


def lapse_reservation(session: Session, payload: dict[str, Any], now: datetime) -> None:
    """Free vouchers that a till held and did not redeem in time."""
    voucher_redemptions.lapse(session, payload["redemption_id"], now=now)


def lapse_hold(session: Session, payload: dict[str, Any], now: datetime) -> None:
    """Sweep a hold whose time is over; its piece has been free since."""
    holds.lapse(session, payload["hold_id"], now=now)


def mind_room(session: Session, payload: dict[str, Any], now: datetime) -> None:
    """Let tags leave a fitting room, warn, and wipe it, as far as that is due."""
    quiet = timedelta(seconds=current_app.config["SETTINGS"].room_quiet_seconds)
    fitting_rooms.mind(session, payload["session_id"], quiet=quiet, now=now)


def late_request(session: Session, payload: dict[str, Any], now: datetime) -> None:
    """Ask everybody of a store again for what a room asked for and nobody took on."""
    room_requests.note_late(session, payload["request_id"], now=now)


def lapse_request(session: Session, payload: dict[str, Any], now: datetime) -> None:
    """Call off what nobody brought to a room in time."""
    room_requests.lapse(session, payload["request_id"], now=now)


def wipe_kiosk(session: Session, payload: dict[str, Any], now: datetime) -> None:
    """Wipe a kiosk that nobody touched for a minute."""
    kiosks.wipe_due(session, payload["session_id"], now=now)


def forget_reads(session: Session, now: datetime) -> None:
    """Drop what readers sent; it is kept for two minutes."""
    fitting_rooms.forget_old(session, now=now)


def make_more_vouchers(session: Session, payload: dict[str, Any], now: datetime) -> None:
    """Make the next vouchers of a batch."""
    key = current_app.config["SETTINGS"].key
    make_vouchers.make_more(session, payload["batch_id"], now=now, key=key)


def rank_outfit(session: Session, payload: dict[str, Any], now: datetime) -> None:
    """Have a look stand on its boards while everyone may see it."""
    rank_look.rank_look(session, payload["outfit_id"], now=now)


def scan(database: Database, job: Claimed) -> None:
    """Look at a brand's likes outside of any transaction, and hold back what looks arranged."""
    brand_id, now = job.payload["brand_id"], clock.now()
    with database.write() as session:
        fairness.begin_scan(session, brand_id)
    with database.read() as session:
        play, found = scan_likes.look_at_likes(session, brand_id, now=now)
    with database.write() as session:
        scan_likes.hold_back(session, brand_id, play, found, now=now)


def import_receipts(session: Session, payload: dict[str, Any], now: datetime) -> None:
    """Take in the next piece of a file of historic receipts."""
    receipt_import.continue_import(session, payload["import_id"], now=now)


def sweep_wall(session: Session, payload: dict[str, Any], now: datetime) -> None:
    """Have looks with a word that was just banned wait for a person."""
    wall.sweep(session, payload["brand_id"], payload["word"], now=now)


def close_poll(session: Session, payload: dict[str, Any], now: datetime) -> None:
    """Shut a poll whose time is over."""
    polls.close_due(session, payload["poll_id"], now=now)


def end_opinion(session: Session, payload: dict[str, Any], now: datetime) -> None:
    """Delete a question to friends whose day is over, with its picture."""
    opinions.end_due(session, payload["request_id"], now=now)


def end_opinions_of_link(session: Session, payload: dict[str, Any], now: datetime) -> None:  # noqa: ARG001 (as every job)
    """Delete what was asked from a room whose phone is not linked any more."""
    opinions.end_of_link(session, payload["link_id"])


def part_opinions(session: Session, payload: dict[str, Any], now: datetime) -> None:  # noqa: ARG001 (as every job)
    """Take away what two who parted ask each other and said."""
    opinions.part(session, payload["member_id"], payload["friend_id"])


def settle_block(session: Session, payload: dict[str, Any], now: datetime) -> None:  # noqa: ARG001 (as every job)
    """Take back likes that were on their way when somebody blocked."""
    block.settle(session, payload["member_id"], payload["other_id"])


def tell_of_new_ranges(session: Session, payload: dict[str, Any], now: datetime) -> None:
    """Tell who signed up what a catalogue import brought."""
    tell_of_ranges.tell_of_ranges(
        session,
        payload["brand_id"],
        since=datetime.fromisoformat(payload["at"]),
        now=now,
        after=payload.get("after", ""),
    )


def prune(session: Session, now: datetime) -> None:
    """Drop what nobody needs any more."""
    queue.prune(session, now)
    accounts.forget_old_codes(session, now=now)
    copies.forget_expired(session, now=now)
    staff.forget_old_sessions(session, now=now)
    friends.forget_old(session, now=now)
    polls.forget_spent(session, now=now)
    visits.forget_old(session, after_likes=ENGAGED_WITHIN, now=now)
    greetings.forget_old(session, now=now)
    phone_baskets.forget_old(session, now=now)
    devices.forget_old(session, now=now)
    same_outfit.forget_old(session, now=now)
    shares.prune(session, now)
    outgoing.forget_old(session, now=now)
    webhooks_service.seal_anew(session, key=current_app.config["SETTINGS"].key)


def look_at_tables(session: Session, now: datetime) -> None:  # noqa: ARG001 (as every tick)
    """Keep the statistics by which SQLite plans near to what is there."""
    refresh_statistics(session)


def expire_vouchers(session: Session, now: datetime) -> None:
    """Mark vouchers whose time is over, some at a time."""
    vouchers.expire(session, now=now)


def beat(session: Session, now: datetime) -> None:
    """Note that a worker is alive, and with which key it signs."""
    installation.note(session, installation.WORKER, now)
    installation.note_key(session, current_app.config["SETTINGS"].key, now)


TRANSACTIONAL: Mapping[str, Transactional] = {
    open_league.CLOSING_JOB: close_season,
    receipt_import.JOB: import_receipts,
    give_prize.DUE_JOB: end_waiting,
    rank_look.JOB: rank_outfit,
    redeem_vouchers.LAPSE_JOB: lapse_reservation,
    make_vouchers.JOB: make_more_vouchers,
    holds.LAPSE_JOB: lapse_hold,
    arrivals.MIND_JOB: mind_room,
    room_requests.LATE_JOB: late_request,
    room_requests.LAPSE_JOB: lapse_request,
    kiosks.WIPE_JOB: wipe_kiosk,
    **offers.SETTLING,
    wall_rules.SWEEP_JOB: sweep_wall,
    block.SETTLING_JOB: settle_block,
    polls.CLOSING_JOB: close_poll,
    opinions.ENDING_JOB: end_opinion,
    opinions.PARTED_JOB: part_opinions,
    opinions.UNLINKED_JOB: end_opinions_of_link,
    credit_purchase.JOB: shares.credit,
    hang_on_page.LOOK_JOB: page_posts.consider_look,
    hang_on_page.MEMBER_JOB: page_posts.consider_member,
    tell_of_ranges.JOB: tell_of_new_ranges,
    notifications.DELIVER_JOB: deliver_notes.deliver_note,
    **points.ENDING,
    webhook_rules.SORT_JOB: webhooks.sort,
    **telling.TELLING,
}

LEASED: Mapping[str, Leased] = {
    fairness.SCAN_JOB: scan,
    offer.CLAIMED_JOB: offers.offer_for_claim,
    copies.GATHER_JOB: own_data.gather,
    erase_member.FINISH_JOB: own_data.finish_erasure,
    MEMBERS.job: deliver.send_sign_in_code,
    staff.DOOR.job: deliver.send_staff_code,
    page_post_rules.SYNC_JOB: page_posts.sync,
    deliver_notes.MAIL_JOB: deliver_notes.mail_note,
    deliver_notes.PUSH_JOB: deliver_notes.push_note,
    webhook_rules.SEND_JOB: webhooks.send,
    training_runs.JOB: training.launch,
}

TICKS: tuple[Tick | Round, ...] = (
    Tick(fold_likes.fold_likes, every_seconds=1, is_needed=fold_likes.has_likes_to_fold),
    Tick(outgoing.wake_overlooked, every_seconds=60, is_needed=outgoing.has_overlooked),
    Tick(forget_reads, every_seconds=30, is_needed=fitting_rooms.has_old),
    Tick(prune, every_seconds=600),
    Tick(look_at_tables, every_seconds=3600),
    Tick(expire_vouchers, every_seconds=5, is_needed=vouchers.has_expired),
    Tick(review_tier.review_due, every_seconds=60, is_needed=review_tier.has_due),
    Round(count_crowds, every_seconds=crowds.EVERY.seconds),
    Tick(product_likes.count_all, every_seconds=product_likes.EVERY.seconds),
    Tick(train.ask_for_tonight, every_seconds=300, is_needed=train.is_any_due),
    Tick(training.mind, every_seconds=2, is_needed=training.needs_minding),
    Tick(beat, every_seconds=installation.BEAT_SECONDS),
)


def new_worker(database: Database) -> Worker:
    """A worker that knows every kind of job."""
    return Worker(database, transactional=TRANSACTIONAL, leased=LEASED, ticks=TICKS)
