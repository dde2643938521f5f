"""Shares and what they led to, saved looks, guests' likes, and the brand's own page.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op


revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "page_connection",
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.Column("paused_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_code", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(
            ["brand_id"], ["brand.id"], name=op.f("fk_page_connection_brand_id_brand")
        ),
        sa.PrimaryKeyConstraint("brand_id", name=op.f("pk_page_connection")),
    )
    op.create_table(
        "page_post",
        sa.Column("outfit_id", sa.String(length=26), nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.Column("owner_id", sa.String(length=26), nullable=True),
        sa.Column("share_id", sa.String(length=26), nullable=False),
        sa.Column("is_wanted", sa.Boolean(), nullable=False),
        sa.Column("is_tried", sa.Boolean(), nullable=False),
        sa.Column("post_id", sa.String(length=100), nullable=True),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("busy_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refused_code", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(
            ["brand_id"], ["brand.id"], name=op.f("fk_page_post_brand_id_brand")
        ),
        sa.PrimaryKeyConstraint("outfit_id", name=op.f("pk_page_post")),
    )
    op.create_index(op.f("ix_page_post_brand_id"), "page_post", ["brand_id"], unique=False)
    op.create_index(op.f("ix_page_post_owner_id"), "page_post", ["owner_id"], unique=False)
    op.create_table(
        "guest_like",
        sa.Column("guest_hash", sa.String(length=64), nullable=False),
        sa.Column("outfit_id", sa.String(length=26), nullable=False),
        sa.Column("stylist_id", sa.String(length=26), nullable=False),
        sa.Column("share_id", sa.String(length=26), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["outfit_id"], ["outfit.id"], name=op.f("fk_guest_like_outfit_id_outfit")
        ),
        sa.PrimaryKeyConstraint("guest_hash", "outfit_id", name=op.f("pk_guest_like")),
    )
    op.create_index(op.f("ix_guest_like_expires_at"), "guest_like", ["expires_at"], unique=False)
    op.create_index(op.f("ix_guest_like_stylist_id"), "guest_like", ["stylist_id"], unique=False)
    op.create_table(
        "outfit_save",
        sa.Column("outfit_id", sa.String(length=26), nullable=False),
        sa.Column("member_id", sa.String(length=26), nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.Column("stylist_id", sa.String(length=26), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["brand_id"], ["brand.id"], name=op.f("fk_outfit_save_brand_id_brand")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_outfit_save_member_id_member")
        ),
        sa.ForeignKeyConstraint(
            ["outfit_id"], ["outfit.id"], name=op.f("fk_outfit_save_outfit_id_outfit")
        ),
        sa.PrimaryKeyConstraint("outfit_id", "member_id", name=op.f("pk_outfit_save")),
    )
    op.create_index("ix_outfit_save_member", "outfit_save", ["member_id", "saved_at"], unique=False)
    op.create_index(op.f("ix_outfit_save_stylist_id"), "outfit_save", ["stylist_id"], unique=False)
    op.create_table(
        "share",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.Column("outfit_id", sa.String(length=26), nullable=False),
        sa.Column("stylist_id", sa.String(length=26), nullable=False),
        sa.Column("sharer_id", sa.String(length=26), nullable=True),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("detached_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "channel IN ('sheet', 'whatsapp', 'facebook', 'copy', 'qr', 'wall')",
            name=op.f("ck_share_channel"),
        ),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_share_brand_id_brand")),
        sa.ForeignKeyConstraint(
            ["outfit_id"], ["outfit.id"], name=op.f("fk_share_outfit_id_outfit")
        ),
        sa.ForeignKeyConstraint(
            ["sharer_id"], ["member.id"], name=op.f("fk_share_sharer_id_member")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share")),
    )
    op.create_index(op.f("ix_share_sharer_id"), "share", ["sharer_id"], unique=False)
    op.create_index(op.f("ix_share_stylist_id"), "share", ["stylist_id"], unique=False)
    op.create_index(
        "uq_share_of_member",
        "share",
        ["outfit_id", "sharer_id", "channel"],
        unique=True,
        sqlite_where=sa.text("sharer_id IS NOT NULL"),
        postgresql_where=sa.text("sharer_id IS NOT NULL"),
    )
    op.create_index(
        "uq_share_of_nobody",
        "share",
        ["outfit_id", "channel"],
        unique=True,
        sqlite_where=sa.text("sharer_id IS NULL AND detached_at IS NULL"),
        postgresql_where=sa.text("sharer_id IS NULL AND detached_at IS NULL"),
    )
    op.create_table(
        "seen_visitor",
        sa.Column("share_id", sa.String(length=26), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("seen_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["share_id"], ["share.id"], name=op.f("fk_seen_visitor_share_id_share")
        ),
        sa.PrimaryKeyConstraint("share_id", "mark", name=op.f("pk_seen_visitor")),
    )
    op.create_index(op.f("ix_seen_visitor_seen_on"), "seen_visitor", ["seen_on"], unique=False)
    op.create_table(
        "touch",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.Column("share_id", sa.String(length=26), nullable=False),
        sa.Column("outfit_id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("member_id", sa.String(length=26), nullable=True),
        sa.Column("receipt_id", sa.String(length=26), nullable=True),
        sa.Column("touched_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('visit', 'like', 'save', 'purchase')", name=op.f("ck_touch_kind")
        ),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_touch_brand_id_brand")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_touch_member_id_member")
        ),
        sa.ForeignKeyConstraint(
            ["outfit_id"], ["outfit.id"], name=op.f("fk_touch_outfit_id_outfit")
        ),
        sa.ForeignKeyConstraint(
            ["receipt_id"], ["receipt.id"], name=op.f("fk_touch_receipt_id_receipt")
        ),
        sa.ForeignKeyConstraint(["share_id"], ["share.id"], name=op.f("fk_touch_share_id_share")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_touch")),
        sa.UniqueConstraint(
            "member_id", "outfit_id", "kind", name=op.f("uq_touch_member_id_outfit_id_kind")
        ),
        sa.UniqueConstraint("receipt_id", name=op.f("uq_touch_receipt_id")),
    )
    op.create_index("ix_touch_outfit", "touch", ["outfit_id", "kind"], unique=False)
    op.create_index("ix_touch_share", "touch", ["share_id", "kind"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_touch_share", table_name="touch")
    op.drop_index("ix_touch_outfit", table_name="touch")
    op.drop_table("touch")
    op.drop_index(op.f("ix_seen_visitor_seen_on"), table_name="seen_visitor")
    op.drop_table("seen_visitor")
    op.drop_index("uq_share_of_nobody", table_name="share")
    op.drop_index("uq_share_of_member", table_name="share")
    op.drop_index(op.f("ix_share_stylist_id"), table_name="share")
    op.drop_index(op.f("ix_share_sharer_id"), table_name="share")
    op.drop_table("share")
    op.drop_index(op.f("ix_outfit_save_stylist_id"), table_name="outfit_save")
    op.drop_index("ix_outfit_save_member", table_name="outfit_save")
    op.drop_table("outfit_save")
    op.drop_index(op.f("ix_guest_like_stylist_id"), table_name="guest_like")
    op.drop_index(op.f("ix_guest_like_expires_at"), table_name="guest_like")
    op.drop_table("guest_like")
    op.drop_index(op.f("ix_page_post_owner_id"), table_name="page_post")
    op.drop_index(op.f("ix_page_post_brand_id"), table_name="page_post")
    op.drop_table("page_post")
    op.drop_table("page_connection")
