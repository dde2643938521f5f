"""Whom a store may greet just now, and what each of them lets it see. Every look is noted."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from loyalty.tiers.rules import Standing
from loyalty.vouchers import queries as vouchers
from loyalty.vouchers.rules import VoucherView
from retail.access_log import queries as looks
from retail.access_log import service as access_log
from retail.accounts import queries as accounts
from retail.accounts.queries import MemberView
from retail.accounts.rules import ADULT_AGE
from retail.brands.queries import StoreView
from retail.catalogue import queries as catalogue
from retail.catalogue.shelf import sized_categories
from retail.greetings import queries, rules
from retail.greetings.rules import GreetingView, Wish
from retail.greetings.sentences import BOUGHT_LATELY, Part, SavedHere, Talk, sentence
from retail.journeys.floor.saved_here import ShownPiece, saved_here
from retail.receipts import queries as receipts
from retail.receipts.kept import kept_by
from retail.receipts.till_sales import till_of
from retail.same_outfit import queries as same_outfit
from retail.same_outfit.rules import piece_of
from retail.staff.queries import StaffView
from retail.standings.queries import find_standing
from retail.visits import queries as visits
from retail.visits.rules import day_of

PURPOSE, NAME, CARD = "check_in", "greeting", "greeting_card"
_RECEIPTS_READ = 50


@dataclass(frozen=True)
class Greeted:
    """Somebody who checked in, and what they wish to be called."""

    greeting: GreetingView
    member: MemberView
    wish: Wish
    called: str


@dataclass(frozen=True)
class UsedHere:
    """A voucher that was used in the store today, and at which till, where a till said so."""

    used_at: datetime
    till: str | None


@dataclass(frozen=True)
class GreetingCard:
    """What a member lets a store see: what is None or empty is not shown, or is not there.

    `days_away` are days of the store's since `last_here`; `used` are vouchers used here today.
    `stands` is the tier, and since when; None also where the brand has none.
    """

    greeted: Greeted
    last_here: datetime | None
    days_away: int | None
    sizes: tuple[tuple[str, str], ...]
    pieces: tuple[ShownPiece, ...]
    vouchers: tuple[VoucherView, ...]
    used: tuple[UsedHere, ...]
    to_say: tuple[Part, ...]
    stands: Standing | None

    def shows(self, what: str) -> bool:
        """Whether the member chose to show it."""
        return what in self.greeted.wish.shows


def greeted_in(
    session: Session,
    store: StoreView,
    *,
    viewer: StaffView,
    now: datetime,
    minimum_age: int = ADULT_AGE,
) -> list[Greeted]:
    """Who may be greeted in a store, the newest first; each can read that somebody looked."""
    found = queries.greetings_in(session, store.id, now=now)
    members = accounts.members_by_id(
        session, [one.member_id for one in found], now=now, minimum_age=minimum_age
    )
    shown = []
    for one in found:
        if member := members.get(one.member_id):
            wish = queries.find_wish(session, member.id)
            shown.append(Greeted(one, member, wish, rules.called(member.display_name, wish)))
    _note(session, shown, viewer, NAME, now)
    return shown


def card_of(
    session: Session,
    store: StoreView,
    greeted: Greeted,
    *,
    viewer: StaffView,
    now: datetime,
    key: bytes,
) -> GreetingCard:
    """What a member lets the store see; noted that this colleague looked."""
    _note(session, [greeted], viewer, CARD, now)
    member, shows = greeted.member, greeted.wish.shows
    last = _last_here(session, store, member, now) if rules.LAST_VISIT in shows else None
    days_away = (day_of(now, store.zone) - day_of(last, store.zone)).days if last else None
    pieces = saved_here(session, store, member, now=now) if rules.SAVED in shows else ()
    usable, used = (
        _vouchers(session, store, member, now, key) if rules.VOUCHERS in shows else ((), ())
    )
    return GreetingCard(
        greeted,
        last,
        days_away,
        _sizes(session, member, shows),
        pieces,
        usable,
        used,
        sentence(_talk(session, store, greeted, days_away, pieces, now)),
        _stands(session, member, now) if rules.TIER in shows else None,
    )


def _sizes(
    session: Session, member: MemberView, shows: Collection[str]
) -> tuple[tuple[str, str], ...]:
    """By the name of each kind of goods, as long as that may be shown and comes in sizes."""
    kinds = sized_categories(session, member.brand_id)
    chosen = [
        (one.name, member.sizes.get(one.code, "")) for one in kinds if f"sizes.{one.code}" in shows
    ]
    return tuple((name, size) for name, size in chosen if size)


def _stands(session: Session, member: MemberView, now: datetime) -> Standing | None:
    brand_id, joined_at = member.brand_id, member.joined_at
    return find_standing(session, member.id, brand_id=brand_id, joined_at=joined_at, now=now)


def _talk(
    session: Session,
    store: StoreView,
    greeted: Greeted,
    days_away: int | None,
    pieces: Sequence[ShownPiece],
    now: datetime,
) -> Talk:
    """What may be spoken of. Nobody's purchases are made words of who is not known to be adult."""
    member, wish = greeted.member, greeted.wish
    is_adult = member.is_adult is True
    speaks_of_bought = is_adult and rules.BOUGHT in wish.shows
    return Talk(
        greeted.called,
        wish.form,
        _hour(now, store.zone),
        days_away,
        _bought_lately(session, store, member, now) if speaks_of_bought else None,
        _to_mention(pieces) if is_adult else None,
    )


