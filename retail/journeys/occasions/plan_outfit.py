"""Plan what to wear to an occasion, of what one bought and kept, or laid out."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from core.errors import NotFound
from retail.accounts.queries import MemberView
from retail.catalogue import queries as catalogue
from retail.catalogue.queries import VariantView
from retail.occasions import rules, service
from retail.outfits import queries as outfits
from retail.receipts.kept import kept_by
from retail.same_outfit.rules import Piece, piece_of


def plan_outfit(
    session: Session,
    occasion_id: str,
    *,
    variant_ids: Collection[str],
    outfit_id: str | None,
    member: MemberView,
    now: datetime,
) -> None:
    """Plan pieces and all that is shown of a look of the member’s own.

    Raises Invalid for what the member does not have, NotFound for another’s look or occasion.
    """
    have = {one.id: one for one in wardrobe(session, member)}
    wanted = set(variant_ids)
    if outfit_id is not None:
        look = outfits.get_own(session, outfit_id, member_id=member.id)
        # What came back since the look was laid out is not there to be worn.
        wanted |= {piece.variant_id for piece in look.pieces if piece.is_shown} & set(have)
    if not wanted or wanted - set(have):
        raise rules.piece_not_yours()
    pieces = [have[one] for one in sorted(wanted)]
    service.plan(session, occasion_id, pieces, member=member, now=now)


def wardrobe(session: Session, member: MemberView) -> list[VariantView]:
    """What the member bought for themselves and kept, by name; never what nobody may be shown."""
    kept = kept_by(session, member.brand_id, [member.id])
    known = catalogue.get_variants(session, member.brand_id, {one.variant_id for one in kept})
    found = [one for one in known.values() if not one.is_never_shareable]
    return sorted(found, key=lambda one: (one.style_name, one.colour_name, one.sku))


def once_each(variants: Collection[VariantView]) -> list[VariantView]:
    """One variant of each piece, the first: the same dress in two sizes is worn once."""
    return list({piece_of(one): one for one in reversed(list(variants))}.values())[::-1]


def piece_with(session: Session, member: MemberView, variant_id: str) -> Piece:
    """What a variant of the member’s brand looks like on somebody. Raises NotFound."""
    found = catalogue.get_variants(session, member.brand_id, [variant_id])
    if variant_id not in found:
        raise NotFound("variant_not_found", "We don’t know this variant.")
    return piece_of(found[variant_id])
