"""The brand wall: posts, decisions, reports, banned words and rules.

Looks that everyone may see already get their posts, so that they go on hanging.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op


revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "wall_post",
        sa.Column("outfit_id", sa.String(length=26), nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.Column("store_id", sa.String(length=26), nullable=False),
        sa.Column("member_id", sa.String(length=26), nullable=False),
        sa.Column("caption", sa.String(length=80), nullable=False),
        sa.Column("is_passed", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=True),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("appealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asks_again", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('shown', 'waiting', 'hidden')", name=op.f("ck_wall_post_state")
        ),
        sa.ForeignKeyConstraint(
            ["outfit_id"], ["outfit.id"], name=op.f("fk_wall_post_outfit_id_outfit")
        ),
        sa.ForeignKeyConstraint(
            ["brand_id"], ["brand.id"], name=op.f("fk_wall_post_brand_id_brand")
        ),
        sa.ForeignKeyConstraint(
            ["store_id"], ["store.id"], name=op.f("fk_wall_post_store_id_store")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_wall_post_member_id_member")
        ),
        sa.PrimaryKeyConstraint("outfit_id", name=op.f("pk_wall_post")),
    )
    op.create_index(
        "ix_wall_post_wall", "wall_post", ["brand_id", "state", "posted_at"], unique=False
    )
    op.create_index(op.f("ix_wall_post_member_id"), "wall_post", ["member_id"], unique=False)
    op.create_table(
        "wall_decision",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.Column("outfit_id", sa.String(length=26), nullable=False),
        sa.Column("staff_id", sa.String(length=26), nullable=True),
        sa.Column("verdict", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("state_before", sa.String(length=12), nullable=False),
        sa.Column("state_after", sa.String(length=12), nullable=False),
        sa.Column("reason_before", sa.String(length=20), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["brand_id"], ["brand.id"], name=op.f("fk_wall_decision_brand_id_brand")
        ),
        sa.ForeignKeyConstraint(
            ["outfit_id"],
            ["wall_post.outfit_id"],
            name=op.f("fk_wall_decision_outfit_id_wall_post"),
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff_account.id"], name=op.f("fk_wall_decision_staff_id_staff_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wall_decision")),
    )
    op.create_index(
        "ix_wall_decision_outfit", "wall_decision", ["outfit_id", "id"], unique=False
    )
    op.create_table(
        "wall_report",
        sa.Column("outfit_id", sa.String(length=26), nullable=False),
        sa.Column("member_id", sa.String(length=26), nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["outfit_id"], ["wall_post.outfit_id"], name=op.f("fk_wall_report_outfit_id_wall_post")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_wall_report_member_id_member")
        ),
        sa.ForeignKeyConstraint(
            ["brand_id"], ["brand.id"], name=op.f("fk_wall_report_brand_id_brand")
        ),
        sa.PrimaryKeyConstraint("outfit_id", "member_id", name=op.f("pk_wall_report")),
    )
    op.create_index(
        "ix_wall_report_open", "wall_report", ["brand_id", "settled_at"], unique=False
    )
    op.create_index(
        "ix_wall_report_member", "wall_report", ["member_id", "reported_at"], unique=False
    )
    op.create_table(
        "wall_word",
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.Column("folded", sa.String(length=80), nullable=False),
        sa.Column("word", sa.String(length=40), nullable=False),
        sa.Column("staff_id", sa.String(length=26), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["brand_id"], ["brand.id"], name=op.f("fk_wall_word_brand_id_brand")
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff_account.id"], name=op.f("fk_wall_word_staff_id_staff_account")
        ),
        sa.PrimaryKeyConstraint("brand_id", "folded", name=op.f("pk_wall_word")),
    )
    op.create_table(
        "wall_rules",
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.Column("checks_first", sa.Boolean(), nullable=False),
        sa.Column("reports_for_review", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["brand_id"], ["brand.id"], name=op.f("fk_wall_rules_brand_id_brand")
        ),
        sa.PrimaryKeyConstraint("brand_id", name=op.f("pk_wall_rules")),
    )
    op.execute(
        sa.text(
            "INSERT INTO wall_post (outfit_id, brand_id, store_id, member_id, caption, is_passed, "
            "state, posted_at, changed_at, asks_again, version) "
            "SELECT id, brand_id, store_id, member_id, caption, false, 'shown', published_at, "
            "published_at, false, 1 FROM outfit "
            "WHERE state = 'published' AND audience = 'everyone' AND published_at IS NOT NULL"
        )
    )


def downgrade() -> None:
    op.drop_table("wall_rules")
    op.drop_table("wall_word")
    op.drop_index("ix_wall_report_member", table_name="wall_report")
    op.drop_index("ix_wall_report_open", table_name="wall_report")
    op.drop_table("wall_report")
    op.drop_index("ix_wall_decision_outfit", table_name="wall_decision")
    op.drop_table("wall_decision")
    op.drop_index(op.f("ix_wall_post_member_id"), table_name="wall_post")
    op.drop_index("ix_wall_post_wall", table_name="wall_post")
    op.drop_table("wall_post")
