"""Reads of members and their sessions."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from core import clock
from core.errors import NotFound
from core.keys import keyed_hashes
from retail.accounts import rules
from retail.accounts.models import Identity, Member, MemberSession, SignInCode
from retail.brands.queries import words_of

SESSION_PURPOSE = "member-session"


@dataclass(frozen=True)
class MemberView:
    """A member as others see them; `is_adult` is None until a birth date is given."""

    id: str
    brand_id: str
    display_name: str
    public_name: str
    initials: str
    avatar: int
    sizes: dict[str, Any]
    is_adult: bool | None
    joined_at: datetime


@dataclass(frozen=True)
class SignedInMember(MemberView):
    """A member found through a session, which was last noted at `seen_at`.

    `words` names the vocabulary of their brand.
    """

    seen_at: datetime
    session_id: str
    words: str


@dataclass(frozen=True)
class SessionView:
    """One of a member's own sign-ins; `device` is coarse, or None where the browser did not say.

    `seen_at` is noted once a day.
    """

    id: str
    device: str | None
    signed_in_at: datetime
    seen_at: datetime
    is_this: bool


@dataclass(frozen=True)
class MyProfile(MemberView):
    """What a member sees of themselves."""

    email: str = field(repr=False)
    birth_on: date | None = field(repr=False)


@dataclass(frozen=True)
class CodeToSend:
    """A code that waits to be mailed. `code` and `email` never enter a log."""

    brand_id: str
    email: str = field(repr=False)
    code: str = field(repr=False)


_COLUMNS = (
    Member.id,
    Member.brand_id,
    Member.display_name,
    Member.sizes,
    Member.birth_on,
    Member.joined_at,
)
_BY_SESSION = (
    select(
        *_COLUMNS,
        MemberSession.seen_at,
        MemberSession.id.label("session_id"),
        words_of(Member.brand_id).label("words"),
    )
    .join(MemberSession, MemberSession.member_id == Member.id)
    .where(MemberSession.ended_at.is_(None), Member.closed_at.is_(None))
)
_OPEN = select(*_COLUMNS).where(Member.closed_at.is_(None))

# The ids and names of members who have not left; for other rooms to build on.
NAMES = select(Member.id, Member.display_name).where(Member.closed_at.is_(None))
# The ids, brands and birth dates of members who have not left; for other rooms to build on.
AGES = select(Member.id, Member.brand_id, Member.birth_on).where(Member.closed_at.is_(None))


def find_session(
    session: Session,
    token: str,
    *,
    now: datetime,
    key: bytes,
    minimum_age: int = rules.ADULT_AGE,
) -> SignedInMember | None:
    """The member whose session this token opens, or None where it opens none any more."""
    hashes = keyed_hashes(key, SESSION_PURPOSE, token)
    row = session.execute(
        _BY_SESSION.where(MemberSession.token_hash.in_(hashes), MemberSession.ends_at > now)
    ).one_or_none()
    if row is None:
        return None
    return SignedInMember(
        **_view(row, now, minimum_age),
        seen_at=row.seen_at,
        session_id=row.session_id,
        words=row.words,
    )


def sessions_of(session: Session, member: SignedInMember, *, now: datetime) -> list[SessionView]:
    """Where the member is signed in: here first, then by when they were last seen."""
    rows = session.execute(
        select(
            MemberSession.id,
            MemberSession.device,
            MemberSession.created_at,
            MemberSession.seen_at,
        )
        .where(
            MemberSession.member_id == member.id,
            MemberSession.ended_at.is_(None),
            MemberSession.ends_at > now,
        )
        .order_by(MemberSession.seen_at.desc(), MemberSession.id.desc())
    )
    views = [SessionView(*row, is_this=row.id == member.session_id) for row in rows]
    return sorted(views, key=lambda view: not view.is_this)


def get_member(
    session: Session,
    member_id: str,
    *,
    now: datetime | None = None,
    minimum_age: int = rules.ADULT_AGE,
) -> MemberView:
    """The member. Raises NotFound for absent and closed alike."""
    members = members_by_id(session, [member_id], now=now, minimum_age=minimum_age)
    if member_id not in members:
        raise _member_not_found()
    return members[member_id]


def ids_of_all(session: Session) -> list[str]:
    """The ids of every member who has not left, of all brands; for an operator's errands."""
    return list(session.scalars(select(Member.id).where(Member.closed_at.is_(None))))


def sessions_under_other_keys(session: Session, newest: str, *, now: datetime) -> int:
    """How many open sessions were last signed with another key than the one of this id."""
    is_other = MemberSession.hash_key.is_distinct_from(newest)
    is_open = MemberSession.ended_at.is_(None) & (MemberSession.ends_at > now)
    return session.scalar(select(func.count()).where(is_other, is_open)) or 0


