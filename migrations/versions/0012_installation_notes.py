"""What an installation notes about itself, for its doctor; and the key of hashes that
cannot be made anew.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op


revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('installation_note',
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('noted_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_installation_note'))
    )


    with op.batch_alter_table('member_session') as batch_op:
        batch_op.add_column(sa.Column('hash_key', sa.String(length=8), nullable=True))
    with op.batch_alter_table('api_key') as batch_op:
        batch_op.add_column(sa.Column('hash_key', sa.String(length=8), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('api_key') as batch_op:
        batch_op.drop_column('hash_key')
    with op.batch_alter_table('member_session') as batch_op:
        batch_op.drop_column('hash_key')
    op.drop_table('installation_note')
