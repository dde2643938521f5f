"""Every table of the foundation.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op


revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "board",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("programme_id", sa.String(length=26), nullable=False),
        sa.Column("scope_kind", sa.String(length=10), nullable=False),
        sa.Column("scope_id", sa.String(length=26), nullable=False),
        sa.Column("cadence", sa.String(length=10), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("prizes", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("cadence IN ('week', 'month')", name=op.f("ck_board_cadence")),
        sa.CheckConstraint("scope_kind IN ('brand', 'store')", name=op.f("ck_board_scope_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board")),
        sa.UniqueConstraint(
            "programme_id",
            "scope_kind",
            "scope_id",
            "cadence",
            name=op.f("uq_board_programme_id_scope_kind_scope_id_cadence"),
        ),
    )
    op.create_table(
        "brand",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("locale", sa.String(length=20), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("consent_epoch", sa.Integer(), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_brand")),
        sa.UniqueConstraint("slug", name=op.f("uq_brand_slug")),
    )
    op.create_table(
        "event",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_event_happened_at"), "event", ["happened_at"], unique=False)
    op.create_table(
        "job",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=True),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sa.UniqueConstraint("key", name=op.f("uq_job_key")),
    )
    op.create_index("ix_job_open", "job", ["done_at", "failed_at", "due_at"], unique=False)
    op.create_table(
        "ledger_account",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("programme_id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("owner_id", sa.String(length=64), nullable=False),
        sa.Column("wallet", sa.String(length=20), nullable=False),
        sa.Column("balance", sa.BigInteger(), nullable=False),
        sa.Column("owes", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'member') = (owner_id <> '')", name=op.f("ck_ledger_account_owner")
        ),
        sa.CheckConstraint(
            "kind <> 'member' OR balance >= 0 OR owes",
            name=op.f("ck_ledger_account_never_below_zero"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_account")),
        sa.UniqueConstraint(
            "programme_id",
            "kind",
            "owner_id",
            "wallet",
            name=op.f("uq_ledger_account_programme_id_kind_owner_id_wallet"),
        ),
    )
    op.create_table(
        "ledger_transaction",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("programme_id", sa.String(length=26), nullable=False),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("reason", sa.String(length=60), nullable=False),
        sa.Column("reverses_id", sa.String(length=26), nullable=True),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["reverses_id"],
            ["ledger_transaction.id"],
            name=op.f("fk_ledger_transaction_reverses_id_ledger_transaction"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_transaction")),
        sa.UniqueConstraint(
            "programme_id", "source", name=op.f("uq_ledger_transaction_programme_id_source")
        ),
    )
    op.create_index(
        op.f("ix_ledger_transaction_reverses_id"),
        "ledger_transaction",
        ["reverses_id"],
        unique=False,
    )
    op.create_table(
        "like_delta",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.Column("store_id", sa.String(length=26), nullable=False),
        sa.Column("outfit_id", sa.String(length=26), nullable=False),
        sa.Column("stylist_id", sa.String(length=26), nullable=False),
        sa.Column("delta", sa.Integer(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_announced", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_like_delta")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_like_delta_outfit", "like_delta", ["outfit_id", "delta"], unique=False)
    op.create_table(
        "participant",
        sa.Column("programme_id", sa.String(length=26), nullable=False),
        sa.Column("owner_id", sa.String(length=64), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("programme_id", "owner_id", name=op.f("pk_participant")),
    )
    op.create_table(
        "replay",
        sa.Column("scope", sa.String(length=120), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("scope", "key", name=op.f("pk_replay")),
    )
    op.create_index(op.f("ix_replay_answered_at"), "replay", ["answered_at"], unique=False)
    op.create_table(
        "voucher",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("programme_id", sa.String(length=26), nullable=False),
        sa.Column("owner_id", sa.String(length=64), nullable=True),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("last_four", sa.String(length=4), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind = 'amount' AND value > 0 AND currency IS NOT NULL OR kind = 'percent' AND value BETWEEN 1 AND 100 AND currency IS NULL",
            name=op.f("ck_voucher_worth"),
        ),
        sa.CheckConstraint(
            "state IN ('issued', 'reserved', 'redeemed', 'void', 'expired')",
            name=op.f("ck_voucher_state"),
        ),
        sa.CheckConstraint("valid_from < valid_until", name=op.f("ck_voucher_validity")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voucher")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_voucher_code_hash")),
        sa.UniqueConstraint("programme_id", "source", name=op.f("uq_voucher_programme_id_source")),
    )
    op.create_index("ix_voucher_expiry", "voucher", ["state", "valid_until"], unique=False)
    op.create_index(
        "ix_voucher_owner", "voucher", ["programme_id", "owner_id", "valid_until"], unique=False
    )
    op.create_table(
        "category",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("is_never_shareable", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["brand_id"], ["brand.id"], name=op.f("fk_category_brand_id_brand")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_category")),
        sa.UniqueConstraint("brand_id", "code", name=op.f("uq_category_brand_id_code")),
    )
    op.create_table(
        "ledger_leg",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("transaction_id", sa.String(length=26), nullable=False),
        sa.Column("account_id", sa.String(length=26), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("balance_after", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_ledger_leg_amount")),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["ledger_account.id"],
            name=op.f("fk_ledger_leg_account_id_ledger_account"),
        ),
        sa.ForeignKeyConstraint(
            ["transaction_id"],
            ["ledger_transaction.id"],
            name=op.f("fk_ledger_leg_transaction_id_ledger_transaction"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_leg")),
        sa.UniqueConstraint(
            "transaction_id", "account_id", name=op.f("uq_ledger_leg_transaction_id_account_id")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_ledger_leg_statement", "ledger_leg", ["account_id", "id"], unique=False)
    op.create_table(
        "member",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("display_name", sa.String(length=60), nullable=False),
        sa.Column("sizes", sa.JSON(), nullable=False),
        sa.Column("birth_on", sa.Date(), nullable=True),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_member_brand_id_brand")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member")),
        sa.UniqueConstraint("brand_id", "email", name=op.f("uq_member_brand_id_email")),
    )
    op.create_table(
        "receipt_import",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.Column("file_fingerprint", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("rows_total", sa.Integer(), nullable=False),
        sa.Column("rows_done", sa.Integer(), nullable=False),
        sa.Column("receipts_new", sa.Integer(), nullable=False),
        sa.Column("receipts_known", sa.Integer(), nullable=False),
        sa.Column("problems_total", sa.Integer(), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["brand_id"], ["brand.id"], name=op.f("fk_receipt_import_brand_id_brand")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt_import")),
        sa.UniqueConstraint(
            "brand_id", "file_fingerprint", name=op.f("uq_receipt_import_brand_id_file_fingerprint")
        ),
    )
    op.create_table(
        "season",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("board_id", sa.String(length=26), nullable=False),
        sa.Column("programme_id", sa.String(length=26), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("like_weight", sa.Integer(), nullable=False),
        sa.Column("purchase_weight", sa.Integer(), nullable=False),
        sa.Column("prizes", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "closed_at IS NULL OR closed_at >= ends_at", name=op.f("ck_season_closed_after_end")
        ),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_season_has_length")),
        sa.ForeignKeyConstraint(["board_id"], ["board.id"], name=op.f("fk_season_board_id_board")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_season")),
        sa.UniqueConstraint("board_id", "starts_at", name=op.f("uq_season_board_id_starts_at")),
    )
    op.create_index(
        "ix_season_open", "season", ["programme_id", "closed_at", "ends_at"], unique=False
    )
    op.create_table(
        "sign_in_code",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.Column("email_hash", sa.String(length=64), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["brand_id"], ["brand.id"], name=op.f("fk_sign_in_code_brand_id_brand")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_code")),
    )
    op.create_index(
        op.f("ix_sign_in_code_brand_id_email_hash_created_at"),
        "sign_in_code",
        ["brand_id", "email_hash", "created_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_sign_in_code_created_at"), "sign_in_code", ["created_at"], unique=False
    )
    op.create_table(
        "store",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("locale", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_store_brand_id_brand")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_store")),
        sa.UniqueConstraint("brand_id", "slug", name=op.f("uq_store_brand_id_slug")),
    )
    op.create_table(
        "api_key",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.Column("store_id", sa.String(length=26), nullable=True),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_api_key_brand_id_brand")),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_api_key_store_id_store")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_key")),
    )
    op.create_index(op.f("ix_api_key_brand_id"), "api_key", ["brand_id"], unique=False)
    op.create_table(
        "consent",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.Column("member_id", sa.String(length=26), nullable=False),
        sa.Column("purpose", sa.String(length=30), nullable=False),
        sa.Column("audience", sa.String(length=60), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("notice_version", sa.String(length=20), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_consent_brand_id_brand")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_consent_member_id_member")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    op.create_index(op.f("ix_consent_member_id"), "consent", ["member_id"], unique=False)
    op.create_index(
        "uq_consent_in_force",
        "consent",
        ["member_id", "purpose"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.create_table(
        "final_standing",
        sa.Column("season_id", sa.String(length=26), nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.String(length=64), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("reached_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["season_id"], ["season.id"], name=op.f("fk_final_standing_season_id_season")
        ),
        sa.PrimaryKeyConstraint("season_id", "place", name=op.f("pk_final_standing")),
        sa.UniqueConstraint(
            "season_id", "owner_id", name=op.f("uq_final_standing_season_id_owner_id")
        ),
    )
    op.create_table(
        "member_session",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.Column("member_id", sa.String(length=26), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["brand_id"], ["brand.id"], name=op.f("fk_member_session_brand_id_brand")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_member_session_member_id_member")
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_member_session")),
    )
    op.create_index(op.f("ix_member_session_ends_at"), "member_session", ["ends_at"], unique=False)
    op.create_index(
        op.f("ix_member_session_member_id"), "member_session", ["member_id"], unique=False
    )
    op.create_table(
        "prize_grant",
        sa.Column("season_id", sa.String(length=26), nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("owner_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["season_id"], ["season.id"], name=op.f("fk_prize_grant_season_id_season")
        ),
        sa.PrimaryKeyConstraint("season_id", "place", name=op.f("pk_prize_grant")),
        sa.UniqueConstraint("source", name=op.f("uq_prize_grant_source")),
    )
    op.create_index(op.f("ix_prize_grant_owner_id"), "prize_grant", ["owner_id"], unique=False)
    op.create_table(
        "receipt",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.Column("store_id", sa.String(length=26), nullable=False),
        sa.Column("till", sa.String(length=20), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("sold_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("total_minor", sa.BigInteger(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=8), nullable=False),
        sa.Column("member_id", sa.String(length=26), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_member_known", sa.Boolean(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("code_hash", sa.String(length=64), nullable=True),
        sa.Column("code_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claim_ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_receipt_brand_id_brand")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_receipt_member_id_member")
        ),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_receipt_store_id_store")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt")),
        sa.UniqueConstraint(
            "store_id", "till", "number", name=op.f("uq_receipt_store_id_till_number")
        ),
        sa.UniqueConstraint("token_hash", name=op.f("uq_receipt_token_hash")),
    )
    op.create_index(
        op.f("ix_receipt_brand_id_sold_at"), "receipt", ["brand_id", "sold_at"], unique=False
    )
    op.create_index(op.f("ix_receipt_code_hash"), "receipt", ["code_hash"], unique=False)
    op.create_index(
        op.f("ix_receipt_member_id_sold_at"), "receipt", ["member_id", "sold_at"], unique=False
    )
    op.create_table(
        "receipt_import_chunk",
        sa.Column("import_id", sa.String(length=26), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["receipt_import.id"],
            name=op.f("fk_receipt_import_chunk_import_id_receipt_import"),
        ),
        sa.PrimaryKeyConstraint("import_id", "position", name=op.f("pk_receipt_import_chunk")),
    )
    op.create_table(
        "score_band",
        sa.Column("season_id", sa.String(length=26), nullable=False),
        sa.Column("width", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("lowest", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("owners", sa.Integer(), nullable=False),
        sa.CheckConstraint("owners >= 0", name=op.f("ck_score_band_owners")),
        sa.ForeignKeyConstraint(
            ["season_id"], ["season.id"], name=op.f("fk_score_band_season_id_season")
        ),
        sa.PrimaryKeyConstraint("season_id", "width", "lowest", name=op.f("pk_score_band")),
    )
    op.create_table(
        "standing",
        sa.Column("season_id", sa.String(length=26), nullable=False),
        sa.Column("owner_id", sa.String(length=64), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("reached_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("score > 0", name=op.f("ck_standing_score")),
        sa.ForeignKeyConstraint(
            ["season_id"], ["season.id"], name=op.f("fk_standing_season_id_season")
        ),
        sa.PrimaryKeyConstraint("season_id", "owner_id", name=op.f("pk_standing")),
    )
    op.create_index(
        "ix_standing_order",
        "standing",
        ["season_id", sa.literal_column("score DESC"), "reached_at", "owner_id"],
        unique=False,
    )
    op.create_table(
        "style",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("category_code", sa.String(length=60), nullable=False),
        sa.Column("story", sa.Text(), nullable=False),
        sa.Column("designer", sa.String(length=120), nullable=False),
        sa.Column("origin", sa.String(length=120), nullable=False),
        sa.Column("press", sa.JSON(), nullable=False),
        sa.Column("worn_by", sa.JSON(), nullable=False),
        sa.Column("drawing", sa.String(length=40), nullable=True),
        sa.Column("picture", sa.String(length=500), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["brand_id", "category_code"],
            ["category.brand_id", "category.code"],
            name=op.f("fk_style_brand_id_category_code_category"),
        ),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_style_brand_id_brand")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_style")),
        sa.UniqueConstraint("brand_id", "code", name=op.f("uq_style_brand_id_code")),
    )
    op.create_table(
        "till",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.Column("store_id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_till_brand_id_brand")),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_till_store_id_store")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_till")),
        sa.UniqueConstraint("store_id", "number", name=op.f("uq_till_store_id_number")),
    )
    op.create_index(op.f("ix_till_brand_id"), "till", ["brand_id"], unique=False)
    op.create_table(
        "outfit",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.Column("store_id", sa.String(length=26), nullable=False),
        sa.Column("member_id", sa.String(length=26), nullable=False),
        sa.Column("receipt_id", sa.String(length=26), nullable=False),
        sa.Column("caption", sa.String(length=80), nullable=False),
        sa.Column("background", sa.String(length=12), nullable=False),
        sa.Column("audience", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("has_points_ad", sa.Boolean(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("audience IN ('only_me', 'everyone')", name=op.f("ck_outfit_audience")),
        sa.CheckConstraint("state IN ('draft', 'published', 'away')", name=op.f("ck_outfit_state")),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_outfit_brand_id_brand")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_outfit_member_id_member")
        ),
        sa.ForeignKeyConstraint(
            ["receipt_id"], ["receipt.id"], name=op.f("fk_outfit_receipt_id_receipt")
        ),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_outfit_store_id_store")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outfit")),
        sa.UniqueConstraint("receipt_id", "member_id", name=op.f("uq_outfit_receipt_id_member_id")),
    )
    op.create_index("ix_outfit_member", "outfit", ["member_id", "created_at"], unique=False)
    op.create_index(
        "ix_outfit_wall", "outfit", ["brand_id", "state", "audience", "published_at"], unique=False
    )
    op.create_table(
        "receipt_return",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("receipt_id", sa.String(length=26), nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["brand_id"], ["brand.id"], name=op.f("fk_receipt_return_brand_id_brand")
        ),
        sa.ForeignKeyConstraint(
            ["receipt_id"], ["receipt.id"], name=op.f("fk_receipt_return_receipt_id_receipt")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt_return")),
        sa.UniqueConstraint(
            "receipt_id", "number", name=op.f("uq_receipt_return_receipt_id_number")
        ),
    )
    op.create_table(
        "variant",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.Column("style_id", sa.String(length=26), nullable=False),
        sa.Column("sku", sa.String(length=60), nullable=False),
        sa.Column("gtin", sa.String(length=14), nullable=True),
        sa.Column("colour_name", sa.String(length=60), nullable=False),
        sa.Column("colours", sa.JSON(), nullable=False),
        sa.Column("size", sa.String(length=20), nullable=False),
        sa.Column("price_minor", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.CheckConstraint("price_minor >= 0", name=op.f("ck_variant_price_not_negative")),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_variant_brand_id_brand")),
        sa.ForeignKeyConstraint(["style_id"], ["style.id"], name=op.f("fk_variant_style_id_style")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_variant")),
        sa.UniqueConstraint("brand_id", "gtin", name=op.f("uq_variant_brand_id_gtin")),
        sa.UniqueConstraint("brand_id", "sku", name=op.f("uq_variant_brand_id_sku")),
    )
    op.create_index(op.f("ix_variant_style_id"), "variant", ["style_id"], unique=False)
    op.create_table(
        "like_total",
        sa.Column("outfit_id", sa.String(length=26), nullable=False),
        sa.Column("likes", sa.Integer(), nullable=False),
        sa.CheckConstraint("likes >= 0", name=op.f("ck_like_total_likes")),
        sa.ForeignKeyConstraint(
            ["outfit_id"], ["outfit.id"], name=op.f("fk_like_total_outfit_id_outfit")
        ),
        sa.PrimaryKeyConstraint("outfit_id", name=op.f("pk_like_total")),
    )
    op.create_table(
        "line_item",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("receipt_id", sa.String(length=26), nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("gtin", sa.String(length=14), nullable=True),
        sa.Column("sku", sa.String(length=60), nullable=True),
        sa.Column("variant_id", sa.String(length=26), nullable=True),
        sa.Column("description", sa.String(length=120), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("total_minor", sa.BigInteger(), nullable=False),
        sa.Column("discount_minor", sa.BigInteger(), nullable=False),
        sa.Column("is_gift", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["brand_id"], ["brand.id"], name=op.f("fk_line_item_brand_id_brand")
        ),
        sa.ForeignKeyConstraint(
            ["receipt_id"], ["receipt.id"], name=op.f("fk_line_item_receipt_id_receipt")
        ),
        sa.ForeignKeyConstraint(
            ["variant_id"], ["variant.id"], name=op.f("fk_line_item_variant_id_variant")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line_item")),
        sa.UniqueConstraint(
            "receipt_id", "position", name=op.f("uq_line_item_receipt_id_position")
        ),
    )
    op.create_index(op.f("ix_line_item_variant_id"), "line_item", ["variant_id"], unique=False)
    op.create_table(
        "outfit_like",
        sa.Column("outfit_id", sa.String(length=26), nullable=False),
        sa.Column("member_id", sa.String(length=26), nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.Column("store_id", sa.String(length=26), nullable=False),
        sa.Column("stylist_id", sa.String(length=26), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_outfit_like_member_id_member")
        ),
        sa.ForeignKeyConstraint(
            ["outfit_id"], ["outfit.id"], name=op.f("fk_outfit_like_outfit_id_outfit")
        ),
        sa.PrimaryKeyConstraint("outfit_id", "member_id", name=op.f("pk_outfit_like")),
    )
    op.create_index(
        "ix_outfit_like_season", "outfit_like", ["brand_id", "counted_at"], unique=False
    )
    op.create_index(
        "ix_outfit_like_stylist", "outfit_like", ["stylist_id", "counted_at"], unique=False
    )
    op.create_table(
        "spent_like",
        sa.Column("outfit_id", sa.String(length=26), nullable=False),
        sa.Column("member_id", sa.String(length=26), nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["brand_id"], ["brand.id"], name=op.f("fk_spent_like_brand_id_brand")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_spent_like_member_id_member")
        ),
        sa.ForeignKeyConstraint(
            ["outfit_id"], ["outfit.id"], name=op.f("fk_spent_like_outfit_id_outfit")
        ),
        sa.PrimaryKeyConstraint("outfit_id", "member_id", name=op.f("pk_spent_like")),
    )
    op.create_table(
        "stock",
        sa.Column("store_id", sa.String(length=26), nullable=False),
        sa.Column("variant_id", sa.String(length=26), nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.Column("on_hand", sa.Integer(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("on_hand >= 0", name=op.f("ck_stock_on_hand_not_negative")),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_stock_brand_id_brand")),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_stock_store_id_store")),
        sa.ForeignKeyConstraint(
            ["variant_id"], ["variant.id"], name=op.f("fk_stock_variant_id_variant")
        ),
        sa.PrimaryKeyConstraint("store_id", "variant_id", name=op.f("pk_stock")),
    )
    op.create_index(op.f("ix_stock_brand_id"), "stock", ["brand_id"], unique=False)
    op.create_index(op.f("ix_stock_variant_id"), "stock", ["variant_id"], unique=False)
    op.create_table(
        "outfit_piece",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("outfit_id", sa.String(length=26), nullable=False),
        sa.Column("line_item_id", sa.String(length=26), nullable=False),
        sa.Column("variant_id", sa.String(length=26), nullable=False),
        sa.Column("x", sa.Integer(), nullable=False),
        sa.Column("y", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("rotation", sa.Integer(), nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("is_shown", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["line_item_id"], ["line_item.id"], name=op.f("fk_outfit_piece_line_item_id_line_item")
        ),
        sa.ForeignKeyConstraint(
            ["outfit_id"], ["outfit.id"], name=op.f("fk_outfit_piece_outfit_id_outfit")
        ),
        sa.ForeignKeyConstraint(
            ["variant_id"], ["variant.id"], name=op.f("fk_outfit_piece_variant_id_variant")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outfit_piece")),
        sa.UniqueConstraint(
            "outfit_id", "line_item_id", name=op.f("uq_outfit_piece_outfit_id_line_item_id")
        ),
    )
    op.create_table(
        "return_line",
        sa.Column("return_id", sa.String(length=26), nullable=False),
        sa.Column("line_item_id", sa.String(length=26), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["line_item_id"], ["line_item.id"], name=op.f("fk_return_line_line_item_id_line_item")
        ),
        sa.ForeignKeyConstraint(
            ["return_id"],
            ["receipt_return.id"],
            name=op.f("fk_return_line_return_id_receipt_return"),
        ),
        sa.PrimaryKeyConstraint("return_id", "line_item_id", name=op.f("pk_return_line")),
    )
    op.create_index(
        op.f("ix_return_line_line_item_id"), "return_line", ["line_item_id"], unique=False
    )
    _guard()


def downgrade() -> None:
    op.drop_index(op.f("ix_return_line_line_item_id"), table_name="return_line")
    op.drop_table("return_line")
    op.drop_table("outfit_piece")
    op.drop_index(op.f("ix_stock_variant_id"), table_name="stock")
    op.drop_index(op.f("ix_stock_brand_id"), table_name="stock")
    op.drop_table("stock")
    op.drop_table("spent_like")
    op.drop_index("ix_outfit_like_stylist", table_name="outfit_like")
    op.drop_index("ix_outfit_like_season", table_name="outfit_like")
    op.drop_table("outfit_like")
    op.drop_index(op.f("ix_line_item_variant_id"), table_name="line_item")
    op.drop_table("line_item")
    op.drop_table("like_total")
    op.drop_index(op.f("ix_variant_style_id"), table_name="variant")
    op.drop_table("variant")
    op.drop_table("receipt_return")
    op.drop_index("ix_outfit_wall", table_name="outfit")
    op.drop_index("ix_outfit_member", table_name="outfit")
    op.drop_table("outfit")
    op.drop_index(op.f("ix_till_brand_id"), table_name="till")
    op.drop_table("till")
    op.drop_table("style")
    op.drop_index("ix_standing_order", table_name="standing")
    op.drop_table("standing")
    op.drop_table("score_band")
    op.drop_table("receipt_import_chunk")
    op.drop_index(op.f("ix_receipt_member_id_sold_at"), table_name="receipt")
    op.drop_index(op.f("ix_receipt_code_hash"), table_name="receipt")
    op.drop_index(op.f("ix_receipt_brand_id_sold_at"), table_name="receipt")
    op.drop_table("receipt")
    op.drop_index(op.f("ix_prize_grant_owner_id"), table_name="prize_grant")
    op.drop_table("prize_grant")
    op.drop_index(op.f("ix_member_session_member_id"), table_name="member_session")
    op.drop_index(op.f("ix_member_session_ends_at"), table_name="member_session")
    op.drop_table("member_session")
    op.drop_table("final_standing")
    op.drop_index(
        "uq_consent_in_force",
        table_name="consent",
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.drop_index(op.f("ix_consent_member_id"), table_name="consent")
    op.drop_table("consent")
    op.drop_index(op.f("ix_api_key_brand_id"), table_name="api_key")
    op.drop_table("api_key")
    op.drop_table("store")
    op.drop_index(op.f("ix_sign_in_code_created_at"), table_name="sign_in_code")
    op.drop_index(op.f("ix_sign_in_code_brand_id_email_hash_created_at"), table_name="sign_in_code")
    op.drop_table("sign_in_code")
    op.drop_index("ix_season_open", table_name="season")
    op.drop_table("season")
    op.drop_table("receipt_import")
    op.drop_table("member")
    op.drop_index("ix_ledger_leg_statement", table_name="ledger_leg")
    op.drop_table("ledger_leg")
    op.drop_table("category")
    op.drop_index("ix_voucher_owner", table_name="voucher")
    op.drop_index("ix_voucher_expiry", table_name="voucher")
    op.drop_table("voucher")
    op.drop_index(op.f("ix_replay_answered_at"), table_name="replay")
    op.drop_table("replay")
    op.drop_table("participant")
    op.drop_index("ix_like_delta_outfit", table_name="like_delta")
    op.drop_table("like_delta")
    op.drop_index(op.f("ix_ledger_transaction_reverses_id"), table_name="ledger_transaction")
    op.drop_table("ledger_transaction")
    op.drop_table("ledger_account")
    op.drop_index("ix_job_open", table_name="job")
    op.drop_table("job")
    op.drop_index(op.f("ix_event_happened_at"), table_name="event")
    op.drop_table("event")
    op.drop_table("brand")
    op.drop_table("board")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION refuse_change()")


APPEND_ONLY = ("ledger_transaction", "ledger_leg", "final_standing", "prize_grant")


def _guard() -> None:
    """The database itself refuses to change what is append-only."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    if not is_sqlite:
        op.execute(
            """
            CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is append-only',
                    ERRCODE = 'integrity_constraint_violation';
            END $$
            """
        )
    for table in APPEND_ONLY:
        for verb in ("UPDATE", "DELETE"):
            name = f"{table}_refuses_{verb.lower()}"
            action = (
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                if is_sqlite
                else "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            )
            op.execute(f"CREATE TRIGGER {name} BEFORE {verb} ON {table} {action}")
