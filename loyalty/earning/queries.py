"""Terms as they hold or held, what sources earned, and whether all of it recomputes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.errors import NotFound
from loyalty.earning import stored
from loyalty.earning.models import EarningAward, EarningAwardPart, EarningTerms
from loyalty.earning.rules import Part, Terms, award_action, award_basket
from loyalty.earning.terms import read_terms

_AWARDS = select(
    EarningAward.id,
    EarningAward.source,
    EarningAward.owner_id,
    EarningAward.version,
    EarningAward.happened_at,
)


@dataclass(frozen=True)
class Award:
    """What a source earned, and under which version of the terms."""

    id: str
    source: str
    owner_id: str
    version: int
    happened_at: datetime
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class VersionView:
    """A version of the terms, since when it held, and who set it; None for a command."""

    terms: Terms
    made_at: datetime
    made_by: str | None


@dataclass(frozen=True)
class Differs:
    """An award that does not come out again as it was kept."""

    programme_id: str
    source: str
    kept: int
    computed: int


def current_terms(session: Session, programme_id: str) -> Terms | None:
    """The terms that hold now; None where a programme gives nothing."""
    row = session.execute(
        select(EarningTerms.version, EarningTerms.body)
        .where(EarningTerms.programme_id == programme_id)
        .order_by(EarningTerms.version.desc())
        .limit(1)
    ).one_or_none()
    return read_terms(row.body, version=row.version) if row else None


def get_terms(session: Session, programme_id: str, version: int) -> Terms:
    """A version of the terms, which never changes. Raises NotFound."""
    body = session.scalar(
        select(EarningTerms.body).where(
            EarningTerms.programme_id == programme_id, EarningTerms.version == version
        )
    )
    if body is None:
        raise NotFound("terms_not_found", "There are no terms of this version.")
    return read_terms(body, version=version)


def versions(session: Session, programme_id: str, *, most: int = 50) -> list[VersionView]:
    """The latest versions of the terms, the newest first."""
    rows = session.execute(
        select(EarningTerms.version, EarningTerms.body, EarningTerms.made_at, EarningTerms.made_by)
        .where(EarningTerms.programme_id == programme_id)
        .order_by(EarningTerms.version.desc())
        .limit(most)
    )
    return [
        VersionView(read_terms(row.body, version=row.version), row.made_at, row.made_by)
        for row in rows
    ]


def find_award(session: Session, programme_id: str, source: str) -> Award | None:
    """What a source earned, if it was awarded anything, be it nothing."""
    row = session.execute(
        _AWARDS.where(EarningAward.programme_id == programme_id, EarningAward.source == source)
    ).one_or_none()
    return Award(*row, parts=_parts(session, row.id)) if row else None


def awards_of(session: Session, programme_id: str, owner_id: str) -> list[Award]:
    """All that an owner was awarded, the oldest first."""
    rows = session.execute(
        _AWARDS.where(
            EarningAward.programme_id == programme_id, EarningAward.owner_id == owner_id
        ).order_by(EarningAward.happened_at, EarningAward.id)
    )
    return [Award(*row, parts=_parts(session, row.id)) for row in rows.all()]


def all_awards(session: Session, programme_id: str) -> Iterator[Award]:
    """Every award of a programme."""
    rows = session.execute(
        _AWARDS.where(EarningAward.programme_id == programme_id).order_by(EarningAward.id)
    )
    for row in rows.all():
        yield Award(*row, parts=_parts(session, row.id))


def sums_of_baskets(session: Session, programme_id: str) -> Iterator[tuple[str, int]]:
    """The source of every basket that was awarded, and what it came to."""
    rows = session.execute(
        select(EarningAward.source, EarningAward.basket).where(
            EarningAward.programme_id == programme_id, EarningAward.kind == "basket"
        )
    )
    for source, basket in rows:
        yield source, stored.read_basket(basket).total_minor


def differing(session: Session, programme_id: str | None = None) -> Iterator[Differs]:
    """Every award whose parts do not come out again from its basket, its facts and its terms."""
    statement = select(EarningAward).order_by(EarningAward.id)
    if programme_id is not None:
        statement = statement.where(EarningAward.programme_id == programme_id)
    known: dict[tuple[str, int], Terms] = {}
    for award in session.scalars(statement.execution_options(yield_per=500)):
        key = (award.programme_id, award.version)
        if key not in known:
            known[key] = get_terms(session, *key)
        computed, kept = _again(known[key], award), _parts(session, award.id)
        if sorted(map(_comparable, computed)) != sorted(map(_comparable, kept)):
            yield Differs(
                award.programme_id,
                award.source,
                sum(part.points for part in kept),
                sum(part.points for part in computed),
            )


def given_by_rule(
    session: Session, programme_id: str, owner_id: str, *, since: datetime, until: datetime
) -> dict[str, int]:
    """What each rule gave an owner from `since`, included, to `until`, excluded."""
    rows = session.execute(
        select(EarningAwardPart.rule_id, func.sum(EarningAwardPart.points))
        .join(EarningAward, EarningAward.id == EarningAwardPart.award_id)
        .where(
            EarningAward.programme_id == programme_id,
            EarningAward.owner_id == owner_id,
            EarningAward.happened_at >= since,
            EarningAward.happened_at < until,
        )
        .group_by(EarningAwardPart.rule_id)
    )
    return {rule_id: int(points) for rule_id, points in rows}


def _again(terms: Terms, award: EarningAward) -> tuple[Part, ...]:
    facts = stored.read_facts(award.facts)
    if award.kind == "action":
        return award_action(terms, award.basket["action"], facts)
    return award_basket(terms, stored.read_basket(award.basket), facts)


def _parts(session: Session, award_id: str) -> tuple[Part, ...]:
    rows = session.execute(
        select(
            EarningAwardPart.rule_id,
            EarningAwardPart.line_id,
            EarningAwardPart.wallet,
            EarningAwardPart.points,
        )
        .where(EarningAwardPart.award_id == award_id)
        .order_by(EarningAwardPart.line_id, EarningAwardPart.rule_id)
    )
    return tuple(Part(*row) for row in rows)


def _comparable(part: Part) -> tuple[Any, ...]:
    return (part.rule_id, part.line_id, part.wallet, part.points)
