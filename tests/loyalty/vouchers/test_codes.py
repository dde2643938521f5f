"""Voucher codes: shown in fours, read however they are typed, useless without the key."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.ids import CROCKFORD, new_id
from loyalty.vouchers import codes
from tests.conftest import KEY

CODES = st.text(CROCKFORD, min_size=1, max_size=26).map(lambda subject: codes.code_of(subject, KEY))


def test_a_code_is_the_same_for_the_same_voucher_and_key_only() -> None:
    voucher_id = new_id()
    code = codes.code_of(voucher_id, KEY)
    assert code == codes.code_of(voucher_id, KEY)
    assert code != codes.code_of(new_id(), KEY)
    assert code != codes.code_of(voucher_id, KEY + b"!")
    assert codes.hash_of(code, KEY) != codes.hash_of(code, KEY + b"!")


@given(CODES)
def test_a_code_is_read_as_it_is_shown(code: str) -> None:
    assert len(code) == 16
    assert set(code) <= set(CROCKFORD)
    assert [len(group) for group in codes.shown(code).split("-")] == [4, 4, 4, 4]
    assert codes.read(codes.shown(code)) == code


@given(CODES)
def test_a_code_is_read_however_it_is_typed(code: str) -> None:
    typed = codes.shown(code).lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert codes.read(f" {typed} ") == code


@given(CODES, st.integers(0, 15), st.sampled_from("3456789ABCDEFGHJ"))
def test_a_wrong_character_is_noticed(code: str, place: int, wrong: str) -> None:
    typed = code[:place] + wrong + code[place + 1 :]
    assert codes.read(typed) == (code if typed == code else None)


@pytest.mark.parametrize("typed", ["", "ABCD", "ABCD-EFGH-JKMN-PQRU", "é" * 16, "0" * 17])
def test_what_cannot_be_a_code_is_none(typed: str) -> None:
    assert codes.read(typed) is None


@given(st.text(max_size=40))
def test_anything_may_be_typed(typed: str) -> None:
    code = codes.read(typed)
    assert code is None or len(code) == 16
