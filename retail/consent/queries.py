"""Reads of consents: "may we?" has one answer, and it is asked here."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session

from retail.consent.cells import Cell, Purpose
from retail.consent.models import Consent
from retail.consent.rules import PURPOSES, get_purpose

# To which cells of a purpose members agree now.
_GIVEN = select(Consent.member_id, Consent.audience, Consent.channel).where(
    Consent.member_id.in_(bindparam("member_ids", expanding=True)),
    Consent.purpose == bindparam("purpose"),
    Consent.withdrawn_at.is_(None),
)


@dataclass(frozen=True)
class CellView:
    """An audience and a channel of a purpose, as codes, and whether the member agrees to it."""

    audience: str
    channel: str
    is_given: bool


@dataclass(frozen=True)
class ConsentView:
    """One purpose as its member sees it; `given_at` is None while all of it is off."""

    purpose: str
    title: str
    sentence: str
    cells: tuple[CellView, ...]
    notice_version: str
    is_given: bool
    given_at: datetime | None


def has_consent(
    session: Session,
    member_id: str,
    purpose: str,
    audience: str | None = None,
    channel: str | None = None,
) -> bool:
    """Whether the member agrees to the purpose now; see `agrees` for what is not named."""
    return member_id in consenting(session, [member_id], purpose, audience, channel)


def consenting(
    session: Session,
    member_ids: Iterable[str],
    purpose: str,
    audience: str | None = None,
    channel: str | None = None,
) -> set[str]:
    """Those of the members who agree to the purpose now; see `agrees` for what is not named."""
    return consenting_on_any(session, member_ids, purpose, [channel], audience)


def consenting_on_any(
    session: Session,
    member_ids: Iterable[str],
    purpose: str,
    channels: Iterable[str | None],
    audience: str | None = None,
) -> set[str]:
    """Those of the members who agree to the purpose now on at least one of the channels."""
    found = get_purpose(purpose)
    enough = [set(found.cells_of(audience, channel)) for channel in channels]
    given: dict[str, set[Cell]] = defaultdict(set)
    rows = session.execute(_GIVEN, {"member_ids": list(member_ids), "purpose": purpose})
    for member_id, *cell in rows:
        given[member_id].add(Cell(*cell))
    return {one for one, cells in given.items() if any(wanted <= cells for wanted in enough)}


def agrees(
    member_id: Any,
    purpose: str,
    audience: str | None = None,
    channel: str | None = None,
    *,
    by: Any = None,
) -> ColumnElement[bool]:
    """`has_consent` as a condition on another room's column of member ids, for its selects.

    An audience or channel that is not named means all of the purpose's: a place that does not say
    where it stands shows only who agreed to every place. `by` is a column of instants: whoever
    agrees now has to have agreed by then, without a break. Raises NotFound for a cell that the
    purpose does not have.
    """
    cells = get_purpose(purpose).cells_of(audience, channel)
    given = select(func.count()).where(
        Consent.member_id == member_id,
        Consent.purpose == purpose,
        Consent.withdrawn_at.is_(None),
        is_one_of(cells),
    )
    if by is not None:
        given = given.where(Consent.given_at <= by)
    # Counted, not asked for existence: beside an OR, PostgreSQL would hash every consent for that.
    return given.scalar_subquery() == len(cells)


def is_one_of(cells: Iterable[Cell]) -> ColumnElement[bool]:
    """Whether a consent is about one of the cells."""
    return or_(
        *(
            and_(Consent.audience == cell.audience, Consent.channel == cell.channel)
            for cell in cells
        )
    )


def count_agreeing(session: Session, brand_id: str, purpose: str) -> int:
    """How many of a brand's members agree to something of a purpose."""
    mine = (Consent.brand_id == brand_id, Consent.purpose == purpose)
    people = select(func.count(Consent.member_id.distinct()))
    return session.scalar(people.where(*mine, Consent.withdrawn_at.is_(None))) or 0


def has_anyone_withdrawn(session: Session, brand_id: str, purpose: str, since: datetime) -> bool:
    """Whether a member of the brand took back their agreement to a purpose since an instant."""
    taken_back = select(Consent.id).where(
        Consent.brand_id == brand_id, Consent.purpose == purpose, Consent.withdrawn_at >= since
    )
    return session.scalar(taken_back.limit(1)) is not None


def consents_of(session: Session, member_id: str) -> list[ConsentView]:
    """Every purpose there is, with the member's answer; everything starts off."""
    given = _in_force(session, member_id)
    return [_answer(purpose, given.get(code, {})) for code, purpose in PURPOSES.items()]


def _in_force(session: Session, member_id: str) -> dict[str, dict[Cell, Row[Any]]]:
    rows: Iterable[Row[Any]] = session.execute(
        select(
            Consent.purpose,
            Consent.audience,
            Consent.channel,
            Consent.notice_version,
            Consent.given_at,
        ).where(Consent.member_id == member_id, Consent.withdrawn_at.is_(None))
    )
    found: dict[str, dict[Cell, Row[Any]]] = defaultdict(dict)
    for row in rows:
        found[row.purpose][Cell(row.audience, row.channel)] = row
    return found


def _answer(purpose: Purpose, given: dict[Cell, Row[Any]]) -> ConsentView:
    mine = [given[cell] for cell in purpose.cells if cell in given]
    return ConsentView(
        purpose.code,
        purpose.title,
        purpose.sentence,
        tuple(CellView(c.audience, c.channel, c in given) for c in purpose.cells),
        mine[0].notice_version if mine else purpose.notice_version,
        bool(mine),
        min((row.given_at for row in mine), default=None),
    )


def export(session: Session, member_id: str) -> list[dict[str, Any]]:
    """Every agreement of a member, past and present, for themselves."""
    rows: Iterable[Row[Any]] = session.execute(
        select(
            Consent.purpose,
            Consent.audience,
            Consent.channel,
            Consent.notice_version,
            Consent.given_at,
            Consent.withdrawn_at,
        )
        .where(Consent.member_id == member_id)
        .order_by(Consent.given_at, Consent.id)
    )
    return [dict(row._mapping) for row in rows]
