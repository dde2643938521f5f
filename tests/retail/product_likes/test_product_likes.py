"""Likes of goods: once a person, for friends who may know, counted so that none shows."""

from collections.abc import Callable

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from core import clock as core_clock
from core.clock import FixedClock
from core.errors import Invalid, NotFound
from retail.accounts.queries import MemberView
from retail.catalogue.models import Category
from retail.catalogue.queries import VariantView
from retail.consent.rules import PRODUCT_LIKES_TO_FRIENDS
from retail.friends import service as friends
from retail.journeys.members.agree import take_back
from retail.journeys.members.erase_member import erase_member
from retail.product_likes import among_friends, queries, rules, service
from tests.builders.accounts import give_consent, new_member
from tests.builders.brands import new_brand
from tests.builders.catalogue import new_style, new_variant
from tests.builders.shelf import like_long_ago, liked_by_many, two_friends
from tests.conftest import KEY, both_databases


def told(session: Session, piece: VariantView, brand_id: str) -> int:
    service.count(session, brand_id, now=core_clock.now())
    (found,) = queries.likes_of(session, brand_id, [piece.gtin or ""], now=core_clock.now())
    return found.likes


@both_databases
def test_a_product_is_liked_once_in_whatever_size_and_the_like_is_taken_back(
    session: Session,
) -> None:
    brand_id = new_brand(session).id
    style = new_style(session, brand_id=brand_id)
    small, large = (new_variant(session, brand_id=brand_id, style=style) for _ in range(2))
    nina = new_member(session, brand_id)
    for piece in (small, small, large):
        state = service.like(session, piece.gtin or "", member=nina, now=core_clock.now())
        assert (state.gtin, state.is_liked) == (piece.gtin, True)
    assert len(queries.liked_by(session, nina.id, brand_id=brand_id)) == 1
    for _ in range(2):
        service.unlike(session, large.gtin or "", member=nina)
    assert queries.liked_by(session, nina.id, brand_id=brand_id) == []


def test_what_the_brand_does_not_sell_or_is_nobody_s_business_is_not_liked(
    session: Session,
) -> None:
    brand_id = new_brand(session).id
    nina, far = new_member(session, brand_id), new_member(session, new_brand(session).id)
    health = new_style(session, brand_id=brand_id, category_code="health", is_never_shareable=True)
    secret = new_variant(session, brand_id=brand_id, style=health)
    coat = new_variant(session, brand_id=brand_id)
    with pytest.raises(Invalid, match="nobody’s business"):
        service.like(session, secret.gtin or "", member=nina, now=core_clock.now())
    with pytest.raises(NotFound):
        service.like(session, coat.gtin or "", member=far, now=core_clock.now())


@both_databases
def test_a_count_is_of_ten_at_least_and_one_like_more_or_less_does_not_show(
    session: Session,
) -> None:
    brand_id = new_brand(session).id
    coat, other = (new_variant(session, brand_id=brand_id) for _ in range(2))
    fans = liked_by_many(session, coat, brand_id, 9)
    liked_by_many(session, other, brand_id, 1)
    assert told(session, coat, brand_id) == 0
    fans += liked_by_many(session, coat, brand_id, 6)
    assert told(session, coat, brand_id) == 10
    for member in fans[:5]:
        service.unlike(session, coat.gtin or "", member=member)
        assert told(session, coat, brand_id) == 10
    erase_member(session, member=fans[5], now=core_clock.now(), key=KEY)
    assert told(session, coat, brand_id) == 0
    assert told(session, other, brand_id) == 0


def test_a_like_joins_the_count_at_an_instant_of_the_next_day_that_nobody_knows(
    session: Session, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    brand_id = new_brand(session).id
    coat = new_variant(session, brand_id=brand_id)
    liked_by_many(session, coat, brand_id, 9)
    monkeypatch.setattr(service, "_draw", lambda: 0.75)
    tenth = new_member(session, brand_id)
    service.like(session, coat.gtin or "", member=tenth, now=clock.now())
    assert told(session, coat, brand_id) == 0
    clock.advance(hours=18)
    assert told(session, coat, brand_id) == 10


def test_two_likes_of_one_moment_join_at_different_ones(session: Session) -> None:
    now = core_clock.now()
    drawn = {rules.joins_at(now, service._draw()) for _ in range(20)}
    assert len(drawn) > 1
    assert now <= min(drawn) <= max(drawn) <= now + rules.JOINS_WITHIN


def test_the_worker_counts_by_the_clock_and_what_stands_still_is_not_told(
    session: Session, clock: FixedClock
) -> None:
    brand_id = new_brand(session).id
    coat = new_variant(session, brand_id=brand_id)

    def seen() -> int:
        now = core_clock.now()
        return queries.likes_of(session, brand_id, [coat.gtin or ""], now=now)[0].likes

    liked_by_many(session, coat, brand_id, 10)
    service.count_all(session, clock.now())
    liked_by_many(session, coat, brand_id, 10)
    clock.advance(minutes=14)
    service.count_all(session, clock.now())
    assert seen() == 10
    clock.advance(minutes=1)
    service.count_all(session, clock.now())
    assert seen() == 20
    clock.advance(hours=1)
    assert seen() == 0


def test_goods_that_became_nobody_s_business_are_told_of_no_more(session: Session) -> None:
    brand_id = new_brand(session).id
    fans = [new_member(session, brand_id) for _ in range(12)]
    style = new_style(session, brand_id=brand_id, category_code="care")
    cream = new_variant(session, brand_id=brand_id, style=style)
    like_long_ago(session, cream, *fans)
    assert told(session, cream, brand_id) == 10
    mine = update(Category).where(Category.brand_id == brand_id)
    session.execute(mine.values(is_never_shareable=True))
    now = core_clock.now()
    assert queries.likes_of(session, brand_id, [cream.gtin or ""], now=now)[0].likes == 0
    assert told(session, cream, brand_id) == 0


def _withdrew(session: Session, sarah: MemberView, _: MemberView) -> None:
    take_back(session, PRODUCT_LIKES_TO_FRIENDS, member=sarah, now=core_clock.now())


def _parted(session: Session, sarah: MemberView, nina: MemberView) -> None:
    friends.end(session, sarah.id, member=nina)


def _blocked(session: Session, sarah: MemberView, nina: MemberView) -> None:
    friends.block(session, nina.id, member=sarah, now=core_clock.now())


@both_databases
@pytest.mark.parametrize("what", [_withdrew, _parted, _blocked])
def test_friends_are_named_while_they_agree_and_are_friends(
    session: Session, what: Callable[[Session, MemberView, MemberView], None]
) -> None:
    brand_id = new_brand(session).id
    coat = new_variant(session, brand_id=brand_id)
    nina, sarah = two_friends(session, brand_id)
    stranger = new_member(session, brand_id, display_name="Rex Stranger")

    def seen() -> tuple[list[str], int]:
        found = among_friends.on_page(session, coat.style_id, nina.id)
        return [one.first_name for one in found.shown], found.total

    give_consent(session, stranger, PRODUCT_LIKES_TO_FRIENDS)
    for member in (sarah, stranger):
        service.like(session, coat.gtin or "", member=member, now=core_clock.now())
    assert seen() == ([], 0)
    give_consent(session, sarah, PRODUCT_LIKES_TO_FRIENDS)
    assert seen() == (["Sarah"], 1)
    what(session, sarah, nina)
    assert seen() == ([], 0)
