"""How long before a sale something may have led to it, as a brand chooses it, by month.

Revision ID: 0041
Revises: 0040
"""

import sqlalchemy as sa
from alembic import op


revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'influence_window',
        sa.Column('brand_id', sa.String(length=26), nullable=False),
        sa.Column('month_on', sa.Date(), nullable=False),
        sa.Column('days', sa.Integer(), nullable=False),
        sa.Column('chosen_at', sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint('days BETWEEN 1 AND 60', name=op.f('ck_influence_window_days')),
        sa.ForeignKeyConstraint(
            ['brand_id'], ['brand.id'], name=op.f('fk_influence_window_brand_id_brand')
        ),
        sa.PrimaryKeyConstraint('brand_id', 'month_on', name=op.f('pk_influence_window')),
    )


def downgrade() -> None:
    op.drop_table('influence_window')
