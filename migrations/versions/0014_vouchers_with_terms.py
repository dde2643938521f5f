"""Vouchers share terms; redemptions, their uses, rollbacks, budgets and batches.

Revision ID: 0014
Revises: 0013
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op
from ulid import ULID


revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_OLD_WORTH = (
    "kind = 'amount' AND value > 0 AND currency IS NOT NULL"
    " OR kind = 'percent' AND value BETWEEN 1 AND 100 AND currency IS NULL"
)
_OLD_STATES = "state IN ('issued', 'reserved', 'redeemed', 'void', 'expired')"


def upgrade() -> None:
    op.create_table('voucher_budget',
    sa.Column('programme_id', sa.String(length=26), nullable=False),
    sa.Column('campaign_id', sa.String(length=64), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('limit_minor', sa.BigInteger(), nullable=True),
    sa.Column('spent_minor', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('spent_minor >= 0', name=op.f('ck_voucher_budget_spent')),
    sa.PrimaryKeyConstraint('programme_id', 'campaign_id', name=op.f('pk_voucher_budget'))
    )
    op.create_table('voucher_redemption',
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('programme_id', sa.String(length=26), nullable=False),
    sa.Column('source', sa.String(length=160), nullable=False),
    sa.Column('fingerprint', sa.String(length=64), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('owner_id', sa.String(length=64), nullable=True),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('lines', sa.JSON(), nullable=False),
    sa.Column('refused', sa.JSON(), nullable=False),
    sa.Column('total_minor', sa.BigInteger(), nullable=False),
    sa.Column('discount_minor', sa.BigInteger(), nullable=False),
    sa.Column('sold_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reserved_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state IN ('reserved', 'redeemed', 'released', 'lapsed')", name=op.f('ck_voucher_redemption_state')),
    sa.CheckConstraint('discount_minor >= 0 AND discount_minor <= total_minor', name=op.f('ck_voucher_redemption_discount')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_voucher_redemption')),
    sa.UniqueConstraint('programme_id', 'source', name=op.f('uq_voucher_redemption_programme_id_source'))
    )
    with op.batch_alter_table('voucher_redemption') as batch_op:
        batch_op.create_index('ix_voucher_redemption_owner', ['programme_id', 'owner_id'], unique=False)

    op.create_table('voucher_terms',
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('programme_id', sa.String(length=26), nullable=False),
    sa.Column('source', sa.String(length=120), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('value', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=True),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('scope', sa.JSON(), nullable=False),
    sa.Column('minimum_minor', sa.BigInteger(), nullable=False),
    sa.Column('most_minor', sa.BigInteger(), nullable=True),
    sa.Column('uses', sa.Integer(), nullable=True),
    sa.Column('uses_per_owner', sa.Integer(), nullable=True),
    sa.Column('is_bound', sa.Boolean(), nullable=False),
    sa.Column('stacking', sa.String(length=10), nullable=False),
    sa.Column('priority', sa.Integer(), nullable=False),
    sa.Column('campaign_id', sa.String(length=64), nullable=True),
    sa.Column('agreed_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("stacking IN ('exclusive', 'stackable')", name=op.f('ck_voucher_terms_stacking')),
    sa.CheckConstraint("value > 0 AND (kind = 'amount' AND currency IS NOT NULL OR kind = 'percent' AND value <= 100 OR kind IN ('item', 'gift') AND value = 1)", name=op.f('ck_voucher_terms_worth')),
    sa.CheckConstraint('uses > 0 AND uses_per_owner > 0', name=op.f('ck_voucher_terms_uses')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_voucher_terms')),
    sa.UniqueConstraint('programme_id', 'source', name=op.f('uq_voucher_terms_programme_id_source'))
    )
    op.create_table('voucher_batch',
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('programme_id', sa.String(length=26), nullable=False),
    sa.Column('source', sa.String(length=120), nullable=False),
    sa.Column('terms_id', sa.String(length=26), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('made', sa.Integer(), nullable=False),
    sa.Column('valid_from', sa.DateTime(timezone=True), nullable=False),
    sa.Column('valid_until', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('voided_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['terms_id'], ['voucher_terms.id'], name=op.f('fk_voucher_batch_terms_id_voucher_terms')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_voucher_batch')),
    sa.UniqueConstraint('programme_id', 'source', name=op.f('uq_voucher_batch_programme_id_source'))
    )
    op.create_table('voucher_rollback',
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('redemption_id', sa.String(length=26), nullable=False),
    sa.Column('source', sa.String(length=160), nullable=False),
    sa.Column('fingerprint', sa.String(length=64), nullable=False),
    sa.Column('lines', sa.JSON(), nullable=False),
    sa.Column('discount_minor', sa.BigInteger(), nullable=False),
    sa.Column('paid_minor', sa.BigInteger(), nullable=False),
    sa.Column('rolled_back_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['redemption_id'], ['voucher_redemption.id'], name=op.f('fk_voucher_rollback_redemption_id_voucher_redemption')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_voucher_rollback')),
    sa.UniqueConstraint('redemption_id', 'source', name=op.f('uq_voucher_rollback_redemption_id_source'))
    )
    op.create_table('voucher_use',
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('redemption_id', sa.String(length=26), nullable=False),
    sa.Column('voucher_id', sa.String(length=26), nullable=False),
    sa.Column('terms_id', sa.String(length=26), nullable=False),
    sa.Column('owner_id', sa.String(length=64), nullable=True),
    sa.Column('discount_minor', sa.BigInteger(), nullable=False),
    sa.Column('lines', sa.JSON(), nullable=False),
    sa.Column('returned_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('discount_minor >= 0', name=op.f('ck_voucher_use_discount')),
    sa.ForeignKeyConstraint(['redemption_id'], ['voucher_redemption.id'], name=op.f('fk_voucher_use_redemption_id_voucher_redemption')),
    sa.ForeignKeyConstraint(['terms_id'], ['voucher_terms.id'], name=op.f('fk_voucher_use_terms_id_voucher_terms')),
    sa.ForeignKeyConstraint(['voucher_id'], ['voucher.id'], name=op.f('fk_voucher_use_voucher_id_voucher')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_voucher_use')),
    sa.UniqueConstraint('redemption_id', 'voucher_id', name=op.f('uq_voucher_use_redemption_id_voucher_id'))
    )
    with op.batch_alter_table('voucher_use') as batch_op:
        batch_op.create_index('ix_voucher_use_owner', ['terms_id', 'owner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_voucher_use_voucher_id'), ['voucher_id'], unique=False)
    _guard()
    with op.batch_alter_table('voucher') as batch_op:
        batch_op.add_column(sa.Column('terms_id', sa.String(length=26), nullable=True))
        batch_op.add_column(sa.Column('batch_id', sa.String(length=26), nullable=True))
        batch_op.add_column(sa.Column('uses_left', sa.Integer(), nullable=True))
    _agree_on_terms()
    with op.batch_alter_table('voucher') as batch_op:
        batch_op.drop_constraint(op.f('ck_voucher_worth'), type_='check')
        batch_op.drop_constraint(op.f('ck_voucher_state'), type_='check')
        batch_op.drop_column('currency')
        batch_op.drop_column('kind')
        batch_op.drop_column('value')
        batch_op.alter_column('terms_id', existing_type=sa.String(length=26), nullable=False)
        batch_op.create_check_constraint(op.f('ck_voucher_state'), "state IN ('issued', 'void', 'expired')")
        batch_op.create_check_constraint(op.f('ck_voucher_uses_left'), "uses_left >= 0")
        batch_op.create_index(batch_op.f('ix_voucher_batch_id'), ['batch_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_voucher_terms_id'), ['terms_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_voucher_terms_id_voucher_terms'), 'voucher_terms', ['terms_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_voucher_batch_id_voucher_batch'), 'voucher_batch', ['batch_id'], ['id'])


def _guard() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for table in ("voucher_terms", "voucher_rollback"):
        for verb in ("UPDATE", "DELETE"):
            action = (
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                if is_sqlite
                else "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            )
            name = f"{table}_refuses_{verb.lower()}"
            op.execute(f"CREATE TRIGGER {name} BEFORE {verb} ON {table} {action}")


def _agree_on_terms() -> None:
    """Vouchers of one worth were given under the same terms: once, for anything, shown by anybody."""
    metadata = sa.MetaData()
    voucher = sa.Table("voucher", metadata, autoload_with=op.get_bind())
    terms = sa.Table("voucher_terms", metadata, autoload_with=op.get_bind())
    worth = (voucher.c.programme_id, voucher.c.kind, voucher.c.value, voucher.c.currency)
    for programme_id, kind, value, currency in op.get_bind().execute(sa.select(*worth).distinct()).all():
        terms_id = str(ULID())
        op.get_bind().execute(sa.insert(terms).values(
            id=terms_id, programme_id=programme_id, source=f"worth:{kind}:{value}:{currency}",
            kind=kind, value=value, currency=currency, title="",
            scope={"includes": [], "excludes": [], "places": []},
            minimum_minor=0, uses=1, is_bound=False, stacking="exclusive", priority=0,
            agreed_at=datetime.now(UTC),
        ))
        op.get_bind().execute(sa.update(voucher).where(
            voucher.c.programme_id == programme_id, voucher.c.kind == kind,
            voucher.c.value == value, voucher.c.currency.is_not_distinct_from(currency),
        ).values(terms_id=terms_id, uses_left=1))
    used = voucher.c.state.in_(("reserved", "redeemed"))
    op.get_bind().execute(sa.update(voucher).where(used).values(state="issued", uses_left=0))


def downgrade() -> None:
    with op.batch_alter_table('voucher') as batch_op:
        batch_op.add_column(sa.Column('kind', sa.String(length=10), nullable=True))
        batch_op.add_column(sa.Column('value', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('currency', sa.String(length=3), nullable=True))
    op.execute("DELETE FROM voucher_use")
    op.execute("DELETE FROM voucher WHERE terms_id IN"
               " (SELECT id FROM voucher_terms WHERE kind NOT IN ('amount', 'percent'))")
    for name in ("kind", "value", "currency"):
        op.execute(f"UPDATE voucher SET {name} = (SELECT {name} FROM voucher_terms"
                   " WHERE voucher_terms.id = voucher.terms_id)")
    op.execute("UPDATE voucher SET currency = NULL WHERE kind = 'percent'")
    op.execute("UPDATE voucher SET state = 'void' WHERE uses_left = 0 AND state = 'issued'")
    with op.batch_alter_table('voucher') as batch_op:
        batch_op.drop_constraint(op.f('ck_voucher_state'), type_='check')
        batch_op.drop_constraint(op.f('ck_voucher_uses_left'), type_='check')
        batch_op.drop_constraint(op.f('fk_voucher_terms_id_voucher_terms'), type_='foreignkey')
        batch_op.drop_constraint(op.f('fk_voucher_batch_id_voucher_batch'), type_='foreignkey')
        batch_op.drop_index('ix_voucher_terms_id')
        batch_op.drop_index('ix_voucher_batch_id')
        batch_op.drop_column('terms_id')
        batch_op.drop_column('batch_id')
        batch_op.drop_column('uses_left')
        batch_op.alter_column('kind', existing_type=sa.String(length=10), nullable=False)
        batch_op.alter_column('value', existing_type=sa.Integer(), nullable=False)
        batch_op.create_check_constraint(op.f('ck_voucher_worth'), _OLD_WORTH)
        batch_op.create_check_constraint(op.f('ck_voucher_state'), _OLD_STATES)
    for table in ("voucher_use", "voucher_rollback", "voucher_batch", "voucher_terms",
                  "voucher_redemption", "voucher_budget"):
        op.drop_table(table)
