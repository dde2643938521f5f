"""What must have happened before the same outfit can be shown: two friends who have a piece."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from sqlalchemy.orm import Session

from demo import seed
from demo.simulator.day import Day
from demo.simulator.plan import Article, Claim, Sell
from retail.accounts import queries as accounts
from retail.accounts.queries import MemberView
from retail.brands import queries as brands
from retail.catalogue.queries import VariantView
from retail.consent.rules import SAME_OCCASION, SAME_OUTFIT
from retail.friends import queries as friends
from retail.journeys.members.agree import agree
from retail.journeys.occasions.plan_outfit import plan_outfit, wardrobe
from retail.occasions import service
from retail.occasions.rules import ACCEPTED, NewOccasion
from retail.same_outfit.rules import piece_of
from retail.visits import service as visits

RECEIPTS = (9_007, 9_008)
CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
BEGIN:VEVENT
UID:wedding
SUMMARY:Ada and Ben’s wedding
LOCATION:Old Town Hall\\, Bristol
DTSTART;TZID=Europe/London:20300615T140000
END:VEVENT
BEGIN:VEVENT
UID:class
SUMMARY:Life drawing
DTSTART;TZID=Europe/London:20300107T190000
RRULE:FREQ=WEEKLY
END:VEVENT
BEGIN:VEVENT
UID:call
SUMMARY:Call with Kiritimati
DTSTART;TZID=Line Islands Standard Time:20300110T090000
END:VEVENT
END:VCALENDAR
"""


@dataclass(frozen=True)
class GoingOut:
    """Where both plan the same piece, and the address on its label."""

    party: str
    label: str


def buy_alike(day: Day, *shoppers: int, goods: tuple[Article, ...]) -> None:
    """Have each of these shoppers buy the same."""
    store = seed.STORES.index("covent-garden")
    for receipt, shopper in zip(RECEIPTS, shoppers, strict=True):
        day.act(Sell(receipt, store, "1", goods, is_repeated=False))
        day.act(Claim(receipt, shopper))


def go_out(session: Session, member_id: str, *, now: datetime) -> GoingOut:
    """Have two friends who bought the same piece plan it for a party of one of them."""
    member = accounts.get_member(session, member_id, now=now)
    friend, piece = _alike(session, member, now)
    for one in (member, friend):
        for purpose in (SAME_OUTFIT, SAME_OCCASION):
            agree(session, purpose, member=one, now=now)
    party = _make(session, member, "Tom’s party", 9, time(19, 30), "The Lantern, Peckham", now)
    other = _make(session, friend, "Gallery opening", 16, None, "", now)
    service.invite(session, party, [friend.id], member=member, now=now)
    service.answer(session, party, ACCEPTED, member=friend, now=now)
    service.invite(session, other, [member.id], member=friend, now=now)
    for one in (member, friend):
        have = {piece_of(each): each.id for each in wardrobe(session, one)}
        plan = {"variant_ids": [have[piece_of(piece)]], "outfit_id": None}
        plan_outfit(session, party, **plan, member=one, now=now)
    store = brands.get_store_by_slug(session, member.brand_id, "covent-garden")
    visits.check_in(session, store, member=member, now=now)
    return GoingOut(f"/me/occasions/{party}", f"/01/{piece.gtin}")


def _alike(session: Session, member: MemberView, now: datetime) -> tuple[MemberView, VariantView]:
    """A friend who has a piece that the member has too, and that piece."""
    for friend in friends.friends_of(session, member.id):
        other = accounts.get_member(session, friend.id, now=now)
        hers = {piece_of(one) for one in wardrobe(session, other)}
        for piece in wardrobe(session, member):
            if piece_of(piece) in hers and piece.gtin and piece.drawing:
                return other, piece
    raise LookupError("no friend has the same")


def _make(
    session: Session,
    member: MemberView,
    title: str,
    days: int,
    at: time | None,
    place: str,
    now: datetime,
) -> str:
    on = (now.astimezone(UTC) + timedelta(days=days)).date()
    wish = NewOccasion(title, on, at, "Europe/London", place)
    made = service.make(session, wish, member=member, now=now)
    assert made is not None
    return made
