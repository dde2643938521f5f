"""Looking vouchers up: an owner's own, or the one behind a code."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, Select, func, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from core.errors import Invalid, NotFound
from core.keys import every
from loyalty.vouchers import codes
from loyalty.vouchers.models import Redemption, Voucher, VoucherTerms, VoucherUse
from loyalty.vouchers.rules import State, Validity, VoucherView, shown_state
from loyalty.vouchers.terms import Terms, scope_from_json

NAMED, BATCH = "named:", "batch:"
_put = aliased(Redemption)


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
    used = _with_places(session, _uses(session, [voucher.id for voucher, _ in rows], now))
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
        raise NotFound("terms_not_found", "We don’t know these terms.")
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


class _Uses(NamedTuple):
    """When a voucher was last redeemed, and until when tills or its owner hold uses of it."""

    used_at: datetime | None = None
    till_until: datetime | None = None
    own_until: datetime | None = None
    labels: tuple[str, ...] = ()


def _uses(session: Session, ids: list[str], now: datetime) -> dict[str, _Uses]:
    is_held = Redemption.state == "reserved"
    rows = session.execute(
        select(
            VoucherUse.voucher_id,
            func.max(Redemption.sold_at).filter(Redemption.state == "redeemed"),
            func.max(Redemption.reserved_until).filter(is_held, ~Redemption.gives_way),
            func.max(Redemption.reserved_until).filter(is_held, Redemption.gives_way),
        )
        .join(Redemption, Redemption.id == VoucherUse.redemption_id)
        .where(
            VoucherUse.voucher_id.in_(ids),
            VoucherUse.returned_at.is_(None),
            or_(Redemption.state == "redeemed", Redemption.reserved_until > now),
        )
        .group_by(VoucherUse.voucher_id)
    )
    return {row[0]: _Uses(row[1], row[2], row[3]) for row in rows}


def _with_places(session: Session, used: dict[str, _Uses]) -> dict[str, _Uses]:
    """The same with the labels of the baskets in which vouchers were last redeemed."""
    last = {voucher_id: one.used_at for voucher_id, one in used.items()}
    rows = session.execute(_of_last_uses(Redemption.labels, last))
    placed = {
        voucher_id: used[voucher_id]._replace(labels=tuple(x or ())) for voucher_id, x in rows
    }
    return used | placed


def last_sources(session: Session, views: Iterable[VoucherView]) -> dict[str, str]:
    """Under which source each of these vouchers was last redeemed, by their ids."""
    last = _of_last_uses(Redemption.source, {one.id: one.used_at for one in views})
    return {row[0]: row[1] for row in session.execute(last)}


def _of_last_uses(what: Any, used_at: Mapping[str, datetime | None]) -> Select[*tuple[Any, ...]]:
    """Something of the redemptions in which vouchers were last used, by voucher."""
    last = [(voucher_id, at) for voucher_id, at in used_at.items() if at]
    return (
        select(VoucherUse.voucher_id, what)
        .join(Redemption, Redemption.id == VoucherUse.redemption_id)
        .where(
            tuple_(VoucherUse.voucher_id, Redemption.sold_at).in_(last),
            Redemption.state == "redeemed",
            VoucherUse.returned_at.is_(None),
        )
        .order_by(VoucherUse.id)
    )


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


def _state(voucher: Voucher, used: dict[str, _Uses], now: datetime) -> State:
    used_at, till_until, own_until, _ = used.get(voucher.id, _Uses())
    held_until, uses_left = till_until or own_until, voucher.uses_left
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
    used: dict[str, _Uses],
    now: datetime,
    key: bytes,
) -> VoucherView:
    uses = used.get(voucher.id, _Uses())
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
        used_at=uses.used_at,
        used_in=uses.labels,
        held_until=uses.till_until or uses.own_until,
        is_held_by_owner=uses.till_until is None and uses.own_until is not None,
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


def holders_before(session: Session, redemption_id: str) -> set[str]:
    """Who held one of its vouchers themselves until just then, and had to let it go."""
    mine = aliased(VoucherUse)
    rows = session.scalars(
        select(VoucherUse.owner_id)
        .join(mine, mine.voucher_id == VoucherUse.voucher_id)
        .join(Redemption, Redemption.id == VoucherUse.redemption_id)
        .where(
            mine.redemption_id == redemption_id,
            Redemption.gives_way,
            VoucherUse.returned_at
            == select(_put.recorded_at).where(_put.id == redemption_id).scalar_subquery(),
        )
    )
    return {owner_id for owner_id in rows if owner_id is not None}


def under_other_keys(session: Session, *, now: datetime, key: bytes) -> int:
    """How many vouchers that can be used have the code of a secret that does not sign any more."""
    newest = bytes(key)
    rows = session.execute(select(Voucher.id, Voucher.code_hash).where(*usable(now)))
    return sum(codes.hash_of(codes.code_of(one, newest), newest) != was for one, was in rows)


def usable(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """That a voucher can be used now, or later."""
    return Voucher.state == "issued", Voucher.valid_until > now
