"""Writes of a wall's rules."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from core.errors import Invalid
from core.outbox import enqueue
from core.sql import insert_ignore, upsert
from retail.staff.queries import StaffView
from retail.wall_rules import rules
from retail.wall_rules.models import WallRules, WallWord
from retail.wall_rules.queries import RulesView

SWEEP_JOB = "sweep_wall"


def ban_word(session: Session, typed: str, *, staff: StaffView, now: datetime) -> None:
    """Have looks with this word wait from now on; those that hang are gone through soon.

    A word that is there already changes nothing. Raises Invalid.
    """
    folded = rules.fold_word(typed)
    row = {"word": " ".join(typed.split()), "staff_id": staff.id, "added_at": now}
    if insert_ignore(session, WallWord, brand_id=staff.brand_id, folded=folded, **row):
        enqueue(session, SWEEP_JOB, {"brand_id": staff.brand_id, "word": folded}, due_at=now)


def allow_word(session: Session, folded: str, *, staff: StaffView) -> None:
    """Take a word off the list; what waits for it still waits for a person."""
    session.execute(
        delete(WallWord).where(WallWord.brand_id == staff.brand_id, WallWord.folded == folded)
    )


def set_rules(session: Session, brand_id: str, wanted: RulesView) -> None:
    """Change a brand's rules; what hangs already stays."""
    if not 1 <= wanted.reports_for_review <= rules.MOST_REPORTS:
        sentence = f"Between 1 and {rules.MOST_REPORTS} reports."
        raise Invalid("rules_invalid", sentence, fields={"reports_for_review": [sentence]})
    upsert(session, WallRules, {"brand_id": brand_id}, **vars(wanted))
