"""Give a prize: award it, release it by two, hand it over, or pass it on when nobody comes."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.outbox import emit, enqueue
from loyalty.leaderboards import corrections
from loyalty.leaderboards import queries as leaderboards
from loyalty.leaderboards.rules import Grant, Prize, SeasonView
from loyalty.ledger import service as ledger
from loyalty.prizes import queries as prizes
from loyalty.prizes import service
from loyalty.prizes.rules import AwardView, Worth
from loyalty.vouchers import service as vouchers
from loyalty.vouchers import windows
from loyalty.vouchers.terms import Terms
from retail.brands import queries as brands
from retail.fairness import queries as fairness
from retail.fairness.rules import needs_two
from retail.journeys.league import tell_of_prizes
from retail.journeys.points.end_points import expiry_of, see_to_end
from retail.notifications.rules import remind_at
from retail.outfits import queries as outfits

PRIZE_REASON = "league_prize"
DUE_JOB = "prize_due"


@dataclass(frozen=True)
class PrizeAwarded:
    """Somebody won a prize that is theirs to use, collect or accept from now on."""

    award_id: str


@dataclass(frozen=True)
class PrizeSettled:
    """A prize was collected, accepted, withheld, passed on, or expired."""

    award_id: str


def give_prize(
    session: Session, season: SeasonView, grant: Grant, *, now: datetime, key: bytes
) -> None:
    """Award what a place of a closed season won; a look's prize goes to its stylist."""
    owner_id = person_of(session, season, grant.owner_id)
    if owner_id is not None:
        _award(session, season, grant.prize, owner_id, grant.source, 0, now=now, key=key)


def release_prize(
    session: Session, award_id: str, *, brand_id: str, staff_id: str, now: datetime, key: bytes
) -> AwardView:
    """One person's word for a held prize; with the second one, it is given.

    Raises NotFound, and Conflict where it is not held or this person released it already.
    """
    zone = brands.get_brand(session, brand_id).zone
    view = service.release(
        session, award_id, programme_id=brand_id, by_id=staff_id, zone=zone, now=now
    )
    if view.state != "held":
        _begin(session, view, now=now, key=key)
    return view


def withhold_prize(
    session: Session, award_id: str, *, brand_id: str, staff_id: str, reason: str, now: datetime
) -> AwardView:
    """Keep a held prize back, for a reason. Raises NotFound, and Conflict where it is not held."""
    view = service.withhold(
        session, award_id, programme_id=brand_id, by_id=staff_id, reason=reason, now=now
    )
    return _settled(session, view)


def hand_over(
    session: Session, code: str, *, brand_id: str, by_id: str, now: datetime, key: bytes
) -> AwardView:
    """Confirm that a gift was collected, once. Raises NotFound, and Conflict where too late."""
    view = service.collect(session, code, programme_id=brand_id, by_id=by_id, now=now, key=key)
    return _settled(session, view)


def accept_invitation(
    session: Session, award_id: str, *, brand_id: str, member_id: str, now: datetime
) -> AwardView:
    """Say yes to one's own invitation. Raises NotFound, and Conflict where it is too late."""
    view = service.accept(session, award_id, programme_id=brand_id, owner_id=member_id, now=now)
    return _settled(session, view)


def end_waiting(session: Session, award_id: str, *, now: datetime, key: bytes) -> None:
    """What nobody came for expires or passes on, as its season says. Repeated, nothing happens."""
    due = prizes.find_due(session, award_id, now=now)
    if due is None:
        return
    season = leaderboards.get_season(session, due.contest_id)
    heir = _heir_of(session, season, due)
    service.lapse(session, award_id, passes_on=heir is not None, now=now)
    _settled(session, due)
    if heir is not None:
        _hand_down(session, season, due, heir, now=now, key=key)


def pass_on(session: Session, lost: AwardView, *, now: datetime, key: bytes) -> None:
    """Give what somebody lost to the next in line, where its season passes prizes on."""
    season = leaderboards.get_season(session, lost.contest_id)
    heir = _heir_of(session, season, lost)
    if heir is not None:
        _hand_down(session, season, lost, heir, now=now, key=key)


def _heir_of(session: Session, season: SeasonView, lost: AwardView) -> str | None:
    return _next_in_line(session, season) if lost.worth.unclaimed == "passes_on" else None