def _hour(now: datetime, zone: str) -> int:
    """The hour that a store's clocks show."""
    return now.astimezone(ZoneInfo(zone)).hour


def _to_mention(pieces: Sequence[ShownPiece]) -> SavedHere | None:
    """The saved piece that is kept for them, else the first that the store surely has."""
    sure = [one for one in pieces if one.state in ("kept", "last", "here")]
    first = min(sure, key=lambda one: one.state != "kept", default=None)
    if first is None:
        return None
    return SavedHere(first.variant.style_name, first.variant.size, first.left, first.kept_until)


def _bought_lately(
    session: Session, store: StoreView, member: MemberView, now: datetime
) -> str | None:
    """What they bought last, for themselves, before today; no present, nothing kept quiet."""
    today = day_of(now, store.zone)
    kept = [
        one
        for one in kept_by(session, member.brand_id, [member.id])
        if one.sold_at > now - BOUGHT_LATELY and day_of(one.sold_at, store.zone) < today
    ]
    known = catalogue.get_variants(session, member.brand_id, {one.variant_id for one in kept})
    quiet = same_outfit.quiet_pieces(session, member.id)
    for one in reversed(kept):
        variant = known.get(one.variant_id)
        if variant and not variant.is_never_shareable and piece_of(variant) not in quiet:
            return variant.style_name
    return None


def _last_here(
    session: Session, store: StoreView, member: MemberView, now: datetime
) -> datetime | None:
    """When they last bought or checked in at this store, on an earlier day."""
    today = day_of(now, store.zone)
    bought = receipts.receipts_of(session, member.id, limit=_RECEIPTS_READ)
    came = [one.sold_at for one in bought if one.store_id == store.id]
    came += [
        one.checked_in_at for one in visits.visits_of(session, member.id) if one.store == store.slug
    ]
    return max((at for at in came if day_of(at, store.zone) < today), default=None)


def _vouchers(
    session: Session, store: StoreView, member: MemberView, now: datetime, key: bytes
) -> tuple[tuple[VoucherView, ...], tuple[UsedHere, ...]]:
    """What can be used here today, and what was."""
    label, today = f"store:{store.slug}", day_of(now, store.zone)
    found = vouchers.vouchers_of(session, member.brand_id, member.id, now=now, key=key)
    usable = tuple(
        one
        for one in found
        if one.state in ("issued", "reserved")
        and one.valid_from <= now
        and (not one.places or label in one.places)
    )
    used = [
        one
        for one in found
        if one.used_at and day_of(one.used_at, store.zone) == today and label in one.used_in
    ]
    return usable, _used_here(session, store, used)


def _used_here(
    session: Session, store: StoreView, used: Sequence[VoucherView]
) -> tuple[UsedHere, ...]:
    sources = vouchers.last_sources(session, used) if used else {}
    return tuple(
        UsedHere(one.used_at, till_of(sources[one.id], store_id=store.id))
        for one in used
        if one.used_at
    )


def _note(
    session: Session, shown: Sequence[Greeted], viewer: StaffView, what: str, now: datetime
) -> None:
    """Note a look for each, once for a check-in and colleague: a tablet looks again by itself."""
    if not shown:
        return
    ids = [one.member.id for one in shown]
    last = looks.last_looks(session, viewer.id, ids, what=what)
    for one in shown:
        seen_at = last.get(one.member.id)
        if seen_at is None or seen_at < one.greeting.began_at:
            access_log.record(
                session,
                member_id=one.member.id,
                brand_id=one.member.brand_id,
                viewer_kind=viewer.role,
                viewer_id=viewer.id,
                purpose=PURPOSE,
                what=what,
                now=now,
            )
