"""What a receipt may say, and what counts as the same."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import clock
from core.errors import Conflict, Invalid
from retail.receipts import card_numbers, returns, rules
from retail.receipts.returns import ReturnInput, ReturnLineInput
from retail.receipts.rules import LineInput, ReceiptInput
from retail.receipts.views import LineView
from tests.builders.receipts import line, receipt_input
from tests.conftest import NOON


def checked(receipt: ReceiptInput) -> ReceiptInput:
    return rules.check_receipt(receipt, currency="GBP", now=clock.now())


def test_codes_and_texts_are_kept_in_one_form() -> None:
    sent = line(gtin="5012345678900", sku=" A-1 ", description="Cafe\u0301\x00\u202e  noir\n")
    (kept,) = checked(receipt_input(sent, number=" 7 ")).lines
    assert (kept.gtin, kept.sku, kept.description) == ("05012345678900", "A-1", "Café noir")


@pytest.mark.parametrize("quantity", ["0", "0.333", "1", "9999999.999"])
def test_quantities_need_not_divide_the_total(quantity: str) -> None:
    sent = line(quantity=Decimal(quantity), total_minor=1_000)
    assert checked(receipt_input(sent)).total_minor == 1_000


@pytest.mark.parametrize("quantity", ["-1", "0.0001", "NaN", "sNaN", "Infinity", "10000001"])
def test_what_is_no_quantity_is_refused(quantity: str) -> None:
    with pytest.raises(Invalid) as refusal:
        checked(receipt_input(line(quantity=Decimal(quantity))))
    assert list(refusal.value.data["fields"]) == ["lines.0.quantity"]


def test_every_wrong_field_is_named_at_once() -> None:
    bad = LineInput(Decimal(-1), -1, gtin="123", discount_minor=-1)
    sent = ReceiptInput("", "x" * 41, datetime(1980, 1, 1, tzinfo=UTC), "EUR", (bad,))
    with pytest.raises(Invalid) as refusal:
        checked(sent)
    assert set(refusal.value.data["fields"]) == {
        "till",
        "number",
        "sold_at",
        "currency",
        "lines.0.gtin",
        "lines.0.quantity",
        "lines.0.total_minor",
        "lines.0.discount_minor",
    }


CARD = "4111111111111111"


@pytest.mark.parametrize(
    "text",
    [
        CARD,
        "paid with 4111 1111 1111 1111 thanks",
        "4111-1111-1111-1111",
        "12 4111111111111111",
        "٤١١١١١١١١١١١١١١١",
        "４１１１１１１１１１１１１１１１",
        "378282246310005",
    ],
)
def test_card_numbers_are_found_however_they_are_written(text: str) -> None:
    assert card_numbers.has_card_number(text)


@pytest.mark.parametrize("text", ["", "1234", "4111111111111112", "501 jeans, 32 by 34", "4" * 40])
def test_other_figures_are_no_card_numbers(text: str) -> None:
    assert not card_numbers.has_card_number(text)


def test_a_card_number_in_a_description_is_refused_without_repeating_it() -> None:
    with pytest.raises(Invalid) as refusal:
        checked(receipt_input(line(description=f"card {CARD}")))
    assert CARD not in str(refusal.value.data) + refusal.value.detail


def test_equal_receipts_have_equal_fingerprints_whatever_their_zone_and_spelling() -> None:
    paris = clock.now().astimezone(ZoneInfo("Europe/Paris"))
    one = receipt_input(line(quantity=Decimal("1.0")), number="7", sold_at=clock.now())
    other = receipt_input(line(quantity=Decimal(1)), number="7", sold_at=paris)
    assert rules.fingerprint(checked(one)) == rules.fingerprint(checked(other))


CHANGES = st.sampled_from(
    [
        {"quantity": Decimal(2)},
        {"total_minor": 1},
        {"discount_minor": 5},
        {"description": "Other"},
        {"sku": "S"},
        {"gtin": "05012345678900"},
        {"is_gift": True},
    ]
)


@given(CHANGES)
def test_every_difference_is_seen_and_named(change: dict[str, object]) -> None:
    mine = receipt_input(line(), number="7", sold_at=NOON)
    theirs = replace(mine, lines=(replace(mine.lines[0], **change),))  # type: ignore[arg-type]
    assert rules.fingerprint(mine) != rules.fingerprint(theirs)
    (difference,) = rules.differences(mine, theirs)
    assert difference["field"] == f"lines.0.{next(iter(change))}"


def test_lines_cannot_be_shifted_into_each_other() -> None:
    one = receipt_input(line(sku="a", description="b"), number="7", sold_at=NOON)
    other = receipt_input(line(sku="ab", description=""), number="7", sold_at=NOON)
    assert rules.fingerprint(one) != rules.fingerprint(other)


def test_another_member_is_a_difference_that_tells_nobody() -> None:
    mine = receipt_input(number="7", sold_at=NOON)
    theirs = replace(mine, member_id="0" * 26)
    assert rules.fingerprint(mine) != rules.fingerprint(theirs)
    assert rules.differences(mine, theirs) == [{"field": "member_id"}]


@pytest.mark.parametrize(
    "zone", ["Europe/London", "Asia/Kathmandu", "Pacific/Apia", "America/Havana"]
)
@given(minutes=st.integers(0, 2 * 366 * 24 * 60))
def test_the_day_named_is_good_to_its_end_and_none_too_many(zone: str, minutes: int) -> None:
    instant = NOON + timedelta(minutes=minutes)
    end = rules.last_instant(instant, zone=zone, days=14)
    # A clock change may move the last midnight by an hour.
    assert timedelta(days=13) - timedelta(hours=1) <= end - instant
    assert end - instant <= timedelta(days=14, hours=1)
    assert end.astimezone(ZoneInfo(zone)).hour in (0, 1)


def sold(quantity: str, total_minor: int, returned: str = "0", back: int = 0) -> LineView:
    sold_, returned_ = Decimal(quantity), Decimal(returned)
    return LineView(
        id="L",
        position=1,
        variant_id=None,
        gtin=None,
        sku="S",
        description="",
        quantity=sold_,
        total_minor=total_minor,
        discount_minor=0,
        is_gift=False,
        returned_quantity=returned_,
        returned_minor=back,
        is_returned=returned_ >= sold_ > 0,
    )


@given(st.integers(1, 9), st.integers(0, 10_000))
def test_parts_that_come_back_sum_to_what_was_paid(pieces: int, total: int) -> None:
    back = 0
    for number in range(pieces):
        line_ = sold(str(pieces), total, str(number), back)
        wish = ReturnInput("B", NOON, (ReturnLineInput(1, Decimal(1)),))
        (refund,) = returns.plan(wish, [line_])
        back += refund.amount_minor
    assert back == total


@pytest.mark.parametrize(
    "wish", [ReturnLineInput(1, Decimal(3)), ReturnLineInput(1, Decimal(1), 1_001)]
)
def test_more_than_was_sold_never_comes_back(wish: ReturnLineInput) -> None:
    with pytest.raises(Conflict) as refusal:
        returns.plan(ReturnInput("B", NOON, (wish,)), [sold("2", 1_000)])
    assert refusal.value.code == "more_than_sold"


def test_a_line_without_quantity_comes_back_once() -> None:
    wish = ReturnInput("B", NOON, (ReturnLineInput(1, Decimal(0)),))
    (refund,) = returns.plan(wish, [sold("0", 500)])
    assert refund.amount_minor == 500
    again = replace(sold("0", 500, back=500), is_returned=True)
    with pytest.raises(Conflict):
        returns.plan(wish, [again])
