"""One count of who likes goods: that of people who like looks with a style is told of no more.

Revision ID: 0047
Revises: 0046
"""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_table("style_likers")


def downgrade() -> None:
    op.create_table(
        "style_likers",
        sa.Column("style_id", sa.String(length=26), nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["brand_id"], ["brand.id"], name=op.f("fk_style_likers_brand_id_brand")
        ),
        sa.ForeignKeyConstraint(
            ["style_id"], ["style.id"], name=op.f("fk_style_likers_style_id_style")
        ),
        sa.PrimaryKeyConstraint("style_id", name=op.f("pk_style_likers")),
    )
    op.create_index(op.f("ix_style_likers_brand_id"), "style_likers", ["brand_id"])
