"""Looking vouchers up: an owner's own, or the one behind a code."""

from collections.abc import Collection
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, func, or_, select
from sqlalchemy.orm import Session

from core.errors import Invalid, NotFound
from core.keys import every
from loyalty.vouchers import codes
from loyalty.vouchers.models import Redemption, Voucher, VoucherTerms, VoucherUse
from loyalty.vouchers.rules import State, Validity, VoucherView, shown_state
from loyalty.vouchers.terms import Terms, scope_from_json

NAMED, BATCH = "named:", "batch:"


def vouchers_of(
    session: Session, programme_id: str, owner_id: str, *, now: datetime, key: bytes
) -> list[VoucherView]:
    """An owner's vouchers: those that can still be used first, the soonest to end at the top."""
    rows = session.execute(
        select(Voucher, VoucherTerms)
        .join(VoucherTerms, VoucherTerms.id == Voucher.terms_id)
        .where(Voucher.programme_id == programme_id, Voucher.owner_id == owner_id)
        .order_by(Voucher.valid_until, Voucher.id)
    ).all()
    used = _uses(session, [voucher.id for voucher, _ in rows], now)
    views = [_view(voucher, terms, used, now, key) for voucher, terms in rows]
    return sorted(views, key=lambda view: view.state not in ("issued", "reserved"))


def find_by_code(
    session: Session, programme_id: str, code: str, *, now: datetime, key: bytes
) -> VoucherView | None:
    """The voucher whose code somebody typed, whatever its state."""
    plain = codes.read(code)
    if plain is None:
        return None
    row = session.execute(
        select(Voucher, VoucherTerms)
        .join(VoucherTerms, VoucherTerms.id == Voucher.terms_id)
        .where(
            Voucher.programme_id == programme_id,
            Voucher.code_hash.in_([codes.hash_of(plain, one) for one in every(key)]),
        )
    ).one_or_none()
    if row is None:
        return None
    voucher, terms = row
    return _view(voucher, terms, _uses(session, [voucher.id], now), now, key)


def find_by_source(
    session: Session, programme_id: str, source: str, *, now: datetime, key: bytes
) -> VoucherView | None:
    """The voucher that a source issued, whatever its state."""
    row = session.execute(
        select(Voucher, VoucherTerms)
        .join(VoucherTerms, VoucherTerms.id == Voucher.terms_id)
        .where(Voucher.programme_id == programme_id, Voucher.source == source)
    ).one_or_none()
    if row is None:
        return None
    voucher, terms = row
    return _view(voucher, terms, _uses(session, [voucher.id], now), now, key)


def find_source(session: Session, programme_id: str, code: str, *, key: bytes) -> str | None:
    """What issued the voucher whose code somebody typed."""
    plain = codes.read(code)
    if plain is None:
        return None
    return session.scalar(
        select(Voucher.source).where(
            Voucher.programme_id == programme_id,
            Voucher.code_hash.in_([codes.hash_of(plain, one) for one in every(key)]),
        )
    )


def get_terms(session: Session, terms_id: str, *, programme_id: str) -> Terms:
    """Terms of the programme. Raises NotFound."""
    found = session.get(VoucherTerms, terms_id)
    if found is None or found.programme_id != programme_id:
        raise NotFound("terms_not_found", "We don't know these terms.")
    return terms_of(found)


def terms_by_id(session: Session, ids: Collection[str]) -> dict[str, Terms]:
    """Terms by their ids; those that are none are left out."""
    rows = session.scalars(select(VoucherTerms).where(VoucherTerms.id.in_(ids)))
    return {row.id: terms_of(row) for row in rows}


def named_terms(session: Session, programme_id: str) -> dict[str, str]:
    """The ids of terms by name: those agreed on under it, else those of the batch called so."""
    rows = session.execute(
        select(VoucherTerms.source, VoucherTerms.id).where(
            VoucherTerms.programme_id == programme_id,
            or_(VoucherTerms.source.startswith(NAMED), VoucherTerms.source.startswith(BATCH)),
        )
    ).all()
    named: dict[str, dict[str, str]] = {BATCH: {}, NAMED: {}}
    for source, terms_id in rows:
        sort, _colon, name = source.partition(":")
        named[f"{sort}:"][name] = terms_id
    return named[BATCH] | named[NAMED]


def terms_of(row: VoucherTerms | Row[Any]) -> Terms:
    """The terms that a row holds, be it of more than them."""
    values = {one.name: getattr(row, one.name) for one in fields(Terms)}
    return Terms(**values | {"scope": scope_from_json(row.scope)})


