"""Campaigns, and what they gave.

Revision ID: 0019
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op


revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('campaign',
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('programme_id', sa.String(length=26), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('definition', sa.JSON(), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('uses_limit', sa.Integer(), nullable=True),
    sa.Column('budget_minor', sa.BigInteger(), nullable=True),
    sa.Column('budget_points', sa.BigInteger(), nullable=True),
    sa.Column('uses', sa.Integer(), nullable=False),
    sa.Column('spent_minor', sa.BigInteger(), nullable=False),
    sa.Column('spent_points', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("state IN ('draft', 'started', 'stopped')", name=op.f('ck_campaign_state')),
    sa.CheckConstraint('ends_at IS NULL OR starts_at < ends_at', name=op.f('ck_campaign_runs')),
    sa.CheckConstraint('uses_limit IS NULL OR uses <= uses_limit', name=op.f('ck_campaign_uses')),
    sa.CheckConstraint('budget_minor IS NULL OR spent_minor <= budget_minor', name=op.f('ck_campaign_money')),
    sa.CheckConstraint('budget_points IS NULL OR spent_points <= budget_points', name=op.f('ck_campaign_points')),
    sa.CheckConstraint('uses >= 0 AND spent_minor >= 0 AND spent_points >= 0', name=op.f('ck_campaign_spent')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_campaign')),
    sa.UniqueConstraint('programme_id', 'name', name=op.f('uq_campaign_programme_id_name'))
    )
    with op.batch_alter_table('campaign') as batch_op:
        batch_op.create_index('ix_campaign_state', ['programme_id', 'state', 'starts_at'], unique=False)

    op.create_table('campaign_use',
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('campaign_id', sa.String(length=26), nullable=False),
    sa.Column('source', sa.String(length=120), nullable=False),
    sa.Column('owner_id', sa.String(length=64), nullable=True),
    sa.Column('number', sa.Integer(), nullable=True),
    sa.Column('discount_minor', sa.BigInteger(), nullable=False),
    sa.Column('points', sa.BigInteger(), nullable=False),
    sa.Column('effects', sa.JSON(), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('taken_back_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], name=op.f('fk_campaign_use_campaign_id_campaign')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_campaign_use')),
    sa.UniqueConstraint('campaign_id', 'source', name=op.f('uq_campaign_use_campaign_id_source'))
    )
    with op.batch_alter_table('campaign_use') as batch_op:
        batch_op.create_index('ix_campaign_use_number', ['campaign_id', 'owner_id', 'number'], unique=True, sqlite_where=sa.text('taken_back_at IS NULL'), postgresql_where=sa.text('taken_back_at IS NULL'))
        batch_op.create_index('ix_campaign_use_owner', ['owner_id'], unique=False)


def downgrade() -> None:
    op.drop_table('campaign_use')
    op.drop_table('campaign')
