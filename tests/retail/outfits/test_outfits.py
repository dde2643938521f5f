"""Outfits: what is laid out, who may change it and who may see it."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from core import clock
from core.clock import FixedClock
from core.errors import Conflict, Forbidden, Invalid, NotFound
from retail.consent import service as consent
from retail.consent.rules import PUBLIC_OUTFITS
from retail.journeys.looks.lay_out import lay_out
from retail.outfits import queries, service
from retail.outfits.returned import drop_returned
from retail.outfits.rules import clean_caption
from retail.receipts import queries as receipts
from retail.receipts import service as receipt_service
from retail.receipts.returns import ReturnInput
from retail.social import queries as social
from tests.builders.accounts import new_member
from tests.builders.brands import new_store
from tests.builders.catalogue import new_style, new_variant, new_variants
from tests.builders.league import like_times
from tests.builders.outfits import GROWN_UP, bought, new_draft, new_outfit, new_stylist
from tests.conftest import both_databases


def visible(session: Session, outfit_id: str, viewer_id: str | None = None) -> bool:
    try:
        queries.get_visible(session, outfit_id, viewer_id=viewer_id)
    except NotFound as refusal:
        said = refusal.code, refusal.detail
    else:
        return True
    assert said == ("outfit_not_found", "This isn’t here.")
    return False


@both_databases
def test_a_draft_has_what_was_bought_and_may_be_shown(session: Session) -> None:
    store = new_store(session)
    coat = new_variant(session, brand_id=store.brand_id)
    bra = new_variant(
        session,
        brand_id=store.brand_id,
        style=new_style(
            session,
            brand_id=store.brand_id,
            name="Bralette",
            category_code="underwear",
            is_never_shareable=True,
        ),
    )
    stylist = new_stylist(session, store.brand_id)
    receipt = bought(session, store, stylist, [coat, bra])
    outfit_id = lay_out(session, receipt.id, member=stylist, now=clock.now())
    look = queries.get_own(session, outfit_id, member_id=stylist.id)
    assert [piece.style_name for piece in look.pieces] == ["Harbour trench"]
    assert (look.state, look.audience, look.caption) == ("draft", "only_me", "")
    assert lay_out(session, receipt.id, member=stylist, now=clock.now()) == outfit_id


def test_gifts_and_unknown_goods_are_nothing_to_lay_out(session: Session) -> None:
    store = new_store(session)
    stylist = new_stylist(session, store.brand_id)
    variants = new_variants(session, brand_id=store.brand_id, drawings=("knit",))
    receipt = bought(session, store, stylist, variants, is_gift=True)
    with pytest.raises(Invalid) as refusal:
        lay_out(session, receipt.id, member=stylist, now=clock.now())
    assert refusal.value.code == "nothing_to_lay_out"


@both_databases
def test_who_may_see_what(session: Session) -> None:
    store = new_store(session)
    stylist = new_stylist(session, store.brand_id)
    stranger = new_member(session, store.brand_id)
    draft = new_draft(session, store, stylist)
    private = new_outfit(session, store, member=stylist, audience="only_me")
    public = new_outfit(session, store, member=stylist)
    away = new_outfit(session, store, member=stylist)
    service.put_away(session, away, member_id=stylist.id, now=clock.now())
    sees = {
        viewer: [visible(session, each, viewer) for each in (draft, private, public, away)]
        for viewer in (None, stranger.id, stylist.id)
    }
    assert sees[None] == sees[stranger.id] == [False, False, True, False]
    assert sees[stylist.id] == [False, True, True, False]
    consent.withdraw(
        session,
        member_id=stylist.id,
        brand_id=store.brand_id,
        purpose=PUBLIC_OUTFITS,
        now=clock.now(),
    )
    assert not visible(session, public)


def test_strangers_see_neither_sizes_nor_what_was_left_off_the_board(session: Session) -> None:
    store = new_store(session)
    stylist = new_stylist(session, store.brand_id, display_name="Nina Okafor")
    outfit_id = new_outfit(session, store, member=stylist, drawings=("trench", "jeans"))
    own = queries.get_own(session, outfit_id, member_id=stylist.id)
    hidden = next(piece for piece in own.pieces if piece.drawing == "jeans")
    change = service.PieceChange(hidden.id, 0, 0, 300, 0, 1, is_shown=False)
    service.arrange_pieces(
        session,
        outfit_id,
        member_id=stylist.id,
        placements=[change],
        background="rain",
        caption="Rain, but make it Saturday",
        expected_version=own.version,
        now=clock.now(),
    )
    (piece,) = queries.get_visible(session, outfit_id).pieces
    assert (piece.drawing, piece.size) == ("trench", "")
    assert queries.get_visible(session, outfit_id).stylist_name == "Nina O."


def test_two_hands_on_one_board_do_not_undo_each_other(session: Session) -> None:
    store = new_store(session)
    stylist = new_stylist(session, store.brand_id)
    outfit_id = new_draft(session, store, stylist)
    words = {"background": "straw", "placements": (), "member_id": stylist.id, "now": clock.now()}
    first = service.arrange_pieces(session, outfit_id, caption="First", expected_version=1, **words)
    assert first == 2
    with pytest.raises(Conflict):
        service.arrange_pieces(session, outfit_id, caption="Late", expected_version=1, **words)
    assert queries.get_own(session, outfit_id, member_id=stylist.id).caption == "First"


def test_an_empty_board_is_refused(session: Session) -> None:
    store = new_store(session)
    stylist = new_stylist(session, store.brand_id)
    outfit_id = new_draft(session, store, stylist)
    pieces = queries.get_own(session, outfit_id, member_id=stylist.id).pieces
    with pytest.raises(Invalid) as refusal:
        service.arrange_pieces(
            session,
            outfit_id,
            member_id=stylist.id,
            placements=[service.PieceChange(p.id, 0, 0, 99, 0, 1, is_shown=False) for p in pieces],
            background="blush",
            caption="",
            expected_version=1,
            now=clock.now(),
        )
    assert refusal.value.code == "board_empty"


def test_publishing_to_everyone_needs_an_adult_who_agreed(session: Session) -> None:
    store = new_store(session)
    for birth_on, kind in ((None, Invalid), (GROWN_UP.replace(2012), Forbidden)):
        young = new_stylist(session, store.brand_id, birth_on=birth_on)
        outfit_id = new_draft(session, store, young)
        with pytest.raises(kind):
            service.publish(session, outfit_id, member=young, audience="everyone", now=clock.now())
    adult = new_member(session, store.brand_id, birth_on=GROWN_UP)
    outfit_id = new_draft(session, store, adult)
    with pytest.raises(Forbidden) as refusal:
        service.publish(session, outfit_id, member=adult, audience="everyone", now=clock.now())
    assert refusal.value.code == "consent_needed"


@both_databases
def test_what_was_brought_back_leaves_the_board(session: Session) -> None:
    store = new_store(session)
    stylist = new_stylist(session, store.brand_id)
    variants = new_variants(session, brand_id=store.brand_id, drawings=("knit", "jeans"))
    receipt = bought(session, store, stylist, variants)
    outfit_id = lay_out(session, receipt.id, member=stylist, now=clock.now())
    given = ReturnInput(number="R-1", returned_at=clock.now(), lines=None)
    receipt_service.record_return(session, receipt.id, given=given, now=clock.now())
    drop_returned(session, receipts.get_receipt(session, receipt.id), now=clock.now())
    look = queries.get_own(session, outfit_id, member_id=stylist.id)
    assert (look.pieces, look.state) == ((), "away")


@both_databases
def test_the_wall_shows_what_is_liked_just_now(session: Session, clock: FixedClock) -> None:
    store = new_store(session)
    old = new_outfit(session, store)
    like_times(session, old, store.brand_id, 3)
    clock.advance(days=9)
    fresh, quiet = new_outfit(session, store), new_outfit(session, store)
    like_times(session, fresh, store.brand_id, 1)
    away = new_stylist(session, store.brand_id)
    hidden = new_outfit(session, store, member=away)
    like_times(session, hidden, store.brand_id, 2)
    service.put_away(session, hidden, member_id=away.id, now=clock.now())
    elsewhere = new_outfit(session, new_store(session, brand_id=store.brand_id))
    wall = social.trending(session, store.brand_id, store_id=store.id, now=clock.now())
    assert [look.id for look in wall] == [fresh, quiet, old]
    whole = social.trending(session, store.brand_id, now=clock.now() + timedelta(hours=1), limit=2)
    assert len(whole) == 2
    assert elsewhere in {
        look.id for look in social.trending(session, store.brand_id, now=clock.now())
    }


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Rain,\n but  Saturday ", "Rain, but Saturday"),
        ("\u202egnp.exe", "gnp.exe"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("\u2764\ufe0f\u200d\U0001f525", "\u2764\ufe0f\u200d\U0001f525"),
        ("cafe\u0301", "caf\u00e9"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("שָׁבּ֣וֹת", "שָׁבּ֣וֹת"),
        (
            "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
            "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        ),
        ("Hid\U000e0067den", "Hidden"),
        ("\u3164\u115f \u2800", ""),
        ("\u200d\ufe0f\u0301", ""),
    ],
)
def test_captions_are_one_clean_line(typed: str, kept: str) -> None:
    assert clean_caption(typed) == kept


def test_a_caption_has_at_most_eighty_characters() -> None:
    assert clean_caption("x" * 80)
    with pytest.raises(Invalid):
        clean_caption("x" * 81)


def test_marks_on_one_letter_do_not_climb_out_of_their_line() -> None:
    assert clean_caption("o" + "\u0324" * 5)
    with pytest.raises(Invalid):
        clean_caption("o" + "\u0324" * 6)
