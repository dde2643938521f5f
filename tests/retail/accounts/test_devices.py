"""What is kept of what a browser calls itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retail.accounts.devices import device_words

_GECKO = "(KHTML, like Gecko)"
_APPLE = f"AppleWebKit/605.1.15 {_GECKO}"
_CHROME = f"AppleWebKit/537.36 {_GECKO} Chrome/129.0.0.0"


@pytest.mark.parametrize(
    ("says", "words"),
    [
        (
            f"(iPhone; CPU iPhone OS 18_1 like Mac OS X) {_APPLE} Version/18.1 Safari/604.1",
            "Safari on iPhone",
        ),
        (
            f"(iPhone; CPU iPhone OS 18_1 like Mac OS X) {_APPLE} CriOS/129.0 Safari/604.1",
            "Chrome on iPhone",
        ),
        (
            f"(Macintosh; Intel Mac OS X 10_15_7) {_APPLE} Version/18.1 Safari/605",
            "Safari on a Mac",
        ),
        (f"(Linux; Android 14; SM-S918B) {_CHROME} Mobile Safari/537.36", "Chrome on Android"),
        (
            f"(Linux; Android 14; SM-S918B) {_CHROME} SamsungBrowser/26.0 Mobile Safari/537.36",
            "Samsung Internet on Android",
        ),
        (f"(Windows NT 10.0; Win64; x64) {_CHROME} Safari/537.36 Edg/129.0", "Edge on Windows"),
        ("(Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0", "Firefox on Win"),
        ("curl/8.5.0", None),
        ("", None),
        (None, None),
    ],
)
def test_browser_and_device_are_told_without_version_or_model(
    says: str | None, words: str | None
) -> None:
    found = device_words(f"Mozilla/5.0 {says}" if says else says)
    assert found == words if words is None else (found or "").startswith(words)


@given(st.text())
def test_nothing_of_what_is_said_stays_but_words_of_ours(says: str) -> None:
    assert (
        device_words(says + " SM-S918B/14.0.7 en-GB") is None or len(device_words(says) or "") <= 60
    )
    assert "S918B" not in (device_words(says + " Android SM-S918B Chrome/1") or "")
