"""Who set terms and who published tiers, so that their versions say whom to ask.

Revision ID: 0025
Revises: 0024
"""

import sqlalchemy as sa
from alembic import op


revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


# In place: a table that is made anew loses the triggers that keep its rows as they are.
def upgrade() -> None:
    op.add_column('earning_terms', sa.Column('made_by', sa.String(length=64), nullable=True))
    op.add_column('tier_ladder', sa.Column('published_by', sa.String(length=64), nullable=True))


def downgrade() -> None:
    op.drop_column('tier_ladder', 'published_by')
    op.drop_column('earning_terms', 'made_by')
