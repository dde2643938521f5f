"""Whose work a store's members like, read from other rooms' rows as they stand.

Numbers alone, of crowds alone, to the last midnight: who looks twice on a day learns nothing new.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.days import day_start
from retail.brands.queries import StoreView
from retail.catalogue import queries as catalogue
from retail.crowds.rules import LEAST_CROWD, round_down
from retail.product_likes import queries as product_likes
from retail.receipts.kept import BUYERS

# Who bought in a store within so long is of its members.
BOUGHT_WITHIN = timedelta(days=365)
MOST_TOLD = 20
_styles = catalogue.STYLES.subquery("made")
_likes = product_likes.LIKED_STYLES.subquery("liked")
_buyers = BUYERS.subquery("bought")


@dataclass(frozen=True)
class MakerLiked:
    """A maker whose goods so many members of a store like: in tens, and never more than do."""

    maker: str
    members: int


def counted_to(store: StoreView, now: datetime) -> datetime:
    """The last midnight of a store: what came since is in no number."""
    zone = ZoneInfo(store.zone)
    return day_start(now.astimezone(zone).date(), zone)


def makers_liked(session: Session, store: StoreView, *, now: datetime) -> list[MakerLiked]:
    """Whose goods the most members of a store like, from ten members on; never who they are.

    Goods of kinds that are never shared are left out.
    """
    until = counted_to(store, now)
    members = select(_buyers.c.member_id).where(
        _buyers.c.store_id == store.id,
        _buyers.c.claimed_at < until,
        _buyers.c.sold_at >= until - BOUGHT_WITHIN,
    )
    people = func.count(func.distinct(_likes.c.member_id))
    rows = session.execute(
        select(_styles.c.designer, people)
        .join(_likes, _likes.c.style_id == _styles.c.id)
        .where(
            _styles.c.designer != "",
            _styles.c.is_never_shareable.is_(False),
            _likes.c.liked_at < until,
            _likes.c.member_id.in_(members),
        )
        .group_by(_styles.c.designer)
        .having(people >= LEAST_CROWD)
    ).all()
    told = [MakerLiked(maker, round_down(count)) for maker, count in rows]
    # Of alike numbers the name decides, so that their order tells no more than they do.
    return sorted(told, key=lambda one: (-one.members, one.maker))[:MOST_TOLD]
