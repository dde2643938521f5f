"""What members are told, and how they want to hear of it.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op


revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "note",
        sa.Column("id", sa.String(length=26), nullable=False),
        *_owner(),
        sa.Column("purpose", sa.String(length=30), nullable=False),
        sa.Column("subject", sa.String(length=60), nullable=False),
        sa.Column("window_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("news_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        *_belongs("note"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
        sa.UniqueConstraint(
            "member_id",
            "purpose",
            "subject",
            "window_at",
            name=op.f("uq_note_member_id_purpose_subject_window_at"),
        ),
    )
    op.create_index("ix_note_inbox", "note", ["member_id", "news_at"])
    op.create_table(
        "note_choice",
        *_owner(),
        sa.Column("purpose", sa.String(length=30), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        *_belongs("note_choice"),
        sa.CheckConstraint(
            "channel IN ('in_app', 'email', 'push')", name=op.f("ck_note_choice_channel")
        ),
        sa.PrimaryKeyConstraint("member_id", "purpose", "channel", name=op.f("pk_note_choice")),
    )
    op.create_table(
        "note_setting",
        *_owner(),
        sa.Column("store_id", sa.String(length=26), nullable=True),
        sa.Column("quiet_from", sa.Integer(), nullable=False),
        sa.Column("quiet_until", sa.Integer(), nullable=False),
        sa.Column("locale", sa.String(length=20), nullable=False),
        *_belongs("note_setting"),
        sa.ForeignKeyConstraint(
            ["store_id"], ["store.id"], name=op.f("fk_note_setting_store_id_store")
        ),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_note_setting")),
    )
    op.create_table(
        "range_sign_up",
        *_owner(),
        sa.Column("category_code", sa.String(length=60), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        *_belongs("range_sign_up"),
        sa.PrimaryKeyConstraint("member_id", "category_code", name=op.f("pk_range_sign_up")),
    )
    op.create_index("ix_range_sign_up_category", "range_sign_up", ["brand_id", "category_code"])
    op.create_table(
        "push_subscription",
        sa.Column("id", sa.String(length=26), nullable=False),
        *_owner(),
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("endpoint_hash", sa.String(length=64), nullable=False),
        sa.Column("p256dh", sa.String(length=120), nullable=False),
        sa.Column("auth", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        *_belongs("push_subscription"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_push_subscription")),
        sa.UniqueConstraint("endpoint_hash", name=op.f("uq_push_subscription_endpoint_hash")),
    )
    op.create_index(
        op.f("ix_push_subscription_member_id"), "push_subscription", ["member_id"]
    )
    op.create_table(
        "refused_mail",
        *_owner(),
        sa.Column("refusals", sa.Integer(), nullable=False),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=False),
        *_belongs("refused_mail"),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_refused_mail")),
    )


def downgrade() -> None:
    op.drop_table("refused_mail")
    op.drop_index(op.f("ix_push_subscription_member_id"), table_name="push_subscription")
    op.drop_table("push_subscription")
    op.drop_index("ix_range_sign_up_category", table_name="range_sign_up")
    op.drop_table("range_sign_up")
    op.drop_table("note_setting")
    op.drop_table("note_choice")
    op.drop_index("ix_note_inbox", table_name="note")
    op.drop_table("note")


def _owner() -> list[sa.Column]:
    """The member whom a row is about, and their brand."""
    return [
        sa.Column("member_id", sa.String(length=26), nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
    ]


def _belongs(table: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint(
            [f"{owner}_id"], [f"{owner}.id"], name=op.f(f"fk_{table}_{owner}_id_{owner}")
        )
        for owner in ("brand", "member")
    ]
