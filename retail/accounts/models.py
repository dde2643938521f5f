"""Tables of members, the ways in which they sign in, and their sessions."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.ids import new_id
from core.model import Base, Id


class Member(Base):
    """A person as one brand knows them. An erased member keeps the row, emptied."""

    __tablename__ = "member"
    __table_args__ = (UniqueConstraint("brand_id", "email"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"))
    email: Mapped[str | None] = mapped_column(String(254))
    display_name: Mapped[str] = mapped_column(String(60))
    sizes: Mapped[dict[str, Any]]
    birth_on: Mapped[date | None]
    joined_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class SignInCode(Base):
    """A request to sign in. The code itself is derived from the id and stored nowhere.

    `email` is kept only until the mail has left; the keyed hash serves from then on.
    """

    __tablename__ = "sign_in_code"
    __table_args__ = (Index(None, "brand_id", "email_hash", "created_at"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"))
    email_hash: Mapped[str] = mapped_column(String(64))
    email: Mapped[str | None] = mapped_column(String(254))
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(index=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class MemberSession(Base):
    """A signed-in browser or app; the token is known only to it.

    `hash_key` names the key of the hash; older rows do not say.
    """

    __tablename__ = "member_session"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    # What its owner calls it by when they end it: neither the token nor its hash ever leaves.
    id: Mapped[str] = mapped_column(Id, unique=True, default=new_id)
    # Two words at most, "Safari on iPhone": enough to tell one's own devices apart.
    device: Mapped[str | None] = mapped_column(String(60))
    hash_key: Mapped[str | None] = mapped_column(String(8))
    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"))
    member_id: Mapped[str] = mapped_column(Id, ForeignKey("member.id"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ends_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]


class Identity(Base):
    """An account elsewhere that opens a member here: who vouches, and whom they mean by it."""

    __tablename__ = "identity"

    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"), primary_key=True)
    issuer: Mapped[str] = mapped_column(String(255), primary_key=True)
    subject: Mapped[str] = mapped_column(String(255), primary_key=True)
    member_id: Mapped[str] = mapped_column(Id, ForeignKey("member.id"), index=True)
    linked_at: Mapped[datetime]


class SpentState(Base):
    """A way back from a provider that was walked once; what makes a second time impossible."""

    __tablename__ = "spent_state"

    state_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    spent_at: Mapped[datetime] = mapped_column(index=True)
