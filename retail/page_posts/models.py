"""Tables of what hangs on a brand's own page, and how that page takes it."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from core.model import Base, Id


class PagePost(Base):
    """A look on the brand's page, or on its way there or off it.

    It outlives the look, because what hangs elsewhere has to be taken down even after everything
    here is gone; `owner_id` is empty from then on.
    """

    __tablename__ = "page_post"

    outfit_id: Mapped[str] = mapped_column(Id, primary_key=True)
    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"), index=True)
    owner_id: Mapped[str | None] = mapped_column(Id, index=True)
    share_id: Mapped[str] = mapped_column(Id)
    is_wanted: Mapped[bool]
    is_tried: Mapped[bool] = mapped_column(default=False)
    post_id: Mapped[str | None] = mapped_column(String(100))
    posted_at: Mapped[datetime | None]
    busy_until: Mapped[datetime | None]
    refused_code: Mapped[str | None] = mapped_column(String(40))


class PageConnection(Base):
    """How a brand's page takes our calls: freely, not before an instant, or not at all."""

    __tablename__ = "page_connection"

    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"), primary_key=True)
    paused_until: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]
    stopped_code: Mapped[str | None] = mapped_column(String(40))
