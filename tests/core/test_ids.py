"""Identifiers: sortable, derived, typed by people."""

import hashlib
import hmac

from hypothesis import given
from hypothesis import strategies as st

from core import ids
from core.ids import CROCKFORD

codes = st.text(alphabet=CROCKFORD, min_size=1, max_size=26)


def test_row_ids_are_distinct_and_26_characters() -> None:
    made = [ids.new_id() for _ in range(2000)]
    assert len(set(made)) == 2000
    assert {len(one) for one in made} == {26}


def test_row_ids_sort_by_creation() -> None:
    first, later = ids.new_id(), ids.new_id()
    assert first[:10] <= later[:10]


def test_derive_is_hmac_sha256_truncated() -> None:
    digest = hmac.new(b"key", b"receipt-token\x00R1", hashlib.sha256).hexdigest()
    assert ids.derive(b"key", "receipt-token", "R1", 128) == int(digest[:32], 16)


@given(st.text(), st.text(), st.integers(1, 256))
def test_derive_fits_its_bits_and_repeats(purpose: str, subject: str, bits: int) -> None:
    number = ids.derive(b"key", purpose, subject, bits)
    assert 0 <= number < 2**bits
    assert number == ids.derive(b"key", purpose, subject, bits)


@given(st.text(min_size=1))
def test_another_key_purpose_or_subject_gives_another_number(subject: str) -> None:
    number = ids.derive(b"key", "a", subject, 128)
    assert number != ids.derive(b"other", "a", subject, 128)
    assert number != ids.derive(b"key", "b", subject, 128)
    assert number != ids.derive(b"key", "a", subject + "x", 128)


@given(st.integers(0, 2**130 - 1))
def test_crockford_reads_back(number: int) -> None:
    code = ids.crockford(number, 26)
    assert len(code) == 26
    value = 0
    for character in code:
        value = value * 32 + CROCKFORD.index(character)
    assert value == number


@given(codes, st.data())
def test_one_wrong_character_never_passes_the_check_unless_31_apart(
    code: str, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(code) - 1))
    other = data.draw(st.sampled_from(CROCKFORD))
    wrong = code[:at] + other + code[at + 1 :]
    distance = abs(CROCKFORD.index(other) - CROCKFORD.index(code[at]))
    same = ids.crockford_check(wrong) == ids.crockford_check(code)
    assert same == (distance in (0, 31))


@given(codes, st.data())
def test_swapped_neighbours_never_pass_the_check_unless_31_apart(
    code: str, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, max(len(code) - 2, 0)))
    swapped = code[:at] + code[at : at + 2][::-1] + code[at + 2 :]
    values = [CROCKFORD.index(c) for c in code[at : at + 2]]
    same = ids.crockford_check(swapped) == ids.crockford_check(code)
    assert same == (max(values) - min(values) in (0, 31))


@given(codes, st.data())
def test_what_people_type_is_understood(code: str, data: st.DataObject) -> None:
    typed = "".join(
        data.draw(st.sampled_from({"0": "0Oo", "1": "1IiLl"}.get(c, c + c.lower())))
        + data.draw(st.sampled_from(["", "-", " ", "\t"]))
        for c in code
    )
    assert ids.normalise_code(typed) == code


@given(st.text())
def test_a_typed_code_is_plain_characters_or_nothing(typed: str) -> None:
    code = ids.normalise_code(typed)
    assert code is None or (code and set(code) <= set(CROCKFORD))


@given(codes, st.integers(1, 6))
def test_groups_only_add_hyphens(code: str, size: int) -> None:
    grouped = ids.group(code, size)
    assert grouped.replace("-", "") == code
    assert max(len(part) for part in grouped.split("-")) <= size


def test_a_keyed_hash_needs_the_key() -> None:
    assert ids.keyed_hash(b"a", "session", "t") != ids.keyed_hash(b"b", "session", "t")
    assert len(ids.keyed_hash(b"a", "session", "t")) == 64
