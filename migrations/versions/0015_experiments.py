"""Experiments, who stands where in them, and who was exposed.

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op


revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('experiment',
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('programme_id', sa.String(length=26), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('treatment', sa.String(length=80), nullable=False),
    sa.Column('holdout', sa.Integer(), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('holdout BETWEEN 0 AND 1000', name=op.f('ck_experiment_holdout')),
    sa.CheckConstraint('ends_at IS NULL OR starts_at < ends_at', name=op.f('ck_experiment_runs')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_experiment')),
    sa.UniqueConstraint('programme_id', 'name', name=op.f('uq_experiment_programme_id_name'))
    )
    with op.batch_alter_table('experiment') as batch_op:
        batch_op.create_index('ix_experiment_treatment', ['programme_id', 'treatment'], unique=False)

    op.create_table('experiment_unit',
    sa.Column('experiment_id', sa.String(length=26), nullable=False),
    sa.Column('owner_id', sa.String(length=64), nullable=False),
    sa.Column('cluster_id', sa.String(length=32), nullable=False),
    sa.Column('arm', sa.String(length=10), nullable=False),
    sa.Column('assigned_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("arm IN ('treatment', 'holdout')", name=op.f('ck_experiment_unit_arm')),
    sa.ForeignKeyConstraint(['experiment_id'], ['experiment.id'], name=op.f('fk_experiment_unit_experiment_id_experiment')),
    sa.PrimaryKeyConstraint('experiment_id', 'owner_id', name=op.f('pk_experiment_unit'))
    )
    with op.batch_alter_table('experiment_unit') as batch_op:
        batch_op.create_index('ix_experiment_unit_cluster', ['experiment_id', 'cluster_id'], unique=False)
        batch_op.create_index('ix_experiment_unit_owner', ['owner_id'], unique=False)

    op.create_table('exposure',
    sa.Column('experiment_id', sa.String(length=26), nullable=False),
    sa.Column('owner_id', sa.String(length=64), nullable=False),
    sa.Column('arm', sa.String(length=10), nullable=False),
    sa.Column('source', sa.String(length=120), nullable=False),
    sa.Column('first_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['experiment_id'], ['experiment.id'], name=op.f('fk_exposure_experiment_id_experiment')),
    sa.PrimaryKeyConstraint('experiment_id', 'owner_id', name=op.f('pk_exposure'))
    )
    with op.batch_alter_table('exposure') as batch_op:
        batch_op.create_index('ix_exposure_owner', ['owner_id'], unique=False)


def downgrade() -> None:
    op.drop_table('exposure')
    op.drop_table('experiment_unit')
    op.drop_table('experiment')
