"""Notes leave the house: mailed and pushed, late rather than at night, and never for nothing."""

import base64
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from smtplib import SMTPRecipientsRefused
from typing import Any

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask import Flask
from py_vapid import Vapid02
from sqlalchemy import select

from connectors.mail import mailbox, smtp
from connectors.push import web_push
from core.clock import FixedClock
from core.config import Settings
from core.outbox import Job
from core.transaction import Database
from jobs.schedule import new_worker
from retail.accounts.queries import MemberView
from retail.catalogue.importer import import_files
from retail.consent.rules import PRIZES_NEWS, RANGES_NEWS
from retail.journeys.sign_up_for_ranges import sign_up_for_ranges
from retail.notifications import queries, rules, service
from tests.builders.accounts import new_member
from tests.builders.brands import new_brand
from tests.builders.notes import hears_of, new_win, tell

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


@pytest.fixture
def nina(db: Database) -> MemberView:
    """A member who hears of prizes everywhere."""
    with db.write() as session:
        member = new_member(session, new_brand(session, name="Alder & Finch").id)
        hears_of(session, member, PRIZES_NEWS)
        return member


def win(db: Database, member: MemberView) -> None:
    with db.write() as session:
        tell(session, member, PRIZES_NEWS, new_win(session, member))


@pytest.fixture
def work(app: Flask, db: Database) -> Callable[[], None]:
    def run() -> None:
        with app.app_context():
            new_worker(db).run_all()

    return run


@pytest.fixture
def letters(app_settings: Settings) -> Callable[[], list[mailbox.Letter]]:
    return lambda: mailbox.letters(app_settings.data_dir / "mailbox")


def job(db: Database, kind: str) -> Job:
    with db.read() as session:
        return session.scalars(
            select(Job).where(Job.kind == kind).order_by(Job.due_at.desc())
        ).first() or Job(id="none")


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


def test_at_night_a_note_waits_for_the_morning(
    db: Database,
    nina: MemberView,
    work: Callable[[], None],
    letters: Callable[[], list[mailbox.Letter]],
    clock: FixedClock,
) -> None:
    clock.instant = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    win(db, nina)
    work()
    assert letters() == []
    clock.instant = datetime(2026, 11, 23, 7, 59, tzinfo=UTC)
    work()
    assert letters() == []
    clock.advance(minutes=1)
    work()
    work()
    assert [letter.subject for letter in letters()] == ["You’ve won a voucher"]


def test_what_is_switched_off_meanwhile_does_not_leave(
    db: Database,
    nina: MemberView,
    work: Callable[[], None],
    letters: Callable[[], list[mailbox.Letter]],
) -> None:
    win(db, nina)
    with db.write() as session:
        hears_of(session, nina)
    work()
    assert letters() == []


def test_a_dead_mailbox_is_left_alone_until_its_owner_says_otherwise(
    db: Database,
    nina: MemberView,
    work: Callable[[], None],
    app_settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    app: Flask,
) -> None:
    sent: list[str] = []

    def refuse(url: str, letter: Any) -> None:
        sent.append(url)
        raise SMTPRecipientsRefused({"nina": (550, b"nobody here")})

    monkeypatch.setattr(smtp, "send", refuse)
    app.config["SETTINGS"] = replace(app_settings, smtp_url="smtp://mail.example")
    for _ in range(5):
        win(db, nina)
        work()
    assert len(sent) == rules.REFUSALS_UNTIL_STOPPED
    with db.read() as session:
        assert queries.is_mail_stopped(session, nina.id)


def test_new_ranges_are_one_alert_a_day_for_who_signed_up(
    db: Database,
    app: Flask,
    work: Callable[[], None],
    letters: Callable[[], list[mailbox.Letter]],
    clock: FixedClock,
) -> None:
    with db.write() as session:
        brand = new_brand(session)
        keen, calm = (new_member(session, brand.id) for _ in range(2))
        categories = "category,name,never_shareable\ncoats,Coats,no\nhats,Hats,no\n"
        import_files(session, brand.id, {"categories": categories}, now=clock.now())
        sign_up_for_ranges(session, {"coats"}, member=keen, now=clock.now())
        hears_of(session, keen, RANGES_NEWS)
        sign_up_for_ranges(session, {"hats"}, member=calm, now=clock.now())
    for code, name in (("harbour", "Harbour trench"), ("quay", "Quay coat")):
        with db.write() as session:
            rows = f"{STYLES}\n{code},{name},coats,,,,,,trench,\n"
            import_files(session, brand.id, {"styles": rows}, now=clock.now())
        clock.advance(minutes=10)
        work()
    with db.read() as session:
        assert queries.count_unread(session, keen.id) == 1
        assert queries.count_unread(session, calm.id) == 0
    clock.advance(hours=24)
    work()
    (letter,) = letters()
    assert letter.subject == "New in: Harbour trench and more, 2 pieces"
