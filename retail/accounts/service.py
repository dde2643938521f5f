"""Writes of members: sign-in codes, sessions, profiles, erasure."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from core.errors import Conflict, NotFound, TooMany
from core.ids import derive, new_id
from core.keys import every
from core.outbox import emit, enqueue
from core.sql import close_gate, insert_ignore
from retail.accounts import rules
from retail.accounts.events import MemberJoined
from retail.accounts.models import Identity, Member, MemberSession, SignInCode, SpentState
from retail.accounts.rules import MEMBERS, Door
from retail.accounts.sessions import end_all, open_session
from retail.catalogue.shelf import sized_categories

_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class SignedIn:
    """A new session; `token` is shown to its owner once and stored nowhere."""

    token: str = field(repr=False)
    member_id: str
    is_new: bool


def request_code(
    session: Session,
    *,
    brand_id: str,
    email: str,
    now: datetime,
    key: bytes,
    door: Door = MEMBERS,
) -> None:
    """Have a code for the door mailed to the address, whether or not anybody has it.

    Raises Invalid for an impossible address, TooMany after five requests within an hour.
    """
    address = rules.normalise_email(email)
    email_hashes = rules.email_hashes(key, door, brand_id, address)
    # Counting and inserting must be one step, or requests at once would all count four.
    close_gate(session, derive(key, "sign-in-gate", email_hashes[0], 63))
    _check_not_too_many(session, brand_id, email_hashes, now)
    code = SignInCode(
        id=new_id(),
        brand_id=brand_id,
        email_hash=email_hashes[0],
        email=address,
        created_at=now,
        expires_at=now + rules.CODE_LIFETIME,
    )
    session.add(code)
    session.flush()
    enqueue(session, door.job, {"code_id": code.id}, due_at=now)


def _check_not_too_many(session: Session, brand_id: str, hashes: list[str], now: datetime) -> None:
    requests = session.scalars(
        select(SignInCode.created_at)
        .where(
            SignInCode.brand_id == brand_id,
            SignInCode.email_hash.in_(hashes),
            SignInCode.created_at > now - _HOUR,
        )
        .order_by(SignInCode.created_at)
    ).all()
    if len(requests) >= rules.CODES_PER_HOUR:
        wait = requests[-rules.CODES_PER_HOUR] + _HOUR - now
        raise TooMany(
            "too_many_codes",
            "We’ve sent several codes to this address. Use the newest, or try again later.",
            retry_after_seconds=max(1, int(wait.total_seconds())),
        )


def mark_sent(session: Session, code_id: str) -> None:
    """Forget the address of a request whose mail has left."""
    session.execute(update(SignInCode).where(SignInCode.id == code_id).values(email=None))


def sign_in(
    session: Session,
    *,
    brand_id: str,
    email: str,
    code: str,
    now: datetime,
    key: bytes,
    device: str | None = None,
) -> SignedIn | None:
    """Open a session for whoever holds a mailed code, joining them where they are new.

    None where the code opens nothing, whatever the reason: a value, because raising would undo
    the count of attempts. Raises Invalid for an impossible address.
    """
    if not take_code(session, brand_id=brand_id, email=email, code=code, now=now, key=key):
        return None
    member_id, is_new = join(session, brand_id, rules.normalise_email(email), now=now)
    token = open_session(session, member_id, brand_id=brand_id, now=now, key=key, device=device)
    return SignedIn(token, member_id, is_new)


def take_code(
    session: Session,
    *,
    brand_id: str,
    email: str,
    code: str,
    now: datetime,
    key: bytes,
    door: Door = MEMBERS,
) -> bool:
    """Use up a mailed code; tells whether it opens the door.

    A wrong one counts as an attempt, so commit either way. Raises Invalid for an impossible
    address.
    """
    email_hashes = rules.email_hashes(key, door, brand_id, rules.normalise_email(email))
    typed = rules.normalise_code(code) or ""
    matching = [
        code_id
        for code_id in _count_attempt(session, brand_id, email_hashes, now)
        if any(hmac.compare_digest(rules.sign_in_code(k, code_id), typed) for k in every(key))
    ]
    if matching:
        session.execute(
            update(SignInCode).where(SignInCode.id.in_(matching)).values(used_at=now, email=None)
        )
    return bool(matching)


def _count_attempt(session: Session, brand_id: str, hashes: list[str], now: datetime) -> list[str]:
    # The rows stay locked until the transaction ends, so of two attempts with the same code the
    # later one sees it used: neither a code nor an attempt counts twice.
    return list(
        session.scalars(
            update(SignInCode)
            .where(
                SignInCode.brand_id == brand_id,
                SignInCode.email_hash.in_(hashes),
                SignInCode.used_at.is_(None),
                SignInCode.expires_at > now,
                SignInCode.attempts < rules.CODE_ATTEMPTS,
            )
            .values(attempts=SignInCode.attempts + 1)
            .returning(SignInCode.id)
            .execution_options(synchronize_session=False)
        )
    )


def join(session: Session, brand_id: str, email: str, *, now: datetime) -> tuple[str, bool]:
    """The id of the member with this proven address, and whether they are new; joined once."""
    new = new_id()
    is_new = insert_ignore(
        session,
        Member,
        id=new,
        brand_id=brand_id,
        email=email,
        display_name="",
        sizes={},
        joined_at=now,
    )
    if is_new:
        emit(session, MemberJoined(new))
        return new, True
    found = session.scalars(
        select(Member.id).where(Member.brand_id == brand_id, Member.email == email)
    ).one()
    return found, False


def update_profile(
    session: Session,
    member_id: str,
    *,
    display_name: str | None = None,
    sizes: Mapping[str, str] | None = None,
    birth_on: date | None = None,
    now: datetime,
) -> None:
    """Change what is given and leave the rest.

    Raises Invalid for what a field refuses, and Conflict for a second birth date: it keeps minors
    out of public features, so they must not be able to grow up by editing it.
    """
    member = session.get(Member, member_id, with_for_update=True)
    if member is None or member.closed_at is not None:
        raise NotFound("member_not_found", "This member isn’t here.")
    if birth_on is not None and birth_on != member.birth_on:
        if member.birth_on is not None:
            raise Conflict(
                "birth_date_given",
                "A birth date can be given once. Ask in the store to correct it.",
                fields={"birth_on": ["It is recorded already. Ask in the store to correct it."]},
            )
        member.birth_on = rules.check_birth_on(birth_on, now.date())
    if display_name is not None:
        member.display_name = rules.check_display_name(display_name)
    if sizes is not None:
        kinds = {one.code for one in sized_categories(session, member.brand_id)}
        member.sizes = rules.check_sizes(sizes, kinds)
    session.flush()


def correct_birth_date(session: Session, member_id: str, birth_on: date, *, now: datetime) -> None:
    """Put the birth date right for a member who cannot do it: one that staff have seen.

    Raises NotFound, Invalid for a date that cannot be one.
    """
    member = session.get(Member, member_id, with_for_update=True)
    if member is None or member.closed_at is not None:
        raise NotFound("member_not_found", "This member isn’t here.")
    member.birth_on = rules.check_birth_on(birth_on, now.date())
    session.flush()


def erase(session: Session, member_id: str, *, now: datetime, key: bytes) -> None:
    """Empty the member and end all sessions; only the opaque id stays."""
    member = session.get(Member, member_id, with_for_update=True)
    if member is None:
        return
    if member.email is not None:
        forget_codes(session, brand_id=member.brand_id, email=member.email, key=key)
    end_all(session, member_id, now=now)
    for table in (MemberSession, Identity):
        session.execute(delete(table).where(table.member_id == member_id))
    member.email = member.birth_on = None
    member.display_name, member.sizes = "", {}
    member.closed_at = member.closed_at or now
    session.flush()


def forget_codes(
    session: Session, *, brand_id: str, email: str, key: bytes, door: Door = MEMBERS
) -> None:
    """Delete every request of an address for a door, so that no code of it opens anything."""
    hashes = rules.email_hashes(key, door, brand_id, email)
    session.execute(
        delete(SignInCode).where(SignInCode.brand_id == brand_id, SignInCode.email_hash.in_(hashes))
    )


def forget_old_codes(session: Session, *, now: datetime) -> int:
    """Delete requests for codes that no limit counts any more; tells how many.

    Ways back from a provider that were walked go with them, long after they could be tried again.
    """
    session.execute(delete(SpentState).where(SpentState.spent_at <= now - _HOUR))
    result = session.execute(delete(SignInCode).where(SignInCode.created_at <= now - _HOUR))
    assert isinstance(result, CursorResult)
    return result.rowcount
