"""Reads of what hangs on a brand's page."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from retail.page_posts.models import PageConnection, PagePost
from retail.page_posts.rules import Connection, PageState


def connection_of(session: Session, brand_id: str) -> Connection:
    """How the brand's page takes our calls."""
    row = session.execute(
        select(
            PageConnection.paused_until, PageConnection.stopped_at, PageConnection.stopped_code
        ).where(PageConnection.brand_id == brand_id)
    ).one_or_none()
    return Connection(*row) if row else Connection()


def state_of(session: Session, brand_id: str) -> PageState:
    """How many looks hang on the brand's page, wait for it, or were refused by it."""
    is_open = PagePost.refused_code.is_(None)
    posted = PagePost.post_id.is_not(None)
    counts = session.execute(
        select(
            func.count().filter(posted),
            func.count().filter(is_open & (PagePost.is_wanted != posted)),
            func.count().filter(~is_open),
        ).where(PagePost.brand_id == brand_id)
    ).one()
    return PageState(connection_of(session, brand_id), *counts)


def export(session: Session, member_id: str) -> list[dict[str, Any]]:
    """Which of a member's outfits hang on the brand's page, for themselves."""
    rows = session.execute(
        select(PagePost.outfit_id, PagePost.post_id, PagePost.posted_at)
        .where(PagePost.owner_id == member_id)
        .order_by(PagePost.outfit_id)
    )
    return [dict(row._mapping) for row in rows]
