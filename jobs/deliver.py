"""What leaves the house: mails. Leased jobs, called outside transactions, at least once."""

from email.message import EmailMessage

from flask import current_app

from connectors.mail import mailbox, smtp
from connectors.mail.letter import compose
from core import clock
from core.config import Settings
from core.transaction import Database
from jobs.queue import Claimed
from retail.accounts import queries as accounts
from retail.accounts import rules as account_rules
from retail.accounts import service as accounts_service
from retail.brands import queries as brands
from retail.notifications import messages


def send_sign_in_code(database: Database, job: Claimed) -> None:
    """Mail a sign-in code, unless it has expired, was used or left before."""
    settings: Settings = current_app.config["SETTINGS"]
    code_id = job.payload["code_id"]
    now = clock.now()
    with database.read() as session:
        waiting = accounts.find_code_to_send(session, code_id, now=now, key=settings.key)
        if waiting is None:
            return
        brand = brands.get_brand(session, waiting.brand_id)
    message = messages.sign_in_code(
        brand_name=brand.name,
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
        now=now,
    )
    post(settings, letter)
    with database.write() as session:
        accounts_service.mark_sent(session, code_id)


def post(settings: Settings, letter: EmailMessage) -> None:
    """Send a letter by the mail server, or lay it into the local mailbox of a development."""
    if settings.smtp_url:
        smtp.send(settings.smtp_url, letter)
    else:
        mailbox.put(settings.data_dir / "mailbox", letter)
