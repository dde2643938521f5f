"""Ladders, and where members of a programme stand on them.

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op


revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('tier_ladder',
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('programme_id', sa.String(length=26), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('definition', sa.JSON(), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tier_ladder')),
    sa.UniqueConstraint('programme_id', 'version', name=op.f('uq_tier_ladder_programme_id_version'))
    )
    op.create_table('tier_standing',
    sa.Column('programme_id', sa.String(length=26), nullable=False),
    sa.Column('owner_id', sa.String(length=64), nullable=False),
    sa.Column('tier', sa.String(length=20), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('review_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('programme_id', 'owner_id', name=op.f('pk_tier_standing'))
    )
    with op.batch_alter_table('tier_standing') as batch_op:
        batch_op.create_index('ix_tier_standing_review', ['programme_id', 'review_at'], unique=False)

    op.create_table('tier_change',
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('programme_id', sa.String(length=26), nullable=False),
    sa.Column('owner_id', sa.String(length=64), nullable=False),
    sa.Column('before', sa.String(length=20), nullable=True),
    sa.Column('tier', sa.String(length=20), nullable=False),
    sa.Column('is_up', sa.Boolean(), nullable=False),
    sa.Column('noticed_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tier_change'))
    )
    with op.batch_alter_table('tier_change') as batch_op:
        batch_op.create_index('ix_tier_change_owner', ['programme_id', 'owner_id', 'noticed_at'], unique=False)


def downgrade() -> None:
    op.drop_table('tier_change')
    op.drop_table('tier_standing')
    op.drop_table('tier_ladder')
