"""What a member saved, and what a store has of it: here, the last one, kept, or elsewhere."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from retail.accounts.queries import MemberView
from retail.brands import queries as brands
from retail.brands.queries import StoreView
from retail.catalogue import held, shelf
from retail.catalogue import queries as catalogue
from retail.catalogue.queries import VariantView
from retail.journeys.holds.hold_piece import holder_of
from retail.saves import queries as saves

MOST_SHOWN = 4
State = Literal["kept", "here", "last", "elsewhere", "none", "unknown"]


@dataclass(frozen=True)
class ShownPiece:
    """A saved piece and what is known of it: `left` free here, or in the store `elsewhere`.

    Kept, one is held for the member until `kept_until`. Unknown is what nobody counted within
    five minutes.
    """

    variant: VariantView
    state: State
    left: int = 0
    kept_until: datetime | None = None
    elsewhere: str = ""


def saved_here(
    session: Session, store: StoreView, member: MemberView, *, now: datetime
) -> tuple[ShownPiece, ...]:
    """The last pieces that the member saved, and what the store has; none of sensitive sorts."""
    saved = saves.pieces_saved_by(session, member.id, brand_id=member.brand_id)
    pieces = [one for one in saved if not one.is_never_shareable][:MOST_SHOWN]
    stock = catalogue.stock_for(session, store.id, [one.id for one in pieces], now=now)
    kept = {
        one.variant_id: one.ends_at
        for one in held.holds_of(session, holder_of(member.id))
        if one.is_live(now) and one.store_id == store.id
    }
    shown = []
    for piece in pieces:
        counted = stock.get(piece.id)
        if piece.id in kept:
            shown.append(ShownPiece(piece, "kept", kept_until=kept[piece.id]))
        elif counted is None or not counted.is_fresh:
            shown.append(ShownPiece(piece, "unknown"))
        elif counted.on_hand > 0:
            left = counted.on_hand
            shown.append(ShownPiece(piece, "last" if left == 1 else "here", left))
        else:
            shown.append(_elsewhere(session, piece, member.brand_id, now))
    return tuple(shown)


def _elsewhere(session: Session, piece: VariantView, brand_id: str, now: datetime) -> ShownPiece:
    """Where there is most of it just now."""
    counted = shelf.stock_in_stores(session, brand_id, piece.id, now=now)
    left = {one.store_id: one.on_hand for one in counted.values() if one.is_fresh}
    stores = [one for one in brands.list_stores(session, brand_id) if left.get(one.id, 0) > 0]
    if not stores:
        return ShownPiece(piece, "none")
    best = max(stores, key=lambda one: left[one.id])
    return ShownPiece(piece, "elsewhere", left[best.id], elsewhere=best.name)
