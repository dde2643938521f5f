"""Writes of occasions, invitations, plans and wishes to twin.

Plans and wishes of an occasion change behind its gate, one at a time: of two who wish to twin at
once, the second finds the wish of the first.
"""

from collections.abc import Collection, Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from core.ids import new_id
from core.outbox import emit
from core.sql import close_gate, insert_ignore
from retail.accounts.queries import MemberView
from retail.catalogue.queries import VariantView
from retail.friends import queries as friends
from retail.occasions import clashes, queries, rules
from retail.occasions.events import FriendAsked, PlanChanged, TwinsMade
from retail.occasions.models import Attendance, Occasion, PlannedPiece, TwinWish
from retail.occasions.rules import NewOccasion
from retail.same_outfit.rules import Piece, piece_of


def make(session: Session, wish: NewOccasion, *, member: MemberView, now: datetime) -> str | None:
    """Make an occasion, to which its maker comes; gives its id, None for a `uid` known already.

    Raises Invalid for words and times that make no sense, Conflict beyond what fits.
    """
    tidy = rules.check_words(wish)
    times = rules.times_of(tidy)
    close_gate(session, rules.makers_gate(member.id))
    there = queries.count_own(session, member.id, now=now)
    rules.check_room(there, 1, rules.MOST_OCCASIONS, "occasions")
    who = {"member_id": member.id, "brand_id": member.brand_id}
    occasion_id = new_id()
    words = {"title": tidy.title, "place": tidy.place, "zone": tidy.zone, "uid": tidy.uid}
    row = {"id": occasion_id, **who, **words, **asdict(times), "created_at": now}
    if not insert_ignore(session, Occasion, **row):
        return None
    comes = {"state": rules.ACCEPTED, "invited_at": now, "answered_at": now}
    insert_ignore(session, Attendance, occasion_id=occasion_id, **who, **comes)
    return occasion_id


def edit(session: Session, occasion_id: str, wish: NewOccasion, *, member: MemberView) -> None:
    """Change one’s own occasion. Raises NotFound for every other, Invalid as `make`."""
    tidy = rules.check_words(wish)
    times = asdict(rules.times_of(tidy))
    words = {"title": tidy.title, "place": tidy.place, "zone": tidy.zone}
    changed = session.execute(
        update(Occasion)
        .where(Occasion.id == occasion_id, Occasion.member_id == member.id)
        .values(**words, **times)
        .execution_options(synchronize_session=False)
    )
    _found(changed)
    for guest_id in _who_come(session, occasion_id):
        emit(session, PlanChanged(guest_id))


def remove(session: Session, occasion_id: str, *, member: MemberView) -> None:
    """Delete one’s own occasion, for everybody. Raises NotFound for every other."""
    close_gate(session, rules.gate(occasion_id))
    queries.check_own(session, occasion_id, member.id)
    _delete(session, [occasion_id])


def invite(
    session: Session,
    occasion_id: str,
    friend_ids: Collection[str],
    *,
    member: MemberView,
    now: datetime,
) -> None:
    """Ask friends to come to one’s own occasion; who was asked is not asked again.

    Raises NotFound for another’s occasion and for whoever is no friend, Conflict for too many.
    """
    close_gate(session, rules.gate(occasion_id))
    queries.check_own(session, occasion_id, member.id)
    there = queries.count_asked(session, occasion_id)
    rules.check_room(there, len(set(friend_ids)), rules.MOST_GUESTS + 1, "guests")
    for friend_id in sorted(set(friend_ids)):
        friends.get_friend(session, member.id, friend_id)
        row = {"occasion_id": occasion_id, "member_id": friend_id, "brand_id": member.brand_id}
        if insert_ignore(session, Attendance, **row, state=rules.INVITED, invited_at=now):
            emit(session, FriendAsked(occasion_id, friend_id))


