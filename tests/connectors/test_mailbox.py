"""The mailbox on disk of a development."""

from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

from connectors.mail import mailbox
from connectors.mail.letter import compose

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def letter(recipient: str, text: str = "Code: 123 456\n") -> EmailMessage:
    return compose(
        sender="Alder & Finch <hello@alder.example>",
        recipient=recipient,
        subject="Your code – Grüße",
        text=text,
        html="<p>Code</p>",
        reference="job-1",
        now=NOON,
    )


def test_what_is_put_in_is_read_newest_first(tmp_path: Path) -> None:
    box = tmp_path / "mailbox"
    for recipient in ("first@shopper.example", "second@shopper.example"):
        mailbox.put(box, letter(recipient))
    newest, oldest = mailbox.letters(box)
    assert newest.recipient == "second@shopper.example"
    assert oldest.recipient == "first@shopper.example"
    assert newest.subject == "Your code – Grüße"
    assert newest.text.strip() == "Code: 123 456"
    assert newest.sent_at == NOON


def test_one_persons_letters_are_found_by_address(tmp_path: Path) -> None:
    for recipient in ("nina@shopper.example", "olu@shopper.example"):
        mailbox.put(tmp_path, letter(recipient))
    (found,) = mailbox.letters(tmp_path, recipient="Nina@Shopper.example")
    assert found.recipient == "nina@shopper.example"


def test_a_mailbox_nobody_wrote_to_is_empty(tmp_path: Path) -> None:
    assert mailbox.letters(tmp_path / "absent") == []


def test_half_written_letters_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "01.part").write_bytes(b"From: half")
    assert mailbox.letters(tmp_path) == []


def test_only_the_newest_are_shown(tmp_path: Path) -> None:
    for _ in range(4):
        mailbox.put(tmp_path, letter("nina@shopper.example"))
    assert len(mailbox.letters(tmp_path, limit=3)) == 3
