"""Sending by SMTP, RFC 5321, to the server named by an address such as smtp://user:pw@mail:587."""

import smtplib
import ssl
from email.message import EmailMessage
from urllib.parse import SplitResult, unquote, urlsplit

TIMEOUT_SECONDS = 20
_PORTS = {"smtp": 25, "smtps": 465}


class InsecureServer(Exception):
    """The server offers no encryption, and a password would have crossed the wire readable."""


def send(url: str, letter: EmailMessage, *, context: ssl.SSLContext | None = None) -> None:
    """Hand the letter to the mail server, encrypted wherever the server can.

    `smtps` is encrypted from the start, `smtp` by STARTTLS where offered. User and password in
    the address are percent-encoded and only ever sent encrypted. Raises InsecureServer, OSError
    or smtplib.SMTPException when the letter is not accepted.
    """
    address = urlsplit(url)
    with _connect(address, context or ssl.create_default_context()) as server:
        if address.username:
            server.login(unquote(address.username), unquote(address.password or ""))
        server.send_message(letter)


def greet(url: str, *, timeout_seconds: float, context: ssl.SSLContext | None = None) -> None:
    """Do all that `send` does but hand over a letter. Raises as `send`."""
    address = urlsplit(url)
    trusted = context or ssl.create_default_context()
    with _connect(address, trusted, timeout_seconds) as server:
        server.ehlo()
        if address.username:
            server.login(unquote(address.username), unquote(address.password or ""))


def _connect(
    address: SplitResult, context: ssl.SSLContext, timeout_seconds: float = TIMEOUT_SECONDS
) -> smtplib.SMTP:
    host = address.hostname or ""
    port = address.port or _PORTS[address.scheme]
    if address.scheme == "smtps":
        return smtplib.SMTP_SSL(host, port, timeout=timeout_seconds, context=context)
    server = smtplib.SMTP(host, port, timeout=timeout_seconds)
    try:
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls(context=context)
        elif address.username:
            raise InsecureServer(f"{host} offers no STARTTLS, so the password was not sent")
    except BaseException:
        server.close()
        raise
    return server
