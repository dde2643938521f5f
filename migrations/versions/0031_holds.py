"""Pieces of stock that are held for somebody for a while.

Revision ID: 0031
Revises: 0030
"""

import sqlalchemy as sa
from alembic import op


revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('hold',
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('brand_id', sa.String(length=26), nullable=False),
    sa.Column('store_id', sa.String(length=26), nullable=False),
    sa.Column('variant_id', sa.String(length=26), nullable=False),
    sa.Column('holder_kind', sa.String(length=12), nullable=False),
    sa.Column('holder_id', sa.String(length=26), nullable=False),
    sa.Column('source', sa.String(length=60), nullable=False),
    sa.Column('state', sa.String(length=9), nullable=False),
    sa.Column('began_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(state = 'live') = (ended_at IS NULL)", name=op.f('ck_hold_ended')),
    sa.CheckConstraint("state IN ('live', 'released', 'collected', 'lapsed', 'voided', 'gone')", name=op.f('ck_hold_state')),
    sa.ForeignKeyConstraint(['brand_id'], ['brand.id'], name=op.f('fk_hold_brand_id_brand')),
    sa.ForeignKeyConstraint(['store_id', 'variant_id'], ['stock.store_id', 'stock.variant_id'], name=op.f('fk_hold_store_id_stock')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_hold')),
    sa.UniqueConstraint('holder_id', 'source', name=op.f('uq_hold_holder_id_source'))
    )
    with op.batch_alter_table('hold') as batch_op:
        batch_op.create_index('ix_hold_live', ['store_id', 'variant_id'], unique=False, sqlite_where=sa.text("state = 'live'"), postgresql_where=sa.text("state = 'live'"))


def downgrade() -> None:
    op.drop_table('hold')
