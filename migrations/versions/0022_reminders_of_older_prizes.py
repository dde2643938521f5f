"""Reminders of prizes that were given before anybody was reminded.

A reminder written here has the id of its award, so that taking this back finds these alone.

Revision ID: 0022
Revises: 0021
"""

from datetime import datetime, timedelta

import sqlalchemy as sa
from alembic import op


revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

KIND = "tell_of_prize_ending"
BEFORE = timedelta(days=3)
INSTANT = sa.DateTime(timezone=True)

award = sa.table(
    "award",
    sa.column("id", sa.String),
    sa.column("programme_id", sa.String),
    sa.column("source", sa.String),
    sa.column("kind", sa.String),
    sa.column("state", sa.String),
    sa.column("awarded_at", INSTANT),
    sa.column("claim_until", INSTANT),
)
voucher = sa.table(
    "voucher",
    sa.column("programme_id", sa.String),
    sa.column("source", sa.String),
    sa.column("state", sa.String),
    sa.column("uses_left", sa.Integer),
    sa.column("valid_from", INSTANT),
    sa.column("valid_until", INSTANT),
)
job = sa.table(
    "job",
    sa.column("id", sa.String),
    sa.column("kind", sa.String),
    sa.column("key", sa.String),
    sa.column("payload", sa.JSON),
    sa.column("due_at", INSTANT),
    sa.column("attempts", sa.Integer),
)


def upgrade() -> None:
    waiting = sa.select(award.c.id, award.c.awarded_at, award.c.claim_until).where(
        award.c.state == "open", award.c.claim_until.is_not(None)
    )
    unused = (
        sa.select(award.c.id, voucher.c.valid_from, voucher.c.valid_until)
        .join(
            voucher,
            (voucher.c.programme_id == award.c.programme_id)
            & (voucher.c.source == award.c.source),
        )
        .where(award.c.kind == "voucher", award.c.state == "given", voucher.c.state == "issued")
        .where(sa.or_(voucher.c.uses_left.is_(None), voucher.c.uses_left > 0))
    )
    bind = op.get_bind()
    known = set(bind.execute(sa.select(job.c.key).where(job.c.kind == KIND)).scalars())
    rows = [
        reminder(award_id, since, until)
        for statement in (waiting, unused)
        for award_id, since, until in bind.execute(statement)
        if f"{KIND}:{award_id}" not in known
    ]
    if rows:
        op.bulk_insert(job, rows)


def reminder(award_id: str, since: datetime, until: datetime) -> dict[str, object]:
    return {
        "id": award_id,
        "kind": KIND,
        "key": f"{KIND}:{award_id}",
        "payload": {"award_id": award_id},
        "due_at": until - min(BEFORE, (until - since) / 2),
        "attempts": 0,
    }


def downgrade() -> None:
    op.execute(
        sa.delete(job).where(job.c.kind == KIND, job.c.key == sa.literal(f"{KIND}:") + job.c.id)
    )
