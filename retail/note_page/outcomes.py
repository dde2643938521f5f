"""What notes say of prizes and of decisions, as these stand at this moment."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from core import clock
from loyalty.ledger import queries as ledger
from loyalty.prizes import queries as prizes
from loyalty.prizes.rules import AwardView
from loyalty.vouchers import queries as vouchers
from retail.brands.queries import BrandView
from retail.consent.rules import DECISIONS_NEWS, PRIZES_NEWS
from retail.fairness import queries as fairness
from retail.fairness.queries import MyCase
from retail.liability.idle import idle_points
from retail.note_page import subjects
from retail.notifications.queries import NoteView
from retail.notifications.speech import NoteFacts
from retail.outfits import queries as outfits
from retail.wall import queries as wall
from retail.wall.rules import HIDDEN, SHOWN, owners_sentence

_LOST = ("expired", "passed_on", "withheld", "taken_back")
_MY_LEAGUE = "/me/league"


def of_prize(session: Session, note: NoteView, brand: BrandView) -> NoteFacts | None:
    """A prize that is its winner's, runs out soon, or was; each note has its own time to speak.

    Or points that run out soon.
    """
    ends_at = subjects.instant_of_points(note.subject)
    if ends_at is not None:
        return _ending(session, note, brand, ends_at)
    award_id, _, later = note.subject.partition(".")
    award = prizes.get_award(session, award_id, programme_id=brand.id)
    if award.owner_id != note.member_id:
        return None
    if later == subjects.SOON:
        until = runs_out_at(session, award, now=clock.now())
        return replace(_prize(award, brand), until=_on_the_wall(until, brand)) if until else None
    is_lost = award.state in _LOST
    if later == subjects.AGAIN:
        state = "doubted" if award.is_doubted else "stands"
        return None if is_lost else replace(_prize(award, brand), state=state)
    is_said = is_lost if later else not is_lost and not _is_kept_from(award)
    return _prize(award, brand) if is_said else None


def _is_kept_from(award: AwardView) -> bool:
    """Whether its winner cannot use a prize just now, as somebody looks at it again."""
    return award.is_doubted and award.state != "given"


def runs_out_at(session: Session, award: AwardView, *, now: datetime) -> datetime | None:
    """When a prize runs out, as long as it is still to be claimed or used; else None."""
    if award.worth.kind != "voucher":
        is_open = award.state == "open" and not award.is_doubted
        until = award.claim_until if is_open else None
        return until if until and until > now else None
    if award.state != "given":
        return None
    voucher = vouchers.find_validity(session, award.programme_id, award.source, now=now)
    return voucher.valid_until if voucher and voucher.state == "issued" else None


def _on_the_wall(at: datetime, brand: BrandView) -> datetime:
    return at.astimezone(ZoneInfo(brand.zone))


def _prize(award: AwardView, brand: BrandView) -> NoteFacts:
    return NoteFacts(
        purpose=PRIZES_NEWS,
        brand_name=brand.name,
        address="/me/prizes",
        title=award.worth.title,
        count=award.worth.value,
        kind=award.worth.kind,
        state=award.state,
        is_passed_on=award.turn > 0,
        reason=award.reason or "",
    )


def _ending(
    session: Session, note: NoteView, brand: BrandView, ends_at: datetime
) -> NoteFacts | None:
    lots = ledger.expiring_lots(session, brand.id, note.member_id)
    idle = idle_points(session, brand.id, owner_id=note.member_id)
    points = sum(lot.points for lot in lots if lot.ends_at <= ends_at)
    points += sum(one.points for one in idle if one.ends_at <= ends_at)
    if not points:
        return None
    return NoteFacts(
        purpose=PRIZES_NEWS,
        brand_name=brand.name,
        address="/me/points",
        count=points,
        kind="points",
        state="ends",
    )


def of_decision(session: Session, note: NoteView, brand: BrandView) -> NoteFacts | None:
    """What was decided on likes, an appeal, or a look on the wall."""
    kind, about = subjects.read(note.subject)
    return _DECISIONS[kind](session, note, brand, about)


def _case(session: Session, note: NoteView, brand: BrandView, case_id: str) -> NoteFacts | None:
    case = _find_case(session, note, case_id)
    # The answer to an appeal has a note of its own, and the last word.
    if case is None or case.is_upheld or case.state == "open":
        return None
    count = case.removed if case.state == "removed" else case.cleared
    return _decision(
        brand,
        _MY_LEAGUE,
        kind=subjects.CASE,
        state=case.state,
        count=count,
        reason=case.reason or "",
    )


def _appeal(session: Session, note: NoteView, brand: BrandView, case_id: str) -> NoteFacts | None:
    case = _find_case(session, note, case_id)
    if case is None or case.is_upheld is None:
        return None
    state = "upheld" if case.is_upheld else "stays"
    return _decision(brand, _MY_LEAGUE, kind=subjects.APPEAL, state=state, reason=case.answer or "")


def _post(session: Session, note: NoteView, brand: BrandView, outfit_id: str) -> NoteFacts | None:
    outfit = outfits.get_own(session, outfit_id, member_id=note.member_id)
    post = wall.find_own_post(session, outfit_id)
    if post is None or outfit.state != "published" or post.state != note.data.get("state"):
        return None
    if post.is_news and note.subject != subjects.of_post(outfit_id, post.changed_at):
        return None
    is_shown = post.state == SHOWN
    return _decision(
        brand,
        f"/o/{outfit_id}" if is_shown else f"/me/outfits/{outfit_id}/shared",
        kind=subjects.POST,
        state="stays" if post.state == HIDDEN and post.asked_again else post.state,
        title=outfit.caption if is_shown else "",
        reason="" if is_shown else owners_sentence(post.state, post.reason),
    )


def _find_case(session: Session, note: NoteView, case_id: str) -> MyCase | None:
    mine = fairness.cases_of(session, note.member_id)
    return next((case for case in mine if case.id == case_id), None)


def _decision(
    brand: BrandView,
    address: str,
    *,
    kind: str,
    state: str,
    count: int = 0,
    title: str = "",
    reason: str,
) -> NoteFacts:
    return NoteFacts(
        purpose=DECISIONS_NEWS,
        brand_name=brand.name,
        address=address,
        title=title,
        count=count,
        kind=kind,
        state=state,
        reason=reason,
    )


_DECISIONS: Mapping[str, Callable[[Session, NoteView, BrandView, str], NoteFacts | None]] = {
    subjects.CASE: _case,
    subjects.APPEAL: _appeal,
    subjects.POST: _post,
}
