"""A mailbox on disk, for development: what would have been sent lies here to be read."""

from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parsedate_to_datetime
from pathlib import Path

from core.ids import new_id

_SUFFIX = ".eml"


@dataclass(frozen=True)
class Letter:
    """A letter in the mailbox."""

    id: str
    recipient: str
    subject: str
    text: str = field(repr=False)
    sent_at: datetime


def put(directory: Path, letter: EmailMessage) -> None:
    """Lay the letter into the mailbox; a reader sees it whole or not at all."""
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / f"{new_id()}{_SUFFIX}"
    unfinished = path.with_suffix(".part")
    unfinished.write_bytes(letter.as_bytes())
    unfinished.rename(path)


def letters(directory: Path, *, recipient: str | None = None, limit: int = 50) -> list[Letter]:
    """The newest letters first, to one recipient where named."""
    found: list[Letter] = []
    sought = (recipient or "").casefold().encode()
    for path in sorted(directory.glob(f"*{_SUFFIX}"), reverse=True):
        content = path.read_bytes()
        # Taking a letter apart costs most, so those that never name the recipient stay closed.
        if sought not in content.lower():
            continue
        letter = _read(path.stem, content)
        if recipient is None or letter.recipient.casefold() == recipient.casefold():
            found.append(letter)
            if len(found) == limit:
                break
    return found


def _read(letter_id: str, content: bytes) -> Letter:
    letter = message_from_bytes(content, _class=EmailMessage, policy=SMTP)
    body = letter.get_body(preferencelist=("plain",))
    return Letter(
        id=letter_id,
        recipient=str(letter["To"]),
        subject=str(letter["Subject"]),
        text=body.get_content() if body else "",
        sent_at=parsedate_to_datetime(str(letter["Date"])),
    )
