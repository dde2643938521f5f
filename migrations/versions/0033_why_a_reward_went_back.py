"""Why staff took a reward back, for its owner to read.

Revision ID: 0033
Revises: 0032
"""

import sqlalchemy as sa
from alembic import op


revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("reward_exchange", sa.Column("back_reason", sa.String(length=300), nullable=True))


def downgrade() -> None:
    op.drop_column("reward_exchange", "back_reason")
