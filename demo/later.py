"""What takes longer to come about than a demo's first minutes: reviews, appeals, large prizes."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from core import clock, config
from core.clock import SystemClock
from core.ids import new_id
from core.outbox import reactions_installed
from core.transaction import Database, prepare_engine
from demo import note_stage, occasion_stage, seed
from demo.note_stage import Told
from demo.occasion_stage import GoingOut
from demo.service import Service
from demo.stage import Stage
from jobs.reactions import REACTIONS, WITNESSES
from loyalty.prizes import doubts
from loyalty.prizes import service as prizes
from loyalty.prizes.rules import Basis, Worth
from retail.brands import queries as brands
from retail.fairness import queries as fairness
from retail.fairness import service
from retail.fairness.rules import Suspicion
from retail.journeys.league import give_prize
from retail.journeys.league.fold_likes import fold_likes
from retail.journeys.league.scan_likes import SPAN
from retail.journeys.league.tell_of_prizes import tell_of_prize, tell_of_prize_ending
from retail.outfits import queries as outfits
from retail.staff import queries as staff

_GIFT = Worth("gift", title="Silk scarf, hand-rolled", unclaimed="passes_on")
_DOUBTED = Worth("gift", title="Leather gloves")
_HELD = (Worth("voucher", value=150_000, currency="GBP"), Worth("points", value=20_000))


@dataclass(frozen=True)
class Trials:
    """Cases of review, one that waits and one decided and appealed against; what a member reads,
    and where she goes."""

    open_case: str
    decided_case: str
    told: Told
    going_out: GoingOut


def bring_about(shop: Service, stage: Stage) -> Trials:
    """Have a case wait, one decided against the stylist, an appeal, and prizes won and held."""
    with beside(shop) as (session, key):
        return _plant(session, stage, key=key)


def have_checked(shop: Service, looks: Sequence[str]) -> str:
    """Have some of the likes of each look wait for a review; gives the case's id."""
    with beside(shop) as (session, _):
        now = clock.now()
        fold_likes(session, now)
        return _hold_back(
            session, brands.get_brand_by_slug(session, seed.BRAND_SLUG).id, looks, now
        )


@contextmanager
def beside(shop: Service) -> Iterator[tuple[Session, bytes]]:
    """One transaction beside a running shop, at its time, with its key."""
    settings = config.load(shop.environment)
    database = Database(prepare_engine(create_engine(settings.database_url)))
    time = clock.installed(SystemClock(settings.clock_offset))
    try:
        with reactions_installed(REACTIONS, WITNESSES), time, database.write() as session:
            yield session, settings.key
    finally:
        database.engine.dispose()


def _plant(session: Session, stage: Stage, *, key: bytes) -> Trials:
    now = clock.now()
    brand = brands.get_brand_by_slug(session, seed.BRAND_SLUG)
    fold_likes(session, now)
    stylist, other = (_stylist(session, look) for look in (stage.stylist_look, stage.other_look))
    decided = _hold_back(session, brand.id, [stage.stylist_look, stage.other_look], now)
    reason = "Nine accounts made within an hour, from one flyer."
    jo = next(one.id for one in staff.list_staff(session, brand.id) if one.name == seed.MANAGER)
    place = {"brand_id": brand.id, "now": now}
    service.decide(session, decided, staff_id=jo, is_fair=False, reason=reason, **place)
    words = "They’re my evening class. We all went shopping together."
    service.appeal(session, decided, member_id=other, words=words, **place)
    waiting = _hold_back(session, brand.id, [stage.liked_look, stage.stylist_look], now)
    _win(session, brand.id, stylist, now, key)
    told = note_stage.tell(session, stylist, now=now, key=key)
    going_out = occasion_stage.go_out(session, stylist, now=now)
    return Trials(waiting, decided, told, going_out)


def _hold_back(session: Session, brand_id: str, looks: Sequence[str], now: datetime) -> str:
    """The id of a case on some of the likes of each look that score."""
    scoring = [
        (like.outfit_id, like.member_id)
        for like in fairness.likes_since(session, brand_id, now - SPAN)
        if like.verdict == "counts"
    ]
    chosen: list[tuple[str, str]] = []
    for look in looks:
        pairs = [pair for pair in scoring if pair[0] == look]
        chosen += pairs[: max(1, len(pairs) // 3)]
    evidence = {
        "members": 9,
        "looks": len(looks),
        "density_percent": 90,
        "least_density_percent": 40,
        "hours": 2.0,
    }
    suspicion = Suspicion("group", tuple(chosen), evidence)
    play = fairness.rules_of(session, brand_id)
    case_id = service.hold_back(session, brand_id, suspicion, play=play, now=now)
    if case_id is None:
        raise LookupError("no likes to hold back")
    return case_id


def _win(session: Session, brand_id: str, owner_id: str, now: datetime, key: bytes) -> None:
    """A gift to collect, of which she hears and is reminded, one whose ground gave way, and two
    prizes that wait for two.
    """
    for number, worth in enumerate((_GIFT, *_HELD, _DOUBTED), start=1):
        award = prizes.award(
            session,
            programme_id=brand_id,
            contest_id=new_id(),
            place=number,
            owner_id=owner_id,
            source=f"prize:{new_id()}",
            worth=worth,
            is_held=worth in _HELD,
            zone=seed.ZONE,
            now=now,
            key=key,
        )
        if award is not None and worth is _DOUBTED:
            doubts.doubt(session, award.id, Basis(4, 11, 31, 8), now=now)
        elif award is not None and award.state == "open":
            tell_of_prize(session, award.id, now=now)
            tell_of_prize_ending(session, award.id, now=now)
        elif award is not None and worth is _HELD[0]:
            ada = next(o.id for o in staff.list_staff(session, brand_id) if o.name == "Ada Quill")
            who = {"brand_id": brand_id, "staff_id": ada}
            give_prize.release_prize(session, award.id, now=now, key=key, **who)


def _stylist(session: Session, outfit_id: str) -> str:
    look = outfits.find_ranked_by(session, outfit_id)
    if look is None:
        raise LookupError(outfit_id)
    return look.member_id
