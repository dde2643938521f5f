"""What leaves the house: mails. Leased jobs, called outside transactions, at least once."""

from email.message import EmailMessage

from flask import current_app
from sqlalchemy.orm import Session

from connectors.mail import mailbox, smtp
from connectors.mail.letter import compose
from core import clock
from core.config import Settings
from core.transaction import Database
from jobs.queue import Claimed
from retail.accounts import queries as accounts
from retail.accounts import rules as account_rules
from retail.accounts import service as accounts_service
from retail.accounts.queries import CodeToSend
from retail.brands import queries as brands
from retail.notifications import messages
from retail.staff import queries as staff


def send_sign_in_code(database: Database, job: Claimed) -> None:
    """Mail a member's sign-in code, unless it has expired, was used or left before."""
    with database.read() as session:
        waiting = _waiting(session, job)
        if waiting is None:
            return
        brand = brands.get_brand(session, waiting.brand_id)
    _send_code(database, job, waiting, sender_name=brand.name)


def send_staff_code(database: Database, job: Claimed) -> None:
    """Mail a code to somebody who works for the brand; to nobody else, and nobody is told."""
    with database.read() as session:
        waiting = _waiting(session, job)
        if waiting is None:
            return
        brand = brands.get_brand(session, waiting.brand_id)
        is_known = staff.find_staff_by_email(session, brand.id, waiting.email) is not None
    if is_known:
        _send_code(database, job, waiting, sender_name=f"{brand.name}, staff")
    else:
        with database.write() as session:
            accounts_service.mark_sent(session, job.payload["code_id"])


def _waiting(session: Session, job: Claimed) -> CodeToSend | None:
    key = current_app.config["SETTINGS"].key
    return accounts.find_code_to_send(session, job.payload["code_id"], now=clock.now(), key=key)


def _send_code(database: Database, job: Claimed, waiting: CodeToSend, *, sender_name: str) -> None:
    settings: Settings = current_app.config["SETTINGS"]
    message = messages.sign_in_code(
        brand_name=sender_name,
        code=waiting.code,
        minutes=int(account_rules.CODE_LIFETIME.total_seconds() // 60),
    )
    letter = compose(
        sender=settings.mail_from,
        recipient=waiting.email,
        subject=message.subject,
        text=message.text,
        html=message.html,
        reference=job.id,
        now=clock.now(),
    )
    post(settings, letter)
    with database.write() as session:
        accounts_service.mark_sent(session, job.payload["code_id"])


def post(settings: Settings, letter: EmailMessage) -> None:
    """Send a letter by the mail server, or lay it into the local mailbox of a development."""
    if settings.smtp_url:
        smtp.send(settings.smtp_url, letter)
    else:
        mailbox.put(settings.data_dir / "mailbox", letter)
