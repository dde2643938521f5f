"""Points that wait, points that end, and what earned them.

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

GUARDED = ("ledger_lot_move", "earning_terms", "earning_award", "earning_award_part")
OLD_CHECKS = {
    "never_below_zero": "kind <> 'member' OR balance >= 0 OR owes",
    "owner": "(kind = 'member') = (owner_id <> '')",
}
NEW_CHECKS = {
    "never_below_zero": "kind NOT IN ('member', 'pending') OR balance >= 0"
    " OR (owes AND kind = 'member')",
    "owner": "(kind IN ('member', 'pending')) = (owner_id <> '')",
}


def upgrade() -> None:
    _replace_checks(NEW_CHECKS)
    _make_lots()
    _make_earning()
    _guard()


def _replace_checks(checks: dict[str, str]) -> None:
    with op.batch_alter_table("ledger_account") as batch:
        for name, condition in checks.items():
            batch.drop_constraint(op.f(f"ck_ledger_account_{name}"), type_="check")
            batch.create_check_constraint(op.f(f"ck_ledger_account_{name}"), condition)


def _make_lots() -> None:
    op.create_table(
        "ledger_lot",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("transaction_id", sa.String(length=26), nullable=False),
        sa.Column("account_id", sa.String(length=26), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened", sa.BigInteger(), nullable=False),
        sa.Column("remaining", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "remaining >= 0 AND remaining <= opened", name=op.f("ck_ledger_lot_remaining")
        ),
        sa.ForeignKeyConstraint(
            ["transaction_id"],
            ["ledger_transaction.id"],
            name=op.f("fk_ledger_lot_transaction_id_ledger_transaction"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["ledger_account.id"],
            name=op.f("fk_ledger_lot_account_id_ledger_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_lot")),
        sa.UniqueConstraint(
            "transaction_id", "account_id", name=op.f("uq_ledger_lot_transaction_id_account_id")
        ),
    )
    op.create_index(
        "ix_ledger_lot_open",
        "ledger_lot",
        ["account_id", "ends_at", "id"],
        sqlite_where=sa.text("remaining > 0"),
        postgresql_where=sa.text("remaining > 0"),
    )
    op.create_table(
        "ledger_lot_move",
        sa.Column("lot_id", sa.String(length=26), nullable=False),
        sa.Column("transaction_id", sa.String(length=26), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_ledger_lot_move_amount")),
        sa.ForeignKeyConstraint(
            ["lot_id"], ["ledger_lot.id"], name=op.f("fk_ledger_lot_move_lot_id_ledger_lot")
        ),
        sa.ForeignKeyConstraint(
            ["transaction_id"],
            ["ledger_transaction.id"],
            name=op.f("fk_ledger_lot_move_transaction_id_ledger_transaction"),
        ),
        sa.PrimaryKeyConstraint("lot_id", "transaction_id", name=op.f("pk_ledger_lot_move")),
    )
    op.create_index(
        op.f("ix_ledger_lot_move_transaction_id"), "ledger_lot_move", ["transaction_id"]
    )


def _make_earning() -> None:
    op.create_table(
        "earning_terms",
        sa.Column("programme_id", sa.String(length=26), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("programme_id", "version", name=op.f("pk_earning_terms")),
    )
    op.create_table(
        "earning_owner",
        sa.Column("programme_id", sa.String(length=26), nullable=False),
        sa.Column("owner_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("programme_id", "owner_id", name=op.f("pk_earning_owner")),
    )
    op.create_table(
        "earning_award",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("programme_id", sa.String(length=26), nullable=False),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("owner_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("basket", sa.JSON(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('basket', 'action')", name=op.f("ck_earning_award_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_earning_award")),
        sa.UniqueConstraint(
            "programme_id", "source", name=op.f("uq_earning_award_programme_id_source")
        ),
    )
    op.create_index(
        "ix_earning_award_owner", "earning_award", ["programme_id", "owner_id", "happened_at"]
    )
    op.create_table(
        "earning_award_part",
        sa.Column("award_id", sa.String(length=26), nullable=False),
        sa.Column("rule_id", sa.String(length=40), nullable=False),
        sa.Column("line_id", sa.String(length=64), nullable=False),
        sa.Column("wallet", sa.String(length=20), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("points > 0", name=op.f("ck_earning_award_part_points")),
        sa.ForeignKeyConstraint(
            ["award_id"],
            ["earning_award.id"],
            name=op.f("fk_earning_award_part_award_id_earning_award"),
        ),
        sa.PrimaryKeyConstraint(
            "award_id", "rule_id", "line_id", name=op.f("pk_earning_award_part")
        ),
    )


def _guard() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for table in GUARDED:
        for verb in ("UPDATE", "DELETE"):
            action = (
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                if is_sqlite
                else "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            )
            name = f"{table}_refuses_{verb.lower()}"
            op.execute(f"CREATE TRIGGER {name} BEFORE {verb} ON {table} {action}")


def downgrade() -> None:
    for table in (
        "earning_award_part",
        "earning_award",
        "earning_owner",
        "earning_terms",
        "ledger_lot_move",
        "ledger_lot",
    ):
        op.drop_table(table)
    _replace_checks(OLD_CHECKS)
