"""A mail as the wire wants it: RFC 5322 with a plain and an HTML body."""

from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr


def compose(
    *,
    sender: str,
    recipient: str,
    subject: str,
    text: str,
    html: str,
    reference: str,
    now: datetime,
    unsubscribe: str | None = None,
) -> EmailMessage:
    """A mail to one person. `reference` makes its Message-ID, so that a mail sent twice is one.

    `unsubscribe` is an address that ends such mails at a single POST (RFC 8058).

    Raises ValueError for line breaks in a header, which would let text become headers.
    """
    letter = EmailMessage(policy=SMTP)
    letter["From"] = sender
    letter["To"] = recipient
    letter["Subject"] = subject
    letter["Date"] = format_datetime(now)
    letter["Message-ID"] = f"<{reference}@{parseaddr(sender)[1].rpartition('@')[2]}>"
    # RFC 3834: no holiday notes in answer, please.
    letter["Auto-Submitted"] = "auto-generated"
    if unsubscribe is not None:
        letter["List-Unsubscribe"] = f"<{unsubscribe}>"
        letter["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    letter.set_content(text)
    letter.add_alternative(html, subtype="html")
    return letter