def _hand_down(
    session: Session, season: SeasonView, lost: AwardView, heir: str, *, now: datetime, key: bytes
) -> None:
    turn = lost.turn + 1
    source = f"prize:{season.id}:{lost.place}:{turn}"
    prize = Prize(lost.place, **{name: getattr(lost.worth, name) for name in _WORTH})
    _award(session, season, prize, heir, source, turn, now=now, key=key)


_WORTH = ("kind", "value", "currency", "title", "claim_days", "unclaimed")


def _award(
    session: Session,
    season: SeasonView,
    prize: Prize,
    owner_id: str,
    source: str,
    turn: int,
    *,
    now: datetime,
    key: bytes,
) -> None:
    play = fairness.rules_of(session, season.programme_id)
    view = service.award(
        session,
        programme_id=season.programme_id,
        contest_id=season.id,
        place=prize.place,
        turn=turn,
        owner_id=owner_id,
        source=source,
        worth=Worth(**{name: getattr(prize, name) for name in _WORTH}),
        is_held=needs_two(play, prize.kind, prize.value),
        zone=brands.get_brand(session, season.programme_id).zone,
        now=now,
        key=key,
    )
    if view is not None and view.state != "held":
        _begin(session, view, now=now, key=key)


def _begin(session: Session, view: AwardView, *, now: datetime, key: bytes) -> None:
    """The prize is its owner's from now on: pay it out, or wait for them."""
    if view.claim_until is not None:
        job_key = f"{DUE_JOB}:{view.id}"
        due_at = view.claim_until
        enqueue(session, DUE_JOB, {"award_id": view.id}, due_at=due_at, key=job_key)
        _remind(session, view, since=now, until=view.claim_until)
    elif view.worth.kind == "points":
        posted = ledger.earn(
            session,
            programme_id=view.programme_id,
            owner_id=view.owner_id,
            points=view.worth.value,
            source=view.source,
            reason=PRIZE_REASON,
            now=now,
            expires_at=expiry_of(session, view.programme_id, now),
        )
        see_to_end(session, view.programme_id, view.owner_id, posted.transaction_id, now=now)
    else:
        _issue_voucher(session, view, now=now, key=key)
    emit(session, PrizeAwarded(view.id), topics=[f"member:{view.owner_id}"])


def _issue_voucher(session: Session, view: AwardView, *, now: datetime, key: bytes) -> None:
    window = windows.given(brands.get_brand(session, view.programme_id).zone, now)
    vouchers.issue(
        session,
        programme_id=view.programme_id,
        terms_id=_terms(session, view, now),
        owner_id=view.owner_id,
        source=view.source,
        **window._asdict(),
        now=now,
        key=key,
    )
    _remind(session, view, since=now, until=window.valid_until)


def _remind(session: Session, view: AwardView, *, since: datetime, until: datetime) -> None:
    job = tell_of_prizes.ENDING_JOB
    due_at = remind_at(since, until)
    enqueue(session, job, {"award_id": view.id}, due_at=due_at, key=f"{job}:{view.id}")


def _terms(session: Session, view: AwardView, now: datetime) -> str:
    """Prizes of one worth share their terms: they are for any basket, once, shown by anybody."""
    worth = view.worth
    terms = Terms("amount", worth.value, worth.currency)
    source = f"worth:amount:{worth.value}:{worth.currency}"
    programme_id = view.programme_id
    return vouchers.agree(session, programme_id=programme_id, source=source, terms=terms, now=now)


def _settled(session: Session, view: AwardView) -> AwardView:
    emit(session, PrizeSettled(view.id), topics=[f"member:{view.owner_id}"])
    return view


def _next_in_line(session: Session, season: SeasonView) -> str | None:
    """The best of the season, still in the league, to whom no prize of it went yet.

    What came back since it closed does not count.
    """
    served = prizes.awarded_owners(session, season.id)
    finals = corrections.corrected(session, season.id)
    owners = [final.owner_id for final in finals]
    ranked = leaderboards.enlisted(session, season.programme_id, owners)
    people = (person_of(session, season, owner) for owner in owners if owner in ranked)
    return next((person for person in people if person and person not in served), None)


def person_of(session: Session, season: SeasonView, owner_id: str) -> str | None:
    """Who stands behind a place of a season: a stylist, or the stylist of a look; None for gone."""
    if season.kind != "outfits":
        return owner_id
    look = outfits.find_ranked_by(session, owner_id)
    return look.member_id if look else None
