"""Kiosks that somebody uses with their phone, until they are wiped.

Revision ID: 0045
Revises: 0044
"""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

WHEN = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "kiosk_session",
        *(sa.Column(name, sa.String(length=26), nullable=False) for name in _NAMES),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("code_until", WHEN, nullable=False),
        sa.Column("member_id", sa.String(length=26), nullable=True),
        sa.Column("linked_at", WHEN, nullable=True),
        sa.Column("touched_at", WHEN, nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [f"{name}_id"], [f"{name}.id"], name=f"fk_kiosk_session_{name}_id_{name}"
            )
            for name in ("device", "brand", "store", "member")
        ),
        sa.PrimaryKeyConstraint("device_id", name="pk_kiosk_session"),
        sa.UniqueConstraint("id", name="uq_kiosk_session_id"),
        sa.UniqueConstraint("code_hash", name="uq_kiosk_session_code_hash"),
    )
    op.create_index("ix_kiosk_session_member_id", "kiosk_session", ["member_id"])
    op.create_index("ix_kiosk_session_touched_at", "kiosk_session", ["touched_at"])


def downgrade() -> None:
    op.drop_table("kiosk_session")


_NAMES = ("device_id", "id", "brand_id", "store_id")
