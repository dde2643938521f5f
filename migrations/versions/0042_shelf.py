"""Likes of goods, reminders of what is kept until pay day, and goods sent to friends.

Revision ID: 0042
Revises: 0041
"""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def _id(name: str) -> sa.Column:
    return sa.Column(name, sa.String(length=26), nullable=False)


def _at(name: str) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}_{other}"
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name)


def upgrade() -> None:
    op.create_table(
        "product_like",
        *(_id(name) for name in ("style_id", "member_id", "brand_id")),
        _at("liked_at"),
        _at("counts_from"),
        _to("product_like", "style_id", "style"),
        _to("product_like", "member_id", "member"),
        _to("product_like", "brand_id", "brand"),
        sa.PrimaryKeyConstraint("style_id", "member_id", name="pk_product_like"),
    )
    op.create_index("ix_product_like_member", "product_like", ["member_id", "liked_at"])
    op.create_table(
        "product_like_count",
        *(_id(name) for name in ("style_id", "brand_id")),
        sa.Column("likes", sa.Integer(), nullable=False),
        _at("counted_at"),
        _to("product_like_count", "style_id", "style"),
        _to("product_like_count", "brand_id", "brand"),
        sa.PrimaryKeyConstraint("style_id", name="pk_product_like_count"),
    )
    op.create_index("ix_product_like_count_brand_id", "product_like_count", ["brand_id"])
    op.create_table(
        "pay_day",
        *(_id(name) for name in ("member_id", "brand_id")),
        sa.Column("day", sa.Integer(), nullable=False),
        _at("told_at"),
        sa.CheckConstraint("day BETWEEN 1 AND 31", name="ck_pay_day_day"),
        _to("pay_day", "member_id", "member"),
        _to("pay_day", "brand_id", "brand"),
        sa.PrimaryKeyConstraint("member_id", name="pk_pay_day"),
    )
    op.add_column("saved_piece", sa.Column("remind_on", sa.Date(), nullable=True))
    op.create_table(
        "sent_piece",
        *(_id(name) for name in ("sender_id", "receiver_id", "variant_id", "brand_id")),
        sa.Column("line", sa.String(length=80), nullable=False),
        _at("sent_at"),
        sa.CheckConstraint("sender_id <> receiver_id", name="ck_sent_piece_two_people"),
        _to("sent_piece", "sender_id", "member"),
        _to("sent_piece", "receiver_id", "member"),
        _to("sent_piece", "variant_id", "variant"),
        _to("sent_piece", "brand_id", "brand"),
        sa.PrimaryKeyConstraint("sender_id", "receiver_id", "variant_id", name="pk_sent_piece"),
    )
    op.create_index("ix_sent_piece_receiver", "sent_piece", ["receiver_id", "sent_at"])
    op.create_index("ix_sent_piece_sender", "sent_piece", ["sender_id", "sent_at"])
    op.create_table(
        "muted_sender",
        *(_id(name) for name in ("member_id", "sender_id", "brand_id")),
        _at("since"),
        _to("muted_sender", "member_id", "member"),
        _to("muted_sender", "sender_id", "member"),
        _to("muted_sender", "brand_id", "brand"),
        sa.PrimaryKeyConstraint("member_id", "sender_id", name="pk_muted_sender"),
    )


def downgrade() -> None:
    for table in ("muted_sender", "sent_piece"):
        op.drop_table(table)
    op.drop_column("saved_piece", "remind_on")
    for table in ("pay_day", "product_like_count", "product_like"):
        op.drop_table(table)
