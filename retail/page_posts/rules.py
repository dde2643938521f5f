"""What the brand's page says about a look, and when to ask it again. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from retail.notifications.speech import Gettext

SYNC_JOB = "sync_page_post"
# Longer than any call may take, so that no second worker posts the same look meanwhile.
BUSY_FOR = timedelta(minutes=3)


@dataclass(frozen=True)
class Task:
    """What to do with a look on the page; `is_tried`: an earlier try may have arrived unheard."""

    outfit_id: str
    brand_id: str
    share_id: str
    verb: Literal["post", "remove"]
    post_id: str | None
    is_tried: bool


@dataclass(frozen=True)
class Connection:
    """How the page takes our calls."""

    paused_until: datetime | None = None
    stopped_at: datetime | None = None
    stopped_code: str | None = None


@dataclass(frozen=True)
class PageState:
    """What an operator wants to know."""

    connection: Connection
    posted: int
    waiting: int
    refused: int


def message(_: Gettext, *, caption: str, name: str, brand: str, is_ad: bool) -> str:
    """The words above the link. Where a reward may follow, "Ad" comes first."""
    look = (
        _("“%(caption)s”, a look by %(name)s at %(brand)s", caption=caption, name=name, brand=brand)
        if caption
        else _("%(name)s at %(brand)s", name=name, brand=brand)
    )
    return f"{_('Ad')} · {look}" if is_ad else look
