"""Consents by audience and channel, and the log of who looked.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op


revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "disclosure",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.Column("member_id", sa.String(length=26), nullable=False),
        sa.Column("viewer_kind", sa.String(length=20), nullable=False),
        sa.Column("viewer_id", sa.String(length=64), nullable=True),
        sa.Column("purpose", sa.String(length=60), nullable=False),
        sa.Column("what", sa.String(length=60), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["brand_id"], ["brand.id"], name=op.f("fk_disclosure_brand_id_brand")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_disclosure_member_id_member")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosure")),
    )
    op.create_index("ix_disclosure_member", "disclosure", ["member_id", "seen_at"], unique=False)
    op.create_table(
        "own_copy",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.Column("member_id", sa.String(length=26), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("parts_done", sa.Integer(), nullable=False),
        sa.Column("parts_total", sa.Integer(), nullable=False),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["brand_id"], ["brand.id"], name=op.f("fk_own_copy_brand_id_brand")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_own_copy_member_id_member")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_copy")),
        sa.UniqueConstraint("member_id", name=op.f("uq_own_copy_member_id")),
    )
    op.create_index(op.f("ix_own_copy_expires_at"), "own_copy", ["expires_at"], unique=False)
    with op.batch_alter_table("replay") as replay:
        replay.add_column(sa.Column("owner_id", sa.String(length=26), nullable=True))
        replay.create_index(op.f("ix_replay_owner_id"), ["owner_id"], unique=False)
    op.drop_index("uq_consent_in_force", table_name="consent")
    _into_cells()
    _index_consent(["member_id", "purpose", "audience", "channel"])


def downgrade() -> None:
    # One row for each purpose is all that the older version knows.
    op.execute(
        "DELETE FROM consent WHERE channel <> 'screen' AND withdrawn_at IS NULL AND EXISTS ("
        "SELECT 1 FROM consent AS same WHERE same.member_id = consent.member_id"
        " AND same.purpose = consent.purpose AND same.channel = 'screen'"
        " AND same.withdrawn_at IS NULL)"
    )
    op.drop_index("uq_consent_in_force", table_name="consent")
    _index_consent(["member_id", "purpose"])
    with op.batch_alter_table("replay") as replay:
        replay.drop_index(op.f("ix_replay_owner_id"))
        replay.drop_column("owner_id")
    op.drop_index(op.f("ix_own_copy_expires_at"), table_name="own_copy")
    op.drop_table("own_copy")
    op.drop_index("ix_disclosure_member", table_name="disclosure")
    op.drop_table("disclosure")


def _into_cells() -> None:
    """Turn each agreement, whose audience was a phrase, into one for each cell that it named."""
    op.execute("UPDATE consent SET audience = 'everyone', channel = 'screen'")
    # The id of the second cell begins as no ULID of this age does.
    op.execute(
        "INSERT INTO consent (id, brand_id, member_id, purpose, audience, channel,"
        " notice_version, given_at, withdrawn_at)"
        " SELECT '7' || substr(id, 2), brand_id, member_id, purpose, audience, 'web',"
        " notice_version, given_at, withdrawn_at FROM consent"
    )


def _index_consent(columns: list[str]) -> None:
    in_force = sa.text("withdrawn_at IS NULL")
    op.create_index(
        "uq_consent_in_force",
        "consent",
        columns,
        unique=True,
        sqlite_where=in_force,
        postgresql_where=in_force,
    )
