"""The pieces of a look with what a store has of them, in any size but hers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from retail.catalogue.queries import SizeHere
from retail.catalogue.sizes import size_order
from retail.outfits.queries import OutfitView, PieceView
from web.pages.drawing import garment_address


@dataclass(frozen=True)
class OfferedPiece:
    """A piece and the sizes of its colour in the store.

    `last_in` names the size of which one is left, and `is_counted` says that a sold-out sign is
    true: both only where the stock was counted within five minutes. `crowd` is how many bought its
    style, rounded down, 0 where that is not told.
    """

    piece: PieceView
    sizes_here: tuple[str, ...]
    is_counted: bool
    last_in: str | None
    counted_at: datetime | None
    crowd: int

    @property
    def state(self) -> str:
        """`last`, `some` or `none` left here, `here` for goods without sizes; empty for unknown."""
        if self.last_in:
            return "last"
        if self.sizes_here:
            return "some" if any(self.sizes_here) else "here"
        return "none" if self.is_counted else ""

    @property
    def sizes(self) -> str:
        """The sizes here, as one reads them out."""
        return ", ".join(self.sizes_here)

    @property
    def address(self) -> str:
        """Where its drawing is served."""
        return garment_address(self.piece.drawing, self.piece.colours)


def offered_pieces(
    outfit: OutfitView, sizes: Mapping[str, Sequence[SizeHere]], crowds: Mapping[str, int]
) -> list[OfferedPiece]:
    """The pieces on the board, the dearest first; a store's sizes by variant, crowds by style."""
    shown = sorted(
        (piece for piece in outfit.pieces if piece.is_shown),
        key=lambda piece: (-piece.price_minor, piece.id),
    )
    return [
        _offer(piece, sizes.get(piece.variant_id, ()), crowds.get(piece.style_id, 0))
        for piece in shown
    ]


def _offer(piece: PieceView, counts: Sequence[SizeHere], crowd: int) -> OfferedPiece:
    here = sorted(
        (count for count in counts if count.on_hand > 0), key=lambda count: size_order(count.size)
    )
    is_fresh = bool(counts) and all(count.is_fresh for count in counts)
    single = here[0] if is_fresh and len(here) == 1 and here[0].on_hand == 1 else None
    return OfferedPiece(
        piece=piece,
        sizes_here=tuple(count.size for count in here),
        is_counted=is_fresh,
        last_in=single.size if single else None,
        counted_at=single.counted_at if single else None,
        crowd=crowd,
    )
