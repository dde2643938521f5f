"""Brands have terms of offers of their own; which styles come in one size is read of an index.

Revision ID: 0040
Revises: 0039
"""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "offer_terms",
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("percent", "thanks_percent", "print_lines", "budget_milliseconds")
        ),
        sa.Column("a_day", sa.Integer(), nullable=False),
        sa.Column("a_week", sa.Integer(), nullable=False),
        sa.Column("quiet", sa.JSON(), nullable=False),
        sa.Column("most_off", sa.JSON(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_offer_terms_brand_id_brand")),
        sa.PrimaryKeyConstraint("brand_id", "version", name=op.f("pk_offer_terms")),
    )
    op.create_index("ix_variant_sizes", "variant", ["brand_id", "style_id", "size"])


def downgrade() -> None:
    op.drop_index("ix_variant_sizes", table_name="variant")
    op.drop_table("offer_terms")
