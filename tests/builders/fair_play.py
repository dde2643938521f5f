"""What fair play and prizes keep about somebody: a case, appeals, an invitation, earlier ranks."""

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from core.ids import new_id
from loyalty.leaderboards import corrections
from loyalty.leaderboards.earlier import service as earlier
from loyalty.leaderboards.rules import SeasonView
from loyalty.prizes import service as prizes
from loyalty.prizes.rules import Worth
from retail.accounts.queries import MemberView
from retail.fairness.models import Appeal, ReviewCase
from retail.social.models import OutfitLike
from tests.conftest import KEY


def leave_fair_play(
    session: Session, member: MemberView, season: SeasonView, *, now: datetime
) -> None:
    """A day later in the season the member appeals, accepts an invitation, and is ranked."""
    earlier.keep_ranks(session, season, now=now + timedelta(days=1))
    _appeal(session, member, now)
    invitation = Worth("invitation", title="Private view")
    won = _award(session, season, member, 9, invitation, is_held=False, now=now)
    prizes.accept(session, won, programme_id=member.brand_id, owner_id=member.id, now=now)


def lose_a_point(
    session: Session, member: MemberView, season: SeasonView, *, now: datetime
) -> None:
    """A like that a closed season counted was of what went back to the shop."""
    how = {"season_id": season.id, "source": f"return:{member.id}"}
    assert corrections.correct(session, owner_id=member.id, delta=-1, now=now, **how)


def hold_back(session: Session, outfit_id: str) -> None:
    """Every like of the outfit looks arranged, as after a review opened."""
    held = update(OutfitLike).where(OutfitLike.outfit_id == outfit_id).values(verdict="held")
    session.execute(held)


def _appeal(session: Session, member: MemberView, now: datetime) -> None:
    case = ReviewCase(
        id=new_id(),
        brand_id=member.brand_id,
        kind="burst",
        state="removed",
        rules_version=0,
        evidence={
            "likes": 12,
            "likes_held": 12,
            "minutes": 1,
            "least_likes": 10,
            "window_minutes": 5,
            "young_days": 7,
        },
        opened_at=now,
        answer_by=now,
        decided_at=now,
        decided_by=new_id(),
        reason="All within a minute.",
    )
    session.add(case)
    session.flush()
    asked = {"case_id": case.id, "brand_id": member.brand_id, "appealed_at": now}
    session.add(Appeal(**asked, member_id=member.id, words="They came from our class."))
    session.flush()


def _award(
    session: Session,
    season: SeasonView,
    owner: MemberView,
    place: int,
    worth: Worth,
    *,
    is_held: bool,
    now: datetime,
) -> str:
    award = prizes.award(
        session,
        programme_id=owner.brand_id,
        contest_id=season.id,
        place=place,
        owner_id=owner.id,
        source=f"prize:{season.id}:{place}",
        worth=worth,
        is_held=is_held,
        zone="Europe/London",
        now=now,
        key=KEY,
    )
    assert award is not None
    return award.id
