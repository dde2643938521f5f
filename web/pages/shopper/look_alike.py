"""What pages say of pieces that friends may have: on a label, on a receipt, on one's own page."""

from dataclasses import dataclass
from typing import Any

from core import clock
from retail.accounts.queries import MemberView
from retail.brands.queries import StoreView
from retail.catalogue.queries import VariantView
from retail.friends.queries import FriendView
from retail.journeys.occasions.same_outfit import find_here, instead
from retail.receipts.views import ReceiptView
from retail.same_outfit import queries
from retail.same_outfit.queries import Answered
from retail.same_outfit.rules import ASKED_A_DAY, Instead, piece_of


@dataclass(frozen=True)
class LookAlike:
    """What a label's page says to its member.

    `store` is where they checked in, None where nowhere; `answered` what they asked today, None
    where they did not; `instead` what the store has. Only the answer depends on anybody else.
    """

    hears: bool
    store: StoreView | None
    answered: Answered | None
    instead: Instead | None
    a_day: int = ASKED_A_DAY


@dataclass(frozen=True)
class OwnPiece:
    """A piece of one's own receipt, the friend who may be named for it, and whether it is quiet."""

    variant: VariantView
    friend: FriendView | None
    is_quiet: bool


def on_label(session: Any, viewer: MemberView | None, piece: VariantView) -> LookAlike | None:
    """What to say of a piece to somebody signed in; nothing of what nobody may be shown."""
    if viewer is None or piece.is_never_shareable:
        return None
    now = clock.now()
    store = find_here(session, viewer, now=now)
    today = queries.asked_today(session, viewer, now=now)
    answered = [one for one in today if piece_of(one.variant) == piece_of(piece)]
    here = instead(session, piece, member=viewer, store=store, now=now) if store else None
    hears = queries.hears(session, viewer)
    return LookAlike(hears, store, next(iter(answered), None), here)


def on_receipt(
    session: Any, member: MemberView, receipt: ReceiptView, variants: dict[str, VariantView]
) -> list[OwnPiece]:
    """The pieces of one's own receipt that friends may have too, for who agreed; each once."""
    if not queries.hears(session, member):
        return []
    kept = [line for line in receipt.lines if not line.is_gift and not line.is_returned]
    found = [variants[line.variant_id] for line in kept if line.variant_id in variants]
    pieces = {piece_of(one): one for one in found if not one.is_never_shareable}
    named = queries.wearers(session, member, set(pieces))
    quiet = queries.quiet_pieces(session, member.id)
    return [OwnPiece(one, named.get(piece), piece in quiet) for piece, one in pieces.items()]


def named_today(session: Any, member: MemberView) -> list[Answered]:
    """What the member asked today that a friend has, for their own page."""
    today = queries.asked_today(session, member, now=clock.now())
    return [one for one in today if one.friend is not None]
