"""Sending by SMTP, against a real server on this machine."""

import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from connectors.mail import smtp
from connectors.mail.letter import compose

CERTIFICATE = Path(__file__).parent / "localhost.pem"
USER, PASSWORD = "shop@mail.example", "p@ss/word: 1"
QUOTED = "shop%40mail.example:p%40ss%2Fword%3A%201"


class Postbox:
    """Keeps what arrives; refuses one address."""

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []
        self.was_encrypted: list[bool] = []
        self.logins: list[bytes | None] = []

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.startswith("nobody@"):
            return "550 nobody here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.envelopes.append(envelope)
        self.was_encrypted.append(server.transport.get_extra_info("sslcontext") is not None)
        self.logins.append(session.auth_data.login if session.auth_data else None)
        return "250 OK"


def authenticate(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
) -> AuthResult:
    assert isinstance(data, LoginPassword)
    is_known = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=is_known, handled=is_known, auth_data=data)


class MailServer(Controller):
    """aiosmtpd, with STARTTLS where asked for."""

    def __init__(self, postbox: Postbox, *, tls: str = "none") -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        context = None
        if tls != "none":
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(CERTIFICATE)
        self.starttls_context = context if tls == "starttls" else None
        super().__init__(
            postbox,
            hostname="127.0.0.1",
            port=port,
            ssl_context=context if tls == "smtps" else None,
        )

    def factory(self) -> SMTP:
        return SMTP(
            self.handler,
            hostname="mail.example",
            tls_context=self.starttls_context,
            authenticator=authenticate,
            auth_require_tls=self.starttls_context is not None,
        )


@pytest.fixture
def postbox() -> Postbox:
    return Postbox()


@pytest.fixture
def serve(postbox: Postbox) -> Iterator[Callable[[str], int]]:
    """Start a server with this kind of encryption; gives its port."""
    running: list[MailServer] = []

    def start(tls: str) -> int:
        server = MailServer(postbox, tls=tls)
        server.start()
        running.append(server)
        return server.port

    yield start
    for server in running:
        server.stop()


@pytest.fixture
def trusting() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(CERTIFICATE))


def letter(recipient: str = "nina@shopper.example") -> EmailMessage:
    return compose(
        sender="Alder & Finch <hello@alder.example>",
        recipient=recipient,
        subject="Grüße aus dem Laden",
        text="Ein Code: 123 456\n",
        html="<p>Ein Code: <b>123 456</b></p>\n",
        reference="job-1",
        now=datetime(2026, 11, 22, 12, 0, tzinfo=UTC),
    )


def test_a_letter_arrives_whole(serve: Callable[[str], int], postbox: Postbox) -> None:
    smtp.send(f"smtp://127.0.0.1:{serve('none')}", letter())
    (envelope,) = postbox.envelopes
    assert envelope.mail_from == "hello@alder.example"
    assert envelope.rcpt_tos == ["nina@shopper.example"]
    assert isinstance(envelope.content, bytes)
    arrived = message_from_bytes(envelope.content, _class=EmailMessage, policy=SMTP_POLICY)
    assert arrived["Subject"] == "Grüße aus dem Laden"
    assert arrived["From"] == "Alder & Finch <hello@alder.example>"
    assert arrived["Message-ID"] == "<job-1@alder.example>"
    assert arrived["Date"] == "Sun, 22 Nov 2026 12:00:00 +0000"
    plain, rich = (arrived.get_body((kind,)) for kind in ("plain", "html"))
    assert plain is not None
    assert rich is not None
    assert "123 456" in plain.get_content()
    assert "<b>123 456</b>" in rich.get_content()


@pytest.mark.parametrize(("scheme", "tls"), [("smtp", "starttls"), ("smtps", "smtps")])
def test_user_and_password_travel_encrypted(
    serve: Callable[[str], int],
    postbox: Postbox,
    trusting: ssl.SSLContext,
    scheme: str,
    tls: str,
) -> None:
    smtp.send(f"{scheme}://{QUOTED}@localhost:{serve(tls)}", letter(), context=trusting)
    assert postbox.was_encrypted == [True]
    assert postbox.logins == [USER.encode()]


def test_encryption_is_used_where_offered_without_a_login_too(
    serve: Callable[[str], int], postbox: Postbox, trusting: ssl.SSLContext
) -> None:
    smtp.send(f"smtp://localhost:{serve('starttls')}", letter(), context=trusting)
    assert postbox.was_encrypted == [True]


def test_a_password_is_never_sent_readable(serve: Callable[[str], int], postbox: Postbox) -> None:
    with pytest.raises(smtp.InsecureServer):
        smtp.send(f"smtp://{QUOTED}@127.0.0.1:{serve('none')}", letter())
    assert postbox.envelopes == []


def test_a_wrong_password_is_told(serve: Callable[[str], int], trusting: ssl.SSLContext) -> None:
    with pytest.raises(smtplib.SMTPAuthenticationError):
        smtp.send(f"smtp://shop:no@localhost:{serve('starttls')}", letter(), context=trusting)


@pytest.mark.parametrize(("scheme", "tls"), [("smtp", "starttls"), ("smtps", "smtps")])
def test_a_server_that_cannot_prove_its_name_gets_nothing(
    serve: Callable[[str], int], postbox: Postbox, scheme: str, tls: str
) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        smtp.send(f"{scheme}://localhost:{serve(tls)}", letter())
    assert postbox.envelopes == []


def test_a_refused_address_is_told(serve: Callable[[str], int], postbox: Postbox) -> None:
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        smtp.send(f"smtp://127.0.0.1:{serve('none')}", letter("nobody@shopper.example"))
    assert postbox.envelopes == []


def test_an_absent_server_is_told() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(OSError, match="refused"):
            smtp.send(f"smtp://127.0.0.1:{taken.getsockname()[1]}", letter())


@pytest.mark.parametrize("header", ["recipient", "subject", "sender"])
def test_text_never_becomes_a_header(header: str) -> None:
    words = {
        "sender": "hello@alder.example",
        "recipient": "nina@shopper.example",
        "subject": "Hello",
    }
    words[header] += "\r\nBcc: all@shopper.example"
    with pytest.raises(ValueError, match=r"linefeed|header"):
        compose(
            **words,
            text="",
            html="",
            reference="job-1",
            now=datetime(2026, 11, 22, 12, 0, tzinfo=UTC),
        )
