"""Phones that are linked to rooms, languages of their screens, and requests with all their steps.

Also how many people like looks with a style, counted as crowds are.

Revision ID: 0043
Revises: 0042
"""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

WHEN = sa.DateTime(timezone=True)
STATES = "state IN ('asked', 'accepted', 'on_way', 'at_door', 'done', 'cancelled')"
STATES_BEFORE = "state IN ('asked', 'accepted', 'at_door', 'done', 'cancelled')"
OPEN_CALL = sa.text("ended_at IS NULL AND variant_id IS NULL")


def upgrade() -> None:
    with op.batch_alter_table("room_session") as batch_op:
        language = sa.Column("language", sa.String(length=8), server_default="", nullable=False)
        batch_op.add_column(language)
        batch_op.add_column(sa.Column("link_hash", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("link_until", WHEN, nullable=True))
        batch_op.add_column(sa.Column("link_used_at", WHEN, nullable=True))
        batch_op.create_unique_constraint("uq_room_session_link_hash", ["link_hash"])
    with op.batch_alter_table("room_request") as batch_op:
        batch_op.alter_column("variant_id", existing_type=sa.String(length=26), nullable=True)
        batch_op.add_column(sa.Column("late_at", WHEN, nullable=True))
        batch_op.add_column(sa.Column("on_way_at", WHEN, nullable=True))
        how = sa.Column("ended_how", sa.String(length=8), server_default="", nullable=False)
        batch_op.add_column(how)
        batch_op.drop_constraint(op.f("ck_room_request_state"), type_="check")
        batch_op.create_check_constraint(op.f("ck_room_request_state"), STATES)
        batch_op.create_index("ix_room_request_store_asked", ["store_id", "asked_at"])
        batch_op.create_index(
            "uq_room_request_open_call",
            ["session_id"],
            unique=True,
            sqlite_where=OPEN_CALL,
            postgresql_where=OPEN_CALL,
        )
    op.create_table(
        "room_link",
        *(sa.Column(name, sa.String(length=26), nullable=False) for name in _LINK),
        sa.Column("linked_at", WHEN, nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [f"{name}_id"], [f"{table}.id"], name=f"fk_room_link_{name}_id_{table}"
            )
            for name, table in _LINKED
        ),
        sa.PrimaryKeyConstraint("zone_id", name="pk_room_link"),
        sa.UniqueConstraint("id", name="uq_room_link_id"),
        sa.UniqueConstraint("member_id", name="uq_room_link_member_id"),
    )
    op.create_table(
        "style_likers",
        sa.Column("style_id", sa.String(length=26), nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("counted_at", WHEN, nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name="fk_style_likers_brand_id_brand"),
        sa.ForeignKeyConstraint(["style_id"], ["style.id"], name="fk_style_likers_style_id_style"),
        sa.PrimaryKeyConstraint("style_id", name="pk_style_likers"),
    )
    op.create_index("ix_style_likers_brand_id", "style_likers", ["brand_id"])


def downgrade() -> None:
    op.drop_table("style_likers")
    op.drop_table("room_link")
    op.execute("DELETE FROM room_request WHERE variant_id IS NULL")
    op.execute("UPDATE room_request SET state = 'accepted' WHERE state = 'on_way'")
    with op.batch_alter_table("room_request") as batch_op:
        batch_op.drop_index("uq_room_request_open_call")
        batch_op.drop_index("ix_room_request_store_asked")
        batch_op.drop_constraint(op.f("ck_room_request_state"), type_="check")
        batch_op.create_check_constraint(op.f("ck_room_request_state"), STATES_BEFORE)
        for name in ("ended_how", "on_way_at", "late_at"):
            batch_op.drop_column(name)
        batch_op.alter_column("variant_id", existing_type=sa.String(length=26), nullable=False)
    with op.batch_alter_table("room_session") as batch_op:
        batch_op.drop_constraint("uq_room_session_link_hash", type_="unique")
        for name in ("link_used_at", "link_until", "link_hash", "language"):
            batch_op.drop_column(name)


_LINK = ("zone_id", "id", "brand_id", "store_id", "session_id", "member_id")
_LINKED = (
    ("zone", "floor_zone"),
    ("brand", "brand"),
    ("store", "store"),
    ("session", "room_session"),
    ("member", "member"),
)
