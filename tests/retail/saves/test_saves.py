"""Saved looks and pieces: one tap, undone by one, for nobody else to see."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock
from core.clock import FixedClock
from core.errors import Invalid, NotFound
from retail.outfits import service as outfits
from retail.saves import queries, service
from retail.saves.models import OutfitSave, SavedPiece
from tests.builders.accounts import new_member
from tests.builders.brands import new_brand, new_store
from tests.builders.catalogue import new_variant
from tests.builders.outfits import new_draft, new_outfit, new_stylist
from tests.conftest import both_databases


@both_databases
def test_a_look_is_saved_once_and_let_go_at_will(session: Session, clock: FixedClock) -> None:
    store = new_store(session)
    first, second = new_outfit(session, store), new_outfit(session, store)
    member = new_member(session, store.brand_id)
    for look in (first, first, second):
        clock.advance(minutes=1)
        assert service.save(session, look, member=member, now=clock.now()).is_saved
    saved = queries.saved_by(session, member.id, brand_id=store.brand_id)
    assert [look.id for look in saved] == [second, first]
    for _ in range(2):
        assert not service.unsave(session, first, member=member).is_saved
    assert not queries.has_saved(session, first, member.id)
    assert queries.count_saved(session, member.id) == 1


def test_only_what_everyone_may_see_is_saved_and_shown(session: Session) -> None:
    store = new_store(session)
    stylist, member = new_stylist(session, store.brand_id), new_member(session, store.brand_id)
    look = new_outfit(session, store, member=stylist)
    stranger = new_member(session, new_brand(session).id)
    with pytest.raises(NotFound):
        service.save(session, look, member=stranger, now=clock.now())
    with pytest.raises(NotFound):
        draft = new_draft(session, store, stylist)
        service.save(session, draft, member=member, now=clock.now())
    with pytest.raises(Invalid):
        service.save(session, look, member=stylist, now=clock.now())
    service.save(session, look, member=member, now=clock.now())
    outfits.put_away(session, look, member_id=stylist.id, now=clock.now())
    assert queries.saved_by(session, member.id, brand_id=store.brand_id) == []


def test_saves_are_exported_and_erased_from_both_sides(session: Session) -> None:
    store = new_store(session)
    stylist = new_stylist(session, store.brand_id)
    look = new_outfit(session, store, member=stylist)
    fans = [new_member(session, store.brand_id) for _ in range(2)]
    for fan in fans:
        service.save(session, look, member=fan, now=clock.now())
    (mine,) = queries.export(session, fans[0].id)
    assert mine == {"outfit_id": look, "saved_at": clock.now()}
    service.erase(session, fans[0].id)
    assert session.scalars(select(OutfitSave.member_id)).all() == [fans[1].id]
    service.erase(session, stylist.id)
    assert session.scalars(select(OutfitSave.member_id)).all() == []


@both_databases
def test_a_piece_is_kept_once_by_its_label_and_let_go_at_will(
    session: Session, clock: FixedClock
) -> None:
    brand = new_brand(session)
    first, second = (new_variant(session, brand_id=brand.id) for _ in range(2))
    member, stranger = new_member(session, brand.id), new_member(session, new_brand(session).id)
    for piece in (first, first, second):
        clock.advance(minutes=1)
        gtin = piece.gtin or ""
        assert service.save_piece(session, gtin, member=member, now=clock.now()).is_saved
    kept = queries.pieces_saved_by(session, member.id, brand_id=brand.id)
    assert [piece.id for piece in kept] == [second.id, first.id]
    assert not service.unsave_piece(session, first.gtin or "", member=member).is_saved
    service.let_go(session, second.id, member=stranger)
    assert queries.export_pieces(session, member.id) == [
        {"variant_id": second.id, "saved_at": clock.now(), "remind_on": None}
    ]
    assert queries.count_saved_pieces(session, member.id) == 1
    for unknown in (first.gtin or "", "12345", "05012345678901", ""):
        with pytest.raises(NotFound, match="This isn’t here"):
            service.save_piece(session, unknown, member=stranger, now=clock.now())
    service.erase(session, member.id)
    assert session.scalars(select(SavedPiece.member_id)).all() == []