def answer(
    session: Session, occasion_id: str, reply: str, *, member: MemberView, now: datetime
) -> None:
    """Come, or don’t; either may be changed. Who does not come plans nothing there any more.

    Raises NotFound for what the member was not asked to, or made themselves; Invalid for another
    answer.
    """
    state = rules.check_answer(reply)
    close_gate(session, rules.gate(occasion_id))
    seen = queries.get_occasion(session, occasion_id, viewer=member, now=now)
    if seen.is_own:
        raise rules.occasion_not_found()
    answered = session.execute(
        update(Attendance)
        .where(
            Attendance.occasion_id == occasion_id,
            Attendance.member_id == member.id,
            Attendance.state != state,
        )
        .values(state=state, answered_at=now)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(answered, CursorResult)
    if answered.rowcount and state == rules.DECLINED:
        _drop_plans(session, occasion_id, member.id)
    elif answered.rowcount:
        emit(session, PlanChanged(member.id))


def uninvite(session: Session, occasion_id: str, guest_id: str, *, member: MemberView) -> None:
    """Ask somebody no more; for them the occasion is gone. Raises NotFound for another’s."""
    close_gate(session, rules.gate(occasion_id))
    queries.check_own(session, occasion_id, member.id)
    if guest_id != member.id:
        _drop_plans(session, occasion_id, guest_id)
        session.execute(
            delete(Attendance).where(
                Attendance.occasion_id == occasion_id, Attendance.member_id == guest_id
            )
        )


def plan(
    session: Session,
    occasion_id: str,
    variants: Iterable[VariantView],
    *,
    member: MemberView,
    now: datetime,
) -> None:
    """Plan to wear these as well; only the member reads what they plan.

    Raises NotFound for an occasion to which the member does not come, Conflict for too many.
    """
    close_gate(session, rules.gate(occasion_id))
    seen = queries.get_occasion(session, occasion_id, viewer=member, now=now)
    if seen.answer != rules.ACCEPTED:
        raise rules.occasion_not_found()
    by_piece = {piece_of(one): one for one in variants}
    there = {piece_of(one) for one in queries.plan_of(session, occasion_id, member)}
    rules.check_room(len(there), len(set(by_piece) - there), rules.MOST_PIECES, "pieces")
    who = {"member_id": member.id, "brand_id": member.brand_id, "occasion_id": occasion_id}
    for piece, variant in by_piece.items():
        row = who | piece._asdict() | {"variant_id": variant.id, "planned_at": now}
        insert_ignore(session, PlannedPiece, **row)
    emit(session, PlanChanged(member.id))


def unplan(session: Session, occasion_id: str, piece: Piece, *, member: MemberView) -> None:
    """Plan a piece no more; wishes to twin in it end for both. Without it nothing changes."""
    close_gate(session, rules.gate(occasion_id))
    _drop_plans(session, occasion_id, member.id, piece)


def wish_to_twin(
    session: Session,
    occasion_id: str,
    friend_id: str,
    piece: Piece,
    *,
    member: MemberView,
    now: datetime,
) -> bool:
    """Wish to wear a piece together with a friend who plans it too; tells whether both wish now.

    Raises the same NotFound wherever there is nothing that the member may know of.
    """
    close_gate(session, rules.gate(occasion_id))
    clash = clashes.find_clash(
        session, occasion_id, member=member, friend_id=friend_id, piece=piece, now=now
    )
    if clash is None:
        raise rules.clash_not_found()
    row: dict[str, Any] = {"occasion_id": occasion_id, "friend_id": friend_id, **piece._asdict()}
    row |= {"member_id": member.id, "brand_id": member.brand_id, "wished_at": now}
    if insert_ignore(session, TwinWish, **row) and clash.is_wished:
        emit(session, TwinsMade(occasion_id, member.id, friend_id))
    return clash.is_wished


def undo_wish(
    session: Session, occasion_id: str, friend_id: str, piece: Piece, *, member: MemberView
) -> None:
    """Wish it no more; twins are twins no more. Without a wish nothing changes."""
    close_gate(session, rules.gate(occasion_id))
    session.execute(
        delete(TwinWish).where(
            TwinWish.occasion_id == occasion_id,
            TwinWish.member_id == member.id,
            TwinWish.friend_id == friend_id,
            TwinWish.style_id == piece.style_id,
            TwinWish.colour_name == piece.colour_name,
        )
    )


def erase(session: Session, member_id: str) -> None:
    """Delete what a member made, with all in it, and their answers, plans and wishes elsewhere."""
    mine = select(Occasion.id).where(Occasion.member_id == member_id).order_by(Occasion.id)
    own = session.scalars(mine).all()
    for occasion_id in own:
        close_gate(session, rules.gate(occasion_id))
    session.execute(
        delete(TwinWish).where(
            or_(TwinWish.member_id == member_id, TwinWish.friend_id == member_id)
        )
    )
    for model in (PlannedPiece, Attendance):
        session.execute(delete(model).where(model.member_id == member_id))
    _delete(session, own)


def _found(changed: Any) -> None:
    assert isinstance(changed, CursorResult)
    if not changed.rowcount:
        raise rules.occasion_not_found()


def _who_come(session: Session, occasion_id: str) -> list[str]:
    comes = select(Attendance.member_id).where(
        Attendance.occasion_id == occasion_id, Attendance.state == rules.ACCEPTED
    )
    return list(session.scalars(comes))


def _delete(session: Session, occasion_ids: Iterable[str]) -> None:
    ids = list(occasion_ids)
    for model in (TwinWish, PlannedPiece, Attendance):
        session.execute(delete(model).where(model.occasion_id.in_(ids)))
    session.execute(delete(Occasion).where(Occasion.id.in_(ids)))


def _drop_plans(
    session: Session, occasion_id: str, member_id: str, piece: Piece | None = None
) -> None:
    """Drop what somebody plans, all of it or one piece, and the wishes to twin in it."""
    plans = [PlannedPiece.occasion_id == occasion_id, PlannedPiece.member_id == member_id]
    wishes = [
        TwinWish.occasion_id == occasion_id,
        or_(TwinWish.member_id == member_id, TwinWish.friend_id == member_id),
    ]
    for model, which in ((PlannedPiece, plans), (TwinWish, wishes)):
        if piece is not None:
            which += [model.style_id == piece.style_id, model.colour_name == piece.colour_name]
        session.execute(delete(model).where(*which))
