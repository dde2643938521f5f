"""Whether what campaigns counted is what they gave, by reading all of it."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from loyalty.campaigns import queries
from loyalty.campaigns.definition import read_campaign
from loyalty.campaigns.models import Campaign, CampaignUse
from loyalty.campaigns.rules import Effect, Used


@dataclass(frozen=True)
class WrittenUse:
    """What a campaign gave for a source, as it was written, also if it was taken back since."""

    id: str
    campaign_id: str
    source: str
    owner_id: str | None
    discount_minor: int
    points: int
    effects: tuple[Effect, ...]
    is_taken_back: bool
    is_of_its_own: bool


@dataclass(frozen=True)
class Miscount:
    """A campaign whose counts are not what its uses sum to."""

    campaign_id: str
    counted: Used
    summed: Used


def all_uses(session: Session, programme_id: str) -> Iterator[WrittenUse]:
    """Everything that campaigns of a programme gave, in no order."""
    of_it = Campaign.programme_id == programme_id
    for one in session.scalars(select(CampaignUse).join(Campaign).where(of_it)):
        yield WrittenUse(
            *(one.id, one.campaign_id, one.source, one.owner_id),
            *(one.discount_minor, one.points, queries.effects_of(one.effects)),
            is_taken_back=one.taken_back_at is not None,
            is_of_its_own=one.completes_id is None,
        )


def miscounts(session: Session) -> list[Miscount]:
    """Every campaign with limits whose counts are not the sum of its uses; none is as should be."""
    rows = session.scalars(select(Campaign)).all()
    limited = [row for row in rows if not read_campaign(row.definition).limits.are_none]
    given = queries.summed(session, [row.id for row in limited])
    return [
        Miscount(row.id, queries.used_of(row, 0), given.get(row.id, Used()))
        for row in limited
        if queries.used_of(row, 0) != given.get(row.id, Used())
    ]
