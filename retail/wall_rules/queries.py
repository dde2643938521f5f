"""Reads of a wall's rules."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from retail.wall_rules import rules
from retail.wall_rules.models import WallRules, WallWord


@dataclass(frozen=True)
class RulesView:
    """Whether a brand looks at every look before it hangs, and how many reports it takes."""

    checks_first: bool
    reports_for_review: int


@dataclass(frozen=True)
class WordView:
    """A banned word as typed, and as it is compared."""

    word: str
    folded: str


def rules_of(session: Session, brand_id: str) -> RulesView:
    """The rules of a brand's wall."""
    row = session.get(WallRules, brand_id)
    if row is None:
        return RulesView(checks_first=False, reports_for_review=rules.REPORTS_FOR_REVIEW)
    return RulesView(row.checks_first, row.reports_for_review)


def banned_words(session: Session, brand_id: str) -> list[WordView]:
    """The brand's banned words, by alphabet."""
    rows = session.execute(
        select(WallWord.word, WallWord.folded)
        .where(WallWord.brand_id == brand_id)
        .order_by(WallWord.folded)
    )
    return [WordView(*row) for row in rows]
