"""Which closed seasons went without a like that waited for review or was taken back.

Revision ID: 0230
Revises: 0036
"""

import sqlalchemy as sa
from alembic import op


revision = "0230"
down_revision = "0036"
branch_labels = None
depends_on = None

TABLES = ("outfit_like", "spent_like")


def upgrade() -> None:
    for table in TABLES:
        with op.batch_alter_table(table) as batch_op:
            batch_op.add_column(sa.Column("missed", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    for table in TABLES:
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_column("missed")
