"""How many people bought a style, counted by the worker.

Revision ID: 0034
Revises: 0033
"""

import sqlalchemy as sa
from alembic import op


revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('style_crowd',
    sa.Column('style_id', sa.String(length=26), nullable=False),
    sa.Column('brand_id', sa.String(length=26), nullable=False),
    sa.Column('people', sa.Integer(), nullable=False),
    sa.Column('counted_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['brand_id'], ['brand.id'], name=op.f('fk_style_crowd_brand_id_brand')),
    sa.ForeignKeyConstraint(['style_id'], ['style.id'], name=op.f('fk_style_crowd_style_id_style')),
    sa.PrimaryKeyConstraint('style_id', name=op.f('pk_style_crowd'))
    )
    with op.batch_alter_table('style_crowd') as batch_op:
        batch_op.create_index(batch_op.f('ix_style_crowd_brand_id'), ['brand_id'], unique=False)


def downgrade() -> None:
    op.drop_table('style_crowd')
