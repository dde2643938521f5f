"""The function with which a like passes its gate and asks for closed seasons in one statement.

Revision ID: 0002
Revises: 0001
"""

from alembic import op


revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            """
            CREATE OR REPLACE FUNCTION closed_end_behind_gate(
                gate bigint, programme text, instant timestamptz
            ) RETURNS timestamptz LANGUAGE plpgsql VOLATILE AS $$
            BEGIN
                PERFORM pg_advisory_xact_lock_shared(gate);
                RETURN (
                    SELECT max(ends_at) FROM season
                    WHERE programme_id = programme AND closed_at IS NOT NULL AND ends_at > instant
                );
            END $$
            """
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION closed_end_behind_gate(bigint, text, timestamptz)")
