"""How long a kiosk waits for somebody, and what it says to a second phone. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.errors import Conflict, Invalid

IDLE_FOR = timedelta(seconds=60)
# Of these the last ones are a warning, which one touch ends (WCAG 2.2.1).
WARNS_FOR = timedelta(seconds=20)


@dataclass(frozen=True)
class KioskState:
    """A kiosk in use: by the member whose phone is linked, or by nobody that it knows yet."""

    id: str
    device_id: str
    brand_id: str
    store_id: str
    code_until: datetime
    member_id: str | None
    linked_at: datetime | None
    touched_at: datetime

    @property
    def warns_at(self) -> datetime:
        """When it begins to warn, if nobody touches it."""
        return self.wipes_at - WARNS_FOR

    @property
    def wipes_at(self) -> datetime:
        """When it is wiped, if nobody touches it."""
        return self.touched_at + IDLE_FOR

    @property
    def topic(self) -> str:
        """What a linked phone listens to."""
        return f"link:{self.id}"


def code_unknown() -> Invalid:
    """The one answer for codes that are wrong, old, or of another shop."""
    sentence = "No kiosk shows this code just now. Each is good for a minute."
    return Invalid("kiosk_code_unknown", sentence, fields={"code": [sentence]})


def phone_linked() -> Conflict:
    """What a second phone is answered."""
    sentence = "Another phone is linked to this kiosk. Wait until its owner is done."
    return Conflict("kiosk_phone_linked", sentence)
