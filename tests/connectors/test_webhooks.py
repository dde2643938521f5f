"""Calls to strangers' servers: where they may go, and how little an answer can do to us."""

import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from connectors.webhooks.addresses import is_public
from connectors.webhooks.sender import MAX_BYTES, Sender
from connectors.webhooks.signing import signed_headers
from tests.builders.receiver import Receiver, hangs_up, listening, never_ends, says

BODY = b"{}"


@pytest.fixture
def far() -> Iterator[Receiver]:
    with listening() as receiver:
        yield receiver


@pytest.fixture
def sender() -> Sender:
    return Sender(allows_local=True, seconds=5)


def test_a_signature_is_that_of_the_reference_libraries() -> None:
    """The example that the tests of the Standard Webhooks libraries sign."""
    at, secret = datetime.fromtimestamp(1614265330, UTC), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    message_id, body = "msg_p5jXN8AQM9LWM0D4loKWxJek", b'{"test": 2432232314}'
    assert signed_headers(message_id, at, body, [secret]) == {
        "webhook-id": message_id,
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_an_answer_comes_with_its_time_and_its_wish(far: Receiver, sender: Sender) -> None:
    far.answers += [says(429, "Slower\r\n\x00please", Retry_After="7")]
    answer = sender.post(far.url, BODY, {"X-Mine": "1"})
    assert (answer.status, answer.text, answer.retry_after) == (429, "Slower please", "7")
    assert answer.milliseconds >= 0
    assert far.got[0].headers["x-mine"] == "1"
    assert far.got[0].headers["host"] in far.url


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0"),
        *("100.64.0.1", "224.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1"),
        *("::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1", "2001:db8::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::1", "nonsense"),
    ],
)
def test_addresses_inside_networks_are_not_public(address: str) -> None:
    assert not is_public(address)
    strict = Sender(allows_local=False, resolve=lambda *_: [address])
    assert strict.post("https://erp.example/", BODY, {}).error == "forbidden_address"


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_addresses_of_the_open_internet_are(address: str) -> None:
    assert is_public(address)


def test_one_private_address_among_public_ones_is_enough_to_refuse() -> None:
    strict = Sender(allows_local=False, resolve=lambda *_: ["93.184.215.14", "10.0.0.1"])
    assert strict.post("https://erp.example/", BODY, {}).error == "forbidden_address"


def test_in_production_nothing_goes_out_unencrypted(far: Receiver) -> None:
    strict = Sender(allows_local=False, resolve=lambda *_: ["93.184.215.14"])
    assert strict.post("http://erp.example/", BODY, {}).error == "forbidden_address"
    assert Sender(allows_local=False).post(far.url, BODY, {}).error == "forbidden_address"
    assert far.got == []


def test_a_name_that_changes_between_check_and_call_leads_nowhere_else(far: Receiver) -> None:
    asked: list[str] = []

    def turncoat(host: str, _: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["203.0.113.1"]

    port = far.url.split(":")[2].split("/")[0]
    sender = Sender(allows_local=True, resolve=turncoat)
    assert sender.post(f"http://turncoat.example:{port}/", BODY, {}).status == 200
    assert asked == ["turncoat.example"], "looked up once; what was checked is what is called"


def test_a_redirection_is_not_followed(far: Receiver, sender: Sender) -> None:
    with listening() as elsewhere:
        far.answers += [says(302, Location=elsewhere.url)]
        assert sender.post(far.url, BODY, {}).status == 302
        assert elsewhere.got == []


def test_of_a_long_answer_only_the_beginning_is_read(far: Receiver, sender: Sender) -> None:
    far.answers += [says(200, "x" * 5_000_000)]
    assert len(sender.post(far.url, BODY, {}).text) == MAX_BYTES


def test_an_answer_that_never_ends_is_ended(far: Receiver) -> None:
    over = threading.Event()
    far.answers += [never_ends(over)]
    try:
        answer = Sender(allows_local=True, seconds=0.3).post(far.url, BODY, {})
    finally:
        over.set()
    assert (answer.status, answer.error) == (None, "timeout")


@pytest.mark.parametrize("is_tls", [False, True], ids=["plain", "TLS"])
def test_a_server_that_says_nothing_is_not_waited_for(is_tls: bool) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        scheme = "https" if is_tls else "http"
        address = f"{scheme}://127.0.0.1:{port}/"
        answer = Sender(allows_local=True, seconds=0.3).post(address, BODY, {})
    assert answer.error == "timeout"


def test_a_name_that_nobody_answers_for_is_not_waited_for() -> None:
    over = threading.Event()

    def hangs(_host: str, _port: int) -> list[str]:
        over.wait(30)
        return ["127.0.0.1"]

    try:
        answer = Sender(allows_local=True, seconds=0.2, resolve=hangs).post("http://x/", BODY, {})
    finally:
        over.set()
    assert (answer.status, answer.error) == (None, "timeout")
    assert answer.milliseconds < 10_000


def test_a_name_that_leads_nowhere_is_unreachable() -> None:
    def nowhere(host: str, _port: int) -> list[str]:
        raise OSError(host)

    strict = Sender(allows_local=False, resolve=nowhere)
    assert strict.post("https://erp.example/", BODY, {}).error == "unreachable"


def test_who_hangs_up_or_does_not_speak_http_is_named(far: Receiver, sender: Sender) -> None:
    def babble(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"SMTP ready\r\n\r\n")

    far.answers += [hangs_up, babble]
    assert sender.post(far.url, BODY, {}).error == "unreachable"
    assert sender.post(far.url, BODY, {}).error == "not_http"
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert sender.post(f"http://127.0.0.1:{port}/", BODY, {}).error == "unreachable"


def test_a_certificate_must_be_of_the_name_and_trusted() -> None:
    """A server of `localhost`, called so and by another name, by who trusts it and who does not."""
    pem = Path(__file__).with_name("localhost.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    trusting = ssl.create_default_context(cafile=str(pem))
    with listening() as far:
        far.wrap(context)
        port = far.url.split(":")[2].split("/")[0]

        def call(name: str, trusts: ssl.SSLContext | None) -> tuple[int | None, str | None]:
            sender = Sender(allows_local=True, resolve=lambda *_: ["127.0.0.1"], trusts=trusts)
            answer = sender.post(f"https://{name}:{port}/", BODY, {})
            return answer.status, answer.error

        assert call("localhost", trusting) == (200, None)
        assert call("erp.example", trusting) == (None, "tls")
        assert call("localhost", None) == (None, "tls")
