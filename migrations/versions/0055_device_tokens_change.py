"""Tokens of devices change by themselves: since when one stands, and the one to come.

Revision ID: 0055
Revises: 0054
"""

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("device", sa.Column("token_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column("device", sa.Column("next_hash", sa.String(length=64), nullable=True))
    op.create_index(op.f("ix_device_next_hash"), "device", ["next_hash"], unique=True)
    op.execute("UPDATE device SET token_since = created_at WHERE token_hash IS NOT NULL")


def downgrade() -> None:
    op.drop_index(op.f("ix_device_next_hash"), "device")
    op.drop_column("device", "next_hash")
    op.drop_column("device", "token_since")
