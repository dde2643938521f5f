"""What friends reported of what they were asked: gone with the question.

Revision ID: 0049
Revises: 0048
"""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None


def _id(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.String(length=26), nullable=nullable)


def _to(column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=f"fk_opinion_report_{column}_{other}"
    )


def upgrade() -> None:
    op.create_table(
        "opinion_report",
        *(_id(name) for name in ("request_id", "member_id", "brand_id")),
        _id("store_id", nullable=True),
        sa.Column("reason", sa.String(length=12), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        _to("request_id", "opinion_request"),
        _to("member_id", "member"),
        _to("brand_id", "brand"),
        _to("store_id", "store"),
        sa.PrimaryKeyConstraint("request_id", "member_id", name="pk_opinion_report"),
    )
    op.create_index("ix_opinion_report_member_id", "opinion_report", ["member_id"])
    op.create_index("ix_opinion_report_brand", "opinion_report", ["brand_id", "reported_at"])


def downgrade() -> None:
    op.drop_table("opinion_report")
