"""What an installation notes about itself, for its doctor.

Revision ID: 0013
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op


revision = "0013"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('installation_note',
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('noted_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_installation_note'))
    )


def downgrade() -> None:
    op.drop_table('installation_note')
