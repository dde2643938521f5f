"""Training runs of the recommender, one open at a time for each brand.

Revision ID: 0028
Revises: 0027
"""

import sqlalchemy as sa
from alembic import op


revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'training_run',
        sa.Column('id', sa.String(length=26), nullable=False),
        sa.Column('brand_id', sa.String(length=26), nullable=False),
        sa.Column('origin', sa.String(length=8), nullable=False),
        sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('state', sa.String(length=10), nullable=False),
        sa.Column('step', sa.String(length=12), nullable=False),
        sa.Column('share', sa.Integer(), nullable=False),
        sa.Column('started_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('beat_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('reason', sa.String(length=20), nullable=True),
        sa.Column('shoppers', sa.Integer(), nullable=False),
        sa.Column('items', sa.Integer(), nullable=False),
        sa.Column('events', sa.Integer(), nullable=False),
        sa.Column('figures', sa.JSON(), nullable=False),
        sa.Column('bundle', sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(
            ['brand_id'], ['brand.id'], name=op.f('fk_training_run_brand_id_brand')
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_training_run')),
    )
    op.create_index(
        'ix_training_run_brand_id_asked_at', 'training_run', ['brand_id', 'asked_at']
    )
    op.create_index(
        'uq_training_run_open',
        'training_run',
        ['brand_id'],
        unique=True,
        sqlite_where=sa.text('ended_at IS NULL'),
        postgresql_where=sa.text('ended_at IS NULL'),
    )


def downgrade() -> None:
    op.drop_table('training_run')
