"""Looks chosen by what a crowd in the store likes; of fewer, and of who did not agree, nothing."""

from collections.abc import Callable

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from core import clock as core_clock
from core.clock import FixedClock
from retail.accounts.queries import MemberView
from retail.audiences.present import choose_looks
from retail.catalogue.models import Category
from retail.catalogue.queries import VariantView
from retail.consent import service as consent
from retail.consent.in_stores import SCREENS_CHOOSE
from retail.consent.rules import LIKES_TO_FRIENDS
from retail.journeys.floor.greet import go_out
from retail.journeys.members.erase_member import erase_member
from retail.product_likes import service as product_likes
from retail.social import queries as social_queries
from retail.social import service as social
from tests.builders.accounts import give_consent, new_member
from tests.builders.brands import new_store
from tests.builders.catalogue import new_style, new_variant
from tests.builders.outfits import lay_out_and_show
from tests.builders.present import come_in, who_like
from tests.conftest import KEY, both_databases


class Shop:
    """A store with looks in coats, and the one that moves least in a hat."""

    def __init__(self, session: Session, clock: FixedClock) -> None:
        self.session, self.clock = session, clock
        self.store = new_store(session)
        self.coat, self.hat = self.goods("coats"), self.goods("hats")
        self.hat_look = self.hang(self.hat)
        clock.advance(hours=1)
        self.coat_look = self.hang(self.coat)
        social.like(session, self.coat_look, member=self.member(), now=core_clock.now())

    def member(self) -> MemberView:
        return new_member(self.session, self.store.brand_id)

    def goods(self, kind: str, **style: bool) -> VariantView:
        brand = {"brand_id": self.store.brand_id}
        made = new_style(self.session, category_code=kind, **style, **brand)  # type: ignore[arg-type]
        return new_variant(self.session, style=made, **brand)

    def hang(self, *goods: VariantView) -> str:
        """A look that everyone may see."""
        return lay_out_and_show(self.session, self.store, *goods)

    def who_like(
        self, number: int, *goods: VariantView, purposes: tuple[str, ...] = (SCREENS_CHOOSE,)
    ) -> list[MemberView]:
        return who_like(self.session, self.store, number, *goods, purposes=purposes)

    def come_in(self, people: list[MemberView]) -> None:
        come_in(self.session, self.store, self.clock, people)

    def chosen(self) -> list[str] | None:
        """The ids of the looks that a screen of the store chooses."""
        looks = choose_looks(self.session, self.store, now=core_clock.now(), limit=6)
        return None if looks is None else [look.id for look in looks]

    def as_ever(self) -> list[str]:
        """The ids of the looks that move most, whoever is there."""
        brand, where = self.store.brand_id, {"store_id": self.store.id}
        found = social_queries.trending(self.session, brand, **where, now=core_clock.now())
        return [look.id for look in found]

    def withdraws(self, member: MemberView) -> None:
        about = {"member_id": member.id, "brand_id": member.brand_id, "purpose": SCREENS_CHOOSE}
        consent.withdraw(self.session, **about, now=core_clock.now())


@pytest.fixture
def shop(session: Session, clock: FixedClock) -> Shop:
    return Shop(session, clock)


@both_databases
def test_ten_who_agreed_and_like_a_kind_turn_the_screen_to_it(shop: Shop) -> None:
    crowd = shop.who_like(10, shop.goods("hats"))
    shop.clock.advance(days=1)
    assert shop.as_ever() == [shop.coat_look, shop.hat_look]
    assert shop.chosen() is None
    shop.come_in(crowd)
    assert shop.chosen() == [shop.hat_look, shop.coat_look]
    assert shop.as_ever() == [shop.coat_look, shop.hat_look], "all other places are as they were"


@both_databases
def test_a_look_that_a_crowd_likes_speaks_for_what_it_shows(shop: Shop) -> None:
    crowd = shop.who_like(10)
    for one in crowd:
        social.like(shop.session, shop.hat_look, member=one, now=core_clock.now())
    for one in (shop.member() for _ in range(30)):
        social.like(shop.session, shop.coat_look, member=one, now=core_clock.now())
    shop.clock.advance(days=1)
    assert shop.as_ever() == [shop.coat_look, shop.hat_look]
    shop.come_in(crowd)
    assert shop.chosen() == [shop.hat_look, shop.coat_look]


