"""Writes of what should hang on a brand's page and what does. The calls themselves are jobs.

A row says what is wanted and what is there; one job brings them together, whatever happened in
between. So nothing depends on the order in which things were asked for.
"""

from datetime import datetime
from typing import Literal

from sqlalchemy import and_, delete, or_, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from core.outbox import enqueue
from core.sql import insert_ignore, upsert
from retail.page_posts import queries
from retail.page_posts.models import PageConnection, PagePost
from retail.page_posts.rules import BUSY_FOR, SYNC_JOB, Task


def want(
    session: Session, outfit_id: str, *, brand_id: str, owner_id: str, share_id: str, now: datetime
) -> None:
    """Have an outfit hang on the brand's page, once however often this is said."""
    is_new = insert_ignore(
        session,
        PagePost,
        outfit_id=outfit_id,
        brand_id=brand_id,
        owner_id=owner_id,
        share_id=share_id,
        is_wanted=True,
        is_tried=False,
    )
    if is_new or _set_wanted(session, PagePost.outfit_id == outfit_id, is_wanted=True):
        ask_again(session, outfit_id, at=now)


def unwant(session: Session, outfit_id: str, *, now: datetime) -> None:
    """Have an outfit taken off the brand's page, or never put there."""
    for found in _set_wanted(session, PagePost.outfit_id == outfit_id, is_wanted=False):
        ask_again(session, found, at=now)


def unwant_all(session: Session, member_id: str, *, now: datetime) -> None:
    """Have every outfit of a member taken off the brand's page."""
    for found in _set_wanted(session, PagePost.owner_id == member_id, is_wanted=False):
        ask_again(session, found, at=now)


def ask_again(session: Session, outfit_id: str, *, at: datetime) -> None:
    """Have a worker bring the outfit's post in step at that time."""
    enqueue(session, SYNC_JOB, {"outfit_id": outfit_id}, due_at=at)


def begin(session: Session, outfit_id: str, *, now: datetime) -> Task | None:
    """Take an outfit's post in hand, for `BUSY_FOR` and for nobody else; None: nothing to do.

    What waits for a stopped or paused page is asked for again by `resume` or after the pause.
    """
    post = session.get(PagePost, outfit_id)
    if post is None or (post.is_wanted and (post.post_id or post.refused_code)):
        return None
    if not post.is_wanted and post.post_id is None and not post.is_tried:
        session.execute(delete(PagePost).where(PagePost.outfit_id == outfit_id))
        return None
    connection = queries.connection_of(session, post.brand_id)
    if connection.stopped_at is not None:
        return None
    later = max((at for at in (connection.paused_until, post.busy_until) if at), default=now)
    if later > now or not _take_in_hand(session, outfit_id, now):
        ask_again(session, outfit_id, at=max(later, now + BUSY_FOR / 10))
        return None
    verb: Literal["post", "remove"] = "post" if post.is_wanted else "remove"
    task = Task(outfit_id, post.brand_id, post.share_id, verb, post.post_id, post.is_tried)
    session.execute(update(PagePost).where(PagePost.outfit_id == outfit_id).values(is_tried=True))
    return task


def note_posted(session: Session, task: Task, post_id: str, *, now: datetime) -> None:
    """The outfit hangs on the page; taken down again where that was asked for meanwhile."""
    values = {"post_id": post_id, "posted_at": now, "busy_until": None, "refused_code": None}
    _update(session, task, **values)
    wanted = select(PagePost.is_wanted).where(PagePost.outfit_id == task.outfit_id)
    if not session.execute(wanted).scalar_one():
        ask_again(session, task.outfit_id, at=now)


def note_removed(session: Session, task: Task, *, now: datetime) -> None:
    """The outfit hangs on the page no more; put there again where that was asked for meanwhile."""
    gone = delete(PagePost).where(
        PagePost.outfit_id == task.outfit_id, PagePost.is_wanted.is_(False)
    )
    removed = session.execute(gone)
    assert isinstance(removed, CursorResult)
    if removed.rowcount == 0:
        _update(session, task, post_id=None, posted_at=None, busy_until=None, is_tried=False)
        ask_again(session, task.outfit_id, at=now)


def note_refused(session: Session, task: Task, code: str) -> None:
    """The page will not have this outfit; nobody asks again by itself."""
    _update(session, task, refused_code=code, busy_until=None)


def let_go(session: Session, task: Task) -> None:
    """Put a post back, for the next try."""
    _update(session, task, busy_until=None)


def unwant_and_let_go(session: Session, task: Task, *, now: datetime) -> None:
    """Put a post back that nobody may see any more."""
    let_go(session, task)
    unwant(session, task.outfit_id, now=now)


def pause(session: Session, task: Task, *, until: datetime) -> None:
    """Call the page no more before an instant, then try this again."""
    let_go(session, task)
    rest(session, task, until=until)
    ask_again(session, task.outfit_id, at=until)


def rest(session: Session, task: Task, *, until: datetime) -> None:
    """Call the page no more before an instant."""
    upsert(session, PageConnection, {"brand_id": task.brand_id}, paused_until=until)


def stop(session: Session, task: Task, code: str, *, now: datetime) -> None:
    """Call the page no more until an operator says so."""
    let_go(session, task)
    upsert(
        session,
        PageConnection,
        {"brand_id": task.brand_id},
        stopped_at=now,
        stopped_code=code[:40],
    )


def resume(session: Session, brand_id: str, *, now: datetime) -> int:
    """Call the page again, for all that waits and all that was refused; tells how many."""
    session.execute(delete(PageConnection).where(PageConnection.brand_id == brand_id))
    there = PagePost.post_id.is_not(None)
    ids = session.scalars(
        update(PagePost)
        .where(PagePost.brand_id == brand_id, PagePost.is_wanted != there)
        .values(refused_code=None)
        .returning(PagePost.outfit_id)
    ).all()
    for outfit_id in ids:
        ask_again(session, outfit_id, at=now)
    return len(ids)


def erase(session: Session, member_id: str, *, now: datetime) -> None:
    """Have a member's outfits taken off the page, and forget at once whose they were."""
    unwant_all(session, member_id, now=now)
    session.execute(update(PagePost).where(PagePost.owner_id == member_id).values(owner_id=None))


def _take_in_hand(session: Session, outfit_id: str, now: datetime) -> bool:
    is_free = or_(PagePost.busy_until.is_(None), PagePost.busy_until <= now)
    taken = session.execute(
        update(PagePost)
        .where(and_(PagePost.outfit_id == outfit_id, is_free))
        .values(busy_until=now + BUSY_FOR)
    )
    assert isinstance(taken, CursorResult)
    return taken.rowcount == 1


def _set_wanted(session: Session, which: object, *, is_wanted: bool) -> list[str]:
    statement = (
        update(PagePost)
        .where(which, PagePost.is_wanted.is_(not is_wanted))  # type: ignore[arg-type]
        .values(is_wanted=is_wanted, refused_code=None)
        .returning(PagePost.outfit_id)
    )
    return list(session.scalars(statement))


def _update(session: Session, task: Task, **values: object) -> None:
    session.execute(update(PagePost).where(PagePost.outfit_id == task.outfit_id).values(**values))
