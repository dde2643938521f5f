"""A member’s vouchers on the phone: code and barcode, their worth, when they were used."""

from collections.abc import Callable
from datetime import UTC, datetime

from core.clock import FixedClock
from core.transaction import Database
from loyalty.baskets.rules import Scope
from tests.builders.accounts import new_member, sign_in
from tests.builders.brands import new_brand, new_store
from tests.builders.catalogue import new_style, new_variant
from tests.builders.visitor import Visitor
from tests.builders.vouchers import basket, new_code, redeem_now, reserve


def test_the_phone_shows_vouchers_with_their_code_and_when_they_were_used(
    db: Database, visit: Callable[[], Visitor]
) -> None:
    with db.write() as session:
        member = new_member(session, new_store(session).brand_id)
        here = {"programme_id": member.brand_id}
        used = new_code(session, member.id, **here)
        redeem_now(session, used, basket=basket(2000, owner_id=member.id), **here)
        tote = {"kind": "gift", "value": 1, "currency": None, "title": "A tote", "uses": 3}
        new_code(session, member.id, **here, **tote)
        half = new_code(session, member.id, **here, kind="percent", value=50, minimum_minor=3000)
        phone = visit().sign_in(sign_in(session, member))
    text = phone.open("/me/prizes").text
    assert f"Used on 22 November 2026. It ended in {used[-4:]}" in text
    assert used not in text
    for words in ("A tote, free", "Works 3 more times.", "50% off", half, "baskets from £30."):
        assert words in text
    with db.write() as session:
        reserve(session, half, basket=basket(4000), **here)
    assert "A till holds it just now." in phone.open("/me/prizes").text
    assert "A till holds it just now." in phone.open("/fragments/me/prizes").text


def test_what_ends_at_midnight_is_good_until_the_day_before(
    db: Database, visit: Callable[[], Visitor], clock: FixedClock
) -> None:
    midnight = datetime(2026, 12, 14, tzinfo=UTC)
    with db.write() as session:
        member = new_member(session, new_store(session).brand_id)
        new_code(session, member.id, programme_id=member.brand_id, valid_until=midnight)
        clock.instant = midnight.replace(day=13, hour=23)
        phone = visit().sign_in(sign_in(session, member))
    assert "Show it at any till, until 13 December 2026" in phone.open("/me/prizes").text
    clock.instant = midnight
    assert "Ran out on 13 December 2026" in phone.open("/me/prizes").text


def test_the_phone_says_what_a_voucher_is_for_and_where_it_works(
    db: Database, visit: Callable[[], Visitor]
) -> None:
    with db.write() as session:
        brand = new_brand(session)
        new_store(session, brand=brand, slug="leeds", name="Leeds Arcade")
        hats = new_style(session, brand_id=brand.id, category_code="hats", name="The Beanie")
        hat = new_variant(session, brand_id=brand.id, style=hats)
        member = new_member(session, brand.id)
        scope = Scope(
            includes=frozenset({"category:hats", f"sku:{hat.sku}", "category:gone"}),
            excludes=frozenset({f"style:{hats.code}"}),
            places=frozenset({"store:leeds", "store:york"}),
        )
        half = {"kind": "percent", "value": 50, "currency": "GBP", "most_minor": 2500}
        new_code(session, member.id, programme_id=brand.id, scope=scope, is_bound=True, **half)
        phone = visit().sign_in(sign_in(session, member))
    text = phone.open("/me/prizes").text
    for words in (
        "Show it at a till in Leeds Arcade, york, until",
        "For: Hats, The Beanie, gone.",
        "Not for: The Beanie.",
        "£25 off at most.",
        "For you alone: show your card with it.",
    ):
        assert words in text, words
    assert "any till" not in text
