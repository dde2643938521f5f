"""Polls: which of two looks, and one vote for each member and poll.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op


revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('poll',
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('brand_id', sa.String(length=26), nullable=False),
    sa.Column('member_id', sa.String(length=26), nullable=False),
    sa.Column('first_outfit_id', sa.String(length=26), nullable=False),
    sa.Column('second_outfit_id', sa.String(length=26), nullable=False),
    sa.Column('question', sa.String(length=80), nullable=False),
    sa.Column('audience', sa.String(length=12), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closes_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('is_closed', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.CheckConstraint("audience IN ('friends', 'everyone')", name=op.f('ck_poll_audience')),
    sa.CheckConstraint('first_outfit_id <> second_outfit_id', name=op.f('ck_poll_two_looks')),
    sa.ForeignKeyConstraint(['brand_id'], ['brand.id'], name=op.f('fk_poll_brand_id_brand')),
    sa.ForeignKeyConstraint(['first_outfit_id'], ['outfit.id'], name=op.f('fk_poll_first_outfit_id_outfit')),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_poll_member_id_member')),
    sa.ForeignKeyConstraint(['second_outfit_id'], ['outfit.id'], name=op.f('fk_poll_second_outfit_id_outfit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_poll'))
    )
    with op.batch_alter_table('poll') as batch_op:
        batch_op.create_index('ix_poll_member', ['member_id', 'created_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_poll_first_outfit_id'), ['first_outfit_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_poll_second_outfit_id'), ['second_outfit_id'], unique=False)

    op.create_table('poll_vote',
    sa.Column('poll_id', sa.String(length=26), nullable=False),
    sa.Column('member_id', sa.String(length=26), nullable=False),
    sa.Column('choice', sa.String(length=6), nullable=False),
    sa.Column('voted_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("choice IN ('first', 'second')", name=op.f('ck_poll_vote_choice')),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_poll_vote_member_id_member')),
    sa.ForeignKeyConstraint(['poll_id'], ['poll.id'], name=op.f('fk_poll_vote_poll_id_poll')),
    sa.PrimaryKeyConstraint('poll_id', 'member_id', name=op.f('pk_poll_vote'))
    )
    with op.batch_alter_table('poll_vote') as batch_op:
        batch_op.create_index(batch_op.f('ix_poll_vote_member_id'), ['member_id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('poll_vote') as batch_op:
        batch_op.drop_index(batch_op.f('ix_poll_vote_member_id'))

    op.drop_table('poll_vote')
    with op.batch_alter_table('poll') as batch_op:
        batch_op.drop_index(batch_op.f('ix_poll_second_outfit_id'))
        batch_op.drop_index(batch_op.f('ix_poll_first_outfit_id'))
        batch_op.drop_index('ix_poll_member')

    op.drop_table('poll')