def test_below_ten_whoever_comes_or_goes_changes_nothing(shop: Shop) -> None:
    few = shop.who_like(9, shop.hat)
    shop.clock.advance(days=1)
    for one in few:
        shop.come_in([one])
        assert shop.chosen() is None
    for one in few:
        go_out(shop.session, shop.store, member=one, now=core_clock.now())
        assert shop.chosen() is None


def test_ten_are_there_and_nine_of_them_like_it(shop: Shop) -> None:
    crowd = [*shop.who_like(9, shop.hat), *shop.who_like(1, shop.goods("shoes"))]
    shop.clock.advance(days=1)
    shop.come_in(crowd)
    assert shop.chosen() is None


def test_who_did_not_agree_counts_for_nothing(shop: Shop) -> None:
    silent = shop.who_like(40, shop.coat, purposes=(LIKES_TO_FRIENDS,))
    agreed = shop.who_like(10, shop.hat)
    shop.clock.advance(days=1)
    shop.come_in([*silent[:20], *agreed[:9], *silent[20:]])
    assert shop.chosen() is None, "forty who did not, and nine who did"
    shop.come_in(agreed[9:])
    assert shop.chosen() == [shop.hat_look, shop.coat_look]


def test_the_control_in_which_they_agree_is_another_screen(shop: Shop) -> None:
    many, few = shop.who_like(20, shop.coat), shop.who_like(10, shop.hat)
    shop.clock.advance(days=1)
    shop.come_in([*many, *few])
    assert shop.chosen() == [shop.coat_look, shop.hat_look]


def test_agreeing_while_one_is_there_counts_from_the_next_check_in(shop: Shop) -> None:
    agreed, late = shop.who_like(9, shop.hat), shop.who_like(1, shop.hat, purposes=())
    shop.clock.advance(days=1)
    shop.come_in([*late, *agreed])
    give_consent(shop.session, late[0], SCREENS_CHOOSE)
    assert shop.chosen() is None
    shop.clock.advance(days=1)
    shop.come_in([*late, *agreed])
    assert shop.chosen() == [shop.hat_look, shop.coat_look]


@pytest.mark.parametrize(
    "goes",
    [
        pytest.param(lambda shop, one: shop.withdraws(one), id="withdraws"),
        pytest.param(
            lambda shop, one: go_out(shop.session, shop.store, member=one, now=core_clock.now()),
            id="takes the check-in back",
        ),
        pytest.param(
            lambda shop, one: product_likes.unlike(shop.session, shop.hat.gtin, member=one),
            id="likes it no more",
        ),
        pytest.param(
            lambda shop, one: erase_member(shop.session, member=one, now=core_clock.now(), key=KEY),
            id="leaves for good",
        ),
    ],
)
def test_what_is_taken_back_counts_no_more_at_the_next_look(
    shop: Shop, goes: Callable[[Shop, MemberView], None]
) -> None:
    crowd = shop.who_like(10, shop.hat)
    shop.clock.advance(days=1)
    shop.come_in(crowd)
    assert shop.chosen() is not None
    goes(shop, crowd[4])
    assert shop.chosen() is None


def test_it_lasts_an_hour_in_that_store_alone(shop: Shop) -> None:
    crowd, other = (
        shop.who_like(10, shop.hat),
        new_store(shop.session, brand_id=shop.store.brand_id),
    )
    shop.clock.advance(days=1)
    shop.come_in(crowd)
    shop.clock.advance(minutes=45)
    assert shop.chosen() is not None
    assert choose_looks(shop.session, other, now=core_clock.now(), limit=6) is None
    shop.clock.advance(minutes=15)
    assert shop.chosen() is None


def test_what_is_liked_today_and_what_is_never_shared_moves_nothing(shop: Shop) -> None:
    drops = shop.goods("health", is_never_shareable=False)
    secret = shop.hang(drops)
    crowd = shop.who_like(10, drops)
    shop.clock.advance(days=1)
    for one in crowd:
        product_likes.like(shop.session, shop.hat.gtin or "", member=one, now=core_clock.now())
    shop.come_in(crowd)
    assert (shop.chosen() or [])[0] == secret, "the control: it is shareable yet"
    make_private(shop.session, "health")
    assert shop.chosen() is None
    shop.clock.advance(days=1)
    shop.come_in(crowd)
    assert (shop.chosen() or [])[0] == shop.hat_look, "by the next day it is a like as any other"


def make_private(session: Session, kind: str) -> None:
    """The shop says that goods of a kind are never shared."""
    session.execute(update(Category).where(Category.code == kind).values(is_never_shareable=True))
