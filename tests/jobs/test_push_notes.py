"""Notes reach phones: sealed, signed, as often as the push service lets us, and no gone ones."""

import base64
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02

from connectors.push import web_push
from core.clock import FixedClock
from core.config import Settings
from core.transaction import Database
from retail.accounts.queries import MemberView
from retail.notifications import queries, service
from tests.jobs.test_deliver_notes import job, nina, win, work

__all__ = ["nina", "work"]

KEY = web_push.new_key()
STYLES = "style,name,category,designer,origin,story,press,worn_by,drawing,picture"


@dataclass
class PushService:
    """A push service on this machine: keeps what arrives and answers as it is told."""

    origin: str
    status: int = 201
    headers: dict[str, str] = field(default_factory=dict)
    arrived: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


@pytest.fixture
def push_service() -> Iterator[PushService]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.arrived.append((dict(self.headers), body))
            self.send_response(found.status)
            for name, value in found.headers.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *_: Any) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Handler)
    found = PushService(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield found
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def app_settings(app_settings: Settings, push_service: PushService) -> Settings:
    return replace(app_settings, push_key=KEY, push_services=push_service.origin)


@dataclass
class Phone:
    """A browser that can open what was sealed for it."""

    endpoint: str
    private: ec.EllipticCurvePrivateKey
    auth: bytes = b"0123456789abcdef"

    def subscribe(self, db: Database, member: MemberView) -> None:
        point = self.private.public_key().public_bytes(
            Encoding.X962, PublicFormat.UncompressedPoint
        )
        with db.write() as session:
            service.subscribe(
                session,
                member_id=member.id,
                brand_id=member.brand_id,
                endpoint=self.endpoint,
                p256dh=web_push.encode(point),
                auth=web_push.encode(self.auth),
                now=member.joined_at,
            )

    def open(self, sealed: bytes) -> dict[str, str]:
        plain = http_ece.decrypt(
            sealed, private_key=self.private, auth_secret=self.auth, version="aes128gcm"
        )
        found: dict[str, str] = json.loads(plain)
        return found


@pytest.fixture
def phone(push_service: PushService) -> Phone:
    return Phone(f"{push_service.origin}/push/one", ec.generate_private_key(ec.SECP256R1()))


def test_a_push_is_sealed_for_one_browser_and_signed_by_us(
    db: Database,
    nina: MemberView,
    phone: Phone,
    push_service: PushService,
    work: Callable[[], None],
) -> None:
    phone.subscribe(db, nina)
    win(db, nina)
    work()
    ((headers, sealed),) = push_service.arrived
    assert b"won" not in sealed
    said = phone.open(sealed)
    assert said["title"] == "You’ve won a voucher"
    assert said["address"] == "/me/prizes"
    assert headers["Content-Encoding"] == "aes128gcm"
    token = headers["Authorization"].removeprefix("vapid t=").split(",")[0]
    claims = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
    assert claims["aud"] == push_service.origin
    assert claims["sub"] == "mailto:hello@shop.example"
    assert Vapid02.verify(headers["Authorization"])


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten(
    db: Database,
    nina: MemberView,
    phone: Phone,
    push_service: PushService,
    work: Callable[[], None],
    status: int,
) -> None:
    phone.subscribe(db, nina)
    push_service.status = status
    win(db, nina)
    work()
    assert job(db, "push_note").done_at is not None
    with db.read() as session:
        assert queries.subscriptions_of(session, nina.id) == []


@pytest.mark.parametrize("status", [302, 429, 503])
def test_a_busy_push_service_is_asked_again_later(
    db: Database,
    nina: MemberView,
    phone: Phone,
    push_service: PushService,
    work: Callable[[], None],
    clock: FixedClock,
    status: int,
) -> None:
    phone.subscribe(db, nina)
    push_service.status = status
    win(db, nina)
    work()
    waiting = job(db, "push_note")
    assert waiting.done_at is None
    assert waiting.due_at > clock.now()
    push_service.status = 201
    clock.advance(minutes=1)
    work()
    assert len(push_service.arrived) == 2
    assert job(db, "push_note").done_at is not None


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("wish", ["900", "Sun, 22 Nov 2026 12:15:00 GMT"])
def test_a_push_service_that_says_when_is_left_alone_until_then(
    db: Database,
    nina: MemberView,
    phone: Phone,
    push_service: PushService,
    work: Callable[[], None],
    clock: FixedClock,
    status: int,
    wish: str,
) -> None:
    phone.subscribe(db, nina)
    push_service.status, push_service.headers = status, {"Retry-After": wish}
    win(db, nina)
    work()
    push_service.status, push_service.headers = 201, {}
    clock.advance(minutes=14, seconds=59)
    work()
    assert len(push_service.arrived) == 1
    clock.advance(seconds=1)
    work()
    assert len(push_service.arrived) == 2
    assert job(db, "push_note").done_at is not None


@pytest.mark.parametrize(
    ("wish", "seconds"),
    [(None, None), ("soon", None), ("-5", None), ("0", 0), ("²", None), ("9" * 400, 24 * 3600)],
)
def test_a_wish_that_makes_no_sense_is_none_and_a_long_one_has_an_end(
    wish: str | None, seconds: int | None
) -> None:
    assert web_push.seconds_in(wish) == seconds
