"""Terms of a programme: a point for every pound, unless a test says otherwise."""

from typing import Any

from sqlalchemy.orm import Session

from core import clock
from loyalty.earning import service
from loyalty.earning.rules import Terms

POUNDS = {"id": "pounds", "kind": "spend", "points": 1, "per_minor": 100}


def terms_document(*rules: dict[str, Any], **overrides: Any) -> dict[str, Any]:
    """The document of terms with these rules, or with a point for every pound."""
    return {"currency": "GBP", "rules": list(rules or (POUNDS,)), "pending_days": 30} | overrides


def give_terms(
    session: Session, programme_id: str, *rules: dict[str, Any], **overrides: Any
) -> Terms:
    """Terms that hold from now on."""
    document = terms_document(*rules, **overrides)
    return service.set_terms(session, programme_id, document, now=clock.now())
