"""To whom stylists were, or would have been, spoken of: what lift is measured on.

Revision ID: 0035
Revises: 0034
"""

import sqlalchemy as sa
from alembic import op


revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'influence_audience',
        sa.Column('experiment_id', sa.String(length=26), nullable=False),
        sa.Column('stylist_id', sa.String(length=26), nullable=False),
        sa.Column('month_on', sa.Date(), nullable=False),
        sa.Column('member_id', sa.String(length=26), nullable=False),
        sa.Column('brand_id', sa.String(length=26), nullable=False),
        sa.Column('cluster_id', sa.String(length=32), nullable=False),
        sa.Column('arm', sa.String(length=10), nullable=False),
        sa.Column('first_at', sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "arm IN ('treatment', 'holdout')", name=op.f('ck_influence_audience_arm')
        ),
        sa.ForeignKeyConstraint(
            ['brand_id'], ['brand.id'], name=op.f('fk_influence_audience_brand_id_brand')
        ),
        sa.ForeignKeyConstraint(
            ['member_id'], ['member.id'], name=op.f('fk_influence_audience_member_id_member')
        ),
        sa.ForeignKeyConstraint(
            ['stylist_id'], ['member.id'], name=op.f('fk_influence_audience_stylist_id_member')
        ),
        sa.PrimaryKeyConstraint(
            'experiment_id',
            'stylist_id',
            'month_on',
            'member_id',
            name=op.f('pk_influence_audience'),
        ),
    )
    op.create_index(
        'ix_influence_audience_month', 'influence_audience', ['brand_id', 'month_on']
    )
    op.create_index('ix_influence_audience_member', 'influence_audience', ['member_id'])
    op.create_index(
        op.f('ix_influence_audience_stylist_id'), 'influence_audience', ['stylist_id']
    )


def downgrade() -> None:
    op.drop_table('influence_audience')
