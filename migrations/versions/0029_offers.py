"""Offers that follow from a purchase, and what members do not want offered.

Revision ID: 0029
Revises: 0028
"""

import sqlalchemy as sa
from alembic import op


revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('offer',
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('brand_id', sa.String(length=26), nullable=False),
    sa.Column('store_id', sa.String(length=26), nullable=False),
    sa.Column('member_id', sa.String(length=26), nullable=False),
    sa.Column('receipt_id', sa.String(length=26), nullable=False),
    sa.Column('anchor_id', sa.String(length=26), nullable=False),
    sa.Column('style_id', sa.String(length=26), nullable=False),
    sa.Column('variant_id', sa.String(length=26), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('friend_id', sa.String(length=26), nullable=True),
    sa.Column('crowd', sa.Integer(), nullable=False),
    sa.Column('percent', sa.Integer(), nullable=False),
    sa.Column('reason', sa.JSON(), nullable=False),
    sa.Column('voucher_id', sa.String(length=26), nullable=True),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('offered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('redeemed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('credited_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("kind IN ('friend', 'a_friend', 'crowd')", name=op.f('ck_offer_kind')),
    sa.CheckConstraint("state IN ('offered', 'redeemed', 'declined', 'taken_back')", name=op.f('ck_offer_state')),
    sa.ForeignKeyConstraint(['anchor_id'], ['variant.id'], name=op.f('fk_offer_anchor_id_variant')),
    sa.ForeignKeyConstraint(['brand_id'], ['brand.id'], name=op.f('fk_offer_brand_id_brand')),
    sa.ForeignKeyConstraint(['friend_id'], ['member.id'], name=op.f('fk_offer_friend_id_member')),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_offer_member_id_member')),
    sa.ForeignKeyConstraint(['receipt_id'], ['receipt.id'], name=op.f('fk_offer_receipt_id_receipt')),
    sa.ForeignKeyConstraint(['store_id'], ['store.id'], name=op.f('fk_offer_store_id_store')),
    sa.ForeignKeyConstraint(['style_id'], ['style.id'], name=op.f('fk_offer_style_id_style')),
    sa.ForeignKeyConstraint(['variant_id'], ['variant.id'], name=op.f('fk_offer_variant_id_variant')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_offer')),
    sa.UniqueConstraint('receipt_id', 'style_id', name=op.f('uq_offer_receipt_id_style_id'))
    )
    with op.batch_alter_table('offer') as batch_op:
        batch_op.create_index('ix_offer_credit', ['friend_id', 'credited_at'], unique=False)
        batch_op.create_index('ix_offer_member', ['member_id', 'offered_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_offer_voucher_id'), ['voucher_id'], unique=False)

    op.create_table('offer_refusal',
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('brand_id', sa.String(length=26), nullable=False),
    sa.Column('member_id', sa.String(length=26), nullable=False),
    sa.Column('style_id', sa.String(length=26), nullable=True),
    sa.Column('friend_id', sa.String(length=26), nullable=True),
    sa.Column('refused_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('(style_id IS NULL) <> (friend_id IS NULL)', name=op.f('ck_offer_refusal_one')),
    sa.ForeignKeyConstraint(['brand_id'], ['brand.id'], name=op.f('fk_offer_refusal_brand_id_brand')),
    sa.ForeignKeyConstraint(['friend_id'], ['member.id'], name=op.f('fk_offer_refusal_friend_id_member')),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_offer_refusal_member_id_member')),
    sa.ForeignKeyConstraint(['style_id'], ['style.id'], name=op.f('fk_offer_refusal_style_id_style')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_offer_refusal')),
    sa.UniqueConstraint('member_id', 'friend_id', name=op.f('uq_offer_refusal_member_id_friend_id')),
    sa.UniqueConstraint('member_id', 'style_id', name=op.f('uq_offer_refusal_member_id_style_id'))
    )
    with op.batch_alter_table('offer_refusal') as batch_op:
        batch_op.create_index(batch_op.f('ix_offer_refusal_friend_id'), ['friend_id'], unique=False)


def downgrade() -> None:
    op.drop_table('offer_refusal')
    op.drop_table('offer')
