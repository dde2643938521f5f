"""Reads of shares: where they lead, and what they led to."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, and_, func, or_, select
from sqlalchemy.orm import Session

from retail.accounts.queries import MemberView
from retail.consent import queries as consent
from retail.consent.rules import SHARING
from retail.outfits import queries as outfits
from retail.outfits.visibility import PUBLIC_OUTFIT
from retail.polls import queries as polls
from retail.sharing.models import Share, Touch
from retail.sharing.rules import CREDIT_WINDOW, Led, Reach, ShareLink
from retail.social import queries as social


@dataclass(frozen=True)
class ShareView:
    """A link to an outfit or to a poll, the other of which is None."""

    id: str
    brand_id: str
    outfit_id: str | None
    poll_id: str | None
    sharer_id: str | None


# Likes and saves of members who came by a link to another's look; for other rooms to build on.
LED = (
    select(
        Touch.id,
        Touch.member_id,
        Touch.outfit_id,
        Touch.share_id,
        Touch.touched_at,
        Share.stylist_id,
        Touch.brand_id,
    )
    .join(Share, Share.id == Touch.share_id)
    .where(
        Touch.kind.in_(("like", "save")),
        Touch.outfit_id.is_not(None),
        Touch.member_id != Share.stylist_id,
    )
)
# Links to looks, with who made them and when; for other rooms to build on.
LINKS = select(
    Share.id, Share.brand_id, Share.outfit_id, Share.stylist_id, Share.sharer_id, Share.created_at
).where(Share.outfit_id.is_not(None))
_SHARES = select(Share.id, Share.brand_id, Share.outfit_id, Share.poll_id, Share.sharer_id)


def get_share(session: Session, share_id: str) -> ShareView:
    """The share, if its outfit or poll may be seen by everyone.

    Raises NotFound for absent shares and hidden things alike, so that none can be told apart.
    """
    share = find_share(session, share_id)
    if share is None or not _is_public(session, share):
        raise outfits.outfit_not_found()
    return share


def find_share(session: Session, share_id: str) -> ShareView | None:
    """The share, whatever became of what it leads to; None where there is none."""
    row = session.execute(_SHARES.where(Share.id == share_id)).one_or_none()
    return ShareView(*row) if row else None


def links_of(session: Session, outfit_id: str, sharer_id: str | None) -> list[ShareLink]:
    """The links that a sharer made to an outfit; None stands for everybody who is not credited."""
    return _links(session, Share.outfit_id == outfit_id, sharer_id)


def poll_links_of(session: Session, poll_id: str, sharer_id: str | None) -> list[ShareLink]:
    """The links that a sharer made to a poll; None as in `links_of`."""
    return _links(session, Share.poll_id == poll_id, sharer_id)


def credited_sharer(session: Session, member: MemberView | None, brand_id: str) -> str | None:
    """Whom a new share is credited to: a member of the brand who agreed to it, or nobody."""
    if member is None or member.brand_id != brand_id:
        return None
    return member.id if consent.has_consent(session, member.id, SHARING) else None


def reach_of(session: Session, outfit_ids: Iterable[str]) -> dict[str, Reach]:
    """What all links to these outfits led to, by outfit; likes count while they stand."""
    ids = list(outfit_ids)
    stands = or_(Touch.kind != "like", social.is_standing(Touch.outfit_id, Touch.member_id))
    counts: dict[str | None, dict[str, int]] = defaultdict(dict)
    rows = session.execute(
        select(Touch.outfit_id, Touch.kind, func.count())
        .where(Touch.outfit_id.in_(ids), Touch.kind != "purchase", stands)
        .group_by(Touch.outfit_id, Touch.kind)
    )
    for outfit_id, kind, count in rows:
        counts[outfit_id][f"{kind}s"] = count
    return {outfit_id: Reach(**counts[outfit_id]) for outfit_id in ids}


def visits_to_poll(session: Session, poll_id: str) -> int:
    """How often all links to a poll were followed."""
    count = select(func.count()).select_from(Touch).join(Share, Share.id == Touch.share_id)
    visits = count.where(Share.poll_id == poll_id, Touch.kind == "visit")
    return session.execute(visits).scalar_one()


def led_to(
    session: Session, member_id: str, outfit_ids: Sequence[str], *, before: datetime
) -> list[Led]:
    """The shares of others that led a member to like or save one of these outfits lately."""
    rows = session.execute(
        select(Touch.share_id, Touch.outfit_id, Touch.touched_at)
        .join(Share, Share.id == Touch.share_id)
        .where(
            Touch.member_id == member_id,
            Touch.outfit_id.in_(list(outfit_ids)),
            Touch.touched_at.between(before - CREDIT_WINDOW, before),
            or_(Share.sharer_id.is_(None), Share.sharer_id != member_id),
        )
    )
    return [Led(share_id, look, at) for share_id, look, at in rows if look]


def outfits_that_led(session: Session, member_id: str, *, before: datetime) -> list[str]:
    """The outfits that a member came to by shares within the window before an instant."""
    return list(
        session.scalars(
            select(Touch.outfit_id)
            .where(
                Touch.member_id == member_id,
                Touch.touched_at.between(before - CREDIT_WINDOW, before),
            )
            .distinct()
        )
    )


def purchase_credit(session: Session, receipt_id: str) -> str | None:
    """The share that a purchase is credited to, if any."""
    return session.scalar(select(Touch.share_id).where(Touch.receipt_id == receipt_id))


def first_shared_after(outfit_id: Any, member_id: Any, instant: Any) -> ScalarSelect[datetime]:
    """When a member first shared an outfit at or after an instant, for other rooms' selects."""
    return (
        select(func.min(Share.created_at))
        .where(
            Share.outfit_id == outfit_id,
            Share.sharer_id == member_id,
            Share.created_at >= instant,
        )
        .scalar_subquery()
    )


def export(session: Session, member_id: str) -> dict[str, Any]:
    """The links that are credited to a member, and by which links they came, for themselves."""
    shares = session.execute(
        select(Share.id, Share.outfit_id, Share.poll_id, Share.channel, Share.created_at)
        .where(Share.sharer_id == member_id)
        .order_by(Share.created_at, Share.id)
    )
    touches = session.execute(
        select(Touch.outfit_id, Touch.kind, Touch.touched_at)
        .where(Touch.member_id == member_id)
        .order_by(Touch.touched_at, Touch.id)
    )
    return {
        "shares": [dict(row._mapping) for row in shares],
        "came_by_shares": [dict(row._mapping) for row in touches],
    }


def _links(
    session: Session, to_this: ColumnElement[bool], sharer_id: str | None
) -> list[ShareLink]:
    of_nobody = and_(Share.sharer_id.is_(None), Share.detached_at.is_(None))
    by_them = Share.sharer_id == sharer_id if sharer_id else of_nobody
    rows = session.execute(select(Share.channel, Share.id).where(to_this, by_them))
    return [ShareLink(*row) for row in rows]


def _is_public(session: Session, share: ShareView) -> bool:
    if share.poll_id:
        return polls.asker_of_public(session, share.poll_id) is not None
    return session.execute(PUBLIC_OUTFIT, {"outfit_id": share.outfit_id}).first() is not None
