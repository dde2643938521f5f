"""Reads of outfits; what may be seen by whom is decided in `visibility` and nowhere else."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, bindparam, exists, or_, select
from sqlalchemy.orm import Session

from core.errors import NotFound
from retail.accounts import queries as accounts
from retail.brands import queries as brands
from retail.catalogue import queries as catalogue
from retail.catalogue.queries import VariantView
from retail.friends import queries as friends
from retail.outfits import pictures
from retail.outfits.models import Outfit, OutfitPiece
from retail.outfits.rules import RankedBy
from retail.outfits.views import OutfitView, PiecePlace, PieceView
from retail.outfits.visibility import IS_FOR_FRIENDS, IS_OFFERED, IS_PUBLIC, IS_VISIBLE

_Columns = Row[*tuple[Any, ...]]
_Select = Select[*tuple[Any, ...]]


# Where other rooms look for them.
__all__ = ["OutfitView", "PiecePlace", "PieceView"]

_OUTFITS = select(
    Outfit.id,
    Outfit.brand_id,
    Outfit.store_id,
    Outfit.member_id,
    Outfit.caption,
    Outfit.background,
    Outfit.audience,
    Outfit.state,
    Outfit.has_points_ad,
    Outfit.published_at,
    Outfit.created_at,
    Outfit.version,
)
_PIECES = select(
    OutfitPiece.outfit_id,
    OutfitPiece.id,
    OutfitPiece.variant_id,
    OutfitPiece.x,
    OutfitPiece.y,
    OutfitPiece.width,
    OutfitPiece.rotation,
    OutfitPiece.depth,
    OutfitPiece.is_shown,
)
_PIECES_OF = _PIECES.where(
    OutfitPiece.outfit_id.in_(bindparam("outfit_ids", expanding=True))
).order_by(OutfitPiece.depth, OutfitPiece.id)
# The pieces on the board of one outfit, each a `PiecePlace`; for other rooms to build on.
SHOWN_PIECES = _PIECES.where(
    OutfitPiece.outfit_id == bindparam("outfit_id"), OutfitPiece.is_shown.is_(True)
)
# What is shown on each look, whoever may see it; for other rooms to build on.
PIECES_SHOWN = select(OutfitPiece.outfit_id, OutfitPiece.variant_id).where(
    OutfitPiece.is_shown.is_(True)
)
# The same of looks that `viewer` may see.
VISIBLE_PIECES = PIECES_SHOWN.join(Outfit, Outfit.id == OutfitPiece.outfit_id).where(IS_VISIBLE)
# What is shown on each look that everyone may see just now; for other rooms to build on.
PUBLIC_PIECES = (
    select(OutfitPiece.outfit_id, OutfitPiece.variant_id, Outfit.brand_id)
    .join(Outfit, Outfit.id == OutfitPiece.outfit_id)
    .where(OutfitPiece.is_shown.is_(True), IS_PUBLIC)
)
# The same with whose look it is.
PUBLIC_PIECES_OF = PUBLIC_PIECES.add_columns(Outfit.member_id)
# One outfit, if `viewer` may see it; for other rooms to build on.
VISIBLE_OUTFIT = _OUTFITS.where(Outfit.id == bindparam("outfit_id"), IS_VISIBLE)


def get_visible(session: Session, outfit_id: str, *, viewer_id: str | None = None) -> OutfitView:
    """The outfit, if the viewer may see it; None is a stranger.

    Raises NotFound for absent, private, draft and put away alike, so that none can be told from
    another.
    """
    rows = session.execute(VISIBLE_OUTFIT, {"outfit_id": outfit_id, "viewer": viewer_id}).all()
    views = _assemble(session, rows, viewer_id)
    if not views:
        raise outfit_not_found()
    return views[0]


def visible_outfits(
    session: Session, outfit_ids: Sequence[str], *, viewer_id: str | None = None
) -> dict[str, OutfitView]:
    """Those of the outfits of one brand that the viewer may see, by id; None is a stranger."""
    visible = _OUTFITS.where(Outfit.id.in_(outfit_ids), IS_VISIBLE)
    rows = session.execute(visible, {"viewer": viewer_id}).all()
    return {view.id: view for view in _assemble(session, rows, viewer_id)}


def get_own(session: Session, outfit_id: str, *, member_id: str) -> OutfitView:
    """A member's own outfit in any state. Raises NotFound for everybody else's."""
    rows = session.execute(
        _OUTFITS.where(Outfit.id == outfit_id, Outfit.member_id == member_id)
    ).all()
    views = _assemble(session, rows, member_id)
    if not views:
        raise outfit_not_found()
    return views[0]


def outfits_of(session: Session, member_id: str, *, limit: int = 100) -> list[OutfitView]:
    """A member's own outfits in every state, newest first."""
    rows = session.execute(
        _OUTFITS.where(Outfit.member_id == member_id)
        .order_by(Outfit.created_at.desc(), Outfit.id.desc())
        .limit(limit)
    ).all()
    return _assemble(session, rows, member_id)


