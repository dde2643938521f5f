"""What members hold themselves, where vouchers were used, and a basket on the phone.

Revision ID: 0030
Revises: 0029
"""

import sqlalchemy as sa
from alembic import op

import core.model

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

WAY_BACK = """
CREATE OR REPLACE FUNCTION refuse_way_back() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' never goes back',
        ERRCODE = 'integrity_constraint_violation';
END $$
"""
MOVES = "OLD.state <> 'issued' AND NEW.state <> OLD.state"
OWN_HOLD = "gives_way AND state = 'reserved'"


def upgrade() -> None:
    with op.batch_alter_table('voucher_redemption') as batch_op:
        batch_op.add_column(
            sa.Column('gives_way', sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.add_column(sa.Column('labels', sa.JSON(none_as_null=True), nullable=True))
    op.create_index(
        'uq_voucher_redemption_own_hold',
        'voucher_redemption',
        ['programme_id', 'owner_id'],
        unique=True,
        sqlite_where=sa.text(OWN_HOLD),
        postgresql_where=sa.text(OWN_HOLD),
    )
    op.create_table(
        'phone_basket',
        sa.Column('member_id', sa.String(length=26), nullable=False),
        sa.Column('brand_id', sa.String(length=26), nullable=False),
        sa.Column('store_id', sa.String(length=26), nullable=False),
        sa.Column('changed_at', core.model.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['brand_id'], ['brand.id'], name=op.f('fk_phone_basket_brand_id_brand')),
        sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_phone_basket_member_id_member')),
        sa.ForeignKeyConstraint(['store_id'], ['store.id'], name=op.f('fk_phone_basket_store_id_store')),
        sa.PrimaryKeyConstraint('member_id', name=op.f('pk_phone_basket')),
    )
    op.create_index('ix_phone_basket_changed_at', 'phone_basket', ['changed_at'])
    op.create_table(
        'phone_basket_line',
        sa.Column('member_id', sa.String(length=26), nullable=False),
        sa.Column('variant_id', sa.String(length=26), nullable=False),
        sa.Column('pieces', sa.Integer(), nullable=False),
        sa.Column('added_at', core.model.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint('pieces BETWEEN 1 AND 99', name=op.f('ck_phone_basket_line_pieces')),
        sa.ForeignKeyConstraint(
            ['member_id'],
            ['phone_basket.member_id'],
            name=op.f('fk_phone_basket_line_member_id_phone_basket'),
        ),
        sa.ForeignKeyConstraint(
            ['variant_id'], ['variant.id'], name=op.f('fk_phone_basket_line_variant_id_variant')
        ),
        sa.PrimaryKeyConstraint('member_id', 'variant_id', name=op.f('pk_phone_basket_line')),
    )


    _guard()


def _guard() -> None:
    """A voucher that is void or expired never comes back."""
    one_way = 'CREATE TRIGGER voucher_state_one_way BEFORE UPDATE OF state ON voucher'
    if op.get_bind().dialect.name == 'sqlite':
        refuse = "BEGIN SELECT RAISE(ABORT, 'voucher never goes back'); END"
        op.execute(f'{one_way} WHEN {MOVES} {refuse}')
    else:
        op.execute(WAY_BACK)
        refuse = 'EXECUTE FUNCTION refuse_way_back()'
        op.execute(f'{one_way} FOR EACH ROW WHEN ({MOVES}) {refuse}')


def downgrade() -> None:
    if op.get_bind().dialect.name == 'sqlite':
        op.execute('DROP TRIGGER voucher_state_one_way')
    else:
        op.execute('DROP TRIGGER voucher_state_one_way ON voucher')
        op.execute('DROP FUNCTION refuse_way_back()')
    op.drop_table('phone_basket_line')
    op.drop_index('ix_phone_basket_changed_at', table_name='phone_basket')
    op.drop_table('phone_basket')
    op.drop_index('uq_voucher_redemption_own_hold', table_name='voucher_redemption')
    with op.batch_alter_table('voucher_redemption') as batch_op:
        batch_op.drop_column('labels')
        batch_op.drop_column('gives_way')
