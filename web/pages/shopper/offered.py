"""The pieces of a look with what a store has of them, in any size but hers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from retail.brands.queries import StoreView
from retail.catalogue import queries as catalogue
from retail.catalogue.queries import StockView, VariantView
from retail.catalogue.sizes import size_order
from retail.outfits.queries import OutfitView, PieceView


@dataclass(frozen=True)
class OfferedPiece:
    """A piece and the sizes of its colour in the store.

    `last_in` names the size of which one is left, and `is_counted` says that a sold-out sign is
    true: both only where the stock was counted within five minutes.
    """

    piece: PieceView
    sizes_here: tuple[str, ...]
    is_counted: bool
    last_in: str | None
    counted_at: datetime | None


def offered_pieces(
    session: Any, outfit: OutfitView, store: StoreView | None, *, now: datetime
) -> list[OfferedPiece]:
    """The pieces on the board, the dearest first, with the stock of a store."""
    shown = sorted(
        (piece for piece in outfit.pieces if piece.is_shown),
        key=lambda piece: (-piece.price_minor, piece.id),
    )
    goods = {piece.id: _in_colour(session, outfit.brand_id, piece) for piece in shown}
    wanted = {variant.id for variants in goods.values() for variant in variants}
    stock = catalogue.stock_for(session, store.id, wanted, now=now) if store else {}
    return [_offer(piece, goods[piece.id], stock) for piece in shown]


def pick_store(stores: Sequence[StoreView], slug: str | None) -> StoreView | None:
    """The store whose stock is shown: the one asked for, else the first by name.

    Never the one where the look was bought, which is nobody's business.
    """
    return next((store for store in stores if store.slug == slug), stores[0] if stores else None)


def _in_colour(session: Any, brand_id: str, piece: PieceView) -> list[VariantView]:
    variants = catalogue.variants_of(session, brand_id, piece.style_id)
    return [variant for variant in variants if variant.colour_name == piece.colour_name]


def _offer(
    piece: PieceView, variants: Sequence[VariantView], stock: dict[str, StockView]
) -> OfferedPiece:
    counts = [(variant, stock[variant.id]) for variant in variants if variant.id in stock]
    here = [(variant, count) for variant, count in counts if count.on_hand > 0]
    here.sort(key=lambda counted: size_order(counted[0].size))
    is_fresh = bool(counts) and all(count.is_fresh for _, count in counts)
    single = here[0] if is_fresh and len(here) == 1 and here[0][1].on_hand == 1 else None
    return OfferedPiece(
        piece=piece,
        sizes_here=tuple(variant.size for variant, _ in here),
        is_counted=is_fresh,
        last_in=single[0].size if single else None,
        counted_at=single[1].counted_at if single else None,
    )