def find_for_receipt(session: Session, receipt_id: str, *, member_id: str) -> str | None:
    """The id of the outfit that a member laid out from a receipt, if there is one."""
    return session.scalar(
        select(Outfit.id).where(Outfit.receipt_id == receipt_id, Outfit.member_id == member_id)
    )


def is_laid_out(session: Session, receipt_id: str) -> bool:
    """Whether anybody laid out what a receipt sold."""
    return bool(session.scalar(select(exists().where(Outfit.receipt_id == receipt_id))))


def emptied(session: Session, outfit_ids: Collection[str]) -> set[str]:
    """Those of the outfits that have nothing on their board."""
    has_any = exists().where(OutfitPiece.outfit_id == Outfit.id, OutfitPiece.is_shown.is_(True))
    return set(session.scalars(select(Outfit.id).where(Outfit.id.in_(outfit_ids), ~has_any)))


def looks_of(session: Session, member_id: str) -> set[str]:
    """The ids of a member's outfits, in whatever state."""
    return set(session.scalars(select(Outfit.id).where(Outfit.member_id == member_id)))


def find_ranked_by(session: Session, outfit_id: str) -> RankedBy | None:
    """Whose an outfit is and whether everyone may see it, for boards; None for none."""
    columns = (Outfit.brand_id, Outfit.store_id, Outfit.member_id, IS_PUBLIC)
    row = session.execute(select(*columns).where(Outfit.id == outfit_id)).one_or_none()
    return None if row is None else RankedBy(*row)


def newest_public(
    session: Session, brand_id: str, *, store_id: str | None = None, limit: int = 200
) -> dict[str, datetime]:
    """When the newest outfits that everyone may see were published, by id, newest first."""
    statement = _of_brand(select(Outfit.id, Outfit.published_at), brand_id, store_id)
    rows = session.execute(statement.order_by(Outfit.published_at.desc(), Outfit.id).limit(limit))
    return {outfit_id: published_at for outfit_id, published_at in rows if published_at}


def public_outfits(session: Session, brand_id: str, outfit_ids: Sequence[str]) -> list[OutfitView]:
    """Those of the outfits that everyone may see, in the order of the ids."""
    return _in_order(session, _of_brand(_OUTFITS, brand_id, None), outfit_ids)


def outfits_for_staff(
    session: Session, brand_id: str, outfit_ids: Sequence[str]
) -> list[OutfitView]:
    """Those that their owners show to everyone, also where the shop does not, in the ids' order."""
    offered = _OUTFITS.where(Outfit.brand_id == brand_id, IS_OFFERED)
    return _in_order(session, offered, outfit_ids)


def _in_order(
    session: Session, statement: Select[*tuple[Any, ...]], outfit_ids: Sequence[str]
) -> list[OutfitView]:
    rows = session.execute(statement.where(Outfit.id.in_(outfit_ids))).all()
    by_id = {view.id: view for view in _assemble(session, rows, None)}
    return [by_id[outfit_id] for outfit_id in outfit_ids if outfit_id in by_id]


