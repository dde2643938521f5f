"""Rewards, what is left of each, and who exchanged points for them.

Revision ID: 0027
Revises: 0026
"""

import sqlalchemy as sa
from alembic import op


revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('reward',
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('programme_id', sa.String(length=26), nullable=False),
    sa.Column('source', sa.String(length=80), nullable=False),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('price', sa.BigInteger(), nullable=False),
    sa.Column('wallet', sa.String(length=20), nullable=False),
    sa.Column('terms_id', sa.String(length=26), nullable=False),
    sa.Column('valid_days', sa.Integer(), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('per_owner', sa.Integer(), nullable=True),
    sa.Column('tier', sa.String(length=20), nullable=True),
    sa.Column('undo_minutes', sa.Integer(), nullable=False),
    sa.Column('made_by', sa.String(length=64), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('per_owner > 0', name=op.f('ck_reward_per_owner')),
    sa.CheckConstraint('price > 0', name=op.f('ck_reward_price')),
    sa.CheckConstraint('starts_at < ends_at', name=op.f('ck_reward_window')),
    sa.CheckConstraint('undo_minutes >= 0', name=op.f('ck_reward_undo_minutes')),
    sa.CheckConstraint('valid_days > 0', name=op.f('ck_reward_valid_days')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reward')),
    sa.UniqueConstraint('programme_id', 'source', name=op.f('uq_reward_programme_id_source'))
    )
    op.create_table('reward_shelf',
    sa.Column('reward_id', sa.String(length=26), nullable=False),
    sa.Column('stock', sa.Integer(), nullable=True),
    sa.Column('taken', sa.Integer(), nullable=False),
    sa.Column('stopped_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('taken >= 0 AND taken <= coalesce(stock, taken)', name=op.f('ck_reward_shelf_taken')),
    sa.ForeignKeyConstraint(['reward_id'], ['reward.id'], name=op.f('fk_reward_shelf_reward_id_reward')),
    sa.PrimaryKeyConstraint('reward_id', name=op.f('pk_reward_shelf'))
    )
    op.create_table('reward_exchange',
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('programme_id', sa.String(length=26), nullable=False),
    sa.Column('reward_id', sa.String(length=26), nullable=False),
    sa.Column('owner_id', sa.String(length=64), nullable=True),
    sa.Column('source', sa.String(length=64), nullable=False),
    sa.Column('points', sa.BigInteger(), nullable=False),
    sa.Column('taken_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('undo_until', sa.DateTime(timezone=True), nullable=False),
    sa.Column('back_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('back_by', sa.String(length=5), nullable=True),
    sa.CheckConstraint('(back_at IS NULL) = (back_by IS NULL)', name=op.f('ck_reward_exchange_back')),
    sa.CheckConstraint("back_by IN ('owner', 'staff')", name=op.f('ck_reward_exchange_back_by')),
    sa.ForeignKeyConstraint(['reward_id'], ['reward.id'], name=op.f('fk_reward_exchange_reward_id_reward')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reward_exchange')),
    sa.UniqueConstraint('programme_id', 'source', name=op.f('uq_reward_exchange_programme_id_source'))
    )
    with op.batch_alter_table('reward_exchange') as batch_op:
        batch_op.create_index('ix_reward_exchange_newest', ['programme_id', 'owner_id', 'taken_at'], unique=False)
        batch_op.create_index('ix_reward_exchange_owner', ['reward_id', 'owner_id'], unique=False)
    _guard()


def _guard() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for verb in ("UPDATE", "DELETE"):
        action = (
            "BEGIN SELECT RAISE(ABORT, 'reward is append-only'); END"
            if is_sqlite
            else "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER reward_refuses_{verb.lower()} BEFORE {verb} ON reward {action}"
        )


def downgrade() -> None:
    with op.batch_alter_table('reward_exchange') as batch_op:
        batch_op.drop_index('ix_reward_exchange_owner')
        batch_op.drop_index('ix_reward_exchange_newest')

    op.drop_table('reward_exchange')
    op.drop_table('reward_shelf')
    op.drop_table('reward')
