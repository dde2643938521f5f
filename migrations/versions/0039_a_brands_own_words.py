"""Brands speak in words of their own and wear a colour of their own.

Revision ID: 0039
Revises: 0038
"""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("words", "coat"):
        column = sa.Column(name, sa.String(length=20), nullable=False, server_default="")
        op.add_column("brand", column)


def downgrade() -> None:
    for name in ("coat", "words"):
        op.drop_column("brand", name)
