"""Addresses, names in public, ages, sizes and codes."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Invalid
from retail.accounts import rules

KEY = b"k" * 32

# Of which goods sizes are kept.
KINDS = {"tops", "shoes"}


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("nina@shopper.example", "nina@shopper.example"),
        ("  Nina.Okafor+sale@Shopper.EXAMPLE ", "nina.okafor+sale@shopper.example"),
        ("zoe@bücher.example", "zoe@xn--bcher-kva.example"),
    ],
)
def test_an_address_is_stored_in_one_form(typed: str, stored: str) -> None:
    assert rules.normalise_email(typed) == stored


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "nina",
        "nina@",
        "@shopper.example",
        "nina@localhost",
        "nina@shopper..example",
        "nina@-shopper.example",
        ".nina@shopper.example",
        "nina okafor@shopper.example",
        "nina@shopper.example\r\nBcc: all@shopper.example",
        "nina@shopper.example, olu@shopper.example",
        "Nina <nina@shopper.example>",
        "n" * 65 + "@shopper.example",
        "nina@" + "a" * 64 + ".example",
        "nina@" + ".".join(["a" * 60] * 5),
    ],
)
def test_what_no_mail_server_would_take_is_refused(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        rules.normalise_email(typed)
    assert "email" in refused.value.data["fields"]


@given(st.text())
def test_an_address_once_stored_stays_as_it_is(typed: str) -> None:
    try:
        stored = rules.normalise_email(typed)
    except Invalid:
        return
    assert rules.normalise_email(stored) == stored
    assert stored.isascii()
    assert stored.isprintable()


@given(st.integers(0, 999_999), st.lists(st.sampled_from([" ", "-", "\u2009", "–", "\n"])))
def test_gaps_in_a_code_do_not_matter(number: int, gaps: list[str]) -> None:
    code = f"{number:06d}"
    typed = "".join(gaps[i % len(gaps)] + c if gaps else c for i, c in enumerate(code))
    assert rules.normalise_code(typed) == code


@given(st.text())
def test_a_code_reads_as_six_digits_or_not_at_all(typed: str) -> None:
    code = rules.normalise_code(typed)
    assert code is None or (len(code) == 6 and code.isascii() and code.isdigit())


def test_digits_of_other_scripts_are_digits() -> None:
    assert rules.normalise_code("١٢٣٤٥٦") == "123456"


def test_a_code_can_be_told_again_by_the_holder_of_the_key_only() -> None:
    assert rules.sign_in_code(KEY, "one") == rules.sign_in_code(KEY, "one")
    assert rules.sign_in_code(KEY, "one") != rules.sign_in_code(b"o" * 32, "one")
    assert {len(rules.sign_in_code(KEY, str(n))) for n in range(200)} == {6}


@pytest.mark.parametrize(
    ("name", "shown", "letters"),
    [
        ("Nina Okafor", "Nina O.", "NO"),
        ("Nina", "Nina", "N"),
        ("Ana María de la Cruz", "Ana C.", "AC"),
        ("Éloïse d’Arc", "Éloïse D.", "ÉD"),
        ("李 小龍", "李 小.", "李小"),
        ("Prince 7", "Prince", "P"),
        ("", "A member", "·"),
    ],
)
def test_in_public_people_are_first_name_and_initial(name: str, shown: str, letters: str) -> None:
    assert rules.public_name(name) == shown
    assert rules.initials(name) == letters


@given(st.text(alphabet=st.characters(categories=["L"]), min_size=2), st.text(), st.text())
def test_a_public_name_never_tells_the_surname(surname: str, first: str, middle: str) -> None:
    name = f"{first} {middle} {surname}"
    try:
        name = rules.check_display_name(name)
    except Invalid:
        return
    words = name.split()
    if len(words) > 1 and len(words[-1]) > 2 and words[-1].casefold() not in words[0].casefold():
        assert words[-1].casefold() not in rules.public_name(name).casefold()


@given(st.text())
def test_an_accepted_name_is_tidy_and_stays_so(typed: str) -> None:
    try:
        name = rules.check_display_name(typed)
    except Invalid:
        return
    assert name == name.strip()
    assert name.isprintable()
    assert 1 <= len(name) <= rules.NAME_LENGTH
    assert rules.check_display_name(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        "   ",
        "x" * 61,
        "12",
        "nina@shopper.example",
        "https://shop.example",
        "<b>Nina</b>",
        "Nina \u202egnirts",
        "Nina\x00",
        "Nina 4929 1234",
        "\u3164",
        "Nina\u115f",
        "N" + "\u0324" * 6,
    ],
)
def test_a_name_is_neither_empty_nor_a_trick(name: str) -> None:
    with pytest.raises(Invalid):
        rules.check_display_name(name)


def test_a_name_may_be_typed_on_a_persian_keyboard() -> None:
    assert rules.check_display_name("علی\u200cرضا") == "علیرضا"


@pytest.mark.parametrize(
    ("birth_on", "today", "adult"),
    [
        (date(2008, 11, 22), date(2026, 11, 22), True),
        (date(2008, 11, 23), date(2026, 11, 22), False),
        (date(2008, 2, 29), date(2026, 2, 28), False),
        (date(2008, 2, 29), date(2026, 3, 1), True),
        (None, date(2026, 11, 22), None),
    ],
)
def test_one_comes_of_age_on_the_birthday(
    birth_on: date | None, today: date, adult: bool | None
) -> None:
    assert rules.is_adult(birth_on, today) is adult


def test_the_minimum_age_is_a_setting() -> None:
    assert rules.is_adult(date(2008, 1, 1), date(2026, 11, 22), minimum_age=21) is False


@pytest.mark.parametrize("birth_on", [date(2026, 11, 23), date(1890, 1, 1)])
def test_a_birth_date_is_one_of_a_living_person(birth_on: date) -> None:
    with pytest.raises(Invalid):
        rules.check_birth_on(birth_on, date(2026, 11, 22))


def test_sizes_are_tidied_and_empty_ones_dropped() -> None:
    assert rules.check_sizes({"tops": " 12 ", "shoes": ""}, KINDS) == {"tops": "12"}


@pytest.mark.parametrize("sizes", [{"hats": "L"}, {"tops": "<12>"}, {"tops": "1" * 13}])
def test_odd_sizes_are_refused_by_name(sizes: dict[str, str]) -> None:
    with pytest.raises(Invalid) as refused:
        rules.check_sizes(sizes, KINDS)
    assert f"sizes.{next(iter(sizes))}" in refused.value.data["fields"]
