"""Consents by audience and channel, and the log of who looked.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op


revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "disclosure",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.Column("member_id", sa.String(length=26), nullable=False),
        sa.Column("viewer_kind", sa.String(length=20), nullable=False),
        sa.Column("viewer_id", sa.String(length=64), nullable=True),
        sa.Column("purpose", sa.String(length=60), nullable=False),
        sa.Column("what", sa.String(length=60), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["brand_id"], ["brand.id"], name=op.f("fk_disclosure_brand_id_brand")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_disclosure_member_id_member")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosure")),
    )
    op.create_index("ix_disclosure_member", "disclosure", ["member_id", "seen_at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_disclosure_member", table_name="disclosure")
    op.drop_table("disclosure")
