"""What tills hold, by when its time is over: free at that moment, before any job comes.

Revision ID: 0026
Revises: 0024
"""

import sqlalchemy as sa
from alembic import op


revision = "0026"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        'ix_voucher_redemption_held',
        'voucher_redemption',
        ['programme_id', 'reserved_until'],
        sqlite_where=sa.text("state = 'reserved'"),
        postgresql_where=sa.text("state = 'reserved'"),
    )


def downgrade() -> None:
    op.drop_index('ix_voucher_redemption_held', table_name='voucher_redemption')
