"""Why a batch of vouchers was voided.

Revision ID: 0023
Revises: 0022
"""

import sqlalchemy as sa
from alembic import op


revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("voucher_batch", sa.Column("void_reason", sa.String(length=200), nullable=True))


def downgrade() -> None:
    op.drop_column("voucher_batch", "void_reason")
