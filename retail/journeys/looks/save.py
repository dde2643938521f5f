"""Save a look, and credit the save to the share by which somebody came."""

from datetime import datetime

from sqlalchemy.orm import Session

from retail.accounts.queries import MemberView
from retail.saves import queries
from retail.saves import service as saves
from retail.saves.rules import SaveState
from retail.sharing import service as sharing


def save(
    session: Session, outfit_id: str, *, member: MemberView, share_id: str | None, now: datetime
) -> SaveState:
    """Keep a look once; only a new save is credited. Raises as `retail.saves.service.save`."""
    was_saved = queries.has_saved(session, outfit_id, member.id)
    state = saves.save(session, outfit_id, member=member, now=now)
    if not was_saved:
        sharing.credit(session, share_id, outfit_id, kind="save", member_id=member.id, now=now)
    return state
