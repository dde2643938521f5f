"""Tell those who asked for it how a season that closed has ended for them."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.outbox import enqueue
from loyalty.leaderboards import queries as leaderboards
from loyalty.leaderboards.rules import SeasonView
from retail.consent.rules import LEAGUE_NEWS
from retail.notifications import queries as notes
from retail.notifications.rules import get_purpose
from retail.notifications.service import notify
from retail.outfits import queries as outfits

JOB = "tell_of_season"
_PLACES_A_STEP = 200


def tell_of_season(session: Session, season_id: str, *, now: datetime, after: int = 0) -> None:
    """Note the final rank of some places after this one, the rest by a job of its own.

    Whoever has several looks on a board of looks hears of the best of them.
    """
    season = leaderboards.get_season(session, season_id)
    places = range(after + 1, after + _PLACES_A_STEP + 1)
    owners = [final.owner_id for final in leaderboards.final(session, season_id, places=places)]
    people = _people(session, season, owners)
    wanting = notes.wanting(session, set(people.values()), get_purpose(LEAGUE_NEWS))
    for owner_id, member_id in people.items():
        if member_id in wanting:
            notify(
                session,
                member_id=member_id,
                brand_id=season.programme_id,
                purpose=LEAGUE_NEWS,
                subject=season_id,
                data={"owner_id": owner_id},
                now=now,
            )
    if len(owners) == _PLACES_A_STEP:
        enqueue(session, JOB, {"season_id": season_id, "after": places[-1]}, due_at=now)


def _people(session: Session, season: SeasonView, owners: list[str]) -> dict[str, str]:
    """Who is behind each owner, the best first; those of looks that are gone are left out."""
    if season.kind != "outfits":
        return {owner_id: owner_id for owner_id in owners}
    looks = {owner_id: outfits.find_ranked_by(session, owner_id) for owner_id in owners}
    return {owner_id: look.member_id for owner_id, look in looks.items() if look}
