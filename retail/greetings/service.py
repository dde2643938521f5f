"""Writes of wishes and greetings. Whatever a tablet shows changes with an event for its store."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from core.ids import new_id
from core.outbox import emit
from core.sql import close_gate, upsert
from retail.accounts.queries import MemberView
from retail.brands.queries import StoreView
from retail.consent.rules import consent_gate
from retail.greetings import queries
from retail.greetings.events import GreetingsChanged
from retail.greetings.models import Greeting, GreetingWish
from retail.greetings.rules import SHOWN_FOR, Way, Wish, greeting_not_found


def set_wish(session: Session, wish: Wish, *, member: MemberView, now: datetime) -> None:
    """Keep how the member wishes to be greeted, from now on and where they are just now."""
    upsert(
        session,
        GreetingWish,
        {"member_id": member.id},
        brand_id=member.brand_id,
        form=wish.form,
        title=wish.title,
        shows=sorted(wish.shows),
    )
    here = queries.find_greeting(session, member.id, now=now)
    if here is not None:
        _tell(session, here.store_id)


def take_turn(session: Session, member_id: str) -> None:
    """Let who comes in, leaves or withdraws with two phones do so one after the other.

    Comes before any row is written: whoever erases the member has this turn already when they
    come to the rows.
    """
    close_gate(session, consent_gate(member_id))


def begin(
    session: Session,
    store: StoreView,
    *,
    member: MemberView,
    visit_id: str,
    way: Way,
    now: datetime,
) -> None:
    """Let the member be greeted in a store for a while, and in no other any more.

    Where they are shown already nothing changes: tapping again makes it no longer. Nothing
    either for who does not agree, or has no name to be called by.
    """
    # Whoever withdraws at the same time comes before, or ends what begins here.
    take_turn(session, member.id)
    if not member.display_name or not queries.may_greet(session, member.id):
        return
    before = queries.find_greeting(session, member.id, now=now)
    if before is not None and before.store_id == store.id and before.cleared_at is None:
        return
    upsert(
        session,
        Greeting,
        {"member_id": member.id},
        id=new_id(),
        brand_id=store.brand_id,
        store_id=store.id,
        visit_id=visit_id,
        way=way,
        began_at=now,
        ends_at=now + SHOWN_FOR,
        cleared_at=None,
    )
    for store_id in {store.id, before.store_id if before else store.id}:
        _tell(session, store_id)


def end(session: Session, member_id: str) -> None:
    """Show the member nowhere any more."""
    _end(session, member_id)


def end_with(session: Session, visit_id: str, *, member_id: str) -> None:
    """End what followed from a check-in of the member's that they take back."""
    _end(session, member_id, Greeting.visit_id == visit_id)


def clear(session: Session, greeting_id: str, *, store_id: str, now: datetime) -> None:
    """Take somebody from every tablet of the store: whoever stands here is not them.

    Raises NotFound where they are shown no more.
    """
    _mark(session, greeting_id, store_id, Greeting.cleared_at.is_(None), now, cleared_at=now)


def bring_back(session: Session, greeting_id: str, *, store_id: str, now: datetime) -> None:
    """Undo `clear`, for what is left of the time. Raises NotFound where nothing is."""
    _mark(session, greeting_id, store_id, Greeting.cleared_at.is_not(None), now, cleared_at=None)


def forget_old(session: Session, *, now: datetime) -> None:
    """Delete greetings whose time is over."""
    session.execute(delete(Greeting).where(Greeting.ends_at <= now))


def erase(session: Session, member_id: str) -> None:
    """Forget how a member was greeted, and show them nowhere."""
    end(session, member_id)
    session.execute(delete(GreetingWish).where(GreetingWish.member_id == member_id))


def _end(session: Session, member_id: str, *only: ColumnElement[bool]) -> None:
    take_turn(session, member_id)
    where = (Greeting.member_id == member_id, *only)
    stores = session.scalars(select(Greeting.store_id).where(*where)).all()
    session.execute(delete(Greeting).where(*where))
    for store_id in stores:
        _tell(session, store_id)


def _mark(
    session: Session,
    greeting_id: str,
    store_id: str,
    before: ColumnElement[bool],
    now: datetime,
    **values: Any,
) -> None:
    queries.get_greeting(session, greeting_id, store_id=store_id, now=now)
    marked = session.scalar(
        update(Greeting)
        .where(Greeting.id == greeting_id, before)
        .values(**values)
        .returning(Greeting.id)
        .execution_options(synchronize_session=False)
    )
    if marked is None:
        raise greeting_not_found()
    _tell(session, store_id)


def _tell(session: Session, store_id: str) -> None:
    emit(session, GreetingsChanged(store_id), topics=[f"floor:{store_id}"])
