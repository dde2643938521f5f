"""What happens to goods that friends send, told to the rest of the house."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PieceSent:
    """A member sent a piece to a friend."""

    sender_id: str
    receiver_id: str
    variant_id: str
