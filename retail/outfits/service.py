"""Writes of outfits: laying out, arranging, publishing, putting away."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from core.errors import Conflict, Forbidden, Invalid
from core.ids import new_id
from core.outbox import emit
from core.sql import insert_ignore, insert_many
from retail.accounts.queries import MemberView
from retail.catalogue.queries import VariantView
from retail.consent import queries as consent
from retail.outfits import layout, pictures, rules
from retail.outfits.events import OutfitChanged, OutfitPublished, OutfitPutAway
from retail.outfits.layout import Placement
from retail.outfits.models import Outfit, OutfitPiece
from retail.outfits.queries import OutfitView, find_for_receipt, get_own, outfit_not_found
from retail.receipts.views import LineView, ReceiptView


@dataclass(frozen=True)
class PieceChange:
    """Where a piece should lie now, and whether it lies on the board at all."""

    piece_id: str
    x: int
    y: int
    width: int
    rotation: int
    depth: int
    is_shown: bool


def lay_out(
    session: Session,
    *,
    receipt: ReceiptView,
    member_id: str,
    variants: Mapping[str, VariantView],
    now: datetime,
) -> str:
    """The id of the outfit of this receipt and member, laid out if there is none yet.

    What was returned, given as a gift, is unknown or must never be shared is left out. Raises
    NotFound for somebody else's receipt, Invalid where nothing remains.
    """
    if receipt.member_id != member_id:
        raise outfit_not_found()
    existing = find_for_receipt(session, receipt.id, member_id=member_id)
    if existing is not None:
        return existing
    lines = [line for line in receipt.lines if _is_shareable(line, variants)][: rules.MOST_PIECES]
    if not lines:
        raise Invalid("nothing_to_lay_out", "There is nothing on this receipt to lay out.")
    outfit_id = _insert_draft(session, receipt, member_id, now)
    if outfit_id is None:
        twin = find_for_receipt(session, receipt.id, member_id=member_id)
        assert twin is not None
        return twin
    insert_many(session, OutfitPiece, _pieces(outfit_id, lines, variants))
    return outfit_id


def arrange_pieces(
    session: Session,
    outfit_id: str,
    *,
    member_id: str,
    placements: Sequence[PieceChange],
    background: str,
    caption: str,
    expected_version: int,
    now: datetime,
) -> int:
    """Put the pieces where the owner wants them; gives the new version.

    Places are moved to the nearest allowed ones. Raises NotFound, Conflict where the outfit has
    changed since it was read, Invalid for a bad caption, background or piece, or an empty board.
    """
    outfit = get_own(session, outfit_id, member_id=member_id)
    _check_pieces(outfit, placements)
    values = {
        "caption": rules.clean_caption(caption),
        "background": rules.check_background(background),
    }
    _set(session, outfit_id, now, values, expected_version=expected_version)
    ratios = {piece.id: pictures.height_ratio(piece.drawing) for piece in outfit.pieces}
    for change in placements:
        place = layout.clamp(
            Placement(change.x, change.y, change.width, change.rotation, change.depth),
            ratios[change.piece_id],
        )
        session.execute(
            update(OutfitPiece)
            .where(OutfitPiece.id == change.piece_id, OutfitPiece.outfit_id == outfit_id)
            .values(is_shown=change.is_shown, **asdict(place))
        )
    emit(session, OutfitChanged(outfit_id), topics=[f"outfit:{outfit_id}"])
    return expected_version + 1


def publish(
    session: Session,
    outfit_id: str,
    *,
    member: MemberView,
    audience: str,
    has_points_ad: bool = False,
    now: datetime,
) -> None:
    """Show the outfit to the audience; one already published only changes it.

    Everyone needs a grown-up owner; friends and everyone one who agreed. Raises NotFound, Invalid
    where a birth date is missing or the audience unknown, Forbidden for minors, without consent.
    """
    outfit = get_own(session, outfit_id, member_id=member.id)
    if rules.check_audience(audience) == rules.PUBLIC:
        rules.check_adult(member.is_adult)
    purpose = rules.PURPOSE_OF.get(audience)
    if purpose and not consent.has_consent(session, member.id, purpose):
        raise Forbidden("consent_needed", "Agree to showing looks to them first.")
    values = {
        "state": "published",
        "audience": audience,
        "has_points_ad": has_points_ad,
        "published_at": outfit.published_at or now,
    }
    _set(session, outfit_id, now, values)
    topics = [f"outfit:{outfit_id}", f"brand:{outfit.brand_id}", f"store:{outfit.store_id}"]
    emit(session, OutfitPublished(outfit_id), topics=topics)


def put_away(session: Session, outfit_id: str, *, member_id: str, now: datetime) -> None:
    """Take the outfit from everybody's sight, the owner's wardrobe excepted. Raises NotFound."""
    outfit = get_own(session, outfit_id, member_id=member_id)
    _set(session, outfit_id, now, {"state": "away"})
    topics = [f"outfit:{outfit_id}", f"brand:{outfit.brand_id}", f"store:{outfit.store_id}"]
    emit(session, OutfitPutAway(outfit_id), topics=topics)


def restore(session: Session, outfit_id: str, *, member_id: str, now: datetime) -> None:
    """Take the outfit out again as a draft, for its owner to publish anew.

    Raises NotFound, and Conflict where it is not put away, or where all of it went back.
    """
    look = get_own(session, outfit_id, member_id=member_id)
    if look.state != "away":
        raise Conflict("outfit_not_away", "This look is not put away.")
    if not look.pieces:
        raise Conflict("outfit_went_back", "All of this look went back to the shop.")
    _set(session, outfit_id, now, {"state": "draft", "audience": "only_me"})
    emit(session, OutfitChanged(outfit_id), topics=[f"outfit:{outfit_id}"])


def hide_all(
    session: Session, member_id: str, *, audience: str = rules.PUBLIC, now: datetime
) -> None:
    """Set every outfit of a member for this audience back to only them, as when they withdraw."""
    rows = session.execute(
        update(Outfit)
        .where(Outfit.member_id == member_id, Outfit.audience == audience)
        .values(audience="only_me", updated_at=now, version=Outfit.version + 1)
        .returning(Outfit.id, Outfit.brand_id, Outfit.store_id)
    ).all()
    for outfit_id, brand_id, store_id in rows:
        topics = [f"outfit:{outfit_id}", f"brand:{brand_id}", f"store:{store_id}"]
        emit(session, OutfitPutAway(outfit_id), topics=topics)


def label_all(session: Session, member_id: str, *, has_points_ad: bool, now: datetime) -> None:
    """Put the Ad label on every published outfit of a member, or take it off."""
    ids = session.scalars(
        update(Outfit)
        .where(
            Outfit.member_id == member_id,
            Outfit.state == "published",
            Outfit.has_points_ad != has_points_ad,
        )
        .values(has_points_ad=has_points_ad, updated_at=now, version=Outfit.version + 1)
        .returning(Outfit.id)
    ).all()
    for outfit_id in ids:
        emit(session, OutfitChanged(outfit_id), topics=[f"outfit:{outfit_id}"])


def erase(session: Session, member_id: str) -> None:
    """Delete a member's outfits; their likes have to be gone before."""
    own = select(Outfit.id).where(Outfit.member_id == member_id)
    session.execute(delete(OutfitPiece).where(OutfitPiece.outfit_id.in_(own)))
    session.execute(delete(Outfit).where(Outfit.member_id == member_id))


