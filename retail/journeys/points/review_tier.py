"""Where a member's credits put them, looked at whenever these move and when a tier runs out."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core import ids
from core.outbox import emit
from loyalty.tiers import queries as tiers
from loyalty.tiers import service
from loyalty.tiers.rules import Ladder
from retail.accounts import queries as accounts
from retail.brands import queries as brands
from retail.standings.queries import credits_of, credits_of_all, find_standing

AT_ONCE = 200
# Of so many endings of two characters each id has one.
_SHARES = 32 * 32


@dataclass(frozen=True)
class TierChanged:
    """Somebody rose or fell."""

    brand_id: str
    member_id: str
    change_id: str
    tier: str
    is_up: bool


def review_tier(session: Session, member_id: str, *, brand_id: str, now: datetime) -> None:
    """Note where a member stands; nothing where the brand has no tiers, or nobody is there."""
    member = accounts.members_by_id(session, [member_id]).get(member_id)
    if member is None or tiers.find_ladder(session, brand_id) is None:
        return
    reviewed = service.review(
        session,
        programme_id=brand_id,
        owner_id=member_id,
        earned=credits_of(session, brand_id, member_id),
        joined_at=member.joined_at,
        now=now,
    )
    # Where somebody stands first is where they begin, and no change.
    if reviewed.left is not None and reviewed.change_id is not None:
        tier = reviewed.standing.tier.code
        changed = TierChanged(brand_id, member_id, reviewed.change_id, tier, reviewed.is_up)
        emit(session, changed, topics=[f"member:{member_id}"])


def review_due(session: Session, now: datetime) -> None:
    """Review members whose tier ran out, or who stand on an older ladder: some of each brand."""
    for brand in brands.list_brands(session):
        for owner_id in tiers.due(session, brand.id, now=now, most=AT_ONCE):
            review_tier(session, owner_id, brand_id=brand.id, now=now)


def has_due(session: Session, now: datetime) -> bool:
    """Whether there is anybody to review."""
    return any(
        tiers.due(session, brand.id, now=now, most=1) for brand in brands.list_brands(session)
    )


@dataclass(frozen=True)
class Foreseen:
    """Whom another ladder would move, by the codes of the tiers before and after.

    `looked` of `members` were looked at, drawn by chance where they are not all.
    """

    moves: Counter[tuple[str, str]]
    looked: int
    members: int


def preview_tiers(
    session: Session, brand_id: str, ladder: Ladder, *, now: datetime, most: int | None = None
) -> Foreseen:
    """How many members another ladder would move; of very many, about `most` are looked at.

    Members without a review yet stand nowhere, and are not among them. Raises Invalid for what is
    no ladder.
    """
    members_in_all = sum(tiers.counts(session, brand_id).values())
    tail = None
    if most is not None and members_in_all > most:
        tail = ids.crockford(max(1, most * _SHARES // members_in_all), 2)
    stand = tiers.stand(session, brand_id, tail=tail)
    earned = credits_of_all(session, brand_id, tail=tail)
    members = [(one, tier, earned.get(one, ())) for one, tier in stand]
    moved = service.preview(ladder, members, now=now)
    moves = Counter((one.now_in, one.would_be_in.code) for one in moved)
    return Foreseen(moves, len(stand), members_in_all)


def tier_labels(
    session: Session, member_id: str, *, brand_id: str, now: datetime
) -> frozenset[str]:
    """Where a member stands at an instant, as campaigns ask: `tier:` and its code, if any."""
    member = accounts.members_by_id(session, [member_id]).get(member_id)
    if member is None:
        return frozenset()
    joined_at = member.joined_at
    found = find_standing(session, member_id, brand_id=brand_id, joined_at=joined_at, now=now)
    return frozenset({f"tier:{found.tier.code}"}) if found else frozenset()


def tiers_reached(
    session: Session, member_id: str, *, brand_id: str, joined_at: datetime, now: datetime
) -> frozenset[str]:
    """The codes of the tier where a member stands, and of those below; none without tiers."""
    found = tiers.find_ladder(session, brand_id)
    at = find_standing(session, member_id, brand_id=brand_id, joined_at=joined_at, now=now)
    if found is None or at is None:
        return frozenset()
    return frozenset(one.code for one in found.ladder.tiers if one.at <= at.tier.at)


def labels_of_all(session: Session, brand_id: str) -> Callable[[str], frozenset[str]]:
    """The labels of everybody as last reviewed; who was not stands at the foot of the ladder."""
    found = tiers.find_ladder(session, brand_id)
    if found is None:
        return lambda _: frozenset()
    stand, foot = dict(tiers.stand(session, brand_id)), found.ladder.tiers[0].code
    return lambda member_id: frozenset({f"tier:{stand.get(member_id, foot)}"})
