"""Whose goods a store's members like: numbers of many, and nobody in them."""

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from core import clock as core_clock
from core.clock import FixedClock
from retail.accounts.queries import MemberView
from retail.audiences.queries import MakerLiked, makers_liked
from retail.brands.queries import StoreView
from retail.catalogue.models import Category
from retail.catalogue.queries import VariantView
from retail.product_likes import service as product_likes
from tests.builders.accounts import new_member
from tests.builders.brands import new_store
from tests.builders.catalogue import new_style, new_variant
from tests.builders.outfits import bought


@pytest.fixture
def store(session: Session) -> StoreView:
    return new_store(session)


def goods_by(session: Session, store: StoreView, maker: str, **style: object) -> VariantView:
    made = new_style(session, brand_id=store.brand_id, designer=maker, **style)  # type: ignore[arg-type]
    return new_variant(session, brand_id=store.brand_id, style=made)


def who_likes(
    session: Session, store: StoreView, number: int, *goods: VariantView
) -> list[MemberView]:
    """So many members of a store who like these."""
    people = [new_member(session, store.brand_id) for _ in range(number)]
    for one in people:
        bought(session, store, one, goods[:1])
        for piece in goods:
            product_likes.like(session, piece.gtin or "", member=one, now=core_clock.now())
    return people


def told(session: Session, store: StoreView) -> dict[str, int]:
    found = makers_liked(session, store, now=core_clock.now())
    return {one.maker: one.members for one in found}


def test_members_are_counted_once_in_tens_and_from_ten_on(
    session: Session, store: StoreView, clock: FixedClock
) -> None:
    coat, cap = (goods_by(session, store, "Ines Marlow") for _ in range(2))
    scarf = goods_by(session, store, "Few & Co")
    unsigned = goods_by(session, store, "")
    who_likes(session, store, 12, coat, cap, unsigned)
    who_likes(session, store, 9, scarf)
    assert told(session, store) == {}, "today is in no number"
    clock.advance(days=1)
    assert told(session, store) == {"Ines Marlow": 10}
    assert set(MakerLiked.__dataclass_fields__) == {"maker", "members"}


def test_one_more_or_one_less_today_changes_nothing_before_midnight(
    session: Session, store: StoreView, clock: FixedClock
) -> None:
    coat = goods_by(session, store, "Ines Marlow")
    who_likes(session, store, 9, coat)
    clock.advance(days=1)
    who_likes(session, store, 1, coat)
    assert told(session, store) == {}
    clock.advance(days=1)
    assert told(session, store) == {"Ines Marlow": 10}


def test_only_who_bought_in_that_store_within_a_year_is_of_its_members(
    session: Session, store: StoreView, clock: FixedClock
) -> None:
    coat, other = (
        goods_by(session, store, "Ines Marlow"),
        new_store(session, brand_id=store.brand_id),
    )
    who_likes(session, store, 10, coat)
    who_likes(session, other, 9, coat)
    for one in [new_member(session, store.brand_id) for _ in range(10)]:
        product_likes.like(session, coat.gtin or "", member=one, now=core_clock.now())
    clock.advance(days=1)
    assert told(session, store) == {"Ines Marlow": 10}
    assert told(session, other) == {}
    clock.advance(seconds=timedelta(days=366).total_seconds())
    assert told(session, store) == {}


def test_what_is_never_shared_and_likes_that_were_taken_back_are_left_out(
    session: Session, store: StoreView, clock: FixedClock
) -> None:
    drops = goods_by(session, store, "Dr Green", category_code="health")
    coat = goods_by(session, store, "Ines Marlow")
    who_likes(session, store, 10, drops)
    people = who_likes(session, store, 10, coat)
    clock.advance(days=1)
    assert told(session, store) == {"Dr Green": 10, "Ines Marlow": 10}
    private = update(Category).where(Category.code == "health").values(is_never_shareable=True)
    session.execute(private)
    assert told(session, store) == {"Ines Marlow": 10}
    product_likes.unlike(session, coat.gtin or "", member=people[0])
    assert told(session, store) == {}