def _insert_draft(
    session: Session, receipt: ReceiptView, member_id: str, now: datetime
) -> str | None:
    """The id of a new draft, or None where a twin was faster."""
    outfit_id = new_id()
    is_new = insert_ignore(
        session,
        Outfit,
        id=outfit_id,
        brand_id=receipt.brand_id,
        store_id=receipt.store_id,
        member_id=member_id,
        receipt_id=receipt.id,
        caption="",
        background=rules.BACKGROUNDS[0],
        audience="only_me",
        state="draft",
        has_points_ad=False,
        created_at=now,
        updated_at=now,
        version=1,
    )
    return outfit_id if is_new else None


def _check_pieces(outfit: OutfitView, placements: Sequence[PieceChange]) -> None:
    shown = {piece.id: piece.is_shown for piece in outfit.pieces}
    if not {change.piece_id for change in placements} <= shown.keys():
        raise rules.pieces_refused("piece_unknown", "A piece is not of this look.")
    shown |= {change.piece_id: change.is_shown for change in placements}
    if not any(shown.values()):
        raise rules.pieces_refused("board_empty", "Leave at least one piece on the board.")


def _is_shareable(line: LineView, variants: Mapping[str, VariantView]) -> bool:
    variant = variants.get(line.variant_id or "")
    return (
        variant is not None
        and not variant.is_never_shareable
        and not line.is_gift
        and not line.is_returned
    )


def _pieces(
    outfit_id: str, lines: Sequence[LineView], variants: Mapping[str, VariantView]
) -> list[dict[str, object]]:
    goods = [variants[line.variant_id or ""] for line in lines]
    places = layout.arrange([variant.drawing for variant in goods])
    return [
        {
            "id": new_id(),
            "outfit_id": outfit_id,
            "line_item_id": line.id,
            "variant_id": variant.id,
            "is_shown": True,
            **asdict(place),
        }
        for line, variant, place in zip(lines, goods, places, strict=True)
    ]


def _set(
    session: Session,
    outfit_id: str,
    now: datetime,
    values: Mapping[str, object],
    *,
    expected_version: int | None = None,
) -> None:
    statement = update(Outfit).where(Outfit.id == outfit_id)
    if expected_version is not None:
        statement = statement.where(Outfit.version == expected_version)
    changed = session.execute(
        statement.values(updated_at=now, version=Outfit.version + 1, **values)
    )
    assert isinstance(changed, CursorResult)
    if changed.rowcount != 1:
        raise Conflict(
            "outfit_changed", "This look was changed somewhere else. Load it again, then go on."
        )
