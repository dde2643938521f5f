"""Questions to chosen friends: pieces, whom, what they said, and a sealed picture for a day.

Revision ID: 0046
Revises: 0045
"""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

WHEN = sa.DateTime(timezone=True)


def _id(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.String(length=26), nullable=nullable)


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}_{other}"
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name)


def upgrade() -> None:
    op.create_table(
        "opinion_request",
        *(_id(name) for name in ("id", "brand_id", "member_id")),
        _id("link_id", nullable=True),
        sa.Column("kind", sa.String(length=7), nullable=False),
        sa.Column("words", sa.String(length=80), nullable=False),
        sa.Column("shows_picture", sa.Boolean(), nullable=False),
        *(sa.Column(name, WHEN, nullable=False) for name in ("asked_at", "ends_at")),
        sa.CheckConstraint(
            "kind IN ('pieces', 'look', 'picture')", name="ck_opinion_request_kind"
        ),
        _to("opinion_request", "brand_id", "brand"),
        _to("opinion_request", "member_id", "member"),
        sa.PrimaryKeyConstraint("id", name="pk_opinion_request"),
    )
    op.create_index("ix_opinion_request_member", "opinion_request", ["member_id", "asked_at"])
    op.create_index("ix_opinion_request_link_id", "opinion_request", ["link_id"])
    op.create_table(
        "opinion_piece",
        *(_id(name) for name in ("request_id", "variant_id")),
        sa.Column("position", sa.Integer(), nullable=False),
        _to("opinion_piece", "request_id", "opinion_request"),
        _to("opinion_piece", "variant_id", "variant"),
        sa.PrimaryKeyConstraint("request_id", "variant_id", name="pk_opinion_piece"),
    )
    op.create_table(
        "opinion_adviser",
        *(_id(name) for name in ("request_id", "friend_id", "choice")),
        sa.Column("reply", sa.String(length=80), nullable=False),
        sa.Column("answered_at", WHEN, nullable=True),
        _to("opinion_adviser", "request_id", "opinion_request"),
        _to("opinion_adviser", "friend_id", "member"),
        sa.PrimaryKeyConstraint("request_id", "friend_id", name="pk_opinion_adviser"),
    )
    op.create_index("ix_opinion_adviser_friend_id", "opinion_adviser", ["friend_id"])
    op.create_table(
        "opinion_picture",
        _id("request_id"),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        _to("opinion_picture", "request_id", "opinion_request"),
        sa.PrimaryKeyConstraint("request_id", name="pk_opinion_picture"),
    )


def downgrade() -> None:
    for table in ("opinion_picture", "opinion_adviser", "opinion_piece", "opinion_request"):
        op.drop_table(table)
