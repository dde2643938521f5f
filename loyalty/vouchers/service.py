"""Agreeing on terms, issuing vouchers, and ending those that were not used."""

from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, select, update
from sqlalchemy.orm import Session

from core.errors import Conflict
from core.ids import new_id
from core.sql import insert_ignore
from loyalty.vouchers import codes, queries, standing
from loyalty.vouchers.models import Redemption, Voucher, VoucherBudget, VoucherTerms, VoucherUse
from loyalty.vouchers.rules import Issued
from loyalty.vouchers.terms import Terms, check_terms, scope_as_json

# So many are marked in one transaction, so that a big batch keeps no till waiting.
AT_ONCE = 500


def agree(session: Session, *, programme_id: str, source: str, terms: Terms, now: datetime) -> str:
    """Write terms down, once for each source; gives their id.

    Raises Invalid for terms that make no sense, and Conflict where the source has other ones or
    its campaign another currency.
    """
    check_terms(terms)
    values = {one.name: getattr(terms, one.name) for one in fields(Terms)}
    values["scope"] = scope_as_json(terms.scope)
    terms_id = new_id()
    if terms.campaign_id is not None:
        _open_budget(session, programme_id, terms.campaign_id, terms.currency or "")
    written = {"id": terms_id, "programme_id": programme_id, "source": source, "agreed_at": now}
    if insert_ignore(session, VoucherTerms, **written, **values):
        return terms_id
    before = session.scalars(
        select(VoucherTerms).where(
            VoucherTerms.programme_id == programme_id, VoucherTerms.source == source
        )
    ).one()
    if queries.terms_of(before) != terms:
        raise Conflict("terms_differ", "Other terms were agreed under this source.")
    return before.id


def _open_budget(session: Session, programme_id: str, campaign_id: str, currency: str) -> None:
    key = {"programme_id": programme_id, "campaign_id": campaign_id}
    insert_ignore(session, VoucherBudget, **key, currency=currency, spent_minor=0)
    if session.scalars(select(VoucherBudget.currency).filter_by(**key)).one() != currency:
        raise Conflict("campaign_currency", "This campaign gives away another currency.")


def set_budget(
    session: Session,
    *,
    programme_id: str,
    campaign_id: str,
    currency: str,
    limit_minor: int | None,
) -> None:
    """Say how much a campaign may give away in all, what it gave included; None is no limit.

    Raises Conflict where the campaign gives away another currency.
    """
    _open_budget(session, programme_id, campaign_id, currency)
    session.execute(
        update(VoucherBudget)
        .where(VoucherBudget.programme_id == programme_id, VoucherBudget.campaign_id == campaign_id)
        .values(limit_minor=limit_minor)
    )


def issue(
    session: Session,
    *,
    programme_id: str,
    terms_id: str,
    owner_id: str | None,
    source: str,
    valid_from: datetime,
    valid_until: datetime,
    now: datetime,
    key: bytes,
) -> Issued:
    """Issue the one voucher of a source, valid in [valid_from, valid_until).

    Repeated, it answers with the same voucher. Raises Invalid where it would never be valid,
    NotFound for terms of another programme, Conflict where the source issued something else.
    """
    queries.check_validity(valid_from, valid_until)
    terms = queries.get_terms(session, terms_id, programme_id=programme_id)
    voucher_id = new_id()
    code = codes.code_of(voucher_id, key)
    what = {"owner_id": owner_id, "terms_id": terms_id}
    is_new = insert_ignore(
        session,
        Voucher,
        id=voucher_id,
        programme_id=programme_id,
        source=source,
        **what,
        code_hash=codes.hash_of(code, key),
        last_four=code[-4:],
        state="issued",
        uses_left=terms.uses,
        valid_from=valid_from,
        valid_until=valid_until,
        issued_at=now,
    )
    if is_new:
        return Issued(voucher_id, is_new=True)
    return _replay(session, programme_id, source, what)


def _replay(session: Session, programme_id: str, source: str, what: dict[str, Any]) -> Issued:
    before = session.scalars(
        select(Voucher).where(Voucher.programme_id == programme_id, Voucher.source == source)
    ).one()
    if any(getattr(before, name) != value for name, value in what.items()):
        raise Conflict("source_differs", "This source already issued another voucher.")
    return Issued(before.id, is_new=False)


