"""The check-ins of a store's day are found by an index.

Revision ID: 0052
Revises: 0051
"""

from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_visit_store", "visit", ["store_id", "visited_on"])


def downgrade() -> None:
    op.drop_index("ix_visit_store", "visit")
