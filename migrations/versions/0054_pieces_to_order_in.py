"""A room asks for a piece that is not here to be ordered in.

Revision ID: 0054
Revises: 0053
"""

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "room_request",
        sa.Column("wants", sa.String(length=8), server_default="", nullable=False),
    )


def downgrade() -> None:
    op.drop_column("room_request", "wants")
