"""When a message is tried again, and how ids rise: by themselves, without any database."""

from datetime import timedelta
from email.utils import format_datetime

from hypothesis import given
from hypothesis import strategies as st
from ulid import ULID

from retail.webhooks import rules
from tests.conftest import NOON

END = NOON + rules.GIVE_UP_AFTER
NEVER_YET = str(ULID.from_int(0))


def pause(attempts: int, *, dice: float = 1, retry_after: str | None = None) -> float:
    at = rules.next_try(attempts, retry_after, now=NOON, give_up_at=END, dice=dice)
    assert at is not None
    return (at - NOON).total_seconds()


def test_pauses_double_to_two_hours_and_chance_halves_them_at_most() -> None:
    longest = [pause(attempts) for attempts in range(1, 14)]
    assert longest[:4] == [5, 10, 20, 40]
    assert longest[-2:] == [7200, 7200]
    assert [pause(attempts, dice=0) for attempts in range(1, 14)] == [one / 2 for one in longest]


def test_a_day_of_trying_has_at_least_ten_tries_and_ends() -> None:
    for dice in (0, 0.5, 1):
        at, tries = NOON, 1
        while True:
            found = rules.next_try(tries, None, now=at, give_up_at=END, dice=dice)
            if found is None:
                break
            assert at < found <= END
            at, tries = found, tries + 1
        assert at == END, "the last try is at the end of the day"
        assert 10 <= tries <= 60


def test_a_wish_for_patience_is_read_as_seconds_or_as_a_date_and_bounded() -> None:
    assert pause(1, retry_after="600") == 600
    assert pause(1, retry_after=format_datetime(NOON + timedelta(minutes=5), usegmt=True)) == 300
    assert pause(1, retry_after="1") == 5, "never sooner than we would by ourselves"
    assert pause(1, retry_after="9" * 400) == rules.GIVE_UP_AFTER.total_seconds()
    for nonsense in ("", "-5", "soon", "²", "Fri, 99 Nov 2026 12:00:00 GMT"):
        assert pause(1, retry_after=nonsense) == 5, nonsense


@given(st.lists(st.integers(-3_600_000, 3_600_000), min_size=1, max_size=30))
def test_ids_rise_whatever_the_clock_does(steps: list[int]) -> None:
    last = NEVER_YET
    for milliseconds in steps:
        fresh = rules.next_id(last, NOON + timedelta(milliseconds=milliseconds))
        assert len(fresh) == 26
        assert fresh > last
        last = fresh


@given(st.text(max_size=60))
def test_any_wish_and_any_answer_can_be_read(text: str) -> None:
    assert pause(1, retry_after=text) >= 5
    shown = rules.shown(text + "whsec_abcd", ["whsec_abcd"])
    assert "whsec_abcd" not in shown
