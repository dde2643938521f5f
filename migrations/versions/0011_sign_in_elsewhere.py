"""Accounts elsewhere that open a member here, and sessions that their owner can tell apart.

Sessions that run already get an id each, and no device: nobody noted it.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op
from ulid import ULID


revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('identity',
    sa.Column('brand_id', sa.String(length=26), nullable=False),
    sa.Column('issuer', sa.String(length=255), nullable=False),
    sa.Column('subject', sa.String(length=255), nullable=False),
    sa.Column('member_id', sa.String(length=26), nullable=False),
    sa.Column('linked_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['brand_id'], ['brand.id'], name=op.f('fk_identity_brand_id_brand')),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_identity_member_id_member')),
    sa.PrimaryKeyConstraint('brand_id', 'issuer', 'subject', name=op.f('pk_identity'))
    )
    op.create_index(op.f('ix_identity_member_id'), 'identity', ['member_id'], unique=False)
    op.create_table('spent_state',
    sa.Column('state_hash', sa.String(length=64), nullable=False),
    sa.Column('spent_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('state_hash', name=op.f('pk_spent_state'))
    )
    op.create_index(op.f('ix_spent_state_spent_at'), 'spent_state', ['spent_at'], unique=False)
    with op.batch_alter_table('member_session') as batch_op:
        batch_op.add_column(sa.Column('id', sa.String(length=26), nullable=True))
        batch_op.add_column(sa.Column('device', sa.String(length=60), nullable=True))

    _name_each_session()
    with op.batch_alter_table('member_session') as batch_op:
        batch_op.alter_column('id', existing_type=sa.String(length=26), nullable=False)
        batch_op.create_unique_constraint(op.f('uq_member_session_id'), ['id'])


def _name_each_session() -> None:
    sessions = sa.table('member_session', sa.column('token_hash'), sa.column('id'))
    connection = op.get_bind()
    named = [
        {'hash': token_hash, 'new': str(ULID())}
        for token_hash in connection.scalars(sa.select(sessions.c.token_hash))
    ]
    if named:
        statement = sa.update(sessions).where(sessions.c.token_hash == sa.bindparam('hash'))
        connection.execute(statement.values(id=sa.bindparam('new')), named)


def downgrade() -> None:
    with op.batch_alter_table('member_session') as batch_op:
        batch_op.drop_constraint(op.f('uq_member_session_id'), type_='unique')
        batch_op.drop_column('device')
        batch_op.drop_column('id')

    op.drop_index(op.f('ix_spent_state_spent_at'), table_name='spent_state')
    op.drop_table('spent_state')
    op.drop_index(op.f('ix_identity_member_id'), table_name='identity')
    op.drop_table('identity')