def void(session: Session, voucher_id: str, *, programme_id: str) -> bool:
    """End a voucher, with all uses that are left; tells whether this call ended it.

    What tills hold just then, they may still redeem.
    """
    result = session.execute(
        update(Voucher)
        .where(
            Voucher.id == voucher_id,
            Voucher.programme_id == programme_id,
            Voucher.state == "issued",
        )
        .values(state="void")
    )
    assert isinstance(result, CursorResult)
    return result.rowcount == 1


def take_back(session: Session, *, programme_id: str, source: str, now: datetime) -> bool | None:
    """End the voucher of a source, unless it was used up: whether it ended, None for neither.

    What tills hold just then, they may still redeem.
    """
    voucher_id = session.scalar(
        select(Voucher.id)
        .where(Voucher.programme_id == programme_id, Voucher.source == source)
        .with_for_update()
    )
    found = queries.find_validity(session, programme_id, source, now=now)
    if voucher_id is None or found is None or found.state in ("void", "expired"):
        return None
    return found.state != "redeemed" and void(session, voucher_id, programme_id=programme_id)


def take_back_unused(session: Session, *, programme_id: str, source: str, now: datetime) -> bool:
    """End the voucher of a source, if all its uses are free; whether this call ended it.

    One that a till holds, or that is over, stays as it is. What lapsed is free at once, and what
    its owner holds themselves is theirs to give back.
    """
    voucher_id = session.scalar(
        select(Voucher.id)
        .where(Voucher.programme_id == programme_id, Voucher.source == source)
        .with_for_update()
    )
    if voucher_id is not None:
        standing.free(session, programme_id, voucher_id, now=now)
    uses = select(VoucherTerms.uses).where(VoucherTerms.id == Voucher.terms_id).scalar_subquery()
    result = session.execute(
        update(Voucher)
        .where(
            Voucher.programme_id == programme_id,
            Voucher.source == source,
            Voucher.state == "issued",
            Voucher.valid_until > now,
            Voucher.uses_left == uses,
        )
        .values(state="void"),
        execution_options={"synchronize_session": False},
    )
    assert isinstance(result, CursorResult)
    return result.rowcount == 1


def expire(session: Session, *, now: datetime) -> int:
    """Mark vouchers whose validity has ended, `AT_ONCE` at most; returns how many.

    Whatever a till holds just then is left for the next time.
    """
    over = (
        select(Voucher.id)
        .where(*_over(now))
        .order_by(Voucher.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    result = session.execute(
        update(Voucher).where(Voucher.id.in_(session.scalars(over).all())).values(state="expired")
    )
    assert isinstance(result, CursorResult)
    return result.rowcount


def has_expired(session: Session, now: datetime) -> bool:
    """Whether there are vouchers whose validity has ended and that were not marked."""
    return session.scalar(select(Voucher.id).where(*_over(now)).limit(1)) is not None


def _over(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return Voucher.state == "issued", Voucher.valid_until <= now


def disown(session: Session, programme_id: str, owner_id: str) -> None:
    """Let go of whose the vouchers are; those not used end, since nobody could show them."""
    owned = (Voucher.programme_id == programme_id, Voucher.owner_id == owner_id)
    session.execute(update(Voucher).where(*owned, Voucher.state == "issued").values(state="void"))
    session.execute(update(Voucher).where(*owned).values(owner_id=None))
    baskets = select(Redemption.id).where(
        Redemption.programme_id == programme_id, Redemption.owner_id == owner_id
    )
    terms = select(VoucherTerms.id).where(VoucherTerms.programme_id == programme_id)
    session.execute(
        update(VoucherUse)
        .where(VoucherUse.terms_id.in_(terms), VoucherUse.owner_id == owner_id)
        .values(owner_id=None)
    )
    session.execute(
        update(Redemption).where(Redemption.id.in_(baskets)).values(owner_id=None),
        execution_options={"synchronize_session": False},
    )


def code_anew(
    session: Session, *, now: datetime, key: bytes, after: str, most: int
) -> tuple[int, str | None]:
    """Give usable vouchers codes of the newest secret, the next so many after an id.

    Tells how many got one, and the id to go on after; None at the end.
    """
    newest, done = bytes(key), 0
    rows = select(Voucher).where(*queries.usable(now), Voucher.id > after)
    found = session.scalars(rows.order_by(Voucher.id).limit(most).with_for_update()).all()
    for voucher in found:
        code = codes.code_of(voucher.id, newest)
        hashed = codes.hash_of(code, newest)
        if voucher.code_hash != hashed:
            voucher.code_hash, voucher.last_four = hashed, code[-4:]
            done += 1
    session.flush()
    return done, found[-1].id if found else None
