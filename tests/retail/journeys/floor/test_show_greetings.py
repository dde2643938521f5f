"""The card of who checked in: exactly what they chose to show, and a look that they can read."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from core import clock as core_clock
from core.clock import FixedClock
from core.errors import Conflict, NotFound
from loyalty.baskets.rules import Scope
from loyalty.ledger.rules import CREDITS
from retail.access_log import queries as access_log
from retail.accounts.queries import MemberView
from retail.brands.queries import StoreView
from retail.catalogue.queries import VariantView
from retail.greetings.rules import SHOWABLE, TIER
from retail.journeys.floor.hold_saved import hold_saved
from retail.journeys.floor.show_greetings import GreetingCard, UsedHere
from retail.receipts.till_sales import sale_source
from retail.saves import service as saves
from retail.staff.queries import StaffView
from tests.builders.accounts import new_member
from tests.builders.brands import new_store
from tests.builders.catalogue import new_stock, new_style, new_variant, sells_in_sizes
from tests.builders.greetings import card_in, comes_in, names_in, wishes
from tests.builders.holds import new_hold
from tests.builders.outfits import bought, new_stylist
from tests.builders.points import earn
from tests.builders.receipts import SETTINGS
from tests.builders.staff_accounts import new_staff
from tests.builders.tiers import new_tiers
from tests.builders.vouchers import basket, new_code, new_voucher, redeem_now, roll_back


@pytest.fixture
def store(session: Session) -> StoreView:
    return new_store(session, name="Covent Garden")


@pytest.fixture
def sarah(session: Session, store: StoreView) -> MemberView:
    sizes = {"tops": "12", "shoes": "5½"}
    sells_in_sizes(session, store.brand_id, *sizes)
    return new_stylist(session, store.brand_id, display_name="Sarah Lewis", sizes=sizes)


@pytest.fixture
def sam(session: Session, store: StoreView) -> StaffView:
    return new_staff(session, store.brand_id, store_id=store.id, role="assistant", name="Sam Reed")


def saved(
    session: Session,
    store: StoreView,
    member: MemberView,
    name: str,
    left: int | None,
    **style: Any,
) -> VariantView:
    """A piece that the member saved, and what the store counted of it."""
    made = new_style(session, brand_id=store.brand_id, name=name, **style)
    piece = new_variant(session, brand_id=store.brand_id, style=made)
    if left is not None:
        where = {"brand_id": store.brand_id, "store_id": store.id, "variant_id": piece.id}
        new_stock(session, **where, on_hand=left)
    saves.save_piece(session, piece.gtin or "", member=member, now=core_clock.now())
    return piece


def owned(
    session: Session, store: StoreView, member: MemberView, name: str, days: int, **more: Any
) -> None:
    """Something that the member bought so many days ago; `is_gift` says that it was a present."""
    line = {name: more.pop(name) for name in ("is_gift",) if name in more}
    style = new_style(session, brand_id=store.brand_id, name=name, **more)
    piece = new_variant(session, brand_id=store.brand_id, style=style)
    bought(session, store, member, [piece], sold_at=core_clock.now() - timedelta(days=days), **line)


def said(card: GreetingCard) -> list[str]:
    return [part.code for part in card.to_say]


def test_by_default_there_is_a_name_and_nothing_else(
    session: Session, store: StoreView, sarah: MemberView, sam: StaffView
) -> None:
    owned(session, store, sarah, "Quay top", days=9)
    saved(session, store, sarah, "Harbour trench", 3)
    new_voucher(session, sarah.id, programme_id=store.brand_id)
    wishes(session, sarah)
    comes_in(session, store, sarah)
    card = card_in(session, store, sam)
    assert card.greeted.called == "Sarah"
    shown = (card.last_here, card.sizes, card.pieces, card.vouchers, card.used)
    assert shown == (None, (), (), (), ())
    assert said(card) == ["hello", "help"]


def test_what_was_chosen_stands_on_the_card(
    session: Session, store: StoreView, sarah: MemberView, sam: StaffView
) -> None:
    elsewhere = new_store(session, brand_id=store.brand_id, name="Oxford Street")
    owned(session, store, sarah, "Quay top", days=9)
    owned(session, elsewhere, sarah, "Wool scarf", days=3)
    names = ("Trench", "Boots", "Skirt", "Scarf")
    trench, _boots, skirt, _scarf = (
        saved(session, store, sarah, name, left)
        for name, left in zip(names, (3, 1, 0, None), strict=True)
    )
    stock = {"brand_id": store.brand_id, "store_id": elsewhere.id, "variant_id": skirt.id}
    new_stock(session, **stock, on_hand=2)
    hold = new_hold(session, store, trench, sarah.id, now=core_clock.now())
    wishes(session, sarah, *SHOWABLE, "sizes.tops", "sizes.shoes")
    comes_in(session, store, sarah)
    card = card_in(session, store, sam)
    assert card.days_away == 9, "only of this store"
    assert set(card.sizes) == {("Tops", "12"), ("Shoes", "5½")}
    states = {one.variant.style_name: (one.state, one.left, one.elsewhere) for one in card.pieces}
    assert states == {
        "Trench": ("kept", 0, ""),
        "Boots": ("last", 1, ""),
        "Skirt": ("elsewhere", 2, "Oxford Street"),
        "Scarf": ("unknown", 0, ""),
    }
    assert said(card) == ["hello", "bought", "kept"]
    assert card.to_say[1].values == {"piece": "Wool scarf"}
    assert card.to_say[2].values["until"] == hold.ends_at


def test_a_tier_stands_there_with_its_year_only_where_it_was_chosen(
    session: Session, store: StoreView, sarah: MemberView, sam: StaffView, clock: FixedClock
) -> None:
    wishes(session, sarah, TIER)
    comes_in(session, store, sarah)
    assert card_in(session, store, sam).stands is None, "a brand without tiers"
    new_tiers(session, programme_id=store.brand_id, period_days=800)
    earn(session, sarah.id, 150, programme_id=store.brand_id, wallet=CREDITS)
    reached = clock.now()
    clock.advance(days=400)
    comes_in(session, store, sarah)
    stands = card_in(session, store, sam).stands
    assert stands is not None
    assert (stands.tier.name, stands.since) == ("Silver", reached)
    wishes(session, sarah, *(one for one in SHOWABLE if one != TIER))
    assert card_in(session, store, sam).stands is None


def test_presents_returns_old_and_sensitive_things_are_never_spoken_of(
    session: Session, store: StoreView, sarah: MemberView, sam: StaffView
) -> None:
    health = {"category_code": "health", "is_never_shareable": True}
    owned(session, store, sarah, "Old coat", days=61)
    owned(session, store, sarah, "Socks for Ivo", days=4, is_gift=True)
    owned(session, store, sarah, "Cough syrup", days=3, **health)
    owned(session, store, sarah, "Just now", days=0)
    saved(session, store, sarah, "Cough drops", 5, **health)
    wishes(session, sarah, *SHOWABLE, "sizes.tops", "sizes.shoes")
    comes_in(session, store, sarah)
    card = card_in(session, store, sam)
    assert card.pieces == ()
    assert said(card) == ["hello", "again"]


@pytest.mark.parametrize("kind", ["knitwear", "garden_hoses"])
def test_a_size_is_named_by_its_kind_of_goods_whatever_the_shop_sells(
    session: Session, store: StoreView, sam: StaffView, kind: str
) -> None:
    sells_in_sizes(session, store.brand_id, kind)
    robin = new_member(session, store.brand_id, display_name="Robin Vale", sizes={kind: "M"})
    wishes(session, robin, f"sizes.{kind}")
    comes_in(session, store, robin)
    assert card_in(session, store, sam).sizes == ((kind.title(), "M"),)


def test_a_size_of_goods_that_became_sensitive_since_is_shown_no_more(
    session: Session, store: StoreView, sam: StaffView
) -> None:
    private = {"category_code": "underwear", "is_never_shareable": True}
    style = new_style(session, brand_id=store.brand_id, **private)
    new_variant(session, brand_id=store.brand_id, style=style)
    robin = new_member(session, store.brand_id, display_name="Robin Vale", sizes={"underwear": "M"})
    wishes(session, robin, "sizes.underwear")
    comes_in(session, store, robin)
    assert card_in(session, store, sam).sizes == ()


def test_of_who_is_not_known_to_be_of_age_purchases_are_made_no_words(
    session: Session, store: StoreView, sam: StaffView
) -> None:
    robin = new_member(session, store.brand_id, display_name="Robin Vale")
    owned(session, store, robin, "Quay top", days=9)
    saved(session, store, robin, "Trench", 3)
    wishes(session, robin, *SHOWABLE, "sizes.tops")
    comes_in(session, store, robin)
    assert said(card_in(session, store, sam)) == ["hello", "again"]


def test_vouchers_are_those_of_today_and_here_and_what_was_used_is_said(
    session: Session, store: StoreView, sarah: MemberView, sam: StaffView
) -> None:
    brand, here = {"programme_id": store.brand_id}, f"store:{store.slug}"
    tomorrow = core_clock.now() + timedelta(days=1)
    good = new_voucher(session, sarah.id, **brand).voucher_id
    new_voucher(session, sarah.id, **brand, valid_from=tomorrow)
    far = Scope(places=frozenset({"store:somewhere-else"}))
    new_voucher(session, sarah.id, **brand, scope=far)
    used = new_code(session, sarah.id, **brand)
    sold = basket(2000, owner_id=sarah.id, labels=frozenset({here}))
    redeem_now(session, used, **brand, basket=sold)
    wishes(session, sarah, "vouchers")
    comes_in(session, store, sarah)
    card = card_in(session, store, sam)
    assert [one.id for one in card.vouchers] == [good]
    assert card.used == (UsedHere(core_clock.now(), None),)


def test_the_till_is_that_of_the_last_use_that_stands(
    session: Session, store: StoreView, sarah: MemberView, sam: StaffView, clock: FixedClock
) -> None:
    brand, labels = {"programme_id": store.brand_id}, frozenset({f"store:{store.slug}"})
    code = new_code(session, sarah.id, **brand, uses=3, uses_per_owner=3)
    wishes(session, sarah, "vouchers")
    comes_in(session, store, sarah)
    done = []
    for till in ("2", "7"):
        clock.advance(minutes=2)
        sold = basket(2000, owner_id=sarah.id, labels=labels)
        source = sale_source(store.id, till, "4711")
        done.append(redeem_now(session, code, **brand, basket=sold, source=source))
        assert card_in(session, store, sam).used == (UsedHere(core_clock.now(), till),)
    clock.advance(minutes=1)
    roll_back(session, done[1].id, **brand)
    assert card_in(session, store, sam).used == (UsedHere(done[0].sold_at, "2"),)


def test_each_colleague_is_noted_once_for_a_check_in_by_name_and_by_card(
    session: Session, store: StoreView, sarah: MemberView, sam: StaffView, clock: FixedClock
) -> None:
    ada = new_staff(session, store.brand_id, name="Ada Quill")
    wishes(session, sarah)
    comes_in(session, store, sarah)
    for _ in range(3):
        names_in(session, store, sam)
        card_in(session, store, sam)
    names_in(session, store, ada)
    looks = access_log.seen_by(session, sarah.id)
    assert sorted((look.viewer, look.what) for look in looks) == [
        ("A shop assistant", "the card of your check-in"),
        ("A shop assistant", "your name, where you checked in"),
        ("A store manager", "your name, where you checked in"),
    ]
    clock.advance(minutes=20)
    assert names_in(session, store, sam) == []
    comes_in(session, store, sarah)
    names_in(session, store, sam)
    assert len(access_log.seen_by(session, sarah.id, since=clock.now())) == 1


def test_no_other_store_sees_or_notes_anything(
    session: Session, store: StoreView, sarah: MemberView, sam: StaffView
) -> None:
    other = new_store(session, brand_id=store.brand_id)
    wishes(session, sarah)
    comes_in(session, store, sarah)
    assert names_in(session, other, sam) == []
    assert access_log.seen_by(session, sarah.id) == []


def test_what_is_on_the_card_is_held_for_them_and_nothing_else(
    session: Session, store: StoreView, sarah: MemberView, sam: StaffView, clock: FixedClock
) -> None:
    boots = saved(session, store, sarah, "Boots", 1)
    gone = saved(session, store, sarah, "Skirt", 0)
    other = new_variant(session, brand_id=store.brand_id)
    wishes(session, sarah, "saved")
    comes_in(session, store, sarah)
    one = card_in(session, store, sam).greeted.greeting.id
    told: dict[str, Any] = {"now": clock.now(), "settings": SETTINGS}
    for _ in range(2):
        kept = hold_saved(session, store, one, boots.id, **told)
        assert kept.ends_at == clock.now() + timedelta(minutes=SETTINGS.hold_minutes)
    states = {one.variant.id: one.state for one in card_in(session, store, sam).pieces}
    assert states == {boots.id: "kept", gone.id: "none"}
    with pytest.raises(Conflict):
        hold_saved(session, store, one, gone.id, **told)
    with pytest.raises(NotFound):
        hold_saved(session, store, one, other.id, **told)
    wishes(session, sarah)
    with pytest.raises(NotFound):
        hold_saved(session, store, one, boots.id, **told)