def check_validity(valid_from: datetime, valid_until: datetime) -> None:
    """Raise Invalid unless there is an instant at which a voucher is valid."""
    if valid_from >= valid_until:
        sentence = "A voucher is valid until some time after it begins to be."
        raise Invalid(
            "voucher_unclear", "This voucher makes no sense.", fields={"valid_until": [sentence]}
        )


def _uses(
    session: Session, ids: list[str], now: datetime
) -> dict[str, tuple[datetime | None, datetime | None]]:
    """For each voucher when it was last redeemed, and until when tills hold uses of it."""
    rows = session.execute(
        select(
            VoucherUse.voucher_id,
            func.max(Redemption.sold_at).filter(Redemption.state == "redeemed"),
            func.max(Redemption.reserved_until).filter(Redemption.state == "reserved"),
        )
        .join(Redemption, Redemption.id == VoucherUse.redemption_id)
        .where(
            VoucherUse.voucher_id.in_(ids),
            VoucherUse.returned_at.is_(None),
            or_(Redemption.state == "redeemed", Redemption.reserved_until > now),
        )
        .group_by(VoucherUse.voucher_id)
    )
    return {voucher_id: (used_at, held_until) for voucher_id, used_at, held_until in rows}


def find_validity(
    session: Session, programme_id: str, source: str, *, now: datetime
) -> Validity | None:
    """How the voucher of a source stands, if there is one."""
    voucher = session.scalar(
        select(Voucher).where(Voucher.programme_id == programme_id, Voucher.source == source)
    )
    if voucher is None:
        return None
    state = _state(voucher, _uses(session, [voucher.id], now), now)
    return Validity(state, voucher.valid_from, voucher.valid_until)


def _state(voucher: Voucher, used: dict[str, tuple[Any, Any]], now: datetime) -> State:
    used_at, held_until = used.get(voucher.id, (None, None))
    uses_left = voucher.uses_left
    return shown_state(
        voucher.state,  # type: ignore[arg-type]
        voucher.valid_until,
        now,
        # A reservation whose time is over holds nothing, although its use was not counted back.
        uses_left=1 if uses_left == 0 and not used_at and not held_until else uses_left,
        is_held=held_until is not None and uses_left == 0,
    )


def _view(
    voucher: Voucher,
    terms: VoucherTerms,
    used: dict[str, tuple[Any, Any]],
    now: datetime,
    key: bytes,
) -> VoucherView:
    used_at, _ = used.get(voucher.id, (None, None))
    return VoucherView(
        id=voucher.id,
        owner_id=voucher.owner_id,
        kind=terms.kind,  # type: ignore[arg-type]
        value=terms.value,
        currency=terms.currency,
        code=codes.shown(codes.printed_code(voucher.id, voucher.code_hash, key)),
        last_four=voucher.last_four,
        state=_state(voucher, used, now),
        valid_from=voucher.valid_from,
        valid_until=voucher.valid_until,
        issued_at=voucher.issued_at,
        title=terms.title,
        minimum_minor=terms.minimum_minor,
        most_minor=terms.most_minor,
        **{name: tuple(labels) for name, labels in terms.scope.items()},
        is_bound=terms.is_bound,
        stacking=terms.stacking,  # type: ignore[arg-type]
        uses_left=voucher.uses_left,
        used_at=used_at,
    )


def sources_of(session: Session, programme_id: str, *, prefix: str) -> set[str]:
    """The sources of all vouchers of a programme that begin so, whatever became of them."""
    rows = select(Voucher.source).where(
        Voucher.programme_id == programme_id, Voucher.source.startswith(prefix, autoescape=True)
    )
    return set(session.scalars(rows))


def owners_in(session: Session, redemption_id: str) -> set[str]:
    """Whose vouchers were put to a basket, whosever the basket is."""
    owned = select(Voucher.owner_id).join(VoucherUse, VoucherUse.voucher_id == Voucher.id)
    rows = session.scalars(owned.where(VoucherUse.redemption_id == redemption_id))
    return {owner_id for owner_id in rows if owner_id is not None}


def under_other_keys(session: Session, *, now: datetime, key: bytes) -> int:
    """How many vouchers that can be used have the code of a secret that does not sign any more."""
    newest = bytes(key)
    rows = session.execute(select(Voucher.id, Voucher.code_hash).where(*usable(now)))
    return sum(codes.hash_of(codes.code_of(one, newest), newest) != was for one, was in rows)


def usable(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """That a voucher can be used now, or later."""
    return Voucher.state == "issued", Voucher.valid_until > now
