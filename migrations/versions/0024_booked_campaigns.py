"""What priced baskets were, so that what their receipts bring back takes campaign points along.

Revision ID: 0024
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op


revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('campaign_basket') as batch_op:
        batch_op.add_column(sa.Column('bought_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('lines', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('bound_to', sa.String(length=64), nullable=True))
    op.create_index(op.f('ix_receipt_store_id_number'), 'receipt', ['store_id', 'number'])


def downgrade() -> None:
    op.drop_index(op.f('ix_receipt_store_id_number'), table_name='receipt')
    with op.batch_alter_table('campaign_basket') as batch_op:
        batch_op.drop_column('bound_to')
        batch_op.drop_column('lines')
        batch_op.drop_column('bought_at')