def looks_of_friends(
    session: Session, viewer_id: str, *, since: datetime, limit: int = 100
) -> list[OutfitView]:
    """What the viewer's friends have shown since then to friends or everyone, newest first."""
    rows = session.execute(
        _OUTFITS.where(
            Outfit.member_id.in_(friends.FRIENDS_OF_VIEWER),
            Outfit.published_at >= since,
            or_(IS_PUBLIC, IS_FOR_FRIENDS),
        )
        .order_by(Outfit.published_at.desc(), Outfit.id.desc())
        .limit(limit),
        {"viewer": viewer_id},
    ).all()
    return _assemble(session, rows, viewer_id)


def outfit_not_found() -> NotFound:
    """The one answer for every outfit that somebody may not see."""
    return NotFound("outfit_not_found", "This isn’t here.")


def ids_of(session: Session, member_id: str) -> list[str]:
    """The ids of a member's outfits, locked until the transaction ends: nothing joins them now."""
    owned = select(Outfit.id).where(Outfit.member_id == member_id).order_by(Outfit.id)
    return list(session.scalars(owned.with_for_update()))


def receipts_laid_out(session: Session, member_id: str) -> set[str]:
    """The receipts of which a member has an outfit, in whatever state."""
    return set(session.scalars(select(Outfit.receipt_id).where(Outfit.member_id == member_id)))


def export(session: Session, member_id: str) -> list[dict[str, Any]]:
    """All that this room keeps about a member, for themselves."""
    return [
        {
            "id": view.id,
            "caption": view.caption,
            "audience": view.audience,
            "state": view.state,
            "created_at": view.created_at,
            "published_at": view.published_at,
            "pieces": [piece.style_name for piece in view.pieces],
        }
        for view in outfits_of(session, member_id, limit=100_000)
    ]


def _of_brand(
    statement: Select[*tuple[Any, ...]], brand_id: str, store_id: str | None
) -> Select[*tuple[Any, ...]]:
    where: list[ColumnElement[bool]] = [Outfit.brand_id == brand_id, IS_PUBLIC]
    if store_id is not None:
        where.append(Outfit.store_id == store_id)
    return statement.where(*where)


def _assemble(
    session: Session, rows: Sequence[_Columns], viewer_id: str | None
) -> list[OutfitView]:
    """Outfits with pieces, goods, names and stores: one statement each, however many there are."""
    if not rows:
        return []
    pieces = defaultdict(list)
    ids = [row.id for row in rows]
    for piece in session.execute(_PIECES_OF, {"outfit_ids": ids}):
        pieces[piece.outfit_id].append(piece)
    brand_id = rows[0].brand_id
    wanted = {piece.variant_id for owned in pieces.values() for piece in owned}
    variants = catalogue.get_variants(session, brand_id, wanted)
    members = accounts.members_by_id(session, {row.member_id for row in rows})
    stores = {
        store_id: brands.get_store(session, store_id) for store_id in {row.store_id for row in rows}
    }
    return [
        OutfitView(
            store_name=stores[row.store_id].name,
            stylist_name=members[row.member_id].public_name,
            stylist_initials=members[row.member_id].initials,
            avatar=members[row.member_id].avatar,
            pieces=tuple(
                piece_view(piece, variants[piece.variant_id], is_own=row.member_id == viewer_id)
                for piece in pieces[row.id]
                if piece.is_shown or row.member_id == viewer_id
            ),
            **row._mapping,
        )
        for row in rows
        if row.member_id in members
    ]


def piece_view(piece: Any, variant: VariantView, *, is_own: bool) -> PieceView:
    """A piece, given its `PiecePlace` or a row with the same names, and what was bought."""
    drawing = pictures.drawing_or_fallback(variant.drawing)
    return PieceView(
        id=piece.id,
        variant_id=variant.id,
        style_id=variant.style_id,
        style_name=variant.style_name,
        drawing=drawing,
        colours=pictures.clean_colours(variant.colours),
        colour_name=variant.colour_name,
        size=variant.size if is_own else "",
        price_minor=variant.price_minor,
        currency=variant.currency,
        x=piece.x,
        y=piece.y,
        width=piece.width,
        height=round(piece.width * pictures.height_ratio(drawing)),
        rotation=piece.rotation,
        depth=piece.depth,
        is_shown=piece.is_shown,
    )
