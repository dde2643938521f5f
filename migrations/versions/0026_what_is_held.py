"""What tills hold, by when it is over; and what a claim adds to the one use of a sale.

Revision ID: 0026
Revises: 0025
"""

import sqlalchemy as sa
from alembic import op


revision = "0026"
down_revision = "0025"
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
    with op.batch_alter_table('campaign_use') as batch_op:
        batch_op.add_column(sa.Column('completes_id', sa.String(length=26), nullable=True))
        batch_op.create_foreign_key(
            op.f('fk_campaign_use_completes_id_campaign_use'),
            'campaign_use',
            ['completes_id'],
            ['id'],
        )


def downgrade() -> None:
    with op.batch_alter_table('campaign_use') as batch_op:
        batch_op.drop_constraint(
            op.f('fk_campaign_use_completes_id_campaign_use'), type_='foreignkey'
        )
        batch_op.drop_column('completes_id')
    op.drop_index('ix_voucher_redemption_held', table_name='voucher_redemption')