def ids_of_gone(session: Session) -> list[str]:
    """The ids of every member who has left, of all brands."""
    return list(session.scalars(select(Member.id).where(Member.closed_at.is_not(None))))


def has_anyone_left(session: Session, brand_id: str, since: datetime) -> bool:
    """Whether a member of the brand has left at or after an instant."""
    gone = select(Member.id).where(Member.brand_id == brand_id, Member.closed_at >= since)
    return session.scalar(gone.limit(1)) is not None


def find_member_by_email(session: Session, brand_id: str, email: str) -> MemberView | None:
    """The member of a brand with this address, or None."""
    row = session.execute(
        _OPEN.where(Member.brand_id == brand_id, Member.email == rules.normalise_email(email))
    ).one_or_none()
    return None if row is None else MemberView(**_view(row, clock.now(), rules.ADULT_AGE))


def members_by_id(
    session: Session,
    member_ids: Iterable[str],
    *,
    now: datetime | None = None,
    minimum_age: int = rules.ADULT_AGE,
) -> dict[str, MemberView]:
    """Those of the members who exist and are not closed, by id."""
    rows = session.execute(_OPEN.where(Member.id.in_(list(member_ids))))
    instant = now or clock.now()
    return {row.id: MemberView(**_view(row, instant, minimum_age)) for row in rows}


def joined_since(session: Session, brand_id: str, since: datetime) -> dict[str, datetime]:
    """When those members of a brand joined who did since then, by id."""
    rows = session.execute(
        select(Member.id, Member.joined_at).where(
            Member.brand_id == brand_id, Member.joined_at >= since
        )
    )
    return {row.id: row.joined_at for row in rows}


def ids_by_email(session: Session, brand_id: str, emails: Iterable[str]) -> set[str]:
    """The members of a brand with one of these addresses."""
    known = select(Member.id).where(Member.brand_id == brand_id, Member.email.in_(list(emails)))
    return set(session.scalars(known))


def profile(
    session: Session,
    member_id: str,
    *,
    now: datetime | None = None,
    minimum_age: int = rules.ADULT_AGE,
) -> MyProfile:
    """What the member sees of themselves. Raises NotFound for absent and closed alike."""
    row = session.execute(
        _OPEN.add_columns(Member.email).where(Member.id == member_id)
    ).one_or_none()
    if row is None:
        raise _member_not_found()
    view = _view(row, now or clock.now(), minimum_age)
    return MyProfile(**view, email=row.email or "", birth_on=row.birth_on)


def find_code_to_send(
    session: Session, code_id: str, *, now: datetime, key: bytes
) -> CodeToSend | None:
    """The mail that still has to leave for a request, or None: sent, used, expired or gone."""
    row = session.execute(
        select(SignInCode.brand_id, SignInCode.email).where(
            SignInCode.id == code_id,
            SignInCode.email.is_not(None),
            SignInCode.used_at.is_(None),
            SignInCode.expires_at > now,
        )
    ).one_or_none()
    if row is None or row.email is None:
        return None
    return CodeToSend(row.brand_id, row.email, rules.sign_in_code(key, code_id))


def export(session: Session, member_id: str) -> dict[str, Any]:
    """All that this room keeps about a member, for themselves."""
    mine = profile(session, member_id)
    sessions = session.execute(
        select(
            MemberSession.device,
            MemberSession.created_at,
            MemberSession.seen_at,
            MemberSession.ended_at,
        )
        .where(MemberSession.member_id == member_id)
        .order_by(MemberSession.created_at)
    )
    identities = session.execute(
        select(Identity.issuer, Identity.subject, Identity.linked_at)
        .where(Identity.member_id == member_id)
        .order_by(Identity.linked_at)
    )
    return {
        "email": mine.email,
        "display_name": mine.display_name,
        "birth_on": mine.birth_on,
        "sizes": mine.sizes,
        "joined_at": mine.joined_at,
        "sessions": [dict(row._mapping) for row in sessions],
        "signs_in_with": [dict(row._mapping) for row in identities],
    }


def _view(row: Row[Any], now: datetime, minimum_age: int) -> dict[str, Any]:
    return {
        "id": row.id,
        "brand_id": row.brand_id,
        "display_name": row.display_name,
        "public_name": rules.public_name(row.display_name),
        "initials": rules.initials(row.display_name),
        "avatar": rules.avatar(row.id),
        "sizes": row.sizes,
        "is_adult": rules.is_adult(row.birth_on, now.date(), minimum_age),
        "joined_at": row.joined_at,
    }


def _member_not_found() -> NotFound:
    return NotFound("member_not_found", "This member isn’t here.")
