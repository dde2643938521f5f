"""Import a campaign from a file: a new draft, or the draft of its name brought up to it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core.errors import Conflict
from loyalty.campaigns import queries, service
from loyalty.campaigns.contradictions import check_sense
from loyalty.campaigns.definition import Definition, tell_campaign


@dataclass(frozen=True)
class FileChange:
    """A field of the file, as a path, before and after; None where it was or will be absent."""

    field: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Imported:
    """What an import changes, or would; `campaign_id` is None where a new one would be made."""

    name: str
    is_new: bool
    campaign_id: str | None
    changes: tuple[FileChange, ...]


def import_campaign(
    session: Session,
    programme_id: str,
    definition: Definition,
    *,
    starts_at: datetime,
    ends_at: datetime | None,
    dry_run: bool,
    now: datetime,
) -> Imported:
    """Plan what a file tells; on a dry run, only say what that would change.

    Raises Conflict where a campaign of this name was started, as those never change, and Invalid
    where conditions exclude each other.
    """
    check_sense(definition)
    known = queries.find_by_name(session, programme_id, definition.name)
    when: dict[str, Any] = {"starts_at": starts_at, "ends_at": ends_at}
    if known is None:
        changes = _changes({}, tell_campaign(definition))
        new_id = None
        if not dry_run:
            new_id = service.draft(
                session, programme_id=programme_id, definition=definition, now=now, **when
            )
        return Imported(definition.name, True, new_id, changes)
    if known.state != "draft":
        sentence = "A campaign of this name was started; give this one another name."
        raise Conflict("campaign_name_taken", sentence)
    changes = _changes(tell_campaign(known.definition), tell_campaign(definition))
    if not dry_run:
        service.plan_again(
            session, known.id, programme_id=programme_id, definition=definition, **when
        )
    return Imported(definition.name, False, known.id, changes)


def _changes(before: dict[str, Any], after: dict[str, Any]) -> tuple[FileChange, ...]:
    old, new = _flat(before), _flat(after)
    return tuple(
        FileChange(path, old.get(path), new.get(path))
        for path in sorted(old.keys() | new.keys())
        if old.get(path) != new.get(path)
    )


def _flat(told: Any, path: str = "") -> dict[str, str]:
    if isinstance(told, dict):
        parts = told.items()
    elif isinstance(told, list) and any(isinstance(one, dict) for one in told):
        parts = ((str(place), one) for place, one in enumerate(told))  # type: ignore[assignment]
    else:
        return {path: ", ".join(map(str, told)) if isinstance(told, list) else str(told)}
    found: dict[str, str] = {}
    for name, inner in parts:
        found |= _flat(inner, f"{path}.{name}" if path else str(name))
    return found
