"""Members' cards at tills."""

from typing import Any

from flask_smorest import Blueprint

from core import clock
from core.errors import NotFound
from retail.journeys.baskets.read_card import read_card
from web.auth import current_key, guarded, settings
from web.schemas import cards as schemas
from web.write import write_rebuilt

member_cards = guarded(
    Blueprint("member_cards", __name__, description="Members' cards at tills"), "till"
)


@member_cards.post("/member-cards/resolve")
@write_rebuilt
@member_cards.arguments(schemas.Card)
@member_cards.response(200, schemas.CardHolder)
def resolve(session: Any, shown: dict[str, str]) -> dict[str, str]:
    """Whose card this is, noted for them; wrong, expired and foreign codes alike open nothing."""
    key = current_key()
    by = {"brand_id": key.brand_id, "viewer_kind": key.kind, "viewer_id": key.id}
    member = read_card(session, shown["code"], **by, now=clock.now(), key=settings().key)
    if member is None:
        raise NotFound("card_unknown", "This card opens nothing. Ask for a new code.")
    return {"member_id": member.id}
