"""Writes of shares: the links themselves, visits by them, and what they are credited with."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial

from sqlalchemy import Select, delete, select, update
from sqlalchemy.orm import Session

from core.ids import new_id, new_link_id
from core.sql import insert_ignore, upsert
from retail.accounts.queries import MemberView
from retail.outfits import queries as outfits
from retail.outfits.visibility import PUBLIC_OUTFIT
from retail.polls import queries as polls
from retail.polls.rules import poll_not_found
from retail.sharing import queries, rules
from retail.sharing.models import SeenVisitor, Share, Touch
from retail.sharing.queries import ShareView
from retail.sharing.rules import Led, ShareLink


def make_links(
    session: Session,
    outfit_id: str,
    *,
    sharer: MemberView | None,
    channels: Sequence[str] = rules.PANEL,
    now: datetime,
) -> list[ShareLink]:
    """The links to an outfit for these channels, made where there are none yet.

    Who did not agree to be credited shares the links of everybody else who did not. Raises
    NotFound for every outfit that not everyone may see.
    """
    outfit = session.execute(PUBLIC_OUTFIT, {"outfit_id": outfit_id}).one_or_none()
    if outfit is None:
        raise outfits.outfit_not_found()
    sharer_id = queries.credited_sharer(session, sharer, outfit.brand_id)
    target = {
        "brand_id": outfit.brand_id,
        "stylist_id": outfit.member_id,
        "outfit_id": outfit_id,
        "sharer_id": sharer_id,
    }
    links = partial(queries.links_of, session, outfit_id, sharer_id)
    return _make(session, target, links, channels, now)


def make_poll_links(
    session: Session,
    poll_id: str,
    *,
    sharer: MemberView | None,
    channels: Sequence[str] = rules.PANEL,
    now: datetime,
) -> list[ShareLink]:
    """The links to a poll for these channels, as `make_links`.

    Raises NotFound for every poll that not everyone may see.
    """
    origin = polls.asker_of_public(session, poll_id)
    if origin is None:
        raise poll_not_found()
    brand_id, asker_id = origin
    sharer_id = queries.credited_sharer(session, sharer, brand_id)
    target = {
        "brand_id": brand_id,
        "stylist_id": asker_id,
        "poll_id": poll_id,
        "sharer_id": sharer_id,
    }
    links = partial(queries.poll_links_of, session, poll_id, sharer_id)
    return _make(session, target, links, channels, now)


def _make(
    session: Session,
    target: Mapping[str, str | None],
    links: Callable[[], list[ShareLink]],
    channels: Sequence[str],
    now: datetime,
) -> list[ShareLink]:
    known = {link.channel for link in links()}
    for channel in channels:
        if channel not in known:
            row = {"id": new_link_id(), "channel": channel, "created_at": now}
            insert_ignore(session, Share, **target, **row)
    made = {link.channel: link for link in links()}
    return [made[channel] for channel in channels]


def follow(
    session: Session, share_id: str, *, address: str, agent: str, now: datetime, key: bytes
) -> ShareView:
    """Count a visit by a link, once a day for each network address and browser.

    Neither is kept, only `visitor_marks` until the day is over. Raises NotFound as `get_share`.
    """
    share = queries.get_share(session, share_id)
    today = now.astimezone(UTC).date()
    marks = rules.visitor_marks(key, share_id=share_id, address=address, agent=agent, today=today)
    if _is_seen(session, share_id, marks[1:]):
        return share
    mark = marks[0]
    if insert_ignore(session, SeenVisitor, share_id=share_id, mark=mark, seen_on=today):
        insert_ignore(
            session,
            Touch,
            id=new_id(),
            brand_id=share.brand_id,
            share_id=share.id,
            outfit_id=share.outfit_id,
            kind="visit",
            touched_at=now,
        )
    return share


def _is_seen(session: Session, share_id: str, marks: list[str]) -> bool:
    if not marks:
        return False
    seen = select(SeenVisitor.mark).where(
        SeenVisitor.share_id == share_id, SeenVisitor.mark.in_(marks)
    )
    return session.scalar(seen.limit(1)) is not None


def credit(
    session: Session,
    share_id: str | None,
    outfit_id: str,
    *,
    kind: str,
    member_id: str,
    now: datetime,
) -> None:
    """Credit a member's new like or save to the share by which they came.

    The last share counts where there were several. Nothing is credited to what is not a share of
    this outfit, or to the member's own.
    """
    share = queries.find_share(session, share_id) if share_id else None
    if share is None or share.outfit_id != outfit_id or share.sharer_id == member_id:
        return
    upsert(
        session,
        Touch,
        {"member_id": member_id, "outfit_id": outfit_id, "kind": kind},
        id=(new_id(), Touch.id),
        brand_id=share.brand_id,
        share_id=share.id,
        touched_at=now,
    )


def credit_purchase(
    session: Session, receipt_id: str, led: Led | None, *, brand_id: str, sold_at: datetime
) -> None:
    """Credit a purchase to the share that led to it, or to none any more."""
    if led is None:
        session.execute(delete(Touch).where(Touch.receipt_id == receipt_id))
        return
    upsert(
        session,
        Touch,
        {"receipt_id": receipt_id},
        id=(new_id(), Touch.id),
        brand_id=brand_id,
        share_id=led.share_id,
        outfit_id=led.outfit_id,
        kind="purchase",
        touched_at=sold_at,
    )


def detach(session: Session, member_id: str, *, now: datetime) -> None:
    """Cut a member off from their links, which go on leading where they led for nobody's credit."""
    session.execute(
        update(Share).where(Share.sharer_id == member_id).values(sharer_id=None, detached_at=now)
    )


def forget_poll(session: Session, poll_id: str) -> None:
    """Delete every link to a poll, and that they were followed."""
    _forget(session, select(Share.id).where(Share.poll_id == poll_id))
    session.execute(delete(Share).where(Share.poll_id == poll_id))


def forget_visitors(session: Session, *, now: datetime) -> None:
    """Drop the marks of visitors of days that are over."""
    yesterday = now.astimezone(UTC).date() - timedelta(days=1)
    session.execute(delete(SeenVisitor).where(SeenVisitor.seen_on <= yesterday))


def erase(session: Session, member_id: str, *, now: datetime) -> None:
    """Delete what names a member, and every link to what is theirs; others only lose a name."""
    _forget(session, select(Share.id).where(Share.stylist_id == member_id))
    session.execute(delete(Touch).where(Touch.member_id == member_id))
    session.execute(delete(Share).where(Share.stylist_id == member_id))
    detach(session, member_id, now=now)


def _forget(session: Session, shares: Select[str]) -> None:
    session.execute(delete(SeenVisitor).where(SeenVisitor.share_id.in_(shares)))
    session.execute(delete(Touch).where(Touch.share_id.in_(shares)))
