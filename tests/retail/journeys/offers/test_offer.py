"""What is offered after a purchase, to whom, and what it may say then and later."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from core.clock import FixedClock
from core.ids import new_id
from core.transaction import Database
from loyalty.experiments import queries as experiments
from loyalty.experiments import service as experiment_service
from loyalty.experiments.rules import stands
from retail.consent import service as consent
from retail.consent.rules import FRIEND_OFFERS, OFFERS
from retail.friends import service as friends
from retail.journeys.members.erase_member import erase_member
from retail.offers import queries, service
from retail.offers.rules import TREATMENT
from retail.offers.wording import deal, left, on_paper, thanks, why
from retail.receipts.queries import receipts_of
from tests.builders.accounts import new_member
from tests.builders.catalogue import new_stock, new_style, new_variant
from tests.builders.friends import befriend
from tests.builders.offers import PLAIN, Boutique, facts, new_boutique, set_birth_date
from tests.builders.receipts import line
from tests.conftest import KEY, both_databases

pytestmark = both_databases
Change = Callable[[Session, Boutique, FixedClock], Any]


def test_a_purchase_brings_what_a_friend_has_in_ones_size_until_the_day_ends(
    db: Database, clock: FixedClock
) -> None:
    with db.write() as session:
        shop = new_boutique(session)
        offer = shop.made(session)
        (voucher,) = shop.vouchers(session, shop.sarah)
    assert (offer.kind, offer.friend_id, offer.style_id) == (
        "friend",
        shop.nina.id,
        shop.shoes.style_id,
    )
    assert offer.variant_id == shop.shoes.id
    assert (voucher.id, voucher.value, voucher.kind) == (offer.voucher_id, 20, "percent")
    assert clock.now() < offer.ends_at <= clock.now() + timedelta(days=1)
    assert voucher.most_minor == shop.shoes.price_minor // 5
    assert [name for name in ("Nina", "Sarah") if name in str(offer)] == []


def test_the_sentence_says_who_bought_what_and_how_few_are_left(db: Database) -> None:
    with db.write() as session:
        shop = new_boutique(session)
        said = facts(session, shop.made(session))
    assert [part(said, PLAIN) for part in (thanks, why, left, deal)] == [
        "Thanks for buying Mallory dress, Sarah.",
        "Your friend Nina bought it too, and has Pilar boots as well.",
        "1 left here in your size.",
        "20% off it today, thanks to Nina.",
    ]


def _withdraw(who: str, purpose: str, channel: str | None = None) -> Change:
    def change(session: Session, shop: Boutique, clock: FixedClock) -> None:
        member = getattr(shop, who)
        consent.withdraw(
            session,
            member_id=member.id,
            brand_id=member.brand_id,
            purpose=purpose,
            channel=channel,
            now=clock.now(),
        )

    return change


def _block(blocking: str, blocked: str) -> Change:
    return lambda session, shop, clock: friends.block(
        session,
        getattr(shop, blocked).id,
        member=getattr(shop, blocking),
        now=clock.now(),
    )


def _part(session: Session, shop: Boutique, clock: FixedClock) -> None:
    friends.end(session, shop.nina.id, member=shop.sarah)


def _erase(session: Session, shop: Boutique, clock: FixedClock) -> None:
    erase_member(session, member=shop.nina, now=clock.now(), key=KEY)


ENDS_THE_NAME: dict[str, Change] = {
    "she agrees no more": _withdraw("nina", FRIEND_OFFERS),
    "they part": _part,
    "she blocks": _block("nina", "sarah"),
    "she is blocked": _block("sarah", "nina"),
    "she is erased": _erase,
}


@pytest.mark.parametrize("what", ENDS_THE_NAME)
def test_no_name_is_said_once_it_may_not_be_before_or_after_the_offer(
    db: Database, clock: FixedClock, what: str
) -> None:
    with db.write() as session:
        shop = new_boutique(session)
        offer = shop.made(session)
        ENDS_THE_NAME[what](session, shop, clock)
        for channel in ("web", "print"):
            found = queries.find_offer(session, offer.id)
            assert found is not None
            said = facts(session, found, channel)  # type: ignore[arg-type]
            assert (said.friend, said.a_friend, said.has_anchor) == ("", False, False)
            assert "Nina" not in " ".join(on_paper(said, PLAIN, most=9))
        clock.advance(days=8)
        again = shop.offer(session, shop.buy(session))
        assert again is None


@pytest.mark.parametrize("purpose_of", ["neither", "web only", "print only", "both"])
def test_a_name_stands_where_its_owner_agreed_and_nowhere_else(
    db: Database, clock: FixedClock, purpose_of: str
) -> None:
    with db.write() as session:
        shop = new_boutique(session)
        offer = shop.made(session)
        if purpose_of in ("neither", "print only"):
            _withdraw("nina", FRIEND_OFFERS, "web")(session, shop, clock)
        if purpose_of in ("neither", "web only"):
            _withdraw("nina", FRIEND_OFFERS, "print")(session, shop, clock)
        named = {one for one in ("web", "print") if facts(session, offer, one).friend}  # type: ignore[arg-type]
    expected = {"neither": set(), "web only": {"web"}, "print only": {"print"}}
    assert named == expected.get(purpose_of, {"web", "print"})


def test_among_few_friends_nobody_is_told_that_a_friend_has_it(
    db: Database, clock: FixedClock
) -> None:
    with db.write() as session:
        shop = new_boutique(session)
        offer = shop.made(session)
        _withdraw("nina", FRIEND_OFFERS, "print")(session, shop, clock)
        assert not facts(session, offer, "print").a_friend
        befriend(session, shop.sarah, *(new_member(session, shop.store.brand_id) for _ in "ab"))
        told = facts(session, offer, "print")
    assert (told.a_friend, told.friend) == (True, "")
    assert why(told, PLAIN) == "A friend of yours bought it too, and has Pilar boots as well."


def test_what_the_friend_brought_back_is_not_said_to_be_hers(db: Database) -> None:
    with db.write() as session:
        shop = new_boutique(session)
        offer = shop.made(session)
        assert facts(session, offer).friend
        (hers,) = receipts_of(session, shop.nina.id)
        shop.bring_back(session, hers)
        assert not facts(session, offer).friend


def _not_for_sarah(session: Session, shop: Boutique, clock: FixedClock) -> None:
    _withdraw("sarah", OFFERS)(session, shop, clock)


def _sold_out(session: Session, shop: Boutique, clock: FixedClock) -> None:
    shop.sell_out(session)


def _refused_style(session: Session, shop: Boutique, clock: FixedClock) -> None:
    who = {"member_id": shop.sarah.id, "brand_id": shop.store.brand_id, "now": clock.now()}
    service.refuse(session, **who, style_id=shop.shoes.style_id)


def _refused_friend(session: Session, shop: Boutique, clock: FixedClock) -> None:
    who = {"member_id": shop.sarah.id, "brand_id": shop.store.brand_id, "now": clock.now()}
    service.refuse(session, **who, friend_id=shop.nina.id)


def _offered_today(session: Session, shop: Boutique, clock: FixedClock) -> None:
    shop.made(session)


def _owns_it(session: Session, shop: Boutique, clock: FixedClock) -> None:
    shop.buy(session, shop.shoes)


@pytest.mark.parametrize(
    "change",
    [_not_for_sarah, _sold_out, _refused_style, _refused_friend, _offered_today, _owns_it],
)
def test_nothing_is_offered_where(db: Database, clock: FixedClock, change: Change) -> None:
    with db.write() as session:
        shop = new_boutique(session)
        change(session, shop, clock)
        assert shop.offer(session) is None


def test_minors_and_people_of_unknown_age_are_offered_nothing_and_name_nobody(
    db: Database,
) -> None:
    with db.write() as session:
        shop = new_boutique(session)
        for born in (None, date(2012, 1, 1)):
            set_birth_date(session, shop.sarah, born)
            assert shop.offer(session) is None
        set_birth_date(session, shop.sarah, date(1990, 1, 1))
        set_birth_date(session, shop.nina, date(2012, 1, 1))
        assert shop.offer(session) is None


def test_a_present_and_what_is_sensitive_are_never_spoken_of(db: Database) -> None:
    with db.write() as session:
        shop = new_boutique(session)
        brand_id = shop.store.brand_id
        style = new_style(
            session, brand_id=brand_id, category_code="underwear", is_never_shareable=True
        )
        secret = new_variant(session, brand_id=brand_id, style=style, size="")
        new_stock(session, brand_id=brand_id, store_id=shop.store.id, variant_id=secret.id)
        shop.buy_for(session, shop.nina, secret)
        shop.ranker.crowds[secret.style_id] = 500
        assert shop.offer(session, shop.buy(session, secret)) is None
        gift = shop.buy(session, shop.dress, lines=(line(shop.dress, is_gift=True),))
        assert shop.offer(session, gift) is None
        offer = shop.made(session)
    assert offer.style_id == shop.shoes.style_id
    heard = [had.style_id for asked in shop.ranker.asked for had in asked.history]
    heard += [had.style_id for q in shop.ranker.asked for f in q.friends.values() for had in f]
    assert secret.style_id not in heard


def test_without_a_friend_a_crowd_of_ten_or_nothing(db: Database) -> None:
    with db.write() as session:
        shop = new_boutique(session)
        _part(session, shop, None)  # type: ignore[arg-type]
        shop.ranker.crowds[shop.shoes.style_id] = 9
        assert shop.offer(session) is None
        shop.ranker.crowds[shop.shoes.style_id] = 1_237
        offer = shop.made(session)
        said = facts(session, offer)
    assert (offer.kind, offer.friend_id, offer.crowd) == ("crowd", None, 1_237)
    assert why(said, PLAIN) == "1,200 people who bought it also bought Pilar boots."
    assert deal(said, PLAIN) == "20% off it today."


def test_a_count_that_is_not_fresh_or_not_small_says_nothing_of_haste(
    db: Database, clock: FixedClock
) -> None:
    with db.write() as session:
        offer = new_boutique(session, shoes_left=4).made(session)
        assert facts(session, offer).left == 0
        few = new_boutique(session, shoes_left=2).made(session)
        assert facts(session, few).left == 2
        clock.advance(minutes=6)
        assert facts(session, few).left == 0


def test_who_is_held_out_is_looked_at_no_further(db: Database, clock: FixedClock) -> None:
    with db.write() as session:
        shop = new_boutique(session)
        experiment_id = "0" * 26
        while stands(experiment_id, shop.sarah.id, 500).arm == "treatment":
            experiment_id = new_id()
        experiment_service.start(
            session,
            programme_id=shop.store.brand_id,
            name="Offers",
            treatment=TREATMENT,
            holdout=500,
            starts_at=clock.now(),
            experiment_id=experiment_id,
        )
        assert shop.offer(session) is None
        exposed = experiments.exposed(session, experiment_id)
    assert shop.ranker.asked == []
    assert exposed == {"treatment": 0, "holdout": 1}


def test_paper_holds_whole_sentences_of_32_columns_or_none(db: Database) -> None:
    with db.write() as session:
        said = facts(session, new_boutique(session).made(session), "print")
    for most in range(12):
        lines = on_paper(said, PLAIN, most=most)
        assert len(lines) <= most
        assert all(len(one) <= 32 for one in lines)
        assert not lines or (lines[0].startswith("Ad: ") and lines[-1].endswith("Nina."))
    assert on_paper(said, PLAIN, most=12) != ()
    assert on_paper(said, PLAIN, most=2) == ()
