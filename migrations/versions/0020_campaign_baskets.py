"""Baskets that campaigns were asked about for good.

Revision ID: 0020
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op


revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('campaign_basket',
    sa.Column('programme_id', sa.String(length=26), nullable=False),
    sa.Column('source', sa.String(length=120), nullable=False),
    sa.Column('fingerprint', sa.String(length=64), nullable=False),
    sa.Column('begun_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('taken_back_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('programme_id', 'source', name=op.f('pk_campaign_basket'))
    )


def downgrade() -> None:
    op.drop_table('campaign_basket')
