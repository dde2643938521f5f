"""What a room asked for is found by its session: its screen asks whenever anything changes.

Revision ID: 0048
Revises: 0047
"""

from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_room_request_session", "room_request", ["session_id", "asked_at"])


def downgrade() -> None:
    op.drop_index("ix_room_request_session", table_name="room_request")
