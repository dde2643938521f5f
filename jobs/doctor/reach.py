"""What is reached over a network: Redis, mail, our own public address; and the clocks."""

import json
import smtplib
import socket
import ssl
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import redis
import urllib3
from sqlalchemy import func, select

from connectors.mail import smtp
from core.installation import public_id
from jobs.doctor.finding import Finding, Patient, broken, in_words, look, well

SECONDS = 5
CERTIFICATE_LOOK = timedelta(days=14)
SKEW_LOOK, SKEW_BROKEN = timedelta(seconds=2), timedelta(seconds=30)
_ROOT_CAUSES = urllib3.exceptions.HTTPError


def bell(patient: Patient) -> Finding:
    """Whether Redis answers, where it is configured."""
    url = patient.settings.redis_url
    if not url:
        return well("not configured; processes look every quarter of a second")
    try:
        with redis.Redis.from_url(
            url, socket_timeout=SECONDS, socket_connect_timeout=SECONDS
        ) as client:
            client.ping()
    except redis.RedisError as error:
        return look(
            f"Redis does not answer ({type(error).__name__}). Screens are slower, nothing is lost.",
            "Start it, correct REDIS_URL, or leave REDIS_URL out.",
        )
    return well("Redis answers")


def mail(patient: Patient) -> Finding:
    """Whether the mail server greets us and knows our password; no message is sent."""
    url = patient.settings.smtp_url
    if not url:
        return well("no SMTP_URL; mails lie on the mailbox page")
    host = urlsplit(url).hostname
    try:
        smtp.greet(url, timeout_seconds=SECONDS)
    except smtplib.SMTPAuthenticationError:
        return broken(f"{host} refuses user and password.", "Correct them in SMTP_URL.")
    except (OSError, smtplib.SMTPException, smtp.InsecureServer) as error:
        return broken(
            f"{host} cannot be used for mail ({type(error).__name__}).",
            "Without it nobody can sign in. Check SMTP_URL, the port, and the firewall.",
        )
    return well(f"{host} greets us")


def public_address(patient: Patient) -> Finding:
    """Whether phones that open PUBLIC_URL reach this installation."""
    told = patient.settings
    address = f"{told.public_url.rstrip('/')}/healthz"
    try:
        with urllib3.PoolManager(timeout=SECONDS, retries=False) as pool:
            answer = pool.request("GET", address, redirect=False)
        found = json.loads(answer.data).get("installation") if answer.status == 200 else None
    except _ROOT_CAUSES as error:
        return broken(
            f"{address} does not answer ({type(error).__name__}).",
            "See that web process and proxy run, and that PUBLIC_URL is right.",
        )
    except (ValueError, AttributeError):
        found = None
    if answer.status != 200:
        return broken(f"{address} answers {answer.status}.", "Look at the proxy’s configuration.")
    if found in [public_id(older) for older in told.key.older]:
        return look(
            f"At {address} a process still signs with an older key.",
            "Restart every web process and worker, so that all sign with SECRET_KEY.",
        )
    if found != public_id(told.key):
        return broken(
            f"At {address} answers something else, or this with another SECRET_KEY.",
            "Correct PUBLIC_URL; after a change of keys, restart every web process.",
        )
    return well(f"{told.public_url} is this installation")


def encryption(patient: Patient) -> Finding:
    """Whether the public address has a certificate that phones accept, for long enough."""
    address = urlsplit(patient.settings.public_url)
    if address.scheme != "https":
        if patient.settings.is_development:
            return well("not public, so no TLS")
        return broken(
            "PUBLIC_URL is not HTTPS: no camera, no installed app, and cookies can be read.",
            "Let a proxy end TLS, and set an https:// PUBLIC_URL.",
        )
    todo = "Renew the certificate, with its whole chain."
    try:
        ends_at = _certificate_ends_at(address.hostname or "", address.port or 443)
    except ssl.SSLCertVerificationError as error:
        return broken(f"Phones will refuse the certificate: {error.verify_message}.", todo)
    except OSError as error:
        return broken(f"No TLS there ({type(error).__name__}).", "Look at the proxy.")
    left = ends_at - datetime.now(UTC)
    says = f"the certificate is good for {in_words(left)}"
    return look(says, todo) if left < CERTIFICATE_LOOK else well(says)


def clocks(patient: Patient) -> Finding:
    """Whether this machine and that of the database agree on the time."""
    if patient.database.engine.dialect.name == "sqlite":
        return well("the database has this machine’s clock")
    with patient.database.engine.connect() as connection:
        began = datetime.now(UTC)
        theirs = connection.execute(select(func.clock_timestamp())).scalar_one()
        ours = began + (datetime.now(UTC) - began) / 2
    skew = abs(ours - theirs)
    says = f"this machine and the database are {skew.total_seconds():.1f} seconds apart"
    todo = "Keep the clocks of both machines right, by NTP: seasons close by them."
    if skew > SKEW_BROKEN:
        return broken(says, todo)
    return look(says, todo) if skew > SKEW_LOOK else well(says)


def _certificate_ends_at(host: str, port: int) -> datetime:
    context = ssl.create_default_context()
    with (
        socket.create_connection((host, port), timeout=SECONDS) as plain,
        context.wrap_socket(plain, server_hostname=host) as secured,
    ):
        certificate = secured.getpeercert() or {}
    seconds = ssl.cert_time_to_seconds(str(certificate["notAfter"]))
    return datetime.fromtimestamp(seconds, UTC)
