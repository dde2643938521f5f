"""Friendships, invitations and blocks; looks for friends, and likes that score on no board.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_AUDIENCE = "ck_outfit_audience"
_IN_FORCE = sa.text("ended_at IS NULL")


def upgrade() -> None:
    _add_friendship()
    _add_invitation()
    _add_block()
    with op.batch_alter_table("outfit") as outfit:
        outfit.drop_constraint(op.f(_AUDIENCE), type_="check")
        outfit.create_check_constraint(
            op.f(_AUDIENCE), "audience IN ('only_me', 'friends', 'everyone')"
        )
    with op.batch_alter_table("outfit_like") as like:
        like.add_column(
            sa.Column("is_public", sa.Boolean(), server_default=sa.true(), nullable=False)
        )


def downgrade() -> None:
    op.execute("DELETE FROM outfit_like WHERE NOT is_public")
    op.execute("UPDATE outfit SET audience = 'only_me' WHERE audience = 'friends'")
    with op.batch_alter_table("outfit_like") as like:
        like.drop_column("is_public")
    with op.batch_alter_table("outfit") as outfit:
        outfit.drop_constraint(op.f(_AUDIENCE), type_="check")
        outfit.create_check_constraint(op.f(_AUDIENCE), "audience IN ('only_me', 'everyone')")
    op.drop_table("member_block")
    op.drop_table("friend_invitation")
    op.drop_table("friendship")


def _person(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=26), nullable=False)


def _add_friendship() -> None:
    op.create_table(
        "friendship",
        _person("member_id"),
        _person("friend_id"),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.Column("invitation_id", sa.String(length=26), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("member_id <> friend_id", name=op.f("ck_friendship_others")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_friendship_member_id_member")
        ),
        sa.ForeignKeyConstraint(
            ["friend_id"], ["member.id"], name=op.f("fk_friendship_friend_id_member")
        ),
        sa.ForeignKeyConstraint(
            ["brand_id"], ["brand.id"], name=op.f("fk_friendship_brand_id_brand")
        ),
        sa.PrimaryKeyConstraint("member_id", "friend_id", name=op.f("pk_friendship")),
    )


def _add_invitation() -> None:
    op.create_table(
        "friend_invitation",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        _person("member_id"),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("places_left", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "places_left BETWEEN 0 AND places", name=op.f("ck_friend_invitation_places_left")
        ),
        sa.ForeignKeyConstraint(
            ["brand_id"], ["brand.id"], name=op.f("fk_friend_invitation_brand_id_brand")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_friend_invitation_member_id_member")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_friend_invitation")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_friend_invitation_token_hash")),
    )
    op.create_index("ix_friend_invitation_member", "friend_invitation", ["member_id", "created_at"])
    op.create_index(op.f("ix_friend_invitation_expires_at"), "friend_invitation", ["expires_at"])


def _add_block() -> None:
    op.create_table(
        "member_block",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        _person("member_id"),
        _person("blocked_id"),
        sa.Column("blocked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["brand_id"], ["brand.id"], name=op.f("fk_member_block_brand_id_brand")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_member_block_member_id_member")
        ),
        sa.ForeignKeyConstraint(
            ["blocked_id"], ["member.id"], name=op.f("fk_member_block_blocked_id_member")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_block")),
    )
    op.create_index(
        "uq_member_block_in_force",
        "member_block",
        ["member_id", "blocked_id"],
        unique=True,
        sqlite_where=_IN_FORCE,
        postgresql_where=_IN_FORCE,
    )
    op.create_index(op.f("ix_member_block_member_id"), "member_block", ["member_id"])
    op.create_index(op.f("ix_member_block_blocked_id"), "member_block", ["blocked_id"])
