"""How members wish to be greeted, and who is to be greeted just now.

Revision ID: 0044
Revises: 0043
"""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "greeting_wish",
        sa.Column("member_id", sa.String(length=26), nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.Column("form", sa.String(length=5), nullable=False),
        sa.Column("title", sa.String(length=20), nullable=False),
        sa.Column("shows", sa.JSON(), nullable=False),
        sa.CheckConstraint("form IN ('first', 'full', 'title')", name="ck_greeting_wish_form"),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name="fk_greeting_wish_brand_id_brand"),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name="fk_greeting_wish_member_id_member"
        ),
        sa.PrimaryKeyConstraint("member_id", name="pk_greeting_wish"),
    )
    op.create_table(
        "greeting",
        sa.Column("member_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.Column("store_id", sa.String(length=26), nullable=False),
        sa.Column("visit_id", sa.String(length=26), nullable=False),
        sa.Column("way", sa.String(length=5), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cleared_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("way IN ('door', 'kiosk', 'app')", name="ck_greeting_way"),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name="fk_greeting_brand_id_brand"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_greeting_member_id_member"),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name="fk_greeting_store_id_store"),
        sa.PrimaryKeyConstraint("member_id", name="pk_greeting"),
        sa.UniqueConstraint("id", name="uq_greeting_id"),
    )
    op.create_index("ix_greeting_store", "greeting", ["store_id", "ends_at"])
    op.create_index("ix_greeting_ends_at", "greeting", ["ends_at"])


def downgrade() -> None:
    op.drop_table("greeting")
    op.drop_table("greeting_wish")
