"""Where in a store a piece lies.

Revision ID: 0056
Revises: 0055
"""

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "stock_place",
        sa.Column("store_id", sa.String(length=26), nullable=False),
        sa.Column("variant_id", sa.String(length=26), nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.Column("place", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["brand_id"], ["brand.id"], name=op.f("fk_stock_place_brand_id_brand")
        ),
        sa.ForeignKeyConstraint(
            ["store_id"], ["store.id"], name=op.f("fk_stock_place_store_id_store")
        ),
        sa.ForeignKeyConstraint(
            ["variant_id"], ["variant.id"], name=op.f("fk_stock_place_variant_id_variant")
        ),
        sa.PrimaryKeyConstraint("store_id", "variant_id", name=op.f("pk_stock_place")),
    )
    for column in ("brand_id", "variant_id"):
        op.create_index(op.f(f"ix_stock_place_{column}"), "stock_place", [column])


def downgrade() -> None:
    op.drop_table("stock_place")
