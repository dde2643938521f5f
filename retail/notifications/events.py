"""What happens to notes, told to the rest of the house."""

from dataclasses import dataclass


@dataclass(frozen=True)
class NoteWritten:
    """There is something new in somebody's inbox."""

    member_id: str
    purpose: str


@dataclass(frozen=True)
class InboxRead:
    """Somebody looked through their inbox."""

    member_id: str
