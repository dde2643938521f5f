"""Links to polls, and polls that count in their day though they were deleted.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op


revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

OF_MEMBER = sa.text("sharer_id IS NOT NULL")
OF_NOBODY = sa.text("sharer_id IS NULL AND detached_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "spent_poll",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.Column("member_id", sa.String(length=26), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["brand_id"], ["brand.id"], name=op.f("fk_spent_poll_brand_id_brand")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_spent_poll_member_id_member")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spent_poll")),
    )
    op.create_index("ix_spent_poll_member", "spent_poll", ["member_id", "asked_at"])
    op.create_index(op.f("ix_spent_poll_asked_at"), "spent_poll", ["asked_at"])
    with op.batch_alter_table("share") as share:
        share.add_column(sa.Column("poll_id", sa.String(length=26), nullable=True))
        share.alter_column("outfit_id", existing_type=sa.String(length=26), nullable=True)
        share.create_foreign_key(op.f("fk_share_poll_id_poll"), "poll", ["poll_id"], ["id"])
        share.create_check_constraint(
            op.f("ck_share_target"), "(outfit_id IS NULL) <> (poll_id IS NULL)"
        )
    _unique("uq_poll_share_of_member", ["poll_id", "sharer_id", "channel"], OF_MEMBER)
    _unique("uq_poll_share_of_nobody", ["poll_id", "channel"], OF_NOBODY)
    with op.batch_alter_table("touch") as touch:
        touch.alter_column("outfit_id", existing_type=sa.String(length=26), nullable=True)


def downgrade() -> None:
    # The older version knows no links to polls.
    of_polls = "SELECT id FROM share WHERE poll_id IS NOT NULL"
    op.execute(f"DELETE FROM seen_visitor WHERE share_id IN ({of_polls})")  # noqa: S608 (our own words)
    op.execute(f"DELETE FROM touch WHERE share_id IN ({of_polls})")  # noqa: S608 (our own words)
    op.execute("DELETE FROM share WHERE poll_id IS NOT NULL")
    with op.batch_alter_table("touch") as touch:
        touch.alter_column("outfit_id", existing_type=sa.String(length=26), nullable=False)
    op.drop_index("uq_poll_share_of_nobody", table_name="share")
    op.drop_index("uq_poll_share_of_member", table_name="share")
    with op.batch_alter_table("share") as share:
        share.drop_constraint(op.f("ck_share_target"), type_="check")
        share.drop_constraint(op.f("fk_share_poll_id_poll"), type_="foreignkey")
        share.alter_column("outfit_id", existing_type=sa.String(length=26), nullable=False)
        share.drop_column("poll_id")
    op.drop_table("spent_poll")


def _unique(name: str, columns: list[str], where: sa.TextClause) -> None:
    op.create_index(
        name, "share", columns, unique=True, sqlite_where=where, postgresql_where=where
    )
